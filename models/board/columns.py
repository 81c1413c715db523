"""How many cases stand at each stage of the notice, how long have they waited there, and how far off is its date?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlmodel import col, select

from models.board.days import Days, median
from models.board.sight import cases_in_view, day_in, gates_in_view
from models.case import Case
from models.gates import Gate
from models.notice import Stage, Step
from models.viewer import Viewer
from models.words import GateState


@dataclass(frozen=True)
class StepLine:
    """The open gates of one step; waiting is in working days, `left` too (negative: late)."""

    step: Step
    open: int
    late: int
    median: int | None
    longest: int | None
    due: date
    left: int


@dataclass(frozen=True)
class Column:
    """One stage: the cases not closed that stand there, those of them with a gate past its day, and its steps."""

    stage: Stage
    cases: int
    late: int
    median: int | None
    longest: int | None
    due: date | None
    left: int | None
    steps: Sequence[StepLine]

    @property
    def open_steps(self) -> list[StepLine]:
        return [line for line in self.steps if line.open]


def read_columns(viewer: Viewer, days: Days) -> list[Column]:
    """Every stage of the season's notice in its order, in two statements."""
    cases = _cases(viewer)
    waits, late = _gates(viewer, days)
    columns = []
    for stage in viewer.notice.stages:
        steps = [s for s in viewer.notice.steps if s.stage == stage.key]
        lines = [_line(viewer, days, s, waits.get(s.key, Counter()), late[s.key]) for s in steps]
        total: Counter[int] = sum((waits.get(s.key, Counter()) for s in steps), Counter())
        due = max((line.due for line in lines), default=None)
        here, here_late = cases.get(stage.key, (0, 0))
        columns.append(
            Column(
                stage=stage,
                cases=here,
                late=here_late,
                median=median(total),
                longest=max(total, default=None),
                due=due,
                left=days.left(due) if due else None,
                steps=lines,
            )
        )
    return columns


def _line(viewer: Viewer, days: Days, step: Step, waits: Counter[int], late: int) -> StepLine:
    due = viewer.notice.dates[step.due].day
    longest = max(waits, default=None)
    return StepLine(step, waits.total(), late, median(waits), longest, due, days.left(due))


def _cases(viewer: Viewer) -> dict[str, tuple[int, int]]:
    """Stage → the open cases there, and how many of them have a gate that is late."""
    late = (
        select(Gate.case_id)
        .where(Gate.season_id == viewer.season.id, Gate.state == GateState.OPEN)
        .where(Gate.due_at <= viewer.moment, col(Gate.case_id).is_not(None))
    )
    seen = cases_in_view(viewer).where(col(Case.closed_at).is_(None))
    seen = seen.with_only_columns(col(Case.stage), col(Case.id).in_(late).label("late"))  # type: ignore[assignment]
    cases = seen.subquery()
    rows = viewer.session.execute(
        rows_of(cases.c.stage, func.count(), func.count().filter(cases.c.late)).group_by(cases.c.stage)
    )
    return {stage: (count, overdue) for stage, count, overdue in rows}


def _gates(viewer: Viewer, days: Days) -> tuple[dict[str, Counter[int]], Counter[str]]:
    """Step → working days waited → how many cases; and step → how many are late."""
    day = day_in(Gate.opened_at)
    rows = viewer.session.execute(
        rows_of(col(Gate.step), day, func.count(), func.count().filter(col(Gate.due_at) <= viewer.moment))
        .where(gates_in_view(viewer, of_season=False), col(Gate.state) == GateState.OPEN)
        .group_by(col(Gate.step), day)
    )
    waits: dict[str, Counter[int]] = {}
    late: Counter[str] = Counter()
    for step, opened, count, overdue in rows:
        waits.setdefault(step, Counter())[days.waited(opened)] += count
        late[step] += overdue
    return waits, late
