"""How does one log in, and how is guessing stopped?"""

from datetime import timedelta
from itertools import count

import pytest
from sqlmodel import select

from models.database import reading, real_now, transaction
from models.people import ApiToken, LoginSession, Person
from models.verdict import Refused
from processes.supervise import Stack
from tasks.accounts import (
    FAILURES_ALLOWED,
    IDLE,
    add_account,
    authenticate,
    close_login,
    create_token,
    digest,
    find_login,
    find_token,
    make_password,
    open_login,
)
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


def test_after_five_failures_the_right_password_is_refused_too(person: Person) -> None:
    assert person.login is not None
    for _ in range(FAILURES_ALLOWED):
        assert not enters(person.login, "wrong")

    assert not enters(person.login, PASSWORD)


def test_lock_ends_by_itself(person: Person) -> None:
    assert person.login is not None
    for _ in range(FAILURES_ALLOWED):
        enters(person.login, "wrong")
    with transaction() as session:
        session.get_one(Person, person.id).locked_until = real_now() - timedelta(seconds=1)

    assert enters(person.login, PASSWORD)


@pytest.mark.parametrize("password", ["short-A1", "alllowercaseletters", "1234567890"])
def test_weak_password_is_refused(database: Stack, password: str) -> None:
    with pytest.raises(Refused) as refusal, transaction() as session:
        add_account(session, name="样例", login="weak", password=password)

    assert codes(refusal) == ["weak_password"]


def test_login_name_is_given_once(person: Person) -> None:
    with pytest.raises(Refused) as refusal, transaction() as session:
        add_account(session, name="样例", login=f" {person.login} ".title(), password=make_password())

    assert codes(refusal) == ["login_taken"]


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


def test_disabled_person_is_out_at_once(person: Person) -> None:
    with transaction() as session:
        token, key = open_login(session, person), create_token(session, person, "样例")
        session.get_one(Person, person.id).active = False
        session.flush()

        assert find_login(session, token) is None
        assert find_token(session, key) is None
        assert session.exec(select(ApiToken).where(ApiToken.digest == key)).first() is None
