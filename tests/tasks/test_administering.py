"""Which administrators does a practice installation have, and what becomes of them in a real one?"""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select, update

from models.account_words import AccountEventKind, AdminRole
from models.accounts import AccountEvent
from models.administering import administers, is_practising
from models.database import reading
from models.people import Person
from models.season import Season
from models.verdict import Refused
from models.viewer import read_viewer
from notices.reader import read_notice
from processes.supervise import Stack
from tasks.administering import make_account
from tasks.directory import seat_person
from tasks.practice import PRACTICE_ADMINISTRATORS, open_practice, practice_accounts
from tasks.seasons import open_season
from tests.administrators import account, administrator
from tests.refusals import codes
from tests.world import NOTICE, World


@pytest.fixture
def tried(database: Stack) -> Iterator[Session]:
    """A session of which nothing is kept, in which every season is one of practice."""
    with reading() as session:
        session.exec(update(Season).values(practice=True))
        yield session


def practice_administrators(session: Session) -> dict[str | None, str | None]:
    people = session.exec(select(Person).where(col(Person.login).in_(PRACTICE_ADMINISTRATORS)))
    return {p.login: p.admin_role if p.active else None for p in people}


def test_practice_has_one_of_each_until_a_real_season_is_opened(tried: Session) -> None:
    notice = read_notice(NOTICE)
    season = open_practice(tried, notice, date(2031, 3, 1))
    assert set(PRACTICE_ADMINISTRATORS) <= {a.login for a in practice_accounts(tried, season)}
    assert practice_administrators(tried) == PRACTICE_ADMINISTRATORS

    open_season(tried, notice, key=f"real-{uuid4().hex[:8]}")

    assert set(practice_administrators(tried).values()) == {None}
    [event] = tried.exec(select(AccountEvent).order_by(col(AccountEvent.seq).desc()).limit(1))
    assert (event.kind, event.facts["reason"]) == (AccountEventKind.ROLE_ENDED, "开启正式年度")


def test_beside_a_real_season_practice_gets_no_administrators(tried: Session) -> None:
    notice = read_notice(NOTICE)
    open_season(tried, notice, key=f"real-{uuid4().hex[:8]}")
    open_practice(tried, notice, date(2031, 3, 1))

    assert not is_practising(tried)
    assert set(practice_administrators(tried).values()) <= {None}


@pytest.mark.parametrize(
    ("role", "sees"), [(AdminRole.SYSTEM, True), (AdminRole.SECURITY, False), (AdminRole.AUDIT, False)]
)
def test_of_the_administrators_only_that_of_the_system_sees_its_state(
    tried: Session, role: AdminRole, sees: bool
) -> None:
    assert administers(tried, administrator(role)) == sees


def test_the_office_sees_it_in_practice_only(tried: Session, world: World) -> None:
    office = tried.get_one(Person, world.person("office").id)
    assert administers(tried, office)
    tried.get_one(Season, world.season_id).practice = False
    tried.flush()
    assert not administers(tried, office)


@pytest.mark.parametrize("role", [None, AdminRole.SECURITY, AdminRole.AUDIT])
def test_only_the_administrator_of_the_system_makes_accounts(tried: Session, role: AdminRole | None) -> None:
    with pytest.raises(Refused) as refusal:
        make_account(tried, account("样例", role), name="样例", login="neu", email="neu@example.org")
    assert codes(refusal) == ["not_yours"]


def test_an_account_of_practice_does_nothing_in_a_real_season(tried: Session, world: World) -> None:
    season = tried.get_one(Season, world.season_id)
    person = tried.exec(select(Person).where(Person.login == "applicant")).one()
    assert read_viewer(tried, person, season, world.notice).enters_cases
    season.practice = False
    tried.flush()

    assert not read_viewer(tried, person, season, world.notice).enters_cases
    with pytest.raises(Refused) as refusal:
        seat_person(tried, season, world.notice, person, "office", None)
    assert codes(refusal) == ["practice_account"]
