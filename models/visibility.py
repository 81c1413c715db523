"""Who may see which cases? Every query about cases starts with `visible_cases`; what it leaves out does not exist."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.case import Case
from models.gates import Assignment, Gate
from models.lists import Entry, Shortlist
from models.notice import Notice
from models.people import Organisation, Person, Seat
from models.recusal import is_recused
from models.season import Season, now
from models.seats import by_seats, seat_is_held
from models.words import AssignmentState, ListState, Place, Relation


def visible_cases(session: Session, season: Season, notice: Notice, person: Person) -> SelectOfScalar[Case]:
    """The cases of the season that this person may see.

    Bodies that see all: every case. Bodies that see what is listed: cases on a confirmed or drafted list. Everyone:
    cases they entered, of their unit, of their county, and those at which they have, or had, something to answer;
    these last not if they are recused from it. Administrators: none.
    """
    if person.admin_role:
        return select(Case).where(false())
    moment = now(season)
    seats = session.exec(
        select(Seat)
        .where(Seat.season_id == season.id, Seat.person_id == person.id)
        .where(seat_is_held(moment))
    ).all()
    wanted = select(Case).where(Case.season_id == season.id)
    bodies = {b.key: b for b in notice.bodies}
    mine = [bodies[s.body] for s in seats if s.body in bodies]
    if any(b.sees == "all" for b in mine):
        return wanted
    chosen = [b.key for b in notice.bodies if b.relation is Relation.ASSIGNED]
    seated = [b.key for b in notice.bodies if b.relation is not Relation.ASSIGNED]
    ways: list[ColumnElement[bool]] = [
        col(Case.entered_by) == person.id,
        and_(col(Case.id).in_(_asked(person, season, seats, chosen)), ~is_recused(person, Relation.ASSIGNED)),
        and_(col(Case.id).in_(_asked(person, season, seats, seated)), ~is_recused(person, Relation.SEASON)),
    ]
    if any(b.sees == "listed" for b in mine):
        ways.append(col(Case.id).in_(_on_lists(season.id)))
    units = [
        s.organisation_id for s in seats if s.body in bodies and bodies[s.body].relation is Relation.OWN_UNIT
    ]
    ways.append(col(Case.unit_id).in_(units) if units else false())
    unions = [s.organisation_id for s in seats if _reviews_county(notice, s.body)]
    counties = select(Organisation.county).where(col(Organisation.id).in_(unions))
    ways.append(col(Case.county).in_(counties) if unions else false())
    return wanted.where(or_(*ways))


def _reviews_county(notice: Notice, body: str) -> bool:
    """Whether the body decides alone for its county (the county union): all of the county's cases are its own."""
    return any(
        d.body == body and len(s.deciders) == 1 and notice.body(body).relation is Relation.OWN_COUNTY
        for s in notice.steps
        for d in s.deciders
    )


def _asked(person: Person, season: Season, seats: Sequence[Seat], bodies: list[str]) -> SelectOfScalar[Any]:
    """Where this person is asked as one of these bodies: by name, or by a seat."""
    return (
        select(Gate.case_id)
        .join(Assignment, col(Assignment.gate_id) == col(Gate.id))
        .where(Assignment.season_id == season.id, col(Gate.case_id).is_not(None))
        .where(or_(col(Assignment.person_id) == person.id, by_seats(seats)))
        .where(col(Assignment.body).in_(bodies))
        .where(Assignment.state != AssignmentState.RELEASED)
    )


def _on_lists(season_id: UUID) -> SelectOfScalar[UUID]:
    return (
        select(Entry.case_id)
        .join(Shortlist, col(Shortlist.id) == col(Entry.shortlist_id))
        .where(Shortlist.season_id == season_id)
        .where((col(Shortlist.state) == ListState.CONFIRMED) | (col(Entry.place) != Place.OFF))
    )
