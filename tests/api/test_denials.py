"""Is put on record who asks for what is not his and who takes data away, and nothing else?"""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from models.account_words import AccountEventKind, AdminRole
from models.accounts import AccountEvent
from models.attachment import Attachment
from models.case import Case
from models.database import reading, transaction
from models.people import Person
from tasks.accounts import create_token
from tests.administrators import account, administrator
from tests.api.conftest import Visitor, text_of
from tests.world import World


@pytest.fixture
def nosy(address: str, world: World) -> Visitor:
    """Somebody new without a seat, of whom nothing is on record."""
    return Visitor(address, world).log_in(account())


def told(about: str, kind: AccountEventKind = AccountEventKind.DENIED) -> list[tuple[str, dict[str, Any]]]:
    with reading() as session:
        rows = session.exec(
            select(AccountEvent)
            .where(AccountEvent.kind == kind, col(AccountEvent.about).contains(about))
            .order_by(col(AccountEvent.seq))
        )
        return [(row.about, row.facts) for row in rows]


def test_a_case_out_of_view_is_told_the_first_and_the_tenth_time_of_a_day(
    nosy: Visitor, world: World
) -> None:
    first, others = world.enter(), [world.enter() for _ in range(2)]
    for _ in range(12):
        assert nosy.get(f"/cases/{first.id}").status_code == 404
    for case in others:
        assert nosy.get(f"/cases/{case.id}").status_code == 404
    where = f"GET /cases/{first.id}"
    assert told(f"/cases/{first.id}") == [(where, {}), (where, {"times": 10})]
    assert not told(f"/cases/{others[0].id}")


def test_a_page_of_another_role_is_told_and_what_nobody_has_is_not(nosy: Visitor, office: Visitor) -> None:
    unknown = uuid4()
    for visitor, path in (
        (nosy, f"/inbox/{unknown}"),
        (office, f"/inbox/{unknown}/view"),
        (office, "/nowhere"),
    ):
        assert visitor.get(path).status_code == 404
    assert nosy.get(f"/cases/{unknown}").status_code == 404
    assert told(str(unknown)) == [(f"GET /inbox/{unknown}", {})]
    assert not told("/nowhere")


def test_what_is_missing_in_a_case_in_view_is_no_denial(office: Visitor, world: World) -> None:
    case = world.enter()
    assert office.get(f"/cases/{case.id}/files/{uuid4()}").status_code == 404
    assert not told(f"/cases/{case.id}/files")


def test_the_interface_tells_the_same(address: str, world: World) -> None:
    case = world.enter()
    client, headers = Visitor(address).client, bearer(account())
    base = f"/api/v1/seasons/{world.season_id}"
    for path in (f"/cases/{case.number}", "/mails", "/cases/2020-9999"):
        assert client.get(base + path, headers=headers).status_code == 404
    assert [about for about, _ in told(base)] == [f"GET {base}/cases/{case.number}", f"GET {base}/mails"]


def file_of(case: Case) -> UUID:
    with reading() as session:
        wanted = select(Attachment.id).where(Attachment.case_id == case.id, Attachment.document == "id_copy")
        return session.exec(wanted).one()


def bearer(person: Person) -> dict[str, str]:
    with transaction() as session:
        return {"Authorization": f"Bearer {create_token(session, person, 'test')}"}


def test_exports_are_told_with_how_much_and_without_names(
    address: str, office: Visitor, world: World
) -> None:
    world.bring_to(world.enter(name="样例甲某"), "office_review")
    case = world.enter(name="样例乙某")
    world.supply(case)
    before = len(told("", AccountEventKind.EXPORTED))
    office.get("/summary")
    assert office.post("/summary.xlsx").status_code == 200
    assert office.get(f"/cases/{case.id}/record.json").status_code == 200
    assert office.head(f"/cases/{case.id}/record.json").status_code == 200
    file = file_of(case)
    assert office.get(f"/cases/{case.id}/files/{file}").status_code == 200
    base, headers = f"/api/v1/seasons/{world.season_id}/exports", bearer(world.person("office"))
    for path in ("summary.xlsx", f"cases/{case.number}.zip"):
        assert office.client.get(f"{base}/{path}", headers=headers).status_code == 200

    found = told("", AccountEventKind.EXPORTED)[before:]
    record, archive = f"流转记录 {case.number}", f"案件档案 {case.number}"
    expected = [("汇总表", 2), (record, 1), (f"材料原件 {case.number}", 1), ("汇总表", 2), (archive, 1)]
    assert [(a, f["rows"]) for a, f in found] == expected
    assert "样例" not in str(found)
    auditor = Visitor(address, world).log_in(administrator(AdminRole.AUDIT))
    assert f"导出业务数据 {record} 年度：{world.season.title}；条数：1 成功" in text_of(
        auditor.get("/audit?kind=exported"), "tbody"
    )
