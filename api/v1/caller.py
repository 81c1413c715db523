"""Who calls, and in which season? A bearer token names a person; the path may name a season, else it is the latest."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, StringConstraints
from sqlmodel import Session

from api.access import Rule, interface_rule
from api.deps import Missing
from api.v1.problems import Unauthorised
from models.asking import asked_by_person
from models.database import engine, reading, transaction
from models.people import Person
from models.season import Season, notice_of
from models.viewer import Viewer, read_viewer
from tasks.accounts import find_token
from tasks.seasons import latest_season

bearer = HTTPBearer(auto_error=False, description="用户的接口令牌，由 gongjiang token create 签发")


@dataclass(frozen=True)
class Caller:
    """A person and a season; what they may see is read afresh in the session that is worked in."""

    person: Person
    season_id: UUID
    rule: Rule
    request: Request

    @contextmanager
    def looking(self) -> Iterator[Viewer]:
        """For reading: the database itself refuses a change."""
        with Session(engine(), expire_on_commit=False) as session:
            session.connection(execution_options={"postgresql_readonly": True})
            yield self._view(session)

    @contextmanager
    def changing(self) -> Iterator[Viewer]:
        """One transaction, committed if nothing is refused."""
        with transaction() as session:
            yield self._view(session)

    def _view(self, session: Session) -> Viewer:
        season = session.get_one(Season, self.season_id)
        viewer = read_viewer(session, self.person, season, notice_of(session, season))
        if not self.rule.admits(viewer):
            self.request.state.denied = True
            raise Missing
        return viewer


def known_person(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Person:
    """The person of a good token."""
    if given is None:
        raise Unauthorised
    with reading() as session:
        person = find_token(session, given.credentials)
    if person is None:
        raise Unauthorised
    asked_by_person(person.id)
    request.state.asked_by = person
    return person


Known = Annotated[Person, Depends(known_person)]


def caller(request: Request, person: Known) -> Caller:
    """For an administrator there are no seasons here, only the state of the system."""
    rule = interface_rule(request.scope["route"].path)
    if person.admin_role or rule is None:
        request.state.denied = True
        raise Missing
    with reading() as session:
        season = _season(session, request.path_params.get("season_id"))
    if season is None:
        raise Missing
    return Caller(person, season.id, rule, request)


def _season(session: Session, named: str | None) -> Season | None:
    """The season of this id, or the latest; what is no id names none."""
    if named is None:
        return latest_season(session)
    try:
        return session.get(Season, UUID(named))
    except ValueError:
        return None


def named_season(season_id: UUID) -> None:
    """Tells the document of the season in the path; it is looked up with the caller."""


Calling = Annotated[Caller, Depends(caller)]


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a text can't hold a null character")
    return text


Text = Annotated[str, AfterValidator(_storable)]
Line = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=200)]
LongText = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=4000)]
