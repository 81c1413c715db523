"""When was each step to be done by the notice, and when was it done indeed?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlmodel import col

from models.board.sight import day_in, gates_in_view
from models.gates import Gate
from models.notice import Notice, Step
from models.viewer import Viewer
from models.words import GateState


@dataclass(frozen=True)
class Span:
    """One step: its days by the notice, and from its first gate to the last one that closed (None: not yet).

    Counted are the gates in view; of the season's steps also the season's own. `late` are those that closed after
    their day, or are open after it.
    """

    step: Step
    planned_from: date
    planned_to: date
    opened: date | None
    closed: date | None
    open: int
    done: int
    late: int

    @property
    def is_over(self) -> bool:
        return self.opened is not None and not self.open


def read_spans(viewer: Viewer) -> list[Span]:
    """Every step in the notice's order, in one statement."""
    late = func.coalesce(col(Gate.closed_at), viewer.moment) >= col(Gate.due_at)
    rows = viewer.session.execute(
        rows_of(
            col(Gate.step),
            day_in(func.min(Gate.opened_at)),
            day_in(func.max(Gate.closed_at)),
            func.count().filter(col(Gate.state) == GateState.OPEN),
            func.count().filter(col(Gate.state) != GateState.OPEN),
            func.count().filter(late),
        )
        .where(gates_in_view(viewer))
        .group_by(col(Gate.step))
    )
    seen = {step: figures for step, *figures in rows}
    return [
        _span(viewer.notice, step, begins, seen.get(step.key))
        for step, begins in planned_starts(viewer.notice)
    ]


def _span(notice: Notice, step: Step, begins: date, figures: Sequence[object] | None) -> Span:
    opened, closed, is_open, done, late = figures or (None, None, 0, 0, 0)
    ends = notice.dates[step.due].day
    return Span(step, min(begins, ends), ends, opened, closed, is_open, done, late)  # type: ignore[arg-type]


def planned_starts(notice: Notice) -> list[tuple[Step, date]]:
    """The day on which each step's turn comes: the one it names, else the day after the step before it ends.

    Candidates who are early go on early; the plan is what the notice leaves them.
    """
    found, before = [], notice.issued
    for step in notice.steps:
        if step.opens:
            begins = notice.dates[step.opens].day
        elif step.after:
            begins = max(before, notice.dates[step.after].day + timedelta(days=1))
        else:
            begins = before
        found.append((step, begins))
        before = max(before, notice.dates[step.due].day + timedelta(days=1))
    return found
