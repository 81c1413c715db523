"""What does every endpoint start from? The form as typed, one database session, who is looking, in which season.

The session is committed only when the endpoint has ended without an exception; for GET and HEAD the transaction is
read-only, so that the database itself refuses a change.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from sqlmodel import Session, col, select

from api.access import page_rule
from api.forms import Form as Form
from api.forms import TypedForm as TypedForm
from api.forms import clean as clean
from api.security import (
    SAFE_METHODS,
    comes_from_here,
    read_cookie,
    task_cookie,
    task_cookies,
    tokens_match,
)
from models.account_words import AdminRole, Waits
from models.administering import is_own_page
from models.appeal import Appeal
from models.asking import asked_by_person
from models.case import Case
from models.database import engine, transaction
from models.doubles import settling_count
from models.gates import Assignment, Gate
from models.incoming import Incoming
from models.lists import Shortlist
from models.mail import Message
from models.objection import Objection
from models.people import LoginSession, Person
from models.published import Correction
from models.season import Season, notice_of
from models.verdict import Reason, Refused
from models.viewer import Viewer, read_viewer
from models.waiting import Badges, badges
from tasks.accounts import find_login
from tasks.seasons import latest_season

MOST_SEASONS = 20
# What an address may name that belongs to one season, whichever is chosen.
Named = Case | Assignment | Gate | Shortlist | Incoming | Message | Objection | Appeal | Correction
NAMED: Mapping[str, type[Named]] = {
    "case_id": Case,
    "assignment_id": Assignment,
    "gate_id": Gate,
    "list_id": Shortlist,
    "mail_id": Incoming,
    "message_id": Message,
    "objection_id": Objection,
    "appeal_id": Appeal,
    "correction_id": Correction,
}


class NotLoggedIn(Exception):
    """Nobody, or nobody any longer, is logged in."""


class StalePage(Exception):
    """The page was made for another login: what was typed is kept, to be confirmed with the token of this one."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token


class ForeignPage(Exception):
    """The request was sent by a page that is not ours."""


class Missing(Exception):
    """It does not exist, or not for this person."""


class LimitedLogin(Exception):
    """A mailed link opens its one task and nothing else."""


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
    def badges(self) -> Badges:
        """The figures of the menu."""
        return badges(self.viewer)

    @cached_property
    def settling(self) -> int:
        """What the office has to settle: the figure beside 核对事项."""
        return settling_count(self.session, self.season.id) if self.viewer.is_office else 0

    def enter(self, season: Season) -> None:
        """Go on in the season to which the thing that is looked at belongs."""
        if season.id != self.season.id:
            self.season = season
            self.__dict__.pop("viewer", None)
            self.__dict__.pop("badges", None)
            self.__dict__.pop("settling", None)


Login = tuple[LoginSession, Person]


def _visit(request: Request, session: Session, form: Form, found: "Login") -> Visit:
    """The visit, in the season of what the address names; without a rule that admits the person there is no page."""
    check_post(request, form, found[0])
    rule = page_rule(getattr(request.scope.get("route"), "path", ""))
    asked = None if rule is None or rule.is_open else _season_of(request, session)
    made = Visit(request, session, form, *found, season=asked or chosen_season(request, session))
    if rule is None or not (rule.is_open or rule.admits(made.viewer)):
        request.state.denied = True
        raise Missing
    return made


def _season_of(request: Request, session: Session) -> Season | None:
    """The season of the thing that the address names, if it exists."""
    for name, model in NAMED.items():
        given = request.path_params.get(name)
        try:
            thing: Any = session.get(model, UUID(str(given))) if given else None
        except ValueError:
            thing = None
        if thing is not None:
            return session.get_one(Season, thing.season_id)
    return None


def current_login(request: Request, name: str) -> Login | None:
    """The live login of a cookie, unless it still waits for something."""
    found = any_login(request, name)
    return None if found is None or found[0].waits_for else found


def any_login(request: Request, name: str) -> Login | None:
    """The same also while it waits; that it was used is noted in a transaction of its own."""
    token = read_cookie(request, name)
    if not token:
        return None
    with transaction() as session:
        return find_login(session, token)


def asked_by(request: Request) -> Person | None:
    """Who asks for a page that needs a login; None before the login was found, and on pages that need none."""
    found: Person | None = getattr(request.state, "asked_by", None)
    return found


def _asked_by(request: Request, person: Person) -> None:
    request.state.asked_by = person
    asked_by_person(person.id)


def _keep_to_own_pages(request: Request, person: Person) -> None:
    """For an administrator nothing exists but the pages of his role."""
    _asked_by(request, person)
    if person.admin_role and not is_own_page(AdminRole(person.admin_role), request.url.path):
        request.state.denied = True
        raise Missing


def check_post(request: Request, form: Form, login: LoginSession) -> None:
    if request.method in SAFE_METHODS:
        return
    if not comes_from_here(request):
        raise ForeignPage
    if not tokens_match(form.text("csrf"), login.csrf):
        raise StalePage(login.csrf)


def _ordinary(found: tuple[LoginSession, Person] | None) -> tuple[LoginSession, Person]:
    """Refuses nobody's login, and one that a mailed link opened for a single task."""
    if found is None:
        raise NotLoggedIn
    if found[0].assignment_id is not None:
        raise LimitedLogin
    return found


def visit(request: Request, session: Database, form: TypedForm) -> Visit:
    """An ordinary login; a mailed link's is not enough."""
    found = _ordinary(current_login(request, "session"))
    _keep_to_own_pages(request, found[1])
    return _visit(request, session, form, found)


@dataclass
class Entry:
    """One request of a person on the way in, or about the own account: without a season, so also in an empty record."""

    request: Request
    session: Session
    form: Form
    login: LoginSession
    person: Person

    @property
    def csrf(self) -> str:
        return self.login.csrf

    @property
    def waits_for(self) -> Waits | None:
        return Waits(self.login.waits_for) if self.login.waits_for else None


def entry(request: Request, session: Database, form: TypedForm) -> Entry:
    """An ordinary login, also one that still waits for something."""
    found = _ordinary(any_login(request, "session"))
    _asked_by(request, found[1])
    check_post(request, form, found[0])
    return Entry(request, session, form, *found)


def task_visit(request: Request, session: Database, form: TypedForm, assignment_id: UUID) -> Visit:
    """A mailed link's login for this very task, that of whoever fills in its case, or an ordinary one."""
    found = current_login(request, task_cookie(assignment_id))
    filler = None if found else _filler_of(request, session, assignment_id)
    found = found or filler or current_login(request, "session")
    if found is None:
        raise NotLoggedIn
    if filler is None and found[0].assignment_id not in (None, assignment_id):
        raise LimitedLogin
    _keep_to_own_pages(request, found[1])
    return _visit(request, session, form, found)


def _filler_of(request: Request, session: Session, assignment_id: UUID) -> Login | None:
    """The login of an earlier link of the person to whom this task of the same case was given."""
    assignment = session.get(Assignment, assignment_id) if task_cookies(request) else None
    if assignment is None or assignment.person_id is None:
        return None
    case_id = session.get_one(Gate, assignment.gate_id).case_id
    logins = _logins_of(request, session, case_id) if case_id else []
    return next((x for x in logins if x[0].assignment_id and x[1].id == assignment.person_id), None)


def case_visit(request: Request, session: Database, form: TypedForm, case_id: UUID) -> Visit:
    """An ordinary login, or that of a mailed link to a task of this case."""
    return _visit_case(request, session, form, case_id, _logins_of(request, session, case_id))


def own_visit(request: Request, session: Database, form: TypedForm, case_id: UUID) -> Visit:
    """An ordinary login, or that of a mailed link of whoever fills in this case: others' links open their task only."""
    logins = _logins_of(request, session, case_id)
    case = session.get(Case, case_id)
    own = [(x, p) for x, p in logins if x.assignment_id is None or (case and p.id == case.entered_by)]
    return _visit_case(request, session, form, case_id, own)


def _logins_of(request: Request, session: Session, case_id: UUID) -> list[Login]:
    """The logins of this browser that reach the case: those of mailed links to its tasks, then the ordinary one."""
    tasks = task_cookies(request)
    wanted = select(Assignment.id).join(Gate, col(Gate.id) == col(Assignment.gate_id))
    wanted = wanted.where(Gate.case_id == case_id, col(Assignment.id).in_(tasks))
    names = [task_cookie(i) for i in session.exec(wanted)] if tasks else []
    return [found for name in (*names, "session") if (found := current_login(request, name))]


def _visit_case(
    request: Request, session: Session, form: Form, case_id: UUID, logins: Sequence[Login]
) -> Visit:
    if not logins:
        raise NotLoggedIn
    found = logins[0] if len(logins) == 1 else _chosen(session, form, case_id, logins)
    _keep_to_own_pages(request, found[1])
    return _visit(request, session, form, found)


def _chosen(session: Session, form: Form, case_id: UUID, logins: Sequence[Login]) -> Login:
    """A form belongs to the login whose page it is; a page to whoever fills in the case, then to who may see it."""
    for found in logins:
        if tokens_match(form.text("csrf"), found[0].csrf):
            return found
    case = session.get(Case, case_id)
    if case is None or logins[0][1].id == case.entered_by:
        return logins[0]
    season = session.get_one(Season, case.season_id)
    viewer = read_viewer(session, logins[-1][1], season, notice_of(session, season))
    return logins[-1] if viewer.sees_case(case_id) else logins[0]


def chosen_season(request: Request, session: Session) -> Season:
    """The season that this browser has chosen; otherwise the one opened last."""
    key = clean(request.cookies.get("season", ""))
    season = session.exec(select(Season).where(Season.key == key)).first() if key else None
    season = season or latest_season(session)
    if season is None:
        text = "还没有开启任何年度。请先运行 gongjiang season open 通知文件。"
        raise Refused(Reason("no_season", text, kind="conflict"))
    return season


Entering = Annotated[Entry, Depends(entry, scope="function")]
Visiting = Annotated[Visit, Depends(visit, scope="function")]
OneCase = Annotated[Visit, Depends(case_visit, scope="function")]
OwnCase = Annotated[Visit, Depends(own_visit, scope="function")]
OneTask = Annotated[Visit, Depends(task_visit, scope="function")]
