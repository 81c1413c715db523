"""我的账号: where am I logged in, and how do I end that; which cookies are there?"""

from datetime import timedelta
from itertools import count

import pytest
from fastapi import Response
from sqlmodel import select

from api.security import set_cookie
from models.database import real_now, transaction
from models.people import LoginSession, Person
from settings import settings
from tasks.accounts import add_account, digest
from tests.api.conftest import Visitor, soup, text_of
from tests.world import World

PASSWORD = "Hai-Shui-2026"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120 Safari/537.36 Edg/120"
WECHAT = "Mozilla/5.0 (Linux; Android 14) Chrome/116 MicroMessenger/8.0"
_numbers = count(1)


@pytest.fixture
def person(standing: World) -> Person:
    with transaction() as session:
        return add_account(session, name="样例", login=f"zhanghao{next(_numbers)}", password=PASSWORD)


def browser(address: str, standing: World, person: Person, agent: str, where: str) -> Visitor:
    """A browser in which this person has logged in."""
    visitor = Visitor(address, standing)
    visitor.client.headers.update({"User-Agent": agent, "X-Forwarded-For": where})
    visitor.get("/login")
    assert visitor.post("/login", {"login": person.login, "password": PASSWORD}).status_code == 303
    return visitor


@pytest.fixture
def two(address: str, standing: World, person: Person) -> tuple[Visitor, Visitor]:
    return (
        browser(address, standing, person, EDGE, "192.0.2.5"),
        browser(address, standing, person, WECHAT, "198.51.100.9"),
    )


def test_every_login_is_listed_with_its_device_address_and_last_use(two: tuple[Visitor, Visitor]) -> None:
    logins = soup(two[0].get("/account")).select("table")[1].select("tbody tr")
    rows = [" ".join(r.get_text(" ").split()) for r in logins]

    assert [r[:2] for r in sorted(rows)] == ["Wi", "安卓"]
    own, other = sorted(rows)
    assert ("Windows · Edge 本次" in own, "192.0.2.5" in own) == (True, True)
    assert ("安卓 · 微信" in other, "198.51.100.9" in other) == (True, True)


def test_one_is_ended_and_all_others_are(two: tuple[Visitor, Visitor]) -> None:
    here, there = two
    [form] = soup(here.get("/account")).select("form[action^='/account/logins/'][action$='/end']")[:1]
    assert here.post(str(form["action"])).status_code == 303
    assert there.get("/account").status_code == 303

    assert "已结束其他0次登录" in text_of(here.follow(here.post("/account/logins/end")))
    assert here.get("/account").status_code == 200


def test_a_login_of_somebody_else_does_not_exist(two: tuple[Visitor, Visitor], looker: Visitor) -> None:
    with transaction() as session:
        token = two[0].client.cookies["session"]
        login = session.exec(select(LoginSession).where(LoginSession.digest == digest(token))).one()
    looker.get("/")

    assert looker.post(f"/account/logins/{login.id}/end").status_code == 404
    assert two[0].get("/account").status_code == 200


def test_a_login_ends_after_eight_hours_however_much_it_is_used(two: tuple[Visitor, Visitor]) -> None:
    with transaction() as session:
        login = session.get_one(LoginSession, digest(two[0].client.cookies["session"]))
        login.created_at = real_now() - timedelta(hours=8, seconds=1)

    assert two[0].get("/account").status_code == 303


def test_a_login_has_a_new_id_whatever_cookie_was_there_before(
    address: str, standing: World, person: Person
) -> None:
    visitor = Visitor(address, standing)
    visitor.client.cookies.set("session", "planted")
    visitor.get("/login")
    visitor.post("/login", {"login": person.login, "password": PASSWORD})

    assert visitor.client.cookies.get("session", domain="127.0.0.1") != "planted"
    assert visitor.get("/account").status_code == 200


def test_over_https_every_cookie_is_bound_to_this_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGJIANG_BASE_URL", "https://gongjiang.example.org")
    settings.cache_clear()
    response = Response()
    set_cookie(response, "session", "token")
    monkeypatch.undo()
    settings.cache_clear()

    assert response.headers["set-cookie"] == ("__Host-session=token; HttpOnly; Path=/; SameSite=lax; Secure")
