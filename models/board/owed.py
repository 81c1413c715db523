"""Which cases and tasks stand behind a number on the board?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func
from sqlalchemy import select as rows_of
from sqlmodel import col, select

from models.attention import TaskOpening
from models.board.days import Days
from models.board.sight import knows_names
from models.board.wanted import Wanted, held, matches
from models.case import Case
from models.countersigning import last_reminders
from models.gates import Assignment, Gate
from models.notice import Step, day_of
from models.people import Organisation, Person
from models.viewer import Viewer
from models.words import AssignmentState
from models.workdays import last_date

PAGE = 50


@dataclass(frozen=True)
class Held:
    """One who owes an answer there; `opened` is None where the viewer is not told."""

    assignment: Assignment
    body: str
    who: str
    opened: bool | None
    reminded_at: datetime | None


@dataclass(frozen=True)
class Owed:
    """One open gate, of a case or of the season itself; working days, `left` below 0 is late."""

    gate: Gate
    case: Case | None
    unit: str | None
    step: Step
    waited: int
    due: date
    left: int
    late: bool
    holders: Sequence[Held]


@dataclass(frozen=True)
class OwedPage:
    rows: Sequence[Owed]
    gates: int
    cases: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.gates // PAGE))


def read_owed(viewer: Viewer, wanted: Wanted, days: Days, page: int = 1) -> OwedPage:
    """One page of the open gates that are wanted, those due first."""
    query = _gates(viewer, wanted)
    gates, cases = viewer.session.execute(
        query.with_only_columns(func.count(), func.count(col(Gate.case_id).distinct()))
    ).one()
    page = max(1, min(page, -(-gates // PAGE)))
    rows = viewer.session.execute(
        query.outerjoin(Organisation, col(Organisation.id) == col(Case.unit_id))
        .add_columns(col(Organisation.name))
        .order_by(col(Gate.due_at), col(Gate.opened_at), col(Case.number), col(Gate.id))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    holders = _holders(viewer, [gate.id for gate, *_ in rows])
    found = [_owed(viewer, days, gate, case, unit, holders) for gate, case, unit in rows]
    return OwedPage(found, gates, cases, page)


def owed_tasks(viewer: Viewer, wanted: Wanted, most: int) -> list[tuple[Assignment, Gate, Case | None]]:
    """The answers owed at the gates that are wanted, those due first."""
    query = _gates(viewer, wanted).join(Assignment, col(Assignment.gate_id) == col(Gate.id))
    rows = viewer.session.execute(
        query.with_only_columns(Assignment, Gate, Case)
        .where(held(viewer, wanted))
        .order_by(col(Gate.due_at), col(Case.number), col(Assignment.body), col(Assignment.id))
        .limit(most)
    )
    return [(assignment, gate, case) for assignment, gate, case in rows]


def _gates(viewer: Viewer, wanted: Wanted) -> "Select[Gate, Case]":
    query = rows_of(Gate, Case).outerjoin(Case, col(Case.id) == col(Gate.case_id))
    return query.where(matches(viewer, wanted))


def _owed(
    viewer: Viewer,
    days: Days,
    gate: Gate,
    case: Case | None,
    unit: str | None,
    holders: dict[UUID, list[Held]],
) -> Owed:
    due = last_date(gate.due_at)
    return Owed(
        gate=gate,
        case=case,
        unit=unit,
        step=viewer.notice.step(gate.step),
        waited=days.waited(day_of(gate.opened_at)),
        due=due,
        left=days.left(due),
        late=gate.due_at <= viewer.moment,
        holders=_told(viewer, case, holders.get(gate.id, [])),
    )


def _told(viewer: Viewer, case: Case | None, holders: Sequence[Held]) -> Sequence[Held]:
    """As much as this person may read of them: units learn with whom it lies, not who judges nor who looked."""
    if case is None or viewer.reads(case):
        return holders
    names = knows_names(viewer) and case.id not in viewer.recused_from
    told = [
        Held(h.assignment, h.body, h.who if names or not h.assignment.person_id else "", None, h.reminded_at)
        for h in holders
    ]
    # A name that is not told orders nothing.
    return sorted(told, key=lambda h: (h.assignment.body, h.who, str(h.assignment.id)))


def _holders(viewer: Viewer, gates: Sequence[UUID]) -> dict[UUID, list[Held]]:
    """The answers owed at these gates."""
    opened = select(TaskOpening.assignment_id).where(TaskOpening.assignment_id == Assignment.id).exists()
    rows = viewer.session.execute(
        rows_of(Assignment, col(Organisation.name), col(Person.name), opened)
        .outerjoin(Organisation, col(Organisation.id) == col(Assignment.organisation_id))
        .outerjoin(Person, col(Person.id) == col(Assignment.person_id))
        .where(col(Assignment.gate_id).in_(gates), col(Assignment.state) == AssignmentState.OPEN)
        .order_by(col(Assignment.body), col(Organisation.name), col(Person.name), col(Assignment.id))
    ).all()
    reminded = last_reminders(viewer.session, [assignment.id for assignment, *_ in rows])
    found: dict[UUID, list[Held]] = {}
    for assignment, organisation, person, looked in rows:
        body = viewer.notice.body(assignment.body).label
        who = organisation or person or ""
        found.setdefault(assignment.gate_id, []).append(
            Held(assignment, body, who, looked, reminded.get(assignment.id))
        )
    return found
