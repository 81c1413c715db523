"""How does one get an account and stay logged in?"""

from datetime import timedelta
from itertools import count

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from models.database import reading, real_now, transaction
from models.people import ApiToken, LoginSession, Person
from models.verdict import Refused
from processes.supervise import Stack
from tasks.accounts import (
    IDLE,
    LONGEST,
    add_account,
    close_login,
    create_token,
    digest,
    find_login,
    find_token,
    open_login,
)
from tasks.logging_in import authenticate
from tasks.passwords import make_password
from tests.refusals import codes

PASSWORD = "Guo-Ran-2026"
_numbers = count(1)


@pytest.fixture
def person(database: Stack) -> Person:
    with transaction() as session:
        return add_account(session, name="样例", login=f"yangli{next(_numbers)}", password=PASSWORD)


def enters(login: str, password: str) -> bool:
    with transaction() as session:
        return authenticate(session, login, password) is not None


def test_right_password_enters_whatever_the_case_of_the_name(person: Person) -> None:
    assert person.login is not None
    assert enters(person.login.upper(), PASSWORD)
    assert not enters(person.login, PASSWORD.lower())
    assert not enters("nobody", PASSWORD)


def test_password_is_kept_as_argon2id_only(person: Person) -> None:
    assert person.password_hash is not None
    assert person.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize("typed", [" {} ", "{}", "ｙａｎｇｌｉ{}"])
def test_login_name_is_given_once_whatever_its_case_and_width(person: Person, typed: str) -> None:
    assert person.login is not None
    login = typed.format(person.login.removeprefix("yangli") if "ｙ" in typed else person.login.upper())
    with pytest.raises(Refused) as refusal, transaction() as session:
        add_account(session, name="样例", login=login, password=make_password())

    assert codes(refusal) == ["login_taken"]


def test_the_record_itself_refuses_a_second_one(person: Person) -> None:
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Person(name="样例", login=person.login.title() if person.login else ""))


def test_an_old_hash_is_renewed_at_the_login(person: Person) -> None:
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash(PASSWORD)
    with transaction() as session:
        session.get_one(Person, person.id).password_hash = weak

    assert person.login is not None
    assert enters(person.login, PASSWORD)
    with reading() as session:
        kept = session.get_one(Person, person.id).password_hash or ""
    assert kept.startswith("$argon2id$")
    assert kept != weak


def test_session_lives_on_the_server_and_its_token_is_nowhere(person: Person) -> None:
    with transaction() as session:
        token = open_login(session, person)

    with transaction() as session:
        found = find_login(session, token)
        assert found is not None
        assert found[1].id == person.id
        assert session.get(LoginSession, token) is None


def test_logout_ends_the_session(person: Person) -> None:
    with transaction() as session:
        token = open_login(session, person)
        close_login(session, token)

    with reading() as session:
        assert find_login(session, token) is None


def test_idle_session_ends(person: Person) -> None:
    with transaction() as session:
        token = open_login(session, person)
        session.get_one(LoginSession, digest(token)).used_at = real_now() - IDLE - timedelta(seconds=1)

    with reading() as session:
        assert find_login(session, token) is None


def test_session_ends_after_eight_hours_of_work(person: Person) -> None:
    with transaction() as session:
        token = open_login(session, person)
        session.get_one(LoginSession, digest(token)).created_at = real_now() - LONGEST - timedelta(seconds=1)

    with reading() as session:
        assert find_login(session, token) is None


def test_disabled_person_is_out_at_once(person: Person) -> None:
    with transaction() as session:
        token, key = open_login(session, person), create_token(session, person, "样例")
        session.get_one(Person, person.id).active = False
        session.flush()

        assert find_login(session, token) is None
        assert find_token(session, key) is None
        assert session.exec(select(ApiToken).where(ApiToken.digest == key)).first() is None
