"""动态口令: bound on a page, asked for at the login."""

import re
from itertools import count

import pyotp
import pytest

from models.database import real_now, transaction
from models.people import Person
from tasks.accounts import add_account
from tests.api.conftest import Visitor, soup, text_of

PASSWORD = "Hai-Shui-2026"
CODE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}")
_numbers = count(1)


@pytest.fixture
def person(stranger: Visitor) -> Person:
    with transaction() as session:
        return add_account(session, name="样例", login=f"erci{next(_numbers)}", password=PASSWORD)


def bind(visitor: Visitor) -> tuple[pyotp.TOTP, list[str]]:
    """Bind an app; returns it and the recovery codes that the page shows."""
    visitor.get("/second-factor?next=/season")
    page = visitor.follow(visitor.post("/second-factor", {"next": "/season"}))
    [picture] = soup(page).select("img")
    assert str(picture["src"]).startswith("data:image/svg+xml;base64,")
    app = pyotp.TOTP(text_of(page, "code").replace(" ", ""))
    assert visitor.post("/second-factor/confirm", {"code": "000000"}).status_code == 422
    done = visitor.post("/second-factor/confirm", {"code": app.now(), "next": "/season"})
    return app, CODE.findall(done.text)


def enter(visitor: Visitor, person: Person) -> None:
    visitor.client.cookies.delete("session")
    visitor.get("/login")
    answer = visitor.post("/login", {"login": person.login, "password": PASSWORD, "next": "/season"})
    assert answer.headers["location"] == "/login/code?next=%2Fseason"
    visitor.follow(answer)


def test_it_is_bound_and_then_asked_for(stranger: Visitor, person: Person) -> None:
    stranger.log_in(person)
    app, recovery = bind(stranger)
    assert len(recovery) == 8
    assert not CODE.search(stranger.get("/second-factor").text)

    enter(stranger, person)
    half = stranger.client.cookies["session"]
    assert stranger.get("/season").headers["location"].startswith("/login")
    assert stranger.get("/second-factor").headers["location"] == "/login/code"
    stranger.get("/login/code")
    wrong = stranger.post("/login/code", {"code": "12 34", "next": "/season"})
    assert (wrong.status_code, "12 34" in wrong.text) == (422, False)
    right = stranger.post(
        "/login/code", {"code": f" {app.at(int(real_now().timestamp()) + 30)} ", "next": "/season"}
    )
    assert right.headers["location"] == "/season"
    assert stranger.client.cookies["session"] != half
    assert stranger.get("/season").status_code == 200


def test_a_recovery_code_stands_in_and_new_ones_are_made(stranger: Visitor, person: Person) -> None:
    stranger.log_in(person)
    _, recovery = bind(stranger)
    enter(stranger, person)
    assert stranger.post("/login/code", {"code": recovery[0]}).status_code == 303

    assert "恢复码还剩7个" in text_of(stranger.get("/second-factor"))
    made = CODE.findall(stranger.post("/second-factor/codes", {"code": recovery[1]}).text)
    assert (len(made), set(made) & set(recovery)) == (8, set())
