"""How does an account come to a seat or a role? Two people, never one; and nobody is two administrators."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from pyotp import TOTP
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, col, select

from models.account_words import AccountEventKind, AdminRole, ProposalKind, ProposalState
from models.accounts import AccountEvent
from models.database import reading, real_now, transaction
from models.granting import Proposal
from models.people import LoginSession, Person, Seat
from models.verdict import Refused
from processes.supervise import Stack
from tasks.account_log import verify_accounts
from tasks.accounts import digest, open_login
from tasks.granting import confirm, decline, end_role, end_seat, propose, withdraw
from tasks.second_factor import (
    RECOVERY_CODES,
    begin_factor,
    codes_left,
    confirm_factor,
    factor_of,
    secret_of,
)
from tests.administrators import account, administrator
from tests.forger import forger
from tests.refusals import codes
from tests.world import World

SYSTEM, SECURITY, AUDIT = AdminRole


def proposed(by: Person, person: Person, kind: ProposalKind = ProposalKind.ROLE, **facts: Any) -> Proposal:
    with transaction() as session:
        return propose(session, by, person.id, kind, facts or {"role": "audit"}, "样例理由")


def settle(verb: Callable[..., Any], proposal: Proposal, by: Person, *more: str) -> None:
    with transaction() as session:
        verb(session, proposal.id, session.get_one(Person, by.id), *more)


def now_is(person: Person) -> Person:
    with reading() as session:
        return session.get_one(Person, person.id)


def test_a_role_is_proposed_by_one_and_confirmed_by_another(database: Stack) -> None:
    person = account()
    with transaction() as session:
        token = open_login(session, person)
    made = proposed(administrator(SYSTEM), person)
    assert now_is(person).admin_role is None

    settle(confirm, made, administrator(SECURITY))

    assert now_is(person).admin_role == AUDIT
    with reading() as session:
        assert session.get(LoginSession, digest(token)) is None


@pytest.mark.parametrize("role", [None, *AdminRole])
def test_only_another_security_administrator_confirms(database: Stack, role: AdminRole | None) -> None:
    by = administrator(role) if role else account()
    made = proposed(administrator(SECURITY), account())
    if role is SECURITY:
        settle(confirm, made, by)
        return
    with pytest.raises(Refused) as refusal:
        settle(confirm, made, by)
    assert codes(refusal) == ["not_yours"]


def test_nobody_confirms_what_he_proposed_nor_what_he_gets(database: Stack) -> None:
    one, two = administrator(SECURITY), administrator(SECURITY)
    own = proposed(one, account())
    for_two = proposed(one, two, ProposalKind.ADDRESS, email="other@example.org")

    for made, by, code in ((own, one, "same_person"), (for_two, two, "own_account")):
        with pytest.raises(Refused) as refusal:
            settle(confirm, made, by)
        assert codes(refusal) == [code]
    with pytest.raises(Refused) as refusal:
        proposed(one, one, ProposalKind.ADDRESS, email="other@example.org")
    assert codes(refusal) == ["own_account"]


def test_the_record_itself_wants_two_people(database: Stack) -> None:
    by = administrator(SECURITY)
    made = proposed(by, account())
    with reading() as session:
        row = session.get_one(Proposal, made.id)
        row.state, row.settled_by, row.settled_at = ProposalState.CONFIRMED, by.id, real_now()
        with pytest.raises(IntegrityError):
            session.flush()


@pytest.mark.parametrize("role", [None, AUDIT])
def test_who_is_no_administrator_of_accounts_proposes_nothing(
    database: Stack, role: AdminRole | None
) -> None:
    with pytest.raises(Refused) as refusal:
        proposed(administrator(role) if role else account(), account())
    assert codes(refusal) == ["not_yours"]


@pytest.mark.parametrize(("held", "wanted"), list(product(AdminRole, AdminRole)))
def test_nobody_gets_a_second_role(database: Stack, held: AdminRole, wanted: AdminRole) -> None:
    with pytest.raises(Refused) as refusal:
        proposed(administrator(SYSTEM), administrator(held), role=wanted)
    assert codes(refusal) == ["has_role"]


def seat(world: World, person: Person) -> dict[str, Any]:
    return {"season": world.season.key, "body": "office"}


def test_a_seat_is_given_by_two_and_taken_by_one(world: World) -> None:
    person, security = account("样例新人"), administrator(SECURITY)
    made = proposed(administrator(SYSTEM), person, ProposalKind.SEAT, **seat(world, person))
    assert "样例新人" not in [p.name for p in world.people("office")]
    settle(confirm, made, security)
    assert "样例新人" in [p.name for p in world.people("office")]

    with reading() as session:
        held = session.exec(select(Seat).where(Seat.person_id == person.id)).one()
    with transaction() as session:
        end_seat(session, held.id, security, "调离")
    with reading() as session:
        assert session.get_one(Seat, held.id).until is not None


def test_a_seat_that_does_not_exist_is_not_proposed(world: World) -> None:
    by, person = administrator(SYSTEM), account()
    key = world.season.key
    for facts, code in (
        ({"season": key, "body": "kings"}, "unknown_body"),
        ({"season": key, "body": "county_union"}, "organisation_missing"),
        ({"season": "never", "body": "office"}, "unknown_season"),
    ):
        with pytest.raises(Refused) as refusal:
            proposed(by, person, ProposalKind.SEAT, **facts)
        assert codes(refusal) == [code]


def test_who_administers_has_no_seat_and_who_has_a_seat_does_not_administer(world: World) -> None:
    by = administrator(SYSTEM)
    with pytest.raises(Refused) as refusal:
        proposed(by, administrator(AUDIT), ProposalKind.SEAT, **seat(world, by))
    assert codes(refusal) == ["is_administrator"]
    with pytest.raises(Refused) as refusal:
        proposed(by, world.person("office"))
    assert codes(refusal) == ["has_seat"]


def test_the_record_itself_keeps_them_apart(world: World) -> None:
    with reading() as session:
        session.get_one(Person, world.person("office").id).admin_role = SYSTEM
        with pytest.raises(DBAPIError):
            session.flush()
    seat = Seat(season_id=world.season_id, body="office", person_id=administrator(AUDIT).id, since=real_now())
    with reading() as session:
        session.add(seat)
        with pytest.raises(DBAPIError):
            session.flush()


def test_the_same_is_not_proposed_twice_and_what_is_settled_stays_so(database: Stack) -> None:
    system, security, person = administrator(SYSTEM), administrator(SECURITY), account()
    made = proposed(system, person)
    with pytest.raises(Refused) as refusal:
        proposed(system, person)
    assert codes(refusal) == ["proposed_already"]
    settle(decline, made, security, "不合适")
    for verb, by in ((confirm, security), (withdraw, system)):
        with pytest.raises(Refused) as refusal:
            settle(verb, made, by)
        assert codes(refusal) == ["settled"]

    again = proposed(system, person)
    settle(withdraw, again, system)
    assert now_is(person).admin_role is None


def test_a_role_is_taken_by_one_but_not_from_oneself(database: Stack) -> None:
    security, person = administrator(SECURITY), administrator(SYSTEM)
    with transaction() as session:
        end_role(session, person.id, security, "调离")
    assert now_is(person).admin_role is None
    with pytest.raises(Refused) as refusal, transaction() as session:
        end_role(session, security.id, security, "调离")
    assert codes(refusal) == ["own_account"]


def test_a_lost_telephone_is_taken_off_by_two(database: Stack) -> None:
    person = account()
    with transaction() as session:
        begin_factor(session, person, "")
        made = factor_of(session, person, confirmed=False)
        assert made is not None
        codes_shown = confirm_factor(session, person, TOTP(secret_of(made)).now())
    asked = proposed(administrator(SYSTEM), person, ProposalKind.FACTOR_RESET, why="丢失")
    with reading() as session:
        assert factor_of(session, person) is not None

    settle(confirm, asked, administrator(SECURITY))

    with reading() as session:
        assert (factor_of(session, person), codes_left(session, person)) == (None, 0)
    assert len(codes_shown) == RECOVERY_CODES


def test_an_address_is_changed_by_two_and_has_to_be_one(database: Stack) -> None:
    system, person = administrator(SYSTEM), account()
    with pytest.raises(Refused) as refusal:
        proposed(system, person, ProposalKind.ADDRESS, email="nowhere")
    assert codes(refusal) == ["not_an_address"]
    settle(
        confirm,
        proposed(system, person, ProposalKind.ADDRESS, email="neu@example.org"),
        administrator(SECURITY),
    )
    assert now_is(person).email == "neu@example.org"


# --- the log -----------------------------------------------------------------------------------------------------


def last_events(session: Session, number: int) -> list[AccountEvent]:
    rows = session.exec(select(AccountEvent).order_by(col(AccountEvent.seq).desc()).limit(number)).all()
    return list(reversed(rows))


def test_all_of_it_is_on_record_with_who_and_in_which_role(database: Stack) -> None:
    system, security = administrator(SYSTEM), administrator(SECURITY)
    settle(confirm, proposed(system, account("样例甲")), security)

    with reading() as session:
        rows = last_events(session, 3)
    assert [(r.kind, r.person_id, r.role) for r in rows] == [
        (AccountEventKind.PROPOSED, system.id, SYSTEM),
        (AccountEventKind.ROLE_GIVEN, security.id, SECURITY),
        (AccountEventKind.CONFIRMED, security.id, SECURITY),
    ]
    assert all(r.about.startswith("样例甲") for r in rows)
    assert rows[0].facts == {"what": "授予管理员角色：审计管理员", "reason": "样例理由"}


def test_what_is_on_record_can_not_be_changed_and_a_change_is_found(database: Stack) -> None:
    proposed(administrator(SYSTEM), account())
    with reading() as session:
        [row] = last_events(session, 1)
        assert verify_accounts(session) == ""
    for change in ("UPDATE account_event SET about = 'x'", "DELETE FROM account_event"):
        with reading() as session, pytest.raises(DBAPIError):
            session.connection().exec_driver_sql(change)

    with forger() as session:
        session.connection().exec_driver_sql(f"UPDATE account_event SET about = 'x' WHERE seq = {row.seq}")
        assert verify_accounts(session) == f"账号日志第{row.seq}条被改动。"
