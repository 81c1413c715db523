"""What does somebody get to see of a season? Every page and every endpoint of the application, asked for in his name.

A walk opens every address that can be filled with what the person's own pages and lists tell, follows the links, the
filters and the searches, and keeps the words of each answer. Tokens, times and ids are made equal, nothing else is.
"""

import io
import re
import zipfile
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import unescape
from itertools import product
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import httpx
import pypdfium2
from fastapi.routing import APIRoute
from sqlmodel import delete
from starlette.routing import compile_path

from api.app import PAGES
from api.v1.router import PREFIX, document
from models.attention import TaskOpening
from models.database import transaction
from models.people import Person
from notifications.links import feed_url
from tasks.accounts import create_token, end_logins
from tasks.feeds import renew_feed
from tests.api.conftest import Visitor
from tests.world import World

UUID_ = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NUMBER = re.compile(r"20\d\d-\d{4}")
SEASON = re.compile(r"liuzhou-2025-practice-\d+(-\d+)?")
CHOICE = re.compile(r'<select [^>]*id="season".*?</select>', re.DOTALL)  # the seasons that there are
LINK = re.compile(r'(?:href|src|action)="(/[^"]*)"')
PARAMETER = re.compile(r"\{(\w+)\}")
VARYING = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?"), "<time>"),
    (re.compile(r"\d\d:\d\d(:\d\d)?"), "<time>"),
    (re.compile(r"\d{8}T\d{6}Z?|\d+ (毫)?秒"), "<time>"),
    (re.compile(r"(name=\"csrf\" value=|data-csrf=)\"[^\"]*\""), r'\1"<token>"'),
    (re.compile(r"\b[0-9a-f]{16,64}\b"), "<digest>"),
    (re.compile(r'"size": \d+'), '"size": <of what was made just now>'),
    (re.compile(r"/(t|a|ics|welcome)/[\w.-]{16,}"), r"/\1/<token>"),
)
ELSEWHERE = ("//", "/static/", "/prefect/")
PER_KIND = 2  # how many addresses of one kind are opened: all of them stand in pages that are compared
ONCE = ("/forms/", "/cases/{case_id}/files/", "/cases/{case_id}/print/", "/mails/preview/")
MADE = (".pdf?", "{form}?", "{ending}?")  # written by a printer each time
LOOKED_UP = (
    "/cases?q=样例",
    "/cases?q=&outcome=rejected",
    "/cases?county=chengzhong",
    "/board?county=chengzhong",
)
OF_NO_SEASON = ("/health", "/ready", "/status")
SEARCHES = (
    "/cases?q=样例",
    "/cases?county=chengzhong",
    "/cases?outcome=rejected",
    "/gates?mine=true",
    "/board?county=chengzhong",
)

Page = tuple[int, str]


def routes() -> list[str]:
    """The paths of all pages that can be looked at."""
    found = [r for part in PAGES for r in part.router.routes if isinstance(r, APIRoute)]
    return sorted({r.path for r in found if r.methods and "GET" in r.methods})


def choices() -> dict[str, dict[str, list[str]]]:
    """What of the interface can be looked at, and what the parameters in the addresses may be where that is listed."""
    found = {}
    for path, told in document()["paths"].items():
        if "get" in told and "/seasons" not in path:
            listed = {p["name"]: _listed(p["schema"]) for p in told["get"].get("parameters", [])}
            found[path.removeprefix(PREFIX)] = {k: v for k, v in listed.items() if v and f"{{{k}}}" in path}
    return found


def _listed(schema: dict[str, Any]) -> list[str]:
    named = schema.get("$ref", "").rpartition("/")[2]
    found = document()["components"]["schemas"][named] if named else schema
    return [str(value) for value in found.get("enum", [])]


class Walk:
    """One person's way through one season; None is nobody. `seen` holds each answer under its address."""

    def __init__(self, address: str, world: World, person: Person | None, *, link: str = "") -> None:
        self.visitor, self.world = Visitor(address, world), world
        self.headers: dict[str, str] = {}
        self.seen: dict[str, Page] = {}
        self.opened: set[str] = set()
        self._names: dict[str, str] = {str(world.season_id): "<id>"}
        self._asked: Counter[str] = Counter()
        self._queued: set[str] = set()
        self._waiting: deque[str] = deque()
        if link:
            self._follow(link)
        elif person is not None:
            self._log_in(person)
        for path in (*LOOKED_UP, *(r for r in routes() if "{" not in r)):
            self._queue(path)

    def _log_in(self, person: Person) -> None:
        """Afresh: no other login and nothing opened before."""
        with transaction() as session:
            end_logins(session, person)
            session.exec(delete(TaskOpening))
        self.visitor.log_in(person)
        with transaction() as session:
            self._queue("/ics/" + feed_url(renew_feed(session, person).id).rpartition("/")[2])
            if not person.admin_role:
                self.headers = {"Authorization": f"Bearer {create_token(session, person, 'walk')}"}

    def _follow(self, link: str) -> None:
        """As whoever has a mailed link and no account."""
        self.visitor.get(link)
        self._queue(link)
        self._queue(self.visitor.post(link).headers["location"])

    def go(self) -> Self:
        while self._waiting:
            path = self._waiting.popleft()
            answer = self.visitor.get(path)
            assert answer.status_code != 500, path
            self.seen[self.equalled(path)] = answer.status_code, self.equalled(words_of(answer))
            if answer.status_code < 400:
                self.opened.add(route_of(urlsplit(path).path))
            if "text/html" in answer.headers.get("content-type", ""):
                for link in links(answer.text):
                    self._queue(link)
        self._ask_the_interface()
        return self

    def ask(self, path: str) -> Page:
        """One page, outside the walk; ids are left out."""
        answer = self.visitor.get(path)
        return answer.status_code, self.equalled(UUID_.sub("<id>", words_of(answer)))

    def call(self, path: str) -> httpx.Response:
        """One address of the interface, in this season where it belongs to one."""
        base = PREFIX if path in OF_NO_SEASON else f"{PREFIX}/seasons/{self.world.season_id}"
        return self.visitor.client.get(base + path, headers=self.headers)

    def _queue(self, path: str) -> None:
        parts = urlsplit(path)
        kind = f"{route_of(parts.path)}?{'&'.join(sorted(dict(parse_qsl(parts.query))))}"
        most = (
            PER_KIND
            if "{" in kind and kind.endswith("?") and not (kind.startswith(ONCE) or kind.endswith(MADE))
            else 1
        )
        if path not in self._queued and kind[0] == "/" and self._asked[kind] < most:
            self._asked[kind] += 1
            self._queued.add(path)
            self._waiting.append(path)

    def _ask_the_interface(self) -> None:
        """Every operation, with the numbers of cases and the ids that its own lists tell."""
        known = {"no": sorted(set(NUMBER.findall("".join(text for _, text in self.seen.values()))))}
        for path, listed in sorted(choices().items(), key=lambda told: told[0].count("{")):
            for filled in (
                *fillings(path, {**known, **listed}),
                *(s for s in SEARCHES if s.startswith(f"{path}?")),
            ):
                answer = self.call(filled)
                assert answer.status_code != 500, filled
                self.seen[f"api{self.equalled(filled)}"] = answer.status_code, self.equalled(words_of(answer))
                if filled == "/gates" and answer.status_code == 200:
                    known["gate_id"] = [row["id"] for row in answer.json()["items"]]

    def equalled(self, text: str) -> str:
        """Without what may differ: each id is told by when it was first met."""
        text = SEASON.sub("<season>", CHOICE.sub("", text))
        text = UUID_.sub(lambda m: self._names.setdefault(m[0], f"<{len(self._names)}>"), text)
        for pattern, instead in VARYING:
            text = pattern.sub(instead, text)
        return text


def fillings(path: str, known: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """The path with each of what its parameters may be, a few of them each."""
    names, most = PARAMETER.findall(path), 1 if path.startswith("/exports/") else PER_KIND
    for values in product(*(known.get(n, ())[:most] for n in names)):
        yield path.format(**dict(zip(names, values, strict=True)))


def links(page: str) -> Iterable[str]:
    """Where a page leads to on this host, its pictures and what its forms look up included."""
    return (
        unescape(where).partition("#")[0] for where in LINK.findall(page) if not where.startswith(ELSEWHERE)
    )


# What stands in addresses beside ids; an address with a new kind of parameter has to be told here.
PARTS = {
    "form": "pdf",
    "number": "1",
    "kind": "seat",
    "what": "cover",
    "ending": "docx",
    "version": "1",
    "key": "task_opened",
    "receipt": "unknown",
    "token": "unknown",
    "no": "2020-9999",
}


def filled(path: str, ids: Mapping[str, UUID], **parts: str) -> str:
    """The path with these ids, and for what is not among them with ids that nothing has."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        return str(ids.get(name) or uuid4()) if name.endswith("_id") else {**PARTS, **parts}[name]

    return PARAMETER.sub(value, path)


@cache
def route_of(path: str) -> str:
    """Which page an address opens; empty if none."""
    return next((p for pattern, p in _patterns() if pattern.match(path)), "")


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(compile_path(p)[0], p) for p in sorted(routes(), key=lambda p: p.count("{"))]


# --- the words of an answer ---------------------------------------------------------------------------------------


def words_of(answer: httpx.Response) -> str:
    """What an answer says: a page as it is, of an office file or an archive the text of each part."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    name = answer.headers.get("content-disposition", "") + answer.headers.get("location", "")
    if kind.startswith("text/") or kind in ("application/json", "application/problem+json", "image/svg+xml"):
        return f"{name}\n{answer.text}"
    return f"{name}\n{_words_of_file(answer.content)}"


def _words_of_file(content: bytes) -> str:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(f"{n}\n{_words_of_file(archive.read(n))}" for n in archive.namelist())
    if content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return "<picture>"  # a code of an id, or what somebody uploaded himself
