"""How does the authenticator app prove who logs in, how often is a code good, and who needs one?"""

from collections.abc import Iterator

import pyotp
import pytest
from sqlmodel import Session, select

from models.account_words import AdminRole, Waits
from models.accounts import LoginGuess, RecoveryCode, SecondFactor
from models.database import engine, reading, real_now, transaction
from models.people import Person
from models.season import Season
from models.verdict import Refused
from processes.supervise import Stack
from tasks.accounts import next_wait
from tasks.directory import seat_person
from tasks.second_factor import (
    RECOVERY_CODES,
    begin_factor,
    confirm_factor,
    factor_of,
    prove,
    remove_factor,
    secret_of,
)
from tests.administrators import account, administrator
from tests.refusals import codes
from tests.world import World

HALF_MINUTE = 30


class Telephone:
    """A person with an authenticator app; `at` is how many half minutes its clock is off."""

    def __init__(self, person: Person) -> None:
        self.person = person
        with transaction() as session:
            begin_factor(session, person, "")
            made = factor_of(session, person, confirmed=False)
            assert made is not None
            self.secret = secret_of(made)
            self.codes = confirm_factor(session, person, self.shows(0))

    def shows(self, at: int = 1) -> str:
        """The code of the next half minute unless told otherwise: that of this one was used for the binding."""
        return pyotp.TOTP(self.secret).at(int(real_now().timestamp()) + at * HALF_MINUTE)


@pytest.fixture
def telephone(database: Stack) -> Telephone:
    return Telephone(account())


def proves(telephone: Telephone, typed: str) -> bool:
    """As a request does it: what was counted is kept also when it is refused."""
    with Session(engine(), expire_on_commit=False) as session:
        try:
            prove(session, telephone.person, typed)
        except Refused:
            return False
        finally:
            session.commit()
    return True


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.3} {:.0}"])
def test_a_code_is_good_once_however_it_is_typed(telephone: Telephone, typed: str) -> None:
    code = telephone.shows()
    spaced = f"{code[:3]} {code[3:]}"

    assert proves(telephone, spaced if ".3" in typed else typed.format(code))
    assert not proves(telephone, code)
    assert not proves(telephone, spaced)


@pytest.mark.parametrize(("at", "good"), [(-2, False), (0, False), (1, True), (3, False)])
def test_a_clock_may_be_half_a_minute_off(telephone: Telephone, at: int, good: bool) -> None:
    assert proves(telephone, telephone.shows(at)) == good


def test_a_code_before_the_one_that_was_used_is_of_no_use(telephone: Telephone) -> None:
    assert proves(telephone, telephone.shows(1))
    assert not proves(telephone, telephone.shows(0))


def test_each_recovery_code_is_good_once_and_only_its_digest_is_kept(telephone: Telephone) -> None:
    assert len(set(telephone.codes)) == RECOVERY_CODES
    with reading() as session:
        kept = session.exec(select(RecoveryCode).where(RecoveryCode.person_id == telephone.person.id)).all()
    assert {k.digest for k in kept}.isdisjoint(telephone.codes)

    assert proves(telephone, telephone.codes[0].lower().replace("-", " "))
    assert not proves(telephone, telephone.codes[0])


def test_after_five_wrong_codes_the_right_one_is_refused_too(telephone: Telephone) -> None:
    for _ in range(5):
        assert not proves(telephone, "000000")
    assert not proves(telephone, telephone.shows())
    with transaction() as session:
        session.delete(session.get_one(LoginGuess, f"code:{telephone.person.id}"))
    assert proves(telephone, telephone.shows())


def test_the_secret_lies_sealed(telephone: Telephone) -> None:
    with reading() as session:
        factor = factor_of(session, telephone.person)
    assert factor is not None
    assert telephone.secret.encode() not in factor.sealed
    assert factor.sealed.startswith(b"GJ1")


def test_who_has_one_needs_it_to_set_up_another(telephone: Telephone) -> None:
    with pytest.raises(Refused) as refusal, transaction() as session:
        begin_factor(session, telephone.person, "000000")

    assert codes(refusal) == ["wrong_code"]
    with reading() as session:
        mine = select(SecondFactor).where(SecondFactor.person_id == telephone.person.id)
        assert len(session.exec(mine).all()) == 1


# --- who needs one -----------------------------------------------------------------------------------------------


@pytest.fixture
def real(world: World) -> Iterator[World]:
    """The same season, for the time of the test a real one."""
    _set_practice(world, False)
    yield world
    _set_practice(world, True)


def _set_practice(world: World, practice: bool) -> None:
    with transaction() as session:
        session.get_one(Season, world.season_id).practice = practice


def waits(person: Person) -> Waits | None:
    with reading() as session:
        return next_wait(session, session.get_one(Person, person.id))


@pytest.mark.parametrize(("body", "wait"), [("office", Waits.ENROL), ("expert", None)])
def test_the_office_of_a_real_season_has_to_bind_one(real: World, body: str, wait: Waits | None) -> None:
    person = account()
    with transaction() as session:
        seat_person(session, session.get_one(Season, real.season_id), real.notice, person, body, None)

    assert waits(person) == wait


def test_an_administrator_has_to_bind_one_and_is_asked_for_it_first(real: World) -> None:
    made = administrator(AdminRole.AUDIT)
    with transaction() as session:
        person = session.get_one(Person, made.id)
        person.must_change = True
    assert waits(person) == Waits.PASSWORD

    Telephone(person)
    assert waits(person) == Waits.CODE
    with transaction() as session:
        remove_factor(session, person)
    assert waits(person) == Waits.PASSWORD


def test_in_practice_nobody_has_to(world: World) -> None:
    assert waits(world.person("office")) is None
