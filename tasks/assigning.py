"""Who has to answer at a gate that opens?

The notice names bodies; this finds the organisation of the case's own county, its unit, or proposes the assigned
experts and inspectors with the least to do, leaving out whoever is recused.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.case import Case
from models.gates import Assignment
from models.notice import Decider, Notice, Step
from models.people import Person, Seat
from models.progress import Progress
from models.recusal import is_recused
from models.season import Season, now
from models.seats import organisation_seated, seat_is_held
from models.words import AssignmentState, Relation

Assignee = tuple[str, UUID | None, UUID | None]


def assignees(
    session: Session, season: Season, notice: Notice, case: Case | None, step: Step
) -> list[Assignee]:
    """(body, organisation, person) for each one who has to answer at `step`."""
    progress = Progress(session, season, notice, case)
    applying = [d for d in step.deciders if d.when is None or progress.holds(d.when)]
    return [a for d in applying for a in _assignees_of(session, season, notice, case, d)]


def _assignees_of(
    session: Session, season: Season, notice: Notice, case: Case | None, decider: Decider
) -> Iterator[Assignee]:
    relation = notice.body(decider.body).relation
    if case is None or relation is Relation.SEASON:
        yield decider.body, None, None
    elif relation is Relation.FILLER:
        yield decider.body, None, case.entered_by
    elif relation is Relation.OWN_UNIT:
        yield decider.body, case.unit_id, None
    elif relation is Relation.OWN_COUNTY:
        found = session.exec(organisation_seated(season.id, decider.body, case.county or "", now(season)))
        yield decider.body, found.first(), None
    else:
        for person in propose(session, season, case, decider):
            yield decider.body, None, person.id


def propose(session: Session, season: Season, case: Case, decider: Decider) -> list[Person]:
    """As many as the notice asks for, the best first."""
    return [p for p, _ in candidates(session, season, case, decider.body)[: decider.assign]]


def candidates(session: Session, season: Season, case: Case, body: str) -> list[tuple[Person, int]]:
    """Everyone who may be assigned, with how much each has: of the case's category first, then the least loaded."""
    load = (
        select(func.count())
        .select_from(Assignment)
        .where(Assignment.person_id == Person.id, Assignment.season_id == season.id)
        .where(col(Assignment.state).in_((AssignmentState.OPEN, AssignmentState.ANSWERED)))
        .scalar_subquery()
    )
    free = session.exec(
        select(Person, load)
        .join(Seat, col(Seat.person_id) == col(Person.id))
        .join(Case, col(Case.id) == case.id)
        .where(Seat.season_id == season.id, Seat.body == body, col(Person.active))
        .where(seat_is_held(now(season)), ~is_recused(Person, Relation.ASSIGNED))
    ).all()
    return sorted(free, key=lambda row: (not judges(row[0], case.category), row[1], str(row[0].id)))


def judges(person: Person, category: str) -> bool:
    """Whether the category of 附件5 is among those that this person knows."""
    return category in person.trades.split(",")
