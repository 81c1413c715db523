"""When is put on record that somebody asked for what is not his, and that business data was taken away?

Only whoever is logged in is told of, and only what exists: an address of another role, or a thing out of his view.
What nobody has, and pages that need no login, are not.
"""

from typing import Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session, select
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope, Send

from api.access import EXPORTS
from api.deps import NAMED, asked_by
from api.security import SAFE_METHODS, AroundRequests
from models.account_words import AccountEventKind
from models.case import Case
from models.database import transaction
from models.people import Person
from models.season import Season, notice_of
from models.viewer import read_viewer
from tasks.account_log import note, note_denied
from tasks.seasons import latest_season

OF_THE_INTERFACE = {**NAMED, "meeting_id": NAMED["gate_id"]}


def put_denial_on_record(request: Request, *, whatever: bool = False) -> None:
    """With `whatever` the request itself was at fault, whatever it asked for."""
    person = asked_by(request)
    if person is None:
        return
    route = _route(request.scope)
    secret = "{token}" in route or "{receipt}" in route
    with transaction() as session:
        if whatever or getattr(request.state, "denied", False) or _names_something(session, request, person):
            path = route if secret else request.url.path
            note_denied(session, person, f"{request.method} {path}", f"{request.method} {route}")


def _names_something(session: Session, request: Request, person: Person) -> bool:
    """Whether the address names a thing that exists and is out of this person's view."""
    parts = request.path_params
    if (case := _case_asked_for(session, request)) is not None:
        season = session.get_one(Season, case.season_id)
        return not read_viewer(session, person, season, notice_of(session, season)).sees_case(case.id)
    return any(_thing(session, model, parts.get(name)) for name, model in OF_THE_INTERFACE.items())


def _case_asked_for(session: Session, request: Request) -> Case | None:
    """The case that the address names, by its number or its id."""
    parts = request.path_params
    if number := parts.get("no"):
        return _case(session, str(number), parts.get("season_id"))
    found: Case | None = _thing(session, Case, parts.get("case_id"))
    return found


def _thing(session: Session, model: type[Any], given: object) -> Any:
    try:
        return session.get(model, UUID(str(given))) if given else None
    except ValueError:
        return None


def _case(session: Session, number: str, season_id: object) -> Case | None:
    season = _thing(session, Season, season_id) if season_id else latest_season(session)
    if not isinstance(season, Season) or "\x00" in number:
        return None
    return session.exec(select(Case).where(Case.season_id == season.id, Case.number == number)).first()


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "")


# --- what is taken away ------------------------------------------------------------------------------------------


class NotesExports(AroundRequests):
    """Puts each export on record before its first byte leaves: who, what, and of how many."""

    async def around(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def note_and_send(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                await run_in_threadpool(_put_export_on_record, Request(scope))
            await send(message)

        await self.app(scope, receive, note_and_send)


def _put_export_on_record(request: Request) -> None:
    route = _route(request.scope).removeprefix("/seasons/{season_id}")
    person, what = asked_by(request), EXPORTS.get(route)
    if person is None or what is None or (request.method in SAFE_METHODS and request.method != "GET"):
        return
    with transaction() as session:
        facts: dict[str, Any] = {"rows": getattr(request.state, "rows", 1)}
        if case := _case_asked_for(session, request):
            what = f"{what} {case.number}"
            facts |= {"season": session.get_one(Season, case.season_id).title, "case": str(case.id)}
        note(session, AccountEventKind.EXPORTED, person, about=what, **facts)
