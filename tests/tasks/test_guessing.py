"""How is guessing at logins stopped, and can it be used to shut out those whom an account belongs to?"""

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from sqlmodel import Session, col, select

from models.account_words import AccountEventKind
from models.accounts import AccountEvent, LoginGuess
from models.asking import ask_from, asker
from models.database import engine, real_now, transaction
from models.people import Person
from processes.supervise import Stack
from tasks.logging_in import (
    FAILURES_ALLOWED,
    FAILURES_OF_A_NETWORK,
    TooManyTries,
    authenticate,
    locked_until,
    remember_browser,
    unlock,
)
from tests.administrators import PASSWORD, account

_numbers = count(1)


@pytest.fixture
def login(database: Stack) -> Iterator[str]:
    """A login name; its tries come from an address of their own."""
    number = next(_numbers)
    ask_from(f"198.51.100.{number}", "Windows · Edge")
    yield account().login or ""
    ask_from("", "")


def enters(login: str, password: str = PASSWORD, browser: str = "") -> bool:
    """As a request does it: what was counted is kept also when nobody is let in."""
    with Session(engine(), expire_on_commit=False) as session:
        try:
            return authenticate(session, login, password, browser) is not None
        finally:
            session.commit()


def fail(login: str, times: int = FAILURES_ALLOWED, browser: str = "") -> None:
    for _ in range(times):
        assert not enters(login, "wrong", browser)


def known_browser(login: str) -> str:
    with transaction() as session:
        person = authenticate(session, login, PASSWORD)
        assert person is not None
        return remember_browser(session, person, "")


def test_after_five_failures_the_right_password_is_refused_too_also_after_a_restart(login: str) -> None:
    fail(login)
    engine().dispose()

    assert not enters(login)
    assert not enters(login.upper())


def test_many_tries_at_once_are_all_counted(login: str) -> None:
    """Whichever comes first: the lock is looked at when the others' failures are known."""
    with ThreadPoolExecutor(FAILURES_ALLOWED + 1) as pool:
        let_in = list(pool.map(lambda _: enters(login, "wrong"), range(FAILURES_ALLOWED + 1)))

    assert not any(let_in)
    assert not enters(login)


def test_a_lock_ends_by_itself(login: str) -> None:
    fail(login)
    with transaction() as session:
        for row in session.exec(select(LoginGuess).where(col(LoginGuess.locked_until).is_not(None))):
            row.locked_until = real_now() - timedelta(seconds=1)

    assert enters(login)


def test_a_success_starts_the_count_anew(login: str) -> None:
    for _ in range(2):
        fail(login, FAILURES_ALLOWED - 1)
        assert enters(login)


def test_who_locks_a_name_does_not_lock_out_its_owner(login: str) -> None:
    browser = known_browser(login)
    ask_from("203.0.113.9", "")
    fail(login)

    assert not enters(login)
    assert enters(login, PASSWORD, browser)


def test_a_known_browser_is_counted_by_itself(login: str) -> None:
    browser = known_browser(login)
    fail(login, browser=browser)

    assert not enters(login, PASSWORD, browser)
    assert enters(login)


def test_a_cookie_of_somebody_else_is_worth_nothing(login: str) -> None:
    browser = known_browser(account().login or "")
    fail(login)

    assert not enters(login, PASSWORD, browser)


def test_an_address_is_shut_out_after_thirty_failures_but_not_a_known_browser(login: str) -> None:
    browser = known_browser(login)
    assert not enters("nobody", "wrong")
    with transaction() as session:
        session.get_one(LoginGuess, f"net:{asker().address}").wrong = FAILURES_OF_A_NETWORK - 1
    assert not enters("nobody else", "wrong")

    for _ in range(2):
        with pytest.raises(TooManyTries):
            enters(login)
    with transaction() as session:
        [last] = session.exec(select(AccountEvent).order_by(col(AccountEvent.seq).desc()).limit(1))
        assert (last.kind, last.address) == (AccountEventKind.SHUT_OUT, asker().address)
    assert enters(login, PASSWORD, browser)
    ask_from("192.0.2.77", "")
    assert enters(login)


def test_the_system_administrator_ends_a_lock(login: str) -> None:
    browser = known_browser(login)
    fail(login)
    fail(login, browser=browser)
    with transaction() as session:
        person = session.exec(select(Person).where(Person.login == login)).one()
        assert locked_until(session, person) is not None
        unlock(session, person, person)
        assert locked_until(session, person) is None

    assert enters(login)
    assert enters(login, PASSWORD, browser)


def test_unknown_locked_and_wrong_take_as_long(login: str) -> None:
    """Medians of alternating tries: what the machine does meanwhile touches them all."""
    fail(login)
    tries = {name: list[float]() for name in (login, account().login or "", "nobody")}
    for number in range(3):
        for name, seconds in tries.items():
            ask_from(f"2001:db8:{number}::1", "")
            began = time.perf_counter()
            assert not enters(name, "wrong")
            seconds.append(time.perf_counter() - began)

    medians = [statistics.median(s) for s in tries.values()]
    assert max(medians) / min(medians) < 5


def test_failures_are_on_record_and_no_typed_name_that_is_none(login: str) -> None:
    fail(login)
    enters("Geheim-was-my-password", "wrong")

    with transaction() as session:
        rows = session.exec(select(AccountEvent).order_by(col(AccountEvent.seq).desc()).limit(7)).all()
    kinds = [r.kind for r in rows]
    assert kinds == [
        AccountEventKind.LOGIN_FAILED,
        AccountEventKind.LOCKED,
        *[AccountEventKind.LOGIN_FAILED] * 5,
    ]
    assert {r.about for r in rows} == {"没有这个登录名", f"样例（{login}）"}
    assert {r.address.rpartition(".")[0] for r in rows} == {"198.51.100"}
