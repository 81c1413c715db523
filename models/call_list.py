"""Whom does no mail reach, though a task waits for them, and who has told them by telephone?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists
from sqlalchemy import select as rows_of
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.calls import Call, CallAbout
from models.case import Case
from models.gates import Assignment, Gate
from models.mail import Message, TaskLink
from models.people import Organisation, Person, Seat
from models.words import AssignmentState, CallResult, GateState, MessageState

UNREACHED = (MessageState.SKIPPED, MessageState.FAILED, MessageState.BOUNCED)
TOLD = (CallResult.REACHED, CallResult.PASSED_ON)


@dataclass(frozen=True)
class CallRow:
    """A call that was made, with who made it."""

    call: Call
    by: str


def is_told(row: CallRow | None) -> bool:
    """Whether the call brought the news."""
    return row is not None and CallResult(row.call.result) in TOLD


@dataclass(frozen=True)
class Uncalled:
    """A task of which no mail reached the person, and why; `call` is the last call about it."""

    assignment: Assignment
    gate: Gate
    number: str
    candidate: str
    why: str
    call: CallRow | None

    @property
    def is_told(self) -> bool:
        return is_told(self.call)


@dataclass(frozen=True)
class ToCall:
    """One person with everything that they have to be told."""

    person: Person
    unit: str
    tasks: Sequence[Uncalled]
    calls: Sequence[CallRow]

    @property
    def is_told(self) -> bool:
        return all(t.is_told for t in self.tasks)

    @property
    def due_at(self) -> datetime:
        return min(t.gate.due_at for t in self.tasks)


def to_call(session: Session, season_id: UUID, person_id: UUID | None = None) -> list[ToCall]:
    """Everybody with an open task whose mails failed, came back or had no address, the untold and urgent first.

    A person whom another mail about the same gate reached, or is about to reach, is not on the list.
    """
    rows = session.execute(_unreached(season_id, person_id)).all()
    calls = _calls(session, {a.id for a, *_ in rows})
    people: dict[UUID, Person] = {}
    tasks: dict[UUID, dict[UUID, Uncalled]] = {}
    for assignment, gate, number, candidate, person, why in rows:
        people[person.id] = person
        last = next((c for c in calls.get(assignment.id, ()) if c.call.person_id == person.id), None)
        task = Uncalled(assignment, gate, number or "", candidate or "", why, last)
        tasks.setdefault(person.id, {})[assignment.id] = task
    units = _units(session, season_id, people)
    found = [
        ToCall(person, units.get(i, ""), list(tasks[i].values()), _of_person(calls, i))
        for i, person in people.items()
    ]
    return sorted(found, key=lambda p: (p.is_told, p.due_at, p.person.name))


def _unreached(season_id: UUID, person_id: UUID | None) -> Any:
    other = aliased(Message)
    reached = exists().where(
        col(other.gate_id) == col(Message.gate_id),
        col(other.person_id) == col(Message.person_id),
        col(other.state).not_in(UNREACHED),
    )
    wanted = (
        rows_of(Assignment, Gate, col(Case.number), col(Case.name), Person, col(Message.error))
        .select_from(Message)
        .join(Gate, col(Gate.id) == col(Message.gate_id))
        .join(Assignment, col(Assignment.gate_id) == col(Gate.id))
        .join(
            TaskLink,
            (col(TaskLink.assignment_id) == col(Assignment.id))
            & (col(TaskLink.person_id) == col(Message.person_id)),
        )
        .join(Person, col(Person.id) == col(Message.person_id))
        .outerjoin(Case, col(Case.id) == col(Gate.case_id))
        .where(col(Message.season_id) == season_id, col(Message.state).in_(UNREACHED), ~reached)
        .where(col(Gate.state) == GateState.OPEN, col(Assignment.state) == AssignmentState.OPEN)
        .where(col(Assignment.person_id).is_(None) | (col(Assignment.person_id) == col(Person.id)))
        .order_by(col(Gate.due_at), col(Case.number), col(Message.queued_at))
    )
    return wanted if person_id is None else wanted.where(col(Person.id) == person_id)


def calls_about(session: Session, assignments: Iterable[UUID]) -> dict[UUID, list[CallRow]]:
    """The calls about each of these tasks, the latest first."""
    return _calls(session, set(assignments))


def _calls(session: Session, assignments: set[UUID]) -> dict[UUID, list[CallRow]]:
    rows = session.execute(
        rows_of(col(CallAbout.assignment_id), Call, col(Person.name))
        .join(Call, col(Call.id) == col(CallAbout.call_id))
        .join(Person, col(Person.id) == col(Call.called_by))
        .where(col(CallAbout.assignment_id).in_(assignments))
        .order_by(col(Call.called_at).desc())
    )
    found: dict[UUID, list[CallRow]] = {}
    for assignment_id, call, by in rows:
        found.setdefault(assignment_id, []).append(CallRow(call, by))
    return found


def _of_person(calls: dict[UUID, list[CallRow]], person_id: UUID) -> list[CallRow]:
    mine = {c.call.id: c for rows in calls.values() for c in rows if c.call.person_id == person_id}
    return sorted(mine.values(), key=lambda c: c.call.called_at, reverse=True)


def _units(session: Session, season_id: UUID, people: Iterable[UUID]) -> dict[UUID, str]:
    """Where each of them is to be found: the organisation of a seat."""
    rows = session.exec(
        select(Seat.person_id, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Seat.organisation_id))
        .where(Seat.season_id == season_id, col(Seat.person_id).in_(list(people)))
        .order_by(col(Organisation.name))
    )
    return dict(rows.all())


def uncalled_count(session: Session, season_id: UUID) -> int:
    """How many people still have to be told by telephone."""
    return sum(not p.is_told for p in to_call(session, season_id))
