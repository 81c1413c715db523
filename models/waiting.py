"""What waits for this person, most urgent first, and what have they already done?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, tuple_
from sqlalchemy import select as rows_of
from sqlmodel import col, select

from models.case import Case
from models.circulation import unread
from models.gates import Assignment, Decision, Gate
from models.listed import PAGE, Listed, offset_of, total_of
from models.narrowing import Filters, case_is, gate_is, soon_until
from models.people import Organisation
from models.viewer import Viewer
from models.words import AssignmentState, GateState

LAST = "~"  # sorts after every number: what concerns the season comes after its cases


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


@dataclass(frozen=True)
class Badges:
    """The figures beside the menu: tasks that wait, and what was sent to be read and is not read yet."""

    waiting: int
    unread: int


def _open(viewer: Viewer) -> "Select[Assignment, Gate]":
    return (
        rows_of(Assignment, Gate)
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .where(viewer.answerable())
        .where(col(Assignment.state) == AssignmentState.OPEN, col(Gate.state) == GateState.OPEN)
    )


def _narrowed_open(viewer: Viewer, filters: Filters) -> "Select[Assignment, Gate]":
    return (
        _open(viewer)
        .outerjoin(Case, col(Case.id) == col(Gate.case_id))
        .where(*gate_is(viewer, filters), *case_is(filters))
    )


def urgency() -> Sequence[Any]:
    """The order of the list: the first to be due, then by number."""
    return (col(Gate.due_at), func.coalesce(col(Case.number), LAST))


def _order() -> Sequence[Any]:
    return (*urgency(), col(Assignment.id))


def waiting(viewer: Viewer, filters: Filters, page: int = 1) -> Listed[Waiting]:
    """The open tasks, most urgent first."""
    wanted = _narrowed_open(viewer, filters)
    total = total_of(viewer.session, wanted.with_only_columns(col(Assignment.id)))
    page, offset = offset_of(page, total)
    of_gate = col(Assignment.gate_id) == col(Gate.id)
    others = rows_of(col(Assignment.id)).where(of_gate).correlate(Gate).with_only_columns(func.count())
    asked = others.where(col(Assignment.state) != AssignmentState.RELEASED).scalar_subquery()
    answered = others.where(col(Assignment.state) == AssignmentState.ANSWERED).scalar_subquery()
    rows = viewer.session.execute(
        wanted.outerjoin(Organisation, col(Organisation.id) == col(Case.unit_id))
        .add_columns(Case, col(Organisation.name), asked, answered)
        .order_by(*_order())
        .limit(PAGE)
        .offset(offset)
    )
    return Listed([Waiting(*row) for row in rows], total, page)


def next_task(
    viewer: Viewer, filters: Filters, after: Assignment, gate: Gate, number: str
) -> Assignment | None:
    """Which task comes after one that was just answered: of the same step first, and from the top when none is left.

    `number` is that of the answered task's case, empty for the season's.
    """
    passed = tuple_(*_order()) <= tuple_(gate.due_at, number or LAST, after.id)
    row = viewer.session.execute(
        _narrowed_open(viewer, filters.without("step"))
        .with_only_columns(Assignment)
        .where(col(Assignment.id) != after.id)
        .order_by(col(Gate.step) != gate.step, passed, *_order())
        .limit(1)
    )
    return row.scalar_one_or_none()


def done(viewer: Viewer, filters: Filters, page: int = 1) -> Listed[Done]:
    """What this person has answered, the latest first."""
    wanted = (
        _decided(viewer)
        .outerjoin(Case, col(Case.id) == col(Gate.case_id))
        .where(*gate_is(viewer, filters), *case_is(filters))
    )
    total = total_of(viewer.session, wanted.with_only_columns(col(Decision.id)))
    page, offset = offset_of(page, total)
    rows = viewer.session.execute(
        wanted.outerjoin(Organisation, col(Organisation.id) == col(Case.unit_id))
        .add_columns(Case, col(Organisation.name))
        .order_by(col(Decision.decided_at).desc(), col(Decision.id))
        .limit(PAGE)
        .offset(offset)
    )
    return Listed([Done(*row) for row in rows], total, page)


def _decided(viewer: Viewer) -> "Select[Decision, Gate]":
    return (
        rows_of(Decision, Gate)
        .join(Gate, col(Gate.id) == col(Decision.gate_id))
        .where(col(Decision.decided_by) == viewer.person.id, col(Gate.season_id) == viewer.season.id)
    )


def counts(viewer: Viewer) -> Counts:
    """All figures in one statement."""
    near = soon_until(viewer.session, viewer.moment)
    tasks = (
        _open(viewer)
        .with_only_columns(
            func.count().label("waiting"),
            func.count()
            .filter(and_(col(Gate.due_at) > viewer.moment, col(Gate.due_at) <= near))
            .label("soon"),
            func.count().filter(col(Gate.due_at) <= viewer.moment).label("late"),
        )
        .subquery()
    )
    finished = _decided(viewer).with_only_columns(func.count())
    seen = viewer.cases().with_only_columns(col(Case.id)).subquery()
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


def badges(viewer: Viewer) -> Badges:
    """The figures of the menu, in one statement."""
    tasks = _open(viewer).with_only_columns(func.count()).scalar_subquery()
    row = viewer.session.execute(rows_of(tasks, unread(viewer).scalar_subquery())).one()
    return Badges(*row)


def steps_waiting(viewer: Viewer) -> dict[str, int]:
    """How many tasks wait at each step."""
    rows = viewer.session.execute(
        _open(viewer).with_only_columns(col(Gate.step), func.count()).group_by(col(Gate.step))
    )
    return dict(rows.all())


def my_open_tasks(viewer: Viewer, case: Case) -> Sequence[Assignment]:
    """What this person has to answer on one case now."""
    return viewer.session.exec(
        select(Assignment)
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .where(viewer.answerable(), Gate.case_id == case.id)
        .where(Assignment.state == AssignmentState.OPEN, Gate.state == GateState.OPEN)
    ).all()
