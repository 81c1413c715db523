"""修改密码: at the first login, and at any time; nothing that was typed comes back."""

from itertools import count

import pytest

from models.database import transaction
from models.people import Person
from tasks.accounts import add_account
from tests.api.conftest import Visitor, errors_of, soup, text_of

FIRST, NEW = "Yi-Ci-Xing-2026", "Da-Hai-Li-De-Yu-8"
_numbers = count(1)


@pytest.fixture
def newcomer(stranger: Visitor) -> tuple[Visitor, str]:
    """Someone who has just logged in with a password that somebody else made."""
    login = f"xinren{next(_numbers)}"
    with transaction() as session:
        add_account(session, name="样例", login=login, password=FIRST, one_time=True)
    stranger.get("/login?next=/season")
    answer = stranger.post("/login", {"login": login, "password": FIRST, "next": "/season"})
    assert answer.headers["location"] == "/password?next=%2Fseason"
    stranger.follow(answer)
    return stranger, login


def test_a_first_login_opens_nothing_but_the_new_password(newcomer: tuple[Visitor, str]) -> None:
    visitor, _ = newcomer
    for path in ("/", "/cases", "/season", "/mailbox"):
        assert visitor.get(path).headers["location"].startswith("/login")
    assert visitor.get("/login").headers["location"] == "/password"
    visitor.get("/password?next=/season")

    before = visitor.client.cookies["session"]
    answer = visitor.post("/password", {"current": FIRST, "new": NEW, "again": NEW, "next": "/season"})

    assert answer.headers["location"] == "/season"
    assert visitor.client.cookies["session"] != before
    assert visitor.get("/season").status_code == 200


def test_all_that_is_wrong_is_said_and_nothing_typed_comes_back(newcomer: tuple[Visitor, str]) -> None:
    visitor, login = newcomer
    answer = visitor.post("/password", {"current": "Geheim-1", "new": "liuzhou", "again": "Anders-1"})

    assert answer.status_code == 422
    assert set(errors_of(answer)) == {"#current", "#new", "#again"}
    assert len(soup(answer).select("#errors li")) == 5
    assert not any(word in answer.text for word in ("Geheim", 'value="liuzhou"', "Anders"))
    assert [i.get("value") for i in soup(answer).select("input[type=password]")] == [None] * 3
    assert login not in text_of(answer, "body")


def test_a_page_of_an_earlier_login_keeps_no_password(newcomer: tuple[Visitor, str]) -> None:
    visitor, _ = newcomer
    visitor.csrf = "of another login"
    answer = visitor.post("/password", {"current": FIRST, "new": NEW, "again": NEW})

    assert (answer.status_code, NEW in answer.text, FIRST in answer.text) == (403, False, False)


def test_the_current_password_can_not_be_guessed_from_a_session(newcomer: tuple[Visitor, str]) -> None:
    visitor, _ = newcomer
    for _ in range(5):
        visitor.post("/password", {"current": "wrong", "new": NEW, "again": NEW})

    answer = visitor.post("/password", {"current": FIRST, "new": NEW, "again": NEW})

    assert (answer.status_code, "连续输错5次" in text_of(answer, "#errors")) == (409, True)


def test_who_is_inside_changes_it_and_other_browsers_are_out(address: str, looker: Visitor) -> None:
    login = f"laoren{next(_numbers)}"
    with transaction() as session:
        person = add_account(session, name="样例", login=login, password=FIRST)
        session.flush()
    here, there = (_in(address, looker, person) for _ in range(2))
    here.get("/password")
    answer = here.follow(here.post("/password", {"current": FIRST, "new": NEW, "again": NEW}))

    assert "密码已修改" in text_of(answer)
    assert there.get("/").status_code == 303


def _in(address: str, looker: Visitor, person: Person) -> Visitor:
    visitor = Visitor(address).log_in(person)
    visitor.client.cookies.set("season", looker.client.cookies["season"])
    return visitor
