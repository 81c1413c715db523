"""系统管理: which administrator opens what, and how does an account come about?"""

import io
import re
from itertools import count
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, col, select

from models.account_words import AccountEventKind, AdminRole, ProposalKind
from models.accounts import AccountEvent
from models.administering import is_own_page
from models.database import reading, real_now, transaction
from models.granting import AccountInvitation, Proposal
from models.mail import Message
from models.people import Person
from models.words import MessageState
from notifications.links import account_token
from tasks.accounts import create_token
from tasks.administering import LINK_LASTS
from tests.administrators import account, administrator
from tests.api.conftest import Visitor, errors_of, soup, text_of
from tests.api.test_access import filled, paths
from tests.world import World

SYSTEM, SECURITY, AUDIT = AdminRole
NEW = "Da-Hai-Li-De-Yu-8"
OWN = {
    SYSTEM: {"/accounts", "/accounts/new", "/grants", "/status"},
    SECURITY: {"/accounts", "/grants"},
    AUDIT: {"/audit"},
}
COMMON = {"/account", "/password", "/second-factor", "/login"}
_numbers = count(1)


def visitor(address: str, world: World, role: AdminRole) -> Visitor:
    return Visitor(address, world).log_in(administrator(role))


@pytest.mark.parametrize("role", AdminRole)
def test_each_opens_the_own_pages_and_nothing_else_exists(
    address: str, standing: World, role: AdminRole
) -> None:
    """Every page of the application is asked for; those open to all are left out."""
    visiting = visitor(address, standing, role)
    opened = {p for p in set(paths("GET")) if visiting.get(filled(p)).status_code == 200}

    public = {p for p in opened if Visitor(address, standing).get(filled(p)).status_code == 200}
    assert opened - public - COMMON == OWN[role]


@pytest.mark.parametrize("role", AdminRole)
def test_each_does_what_is_on_the_own_pages_and_nothing_else(
    address: str, standing: World, role: AdminRole
) -> None:
    visiting = visitor(address, standing, role)
    visiting.get("/account")
    for path in sorted(set(paths("POST"))):
        if is_own_page(role, path) or path.startswith(("/login", "/logout", "/password", "/second-factor")):
            continue
        answer = visiting.post(filled(path))
        assert answer.status_code in (403, 404), path


@pytest.mark.parametrize("role", AdminRole)
def test_cases_do_not_exist_for_administrators(address: str, world: World, role: AdminRole) -> None:
    case = world.enter()
    person = administrator(role)
    visiting = Visitor(address, world).log_in(person)
    assert visiting.get(f"/cases/{case.id}").status_code == 404
    assert text_of(visiting.follow(visiting.get("/")), "nav").startswith("系统管理")
    if role is SYSTEM:
        with transaction() as session:
            token = create_token(session, person, "样例")
        headers = {"Authorization": f"Bearer {token}"}
        assert visiting.client.get("/api/v1/cases", headers=headers).status_code == 404
        assert visiting.client.get("/api/v1/status", headers=headers).status_code == 200


def test_for_the_office_there_is_no_administration(office: Visitor) -> None:
    for path in ("/accounts", "/grants", "/audit", f"/accounts/{uuid4()}"):
        assert office.get(path).status_code == 404
    office.get("/")
    assert office.post("/audit/export").status_code == 404


# --- a new account -----------------------------------------------------------------------------------------------


def make(visiting: Visitor, login: str) -> tuple[Person, str]:
    """A new account, and the token of the mailed link."""
    visiting.get("/accounts/new")
    answer = visiting.post("/accounts", {"name": "样例新人", "login": login, "email": f"{login}@example.org"})
    assert answer.status_code == 303, answer.text
    return _invited(login)


def _invited(login: str) -> tuple[Person, str]:
    with reading() as session:
        person = session.exec(select(Person).where(Person.login == login)).one()
        wanted = select(AccountInvitation).where(AccountInvitation.person_id == person.id)
        latest = session.exec(wanted.order_by(col(AccountInvitation.made_at).desc())).first()
        assert latest is not None
        [mail] = session.exec(select(Message).where(Message.unique_key == f"account_link:{latest.id}")).all()
    assert (mail.state, mail.address) == (MessageState.QUEUED, f"{login}@example.org")
    return person, account_token(latest.id)


@pytest.fixture
def system(address: str, world: World) -> Visitor:
    return visitor(address, world, SYSTEM)


def test_all_that_is_wrong_with_a_new_account_is_said_at_once(system: Visitor) -> None:
    system.get("/accounts/new")
    answer = system.post("/accounts", {"name": "", "login": "Ｏｆｆｉｃｅ", "email": "nowhere"})

    assert (answer.status_code, set(errors_of(answer))) == (409, {"#name", "#login", "#email"})
    assert "已经有人使用" in text_of(answer, "#errors")
    assert 'value="nowhere"' in answer.text


def test_a_password_is_set_by_a_link_that_works_once(system: Visitor, stranger: Visitor) -> None:
    person, token = make(system, f"xinhao{next(_numbers)}")
    assert person.password_hash is None
    for _ in range(3):
        assert f"您的登录名是 {person.login}" in text_of(stranger.get(f"/welcome/{token}"), "body")
    weak = stranger.post(f"/welcome/{token}", {"new": "weak", "again": "week"})
    assert (weak.status_code, set(errors_of(weak))) == (422, {"#new", "#again"})

    assert stranger.post(f"/welcome/{token}", {"new": NEW, "again": NEW}).status_code == 303
    assert stranger.get("/account").status_code == 200
    assert stranger.client.cookies["browser"]
    assert stranger.get(f"/welcome/{token}").status_code == 410
    stranger.csrf = stranger.client.cookies["pre"]
    assert stranger.post(f"/welcome/{token}", {"new": NEW, "again": NEW}).status_code == 410


def test_a_link_ends_after_three_days_and_with_the_next_one(system: Visitor, stranger: Visitor) -> None:
    person, first = make(system, f"xinhao{next(_numbers)}")
    system.get(f"/accounts/{person.id}")
    system.post(f"/accounts/{person.id}/link")
    _, second = _invited(person.login or "")

    assert stranger.get(f"/welcome/{first}").status_code == 410
    assert stranger.get(f"/welcome/{second}").status_code == 200
    with transaction() as session:
        for link in session.exec(select(AccountInvitation).where(AccountInvitation.person_id == person.id)):
            link.made_at = real_now() - LINK_LASTS
    assert stranger.get(f"/welcome/{second}").status_code == 410
    assert stranger.get("/welcome/unknown").status_code == 404


def test_a_disabled_account_is_out_at_once_and_comes_back(
    address: str, system: Visitor, world: World
) -> None:
    person = account()
    inside = Visitor(address, world).log_in(person)
    assert inside.get("/account").status_code == 200
    system.get(f"/accounts/{person.id}")
    system.post(f"/accounts/{person.id}/disable")
    assert inside.get("/account").status_code == 303

    assert "已停用" in text_of(system.get(f"/accounts/{person.id}"))
    system.post(f"/accounts/{person.id}/enable")
    assert inside.log_in(person).get("/account").status_code == 200


# --- two people --------------------------------------------------------------------------------------------------


def test_a_seat_is_proposed_and_confirmed_on_the_pages(address: str, system: Visitor, world: World) -> None:
    person, security = account("样例经办"), visitor(address, world, SECURITY)
    where = f"/accounts/{person.id}/propose/{ProposalKind.SEAT}"
    system.get(where)
    wrong = system.post(where, {"body": "county_union", "organisation": "", "reason": ""})
    assert set(errors_of(wrong)) == {"#organisation", "#reason"}
    named = {"body": "county_union", "organisation": "鱼峰区总工会", "reason": "报送表"}
    assert system.post(where, named).status_code == 303
    with reading() as session:
        [made] = session.exec(select(Proposal).where(Proposal.person_id == person.id)).all()

    assert system.post(f"/grants/{made.id}/confirm").status_code == 404
    assert soup(system.get("/grants")).select(f"form[action='/grants/{made.id}/confirm']") == []
    page = security.get("/grants")
    assert "鱼峰区总工会" in text_of(page)
    assert "报送表" in text_of(page)
    assert security.post(f"/grants/{made.id}/confirm").status_code == 303
    assert "县（区）总工会 鱼峰区总工会" in text_of(security.get(f"/accounts/{person.id}"))
    assert security.post(f"/grants/{made.id}/confirm").status_code == 409


def test_a_refusal_needs_a_reason_and_a_taking_too(address: str, system: Visitor, world: World) -> None:
    person, security = administrator(AUDIT), visitor(address, world, SECURITY)
    system.get(f"/accounts/{person.id}/propose/{ProposalKind.ADDRESS}")
    system.post(
        f"/accounts/{person.id}/propose/{ProposalKind.ADDRESS}",
        {"email": "neu@example.org", "reason": "换邮箱"},
    )
    with reading() as session:
        [made] = session.exec(select(Proposal).where(Proposal.person_id == person.id)).all()
    security.get("/grants")
    assert set(errors_of(security.post(f"/grants/{made.id}/decline"))) == {f"#answer-{made.id}"}
    assert security.post(f"/grants/{made.id}/decline", {f"answer-{made.id}": "未核实"}).status_code == 303

    security.get(f"/accounts/{person.id}/take/role")
    assert set(errors_of(security.post(f"/accounts/{person.id}/take/role"))) == {"#reason"}
    assert security.post(f"/accounts/{person.id}/take/role", {"reason": "调离"}).status_code == 303
    assert security.get(f"/accounts/{person.id}/take/role").status_code == 404


# --- the log -----------------------------------------------------------------------------------------------------


def test_the_log_is_narrowed_and_exported_and_the_export_is_in_it(address: str, world: World) -> None:
    where = f"/accounts/{uuid4()}"
    assert Visitor(address, world).log_in(account()).get(where).status_code == 404
    auditor = visitor(address, world, AUDIT)

    found = text_of(auditor.get(f"/audit?kind=denied&q={where}"), "tbody")
    assert re.search(rf"127\.0\.0\.1 .*越权访问被拒绝 GET {where} 拒绝", found)
    assert "没有这样的记录" in text_of(auditor.get(f"/audit?kind=denied&q={where}&since=2100-01-01"))
    assert auditor.get("/audit?kind=nonsense&since=never&p=x").status_code == 200
    assert "没有发现改动" in text_of(auditor.get("/audit?check=1"))

    answer = auditor.post("/audit/export", {"q": where, "kind": "denied"})
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[c for c in row if c] for row in sheet.iter_rows(values_only=True)]
    assert any(f"GET {where}" in row for row in rows)
    with reading() as session:
        assert _latest(session).kind == AccountEventKind.LOG_EXPORTED


def test_looking_for_a_public_page_that_is_not_there_yet_oversteps_nothing(office: Visitor) -> None:
    with reading() as session:
        before = _latest(session).seq

    assert office.get("/public/result").status_code == 404
    assert office.get(f"/public/objection/{uuid4()}").status_code == 404

    with reading() as session:
        assert _latest(session).seq == before


def _latest(session: Session) -> AccountEvent:
    return session.exec(select(AccountEvent).order_by(col(AccountEvent.seq).desc()).limit(1)).one()
