"""How does one get in and out, and what do cookies and headers say?"""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from models.accounts import LoginGuess
from models.database import real_now, transaction
from models.people import LoginSession, Person
from tasks.accounts import add_account, digest
from tasks.logging_in import FAILURES_ALLOWED
from tasks.passwords import make_password
from tests.api.conftest import Visitor, text_of
from tests.world import World


def account(name: str) -> tuple[Person, str]:
    """An account of its own, so that its failures lock out nobody else."""
    password = make_password()
    with transaction() as session:
        found = session.exec(select(Person).where(Person.login == name)).first()
        person = found or add_account(session, name=f"{name}（样例）", login=name, password=password)
    return person, password


def attempt(visitor: Visitor, login: str, password: str, target: str = "/") -> int:
    visitor.get("/login")
    return visitor.post("/login", {"login": login, "password": password, "next": target}).status_code


def test_the_way_in_and_out(stranger: Visitor) -> None:
    _, password = account("wang")
    stranger.get("/login?next=/season")
    response = stranger.post("/login", {"login": "WANG", "password": password, "next": "/season"})
    assert (response.status_code, response.headers["location"]) == (303, "/season")
    [cookie] = [c for c in response.headers.get_list("set-cookie") if c.startswith("session=")]
    assert cookie.split("; ")[1:] == ["HttpOnly", "Path=/", "SameSite=lax"]
    assert stranger.get("/season").status_code == 200

    old = stranger.client.cookies["session"]
    out = stranger.post("/logout")
    assert (out.headers["location"], out.headers["clear-site-data"]) == ("/login", '"cache"')
    stranger.client.cookies.set("session", old)
    assert stranger.get("/season").status_code == 303


@pytest.mark.parametrize("target", ["//evil.example.org", "https://evil.example.org", "/\\evil.example.org"])
def test_a_login_leads_to_a_page_of_ours_only(stranger: Visitor, target: str) -> None:
    _, password = account("zhao" + str(abs(hash(target)) % 1000))
    login = "zhao" + str(abs(hash(target)) % 1000)
    stranger.get("/login")
    response = stranger.post("/login", {"login": login, "password": password, "next": target})
    assert response.headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_look_the_same(stranger: Visitor) -> None:
    account("qian")
    stranger.get("/login")
    wrong = stranger.post("/login", {"login": "qian", "password": "wrong"})
    unknown = stranger.post("/login", {"login": "nobody", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 401
    assert text_of(wrong, "#errors") == text_of(unknown, "#errors")
    assert 'value="qian"' in wrong.text
    assert "wrong" not in wrong.text.replace("wrong-text", "")


def test_failures_are_counted_and_lock_the_account(stranger: Visitor) -> None:
    _, password = account("sun")
    for _ in range(FAILURES_ALLOWED):
        assert attempt(stranger, "sun", "wrong") == 401
    assert attempt(stranger, "sun", password) == 401
    with transaction() as session:
        names = select(LoginGuess).where(col(LoginGuess.key).startswith("name:"))
        for count in session.exec(names.where(LoginGuess.wrong == FAILURES_ALLOWED)):
            assert count.locked_until is not None
            assert count.locked_until > real_now()
            count.locked_until = real_now() - timedelta(seconds=1)
    assert attempt(stranger, "sun", password) == 303


def test_another_year_is_chosen_and_kept(office: Visitor, standing: World) -> None:
    office.get("/")
    chosen = office.post("/seasons", {"season": standing.season.key})
    assert chosen.headers["location"] == "/"
    assert chosen.headers["set-cookie"].startswith(f"season={standing.season.key};")
    unknown = office.post("/seasons", {"season": "no such year"})
    assert (unknown.status_code, unknown.headers.get("set-cookie")) == (303, None)


def test_an_idle_login_ends(office: Visitor) -> None:
    assert office.get("/").status_code == 200
    with transaction() as session:
        login = session.get_one(LoginSession, digest(office.client.cookies["session"]))
        login.used_at -= timedelta(minutes=31)
        session.add(login)
    assert office.get("/").status_code == 303


def test_the_practice_page_names_accounts_but_no_password(stranger: Visitor) -> None:
    page = text_of(stranger.get("/login"))
    assert "演练账号" in page
    assert "county_union" in page


HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
}


@pytest.mark.parametrize(
    "path", ["/login", "/", "/nowhere", "/static/app.css", "/static/none.css", "/cases/x"]
)
def test_every_answer_carries_the_headers(stranger: Visitor, path: str) -> None:
    found = stranger.get(path).headers
    assert {name: found.get(name) for name in HEADERS} == HEADERS


def test_another_host_is_not_answered(stranger: Visitor) -> None:
    assert stranger.get("/login", headers={"Host": "evil.example.org"}).status_code == 400


@pytest.mark.parametrize("path", ["/nowhere", "/cases/not-an-id", "/tasks/%00", "/lists/../../etc/passwd"])
def test_what_is_not_there_is_said_in_chinese(looker: Visitor, path: str) -> None:
    response = looker.get(path)
    assert response.status_code == 404
    assert "没有找到" in response.text


def test_a_page_can_not_be_asked_for_in_another_way(looker: Visitor) -> None:
    response = looker.client.put("/cases")
    assert response.status_code == 405
    assert "请求有误" in response.text
