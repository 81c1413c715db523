"""What waits for this person, most urgent first, and what have they already done?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func
from sqlalchemy import select as rows_of
from sqlmodel import col, select

from models.case import Case
from models.gates import Assignment, Decision, Gate
from models.notice import SHANGHAI
from models.people import Organisation
from models.viewer import Viewer
from models.words import AssignmentState, GateState

PAGE = 50
SOON = timedelta(days=2)


@dataclass(frozen=True)
class Waiting:
    """One open task of this person; `answered` of `asked` bodies have answered at its gate."""

    assignment: Assignment
    gate: Gate
    case: Case | None
    unit: str | None
    asked: int
    answered: int


@dataclass(frozen=True)
class Done:
    decision: Decision
    gate: Gate
    case: Case | None
    unit: str | None


@dataclass(frozen=True)
class Counts:
    """The figures above the to-do list."""

    waiting: int
    soon: int
    late: int
    done: int
    entered: int
    visible: int


def days_left(due: datetime, moment: datetime) -> int:
    """Whole days until the last day: 0 is today, below 0 is late. A deadline is the end of its day."""
    last = (due - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
    return (last - moment.astimezone(SHANGHAI).date()).days


def _open(viewer: Viewer) -> "Select[Assignment, Gate]":
    return (
        rows_of(Assignment, Gate)
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .where(viewer.answerable())
        .where(col(Assignment.state) == AssignmentState.OPEN, col(Gate.state) == GateState.OPEN)
    )


def waiting(viewer: Viewer, page: int = 1) -> list[Waiting]:
    """The open tasks, most urgent first."""
    of_gate = col(Assignment.gate_id) == col(Gate.id)
    others = rows_of(col(Assignment.id)).where(of_gate).correlate(Gate).with_only_columns(func.count())
    asked = others.where(col(Assignment.state) != AssignmentState.RELEASED).scalar_subquery()
    answered = others.where(col(Assignment.state) == AssignmentState.ANSWERED).scalar_subquery()
    rows = viewer.session.execute(
        _open(viewer)
        .outerjoin(Case, col(Case.id) == col(Gate.case_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Case.unit_id))
        .add_columns(Case, col(Organisation.name), asked, answered)
        .order_by(col(Gate.due_at), col(Case.number), col(Assignment.id))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [Waiting(*row) for row in rows]


def done(viewer: Viewer, page: int = 1) -> list[Done]:
    """What this person has answered, the latest first."""
    rows = viewer.session.execute(
        rows_of(Decision, Gate, Case, col(Organisation.name))
        .join(Gate, col(Gate.id) == col(Decision.gate_id))
        .outerjoin(Case, col(Case.id) == col(Gate.case_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Case.unit_id))
        .where(col(Decision.decided_by) == viewer.person.id, col(Gate.season_id) == viewer.season.id)
        .order_by(col(Decision.decided_at).desc(), col(Decision.id))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [Done(*row) for row in rows]


def counts(viewer: Viewer) -> Counts:
    """All figures in one statement."""
    due = _open(viewer).with_only_columns(
        func.count().label("waiting"),
        func.count()
        .filter(and_(col(Gate.due_at) > viewer.moment, col(Gate.due_at) <= viewer.moment + SOON))
        .label("soon"),
        func.count().filter(col(Gate.due_at) <= viewer.moment).label("late"),
    )
    tasks = due.subquery()
    finished = (
        rows_of(func.count())
        .select_from(Decision)
        .join(Gate, col(Gate.id) == col(Decision.gate_id))
        .where(col(Decision.decided_by) == viewer.person.id, col(Gate.season_id) == viewer.season.id)
    )
    seen = viewer.cases().subquery()
    entered = (
        rows_of(func.count())
        .select_from(Case)
        .where(col(Case.season_id) == viewer.season.id, col(Case.entered_by) == viewer.person.id)
    )
    row = viewer.session.execute(
        rows_of(
            tasks.c.waiting,
            tasks.c.soon,
            tasks.c.late,
            finished.scalar_subquery(),
            entered.scalar_subquery(),
            rows_of(func.count()).select_from(seen).scalar_subquery(),
        )
    ).one()
    return Counts(*row)


def waiting_count(viewer: Viewer) -> int:
    """The badge of the menu."""
    found: int = viewer.session.execute(_open(viewer).with_only_columns(func.count())).scalar_one()
    return found


def my_open_tasks(viewer: Viewer, case: Case) -> Sequence[Assignment]:
    """What this person has to answer on one case now."""
    return viewer.session.exec(
        select(Assignment)
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .where(viewer.answerable(), Gate.case_id == case.id)
        .where(Assignment.state == AssignmentState.OPEN, Gate.state == GateState.OPEN)
    ).all()
