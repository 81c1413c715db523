"""What does every endpoint start from? The form as typed, one database session, who is looking, in which season.

The session is committed only when the endpoint has ended without an exception; for GET and HEAD the transaction is
read-only, so that the database itself refuses a change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Depends, Request
from sqlmodel import Session, col, select

from api.security import SAFE_METHODS, comes_from_here, read_cookie, task_cookie, tokens_match
from models.database import engine, transaction
from models.people import LoginSession, Person
from models.season import Season, notice_of
from models.verdict import Reason, Refused
from models.viewer import Viewer, read_viewer
from models.waiting import waiting_count
from tasks.accounts import find_login
from tasks.seasons import latest_season

LARGEST_FORM = 2_000_000
MOST_FIELDS = 20_000
MOST_SEASONS = 20


class NotLoggedIn(Exception):
    """Nobody, or nobody any longer, is logged in."""


class StalePage(Exception):
    """The page was made for another login: what was typed is kept, to be confirmed with the token of this one."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token


class ForeignPage(Exception):
    """The request was sent by a page that is not ours."""


class TooLarge(Exception):
    """More was sent than any of our forms holds."""


class Missing(Exception):
    """It does not exist, or not for this person."""


class LimitedLogin(Exception):
    """A mailed link opens its one task and nothing else."""


# --- the form ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    """What was typed, cleaned of what no database keeps."""

    fields: dict[str, list[str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.fields.get(name, [""])[-1].strip()

    def lines(self, name: str) -> tuple[str, ...]:
        return tuple(
            line.strip() for v in self.fields.get(name, []) for line in v.splitlines() if line.strip()
        )

    def keyed(self, prefix: str) -> dict[str, str]:
        """`place_<id>` → `{<id>: value}`."""
        return {k.removeprefix(prefix): self.text(k) for k in self.fields if k.startswith(prefix)}


def clean(text: str) -> str:
    return text.replace("\x00", "")


async def read_form(request: Request) -> Form:
    """The body of a POST; none for GET."""
    if request.method in SAFE_METHODS:
        return Form()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise TooLarge
    try:
        pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise TooLarge from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(clean(name), []).append(clean(value))
    form = Form(fields)
    request.state.form = form
    return form


TypedForm = Annotated[Form, Depends(read_form)]


# --- the session -------------------------------------------------------------------------------------------------


def open_session(request: Request) -> Iterator[Session]:
    with Session(engine(), expire_on_commit=False) as session:
        if request.method in SAFE_METHODS:
            session.connection(execution_options={"postgresql_readonly": True})
        yield session
        if request.method not in SAFE_METHODS:
            session.commit()


Database = Annotated[Session, Depends(open_session, scope="function")]


# --- who is looking ----------------------------------------------------------------------------------------------


@dataclass
class Visit:
    """One request of one person. `login.assignment_id` limits it to one task."""

    request: Request
    session: Session
    form: Form
    login: LoginSession
    person: Person
    season: Season

    @cached_property
    def viewer(self) -> Viewer:
        return read_viewer(self.session, self.person, self.season, notice_of(self.session, self.season))

    @property
    def csrf(self) -> str:
        return self.login.csrf

    @property
    def limited(self) -> bool:
        return self.login.assignment_id is not None

    @cached_property
    def seasons(self) -> Sequence[Season]:
        """The years to choose from, the latest first."""
        return self.session.exec(
            select(Season).order_by(col(Season.opened_at).desc()).limit(MOST_SEASONS)
        ).all()

    @cached_property
    def badge(self) -> int:
        return waiting_count(self.viewer)

    def enter(self, season: Season) -> None:
        """Go on in the season to which the thing that is looked at belongs."""
        if season.id != self.season.id:
            self.season = season
            self.__dict__.pop("viewer", None)
            self.__dict__.pop("badge", None)


def current_login(request: Request, name: str) -> tuple[LoginSession, Person] | None:
    """The live login of a cookie; that it was used is noted in a transaction of its own."""
    token = read_cookie(request, name)
    if not token:
        return None
    with transaction() as session:
        return find_login(session, token)


def check_post(request: Request, form: Form, login: LoginSession) -> None:
    if request.method in SAFE_METHODS:
        return
    if not comes_from_here(request):
        raise ForeignPage
    if not tokens_match(form.text("csrf"), login.csrf):
        raise StalePage(login.csrf)


def visit(request: Request, session: Database, form: TypedForm) -> Visit:
    """An ordinary login; a mailed link's is not enough."""
    found = current_login(request, "session")
    if found is None:
        raise NotLoggedIn
    if found[0].assignment_id is not None:
        raise LimitedLogin
    check_post(request, form, found[0])
    return Visit(request, session, form, *found, season=chosen_season(request, session))


def task_visit(request: Request, session: Database, form: TypedForm, assignment_id: UUID) -> Visit:
    """A mailed link's login for this very task, or an ordinary one."""
    found = current_login(request, task_cookie(assignment_id)) or current_login(request, "session")
    if found is None:
        raise NotLoggedIn
    if found[0].assignment_id not in (None, assignment_id):
        raise LimitedLogin
    check_post(request, form, found[0])
    return Visit(request, session, form, *found, season=chosen_season(request, session))


def chosen_season(request: Request, session: Session) -> Season:
    """The season that this browser has chosen; otherwise the one opened last."""
    key = clean(request.cookies.get("season", ""))
    season = session.exec(select(Season).where(Season.key == key)).first() if key else None
    season = season or latest_season(session)
    if season is None:
        text = "还没有开启任何年度。请先运行 gongjiang season open 通知文件。"
        raise Refused(Reason("no_season", text, kind="conflict"))
    return season


Visiting = Annotated[Visit, Depends(visit, scope="function")]
OneTask = Annotated[Visit, Depends(task_visit, scope="function")]
