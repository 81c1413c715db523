"""Does every address exist for those for whom docs/access.md says so, and for nobody else (F27)?"""

import httpx
import pytest
from sqlmodel import select

from api.access import INTERFACE, PAGES
from api.v1.router import PREFIX, document
from docs.access import NO, PARTLY, Role, cell, methods, operations, viewer_of
from models.account_words import AdminRole
from models.case import Case
from models.database import reading, transaction
from models.people import Organisation, Person
from tasks.accounts import create_token
from tests.administrators import administrator
from tests.api.conftest import Visitor, errors_of
from tests.api.walking import OF_NO_SEASON, choices, filled
from tests.world import UNIT, World

# One of each column of the table; what each may see of a case is for the two worlds.
HOLDERS = (
    "unit",
    "county_union",
    "police",
    "expert",
    "office",
    "releaser",
    "party_group",
    "host_union",
    "media",
)
PAGE_RULES = {path: rule for rule, paths in PAGES.items() for path in paths}
OPERATION_RULES = {path: rule for rule, paths in INTERFACE.items() for path in paths}
# Only in a practice season, which the one of these tests is and that of the table is not.
PRACTISED = ("/mailbox", "/status")


def test_every_address_has_a_rule_and_every_rule_an_address() -> None:
    assert methods().keys() == PAGE_RULES.keys()
    assert operations().keys() == OPERATION_RULES.keys()


def person_of(world: World, body: str) -> Person:
    return world.applicant() if not body else world.filler() if body == "unit" else world.person(body)


def column(world: World, body: str) -> Role:
    found = world.notice.body(body) if body else None
    return Role("", viewer_of(world.notice, found), (found,) if found else ())


@pytest.mark.parametrize("body", [*HOLDERS, ""])
def test_a_page_exists_for_those_of_the_table(address: str, standing: World, body: str) -> None:
    visitor, role = Visitor(address, standing).log_in(person_of(standing, body)), column(standing, body)
    wrong = []
    for path, asked in methods().items():
        wanted = cell(PAGE_RULES[path], role, path)
        if path.startswith(PRACTISED) or not PAGE_RULES[path].login:
            continue
        if "GET" in asked:
            answer = visitor.get(filled(path, {}))
            wrong += [(path, wanted, answer.status_code)] * (not _fits(wanted, path, answer))
        elif wanted == NO and visitor.post(filled(path, {})).status_code != 404:
            wrong.append((path, wanted, 0))
    assert wrong == []


def _fits(wanted: str, path: str, answer: httpx.Response) -> bool:
    """What is named by an id that nothing has is missing for everybody."""
    if wanted == NO:
        return answer.status_code == 404
    return answer.status_code in ((200, 303, 404, 409) if wanted == PARTLY or "{" in path else (200, 303))


@pytest.mark.parametrize("role", AdminRole)
def test_for_an_administrator_there_are_the_pages_of_the_table(
    address: str, standing: World, role: AdminRole
) -> None:
    visitor = Visitor(address, standing).log_in(administrator(role))
    as_told = Role("", viewer_of(standing.notice, None, role))
    for path, asked in methods().items():
        if "GET" in asked and PAGE_RULES[path].login:
            answer = visitor.get(filled(path, {}))
            assert _fits(cell(PAGE_RULES[path], as_told, path), path, answer), path


@pytest.mark.parametrize("body", [*HOLDERS, ""])
def test_an_operation_exists_for_those_of_the_table(address: str, standing: World, body: str) -> None:
    role, visitor, walked = column(standing, body), Visitor(address), choices()
    with transaction() as session:
        token = create_token(session, person_of(standing, body), "test")
    for path, asked in operations().items():
        wanted = cell(OPERATION_RULES[path], role, PREFIX + path)
        if path.startswith(PRACTISED) or "GET" not in asked:
            continue
        first = {name: listed[0] for name, listed in walked[path].items() if listed} if path in walked else {}
        base = PREFIX if path in (*OF_NO_SEASON, "/seasons") else f"{PREFIX}/seasons/{standing.season_id}"
        answer = visitor.get(base + filled(path, {}, **first), headers={"Authorization": f"Bearer {token}"})
        assert _fits(wanted, path, answer), path


# --- what nobody asked for ------------------------------------------------------------------------------------------

EXTRA = {"stage": "recognition", "outcome": "recognised", "number": "2020-0001", "late_admitted": "true"}


def test_fields_that_are_not_on_the_page_change_nothing(unit: Visitor, world: World) -> None:
    case = world.enter()
    other = {
        "unit_id": str(world.season_id),
        "entered_by": str(world.person("office").id),
        "county": "liunan",
    }
    kept = {*EXTRA, *other, "channel", "route", "season_id", "entered_at"}
    unit.get(f"/cases/{case.id}/edit")
    assert unit.post(f"/cases/{case.id}/edit", {**EXTRA, **other, "name": "样例改名"}).status_code == 303
    after = world.case(case)
    assert after.name == "样例改名"
    assert after.model_dump(include=kept) == case.model_dump(include=kept)


def test_a_unit_enters_for_no_other_unit(unit: Visitor, world: World) -> None:
    with reading() as session:
        units = {o.name: o.id for o in session.exec(select(Organisation))}
    unit.get("/cases/new")
    header = {"name": "样例甲", "channel": "unit", "route": "county"}
    other = {"county": "chengzhong", "unit_id": str(units["样例纺织工艺厂"])}
    assert list(errors_of(unit.post("/cases/new", {**EXTRA, **header, **other}))) == ["#unit_id"]
    own = {"county": "yufeng", "unit_id": str(units[UNIT])}
    assert unit.post("/cases/new", {**EXTRA, **header, **own}).status_code == 303
    with reading() as session:
        case = session.exec(select(Case).where(Case.season_id == world.season_id)).one()
    assert (case.unit_id, case.stage, case.outcome, case.late_admitted) == (
        units[UNIT],
        "application",
        None,
        False,
    )


def test_fields_that_the_document_does_not_name_are_refused(address: str, world: World) -> None:
    schemas = document()["components"]["schemas"]
    sent = {name: s for name, s in schemas.items() if name.endswith("In") and s["type"] == "object"}
    # An application's fields are those of the notice; what is none of them is refused by the notice's rules.
    assert {n for n, s in sent.items() if s.get("additionalProperties") is not False} == {"FormIn"}
    with transaction() as session:
        token = create_token(session, world.filler(), "test")
    base, headers = f"{PREFIX}/seasons/{world.season_id}", {"Authorization": f"Bearer {token}"}
    given = {"name": "样例甲", "channel": "unit", "route": "county", "county": "yufeng"}
    client = Visitor(address).client
    for extra in (EXTRA, {"form": EXTRA}):
        assert client.post(f"{base}/cases", json={**given, **extra}, headers=headers).status_code in (
            400,
            422,
        )
    with reading() as session:
        assert session.exec(select(Case).where(Case.season_id == world.season_id)).all() == []
