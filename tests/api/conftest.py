"""With what are the pages tested? A real server in a thread, and visitors who keep cookies and fill in forms."""

import re
import threading
import time
from collections.abc import Iterator
from typing import Any, Self

import httpx
import pytest
import uvicorn
from bs4 import BeautifulSoup, Tag
from sqlalchemy import event
from sqlmodel import delete

from api.app import create_app
from models.accounts import LoginGuess
from models.database import engine, transaction
from models.links import LinkGuess
from models.people import Person
from processes.probes import free_port
from processes.supervise import Stack
from settings import LOOPBACK
from tasks.accounts import open_login
from tests.world import World, open_world

CSRF = re.compile(r'name="csrf" value="([^"]*)"')


class Visitor:
    """A browser without scripts: it keeps cookies and sends back the token of the page it saw last."""

    def __init__(self, address: str, world: World | None = None) -> None:
        # Nothing is encrypted here; reading the certificates of the world would take 20 ms.
        self.client = httpx.Client(base_url=address, follow_redirects=False, timeout=20, verify=False)
        self.csrf = ""
        if world is not None:
            self.client.cookies.set("season", world.season.key)

    def log_in(self, person: Person) -> Self:
        with transaction() as session:
            self.client.cookies.set("session", open_login(session, person))
        return self

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self._seen(self.client.get(path, **options))

    def head(self, path: str) -> httpx.Response:
        return self.client.head(path)

    def post(
        self, path: str, fields: dict[str, Any] | None = None, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """A form sent from one of our pages."""
        origin = {"Sec-Fetch-Site": "same-origin"} if headers is None else headers
        return self._seen(self.client.post(path, data={"csrf": self.csrf, **(fields or {})}, headers=origin))

    def follow(self, response: httpx.Response) -> httpx.Response:
        assert response.status_code == 303, response.text
        return self.get(response.headers["location"])

    def _seen(self, response: httpx.Response) -> httpx.Response:
        if found := CSRF.search(response.text):
            self.csrf = found[1]
        return response


def soup(response: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "lxml")


def text_of(response: httpx.Response, selector: str = "main") -> str:
    """The words of a part of the page, with single blanks."""
    found = soup(response).select_one(selector)
    return " ".join(found.get_text(" ").split()) if found else ""


def value_of(response: httpx.Response, field_id: str) -> str:
    """What a field of the form holds."""
    found = soup(response).find(id=field_id)
    assert isinstance(found, Tag), field_id
    return found.get_text() if found.name == "textarea" else str(found.get("value", ""))


def sent_by(response: httpx.Response, form: str = "#application") -> dict[str, Any]:
    """What a browser would send from a form as it stands, its buttons left out."""
    found = soup(response).select_one(form)
    assert isinstance(found, Tag), form
    fields: dict[str, Any] = {}
    for control in found.select("input[name], textarea[name], select[name]"):
        sent = _sent(control)
        if sent is not None and control["name"] != "csrf":
            fields.setdefault(str(control["name"]), []).append(sent)
    return fields


def _sent(control: Tag) -> str | None:
    if control.name == "textarea":
        return control.get_text().removeprefix("\n")
    if control.name == "select":
        chosen = control.select_one("option[selected]") or control.select_one("option")
        return str(chosen.get("value", chosen.get_text())) if chosen else None
    if control.get("type") in ("checkbox", "radio") and not control.has_attr("checked"):
        return None
    return str(control.get("value", ""))


def errors_of(response: httpx.Response) -> dict[str, str]:
    """The error summary: field → sentence."""
    links = soup(response).select("#errors li")
    return {str(a["href"]) if (a := li.find("a")) else "": li.get_text(" ", strip=True) for li in links}


@pytest.fixture(scope="session")
def address(database: Stack) -> Iterator[str]:
    """The pages, served in this process, so that their SQL statements can be counted."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(create_app(), host=LOOPBACK, port=port, log_level="critical", access_log=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield f"http://{LOOPBACK}:{port}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture(autouse=True)
def nobody_is_shut_out(database: Stack) -> None:
    """All visitors come from one address; what one test guessed wrong does not count against the next."""
    with transaction() as session:
        session.exec(delete(LinkGuess))
        session.exec(delete(LoginGuess))


@pytest.fixture(scope="session")
def standing(database: Stack) -> World:
    """One season for all tests that change nothing."""
    return open_world()


@pytest.fixture(scope="module")
def looker(address: str, standing: World) -> Visitor:
    """Someone of the office who only looks, or whose every request is refused, with the first page open."""
    visitor = Visitor(address, standing).log_in(standing.person("office"))
    visitor.get("/")
    return visitor


@pytest.fixture
def stranger(address: str, standing: World) -> Visitor:
    """Nobody is logged in."""
    return Visitor(address, standing)


@pytest.fixture
def anybody(address: str, world: World) -> Visitor:
    return Visitor(address, world)


@pytest.fixture
def office(address: str, world: World) -> Visitor:
    return Visitor(address, world).log_in(world.person("office"))


@pytest.fixture
def releaser(address: str, world: World) -> Visitor:
    return Visitor(address, world).log_in(world.person("releaser"))


@pytest.fixture
def unit(address: str, world: World) -> Visitor:
    return Visitor(address, world).log_in(world.filler())


class Statements:
    """Counts the SQL statements of all requests while it is open."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __enter__(self) -> Self:
        event.listen(engine(), "before_cursor_execute", self._note)
        return self

    def __exit__(self, *trace: object) -> None:
        event.remove(engine(), "before_cursor_execute", self._note)

    def _note(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        self.seen.append(statement)
