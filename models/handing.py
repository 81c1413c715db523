"""Who may take over a task that waits, and who may stand in for somebody who is away?

A task that a body answers by its seats may go to a colleague: handed over (转办) it is the colleague's own, delegated
(委派) it is answered on behalf of who gave it. Whoever is away has a substitute: a seat of the substitute's own for
those days, so that every rule about seats holds for it. Nobody stands in for a person who was chosen as such: experts
and inspectors are replaced by the office, votes in a meeting are given in person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.actions import Task, check_task
from models.casefile import BY_NAME
from models.gates import Assignment, Gate
from models.notice import Notice
from models.people import Organisation, Person, Seat
from models.season import Season, now
from models.seats import is_office, seat_is_held
from models.verdict import OPEN, Reason, Verdict
from models.words import AssignmentState, GateState, Scope, StepKind


@dataclass(frozen=True)
class Substitute:
    """One seat of a substitute: who stands in for whom, in which body, from when until when."""

    seat: Seat
    person: Person
    away: Person
    organisation: str


def is_personal(notice: Notice, body: str) -> bool:
    """Whether the members of a body act in person only: chosen by name, or voting in a meeting."""
    meets = {d.body for s in notice.steps if s.kind is StepKind.MEETING for d in s.deciders}
    return notice.body(body).relation in BY_NAME or body in meets


def colleagues(session: Session, season: Season, body: str, organisation_id: UUID | None) -> Sequence[Person]:
    """Those who hold a seat in the same body of the same organisation, or any other seat of that organisation."""
    at = now(season)
    same: ColumnElement[bool] = and_(
        col(Seat.body) == body, col(Seat.organisation_id).is_not_distinct_from(organisation_id)
    )
    house = col(Seat.organisation_id) == organisation_id if organisation_id else false()
    return session.exec(
        select(Person)
        .join(Seat, col(Seat.person_id) == col(Person.id))
        .where(Seat.season_id == season.id, col(Person.active), seat_is_held(at), or_(same, house))
        .order_by(col(Person.name), col(Person.id))
        .distinct()
    ).all()


def check_hand(session: Session, task: Task, by: Person) -> Verdict:
    """Reasons against this person giving the task to a colleague: its own people may, and the office."""
    step, clause = task.step, task.step.clause
    if is_personal(task.notice, task.assignment.body):
        text = f"“{step.label}”须由本人办理，不能转交；确实不能办理的，请联系办公室另派人员。"
        return (Reason("in_person", text, clause),)
    if task.case is None and step.scope is not Scope.SEASON:
        return (Reason("no_case", "这项任务没有人选，不能转交。", clause),)
    if task.gate.state != GateState.OPEN or task.assignment.state != AssignmentState.OPEN:
        return (Reason("gate_closed", f"“{step.label}”已经答复或办结，不能再转交。", clause),)
    if is_office(session, task.season, task.notice, by) or task.assignment.given_by == by.id:
        return OPEN
    return check_task(session, task, by)


def taken_over(session: Session, season: Season, person: Person | None = None) -> list[Substitute]:
    """The substitutes of the season whose days are not over, or those that concern one person."""
    away = aliased(Person)
    wanted = (
        select(Seat, Person, away, Organisation.name)
        .join(Person, col(Person.id) == col(Seat.person_id))
        .join(away, col(away.id) == col(Seat.stands_in_for))
        .outerjoin(Organisation, col(Organisation.id) == col(Seat.organisation_id))
        .where(Seat.season_id == season.id, or_(col(Seat.until).is_(None), col(Seat.until) > now(season)))
        .order_by(col(Seat.since), col(Seat.id))
    )
    if person is not None:
        wanted = wanted.where(or_(col(Seat.stands_in_for) == person.id, col(Seat.person_id) == person.id))
    return [Substitute(seat, by, who, name or "") for seat, by, who, name in session.exec(wanted)]


def delegated(session: Session, season: Season, person: Person) -> Sequence[tuple[Assignment, Gate, Person]]:
    """What this person has delegated and nobody has answered yet, with who has it now; the most urgent first."""
    return session.exec(
        select(Assignment, Gate, Person)
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .join(Person, col(Person.id) == col(Assignment.person_id))
        .where(Assignment.season_id == season.id, Assignment.given_by == person.id)
        .where(Assignment.state == AssignmentState.OPEN, Gate.state == GateState.OPEN)
        .order_by(col(Gate.due_at), col(Assignment.id))
    ).all()


def own_seats(session: Session, season: Season, notice: Notice, person: Person) -> Sequence[Seat]:
    """The seats held now in this person's own right in which somebody may stand in."""
    rows = session.exec(
        select(Seat)
        .where(Seat.season_id == season.id, Seat.person_id == person.id, col(Seat.stands_in_for).is_(None))
        .where(seat_is_held(now(season)))
        .order_by(col(Seat.body), col(Seat.id))
    ).all()
    return [s for s in rows if not is_personal(notice, s.body)]


def stand_ins(session: Session, season: Season, seats: Sequence[Seat], person: Person) -> list[Person]:
    """Colleagues who may stand in in every one of these seats."""
    groups = [{p.id: p for p in colleagues(session, season, s.body, s.organisation_id)} for s in seats]
    if not groups:
        return []
    common = set(groups[0]).intersection(*groups[1:]) - {person.id}
    return [p for p in groups[0].values() if p.id in common]


def overlaps(since: datetime, until: datetime) -> ColumnElement[bool]:
    """Seats whose days have something in common with these."""
    return and_(col(Seat.since) < until, or_(col(Seat.until).is_(None), col(Seat.until) > since))
