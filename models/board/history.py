"""From what does the forecast learn, and of what does it speak? Counted in the database, for any number of cases."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, literal, true
from sqlalchemy import select as rows_of
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col, select

from models.board.days import Days
from models.board.pace import Holder, Pace, Task
from models.board.sight import day_in, gates_in_view
from models.case import Case
from models.gates import Assignment, Decision, Gate
from models.season import Season
from models.viewer import Viewer
from models.words import AssignmentState, GateState, Need, StepKind

# How many seasons before this one lend their answers.
EARLIER = 2
BETWEEN = "|"
# For how many seasons and days a process remembers what was learnt.
KEPT = 64


@dataclass(frozen=True)
class Alike:
    """Open gates of one step that came on one day, are due on one day and wait for the same holders.

    `needed` of these have to answer (None: all); `first` is the lowest number of their cases.
    """

    step: str
    opened: date
    due: date
    holders: tuple[Holder, ...]
    needed: int | None
    count: int
    first: str


@dataclass(frozen=True)
class Learnt:
    """How fast everybody answers, from how many answers of each step, and of how many seasons before this one."""

    pace: Pace
    known: Mapping[str, int]
    earlier: int


_Key = tuple[UUID, date, tuple[date, ...], UUID | None]
_learnt: dict[_Key, Learnt] = {}


def learn(viewer: Viewer, days: Days) -> Learnt:
    """What was known this morning; it is the same all day, so each process reads it once a day.

    Who does not see all learns from this season's gates in view only: how many answers there are elsewhere is not told.
    """
    reader = None if viewer.sees_all else viewer.person.id
    key = (viewer.season.id, days.today, days.calendar.moved, reader)
    learnt = _learnt.get(key)
    if learnt is None:
        seasons = seasons_before(viewer)
        tasks = read_history(viewer, seasons, days)
        known: Counter[str] = Counter()
        for task in tasks:
            known[task.step] += (
                task.count if task.answered and task.ended is not None and task.ended < 0 else 0
            )
        while len(_learnt) >= KEPT:
            _learnt.pop(next(iter(_learnt)), None)
        learnt = _learnt[key] = Learnt(Pace(tasks, 0), known, len(seasons) - 1)
    return learnt


def seasons_before(viewer: Viewer) -> list[UUID]:
    """This season and those before it. What was played in practice says nothing about real people, nor they of it."""
    before = (
        select(Season.id)
        .where(col(Season.opened_at) < viewer.season.opened_at, ~col(Season.practice))
        .order_by(col(Season.opened_at).desc())
        .limit(0 if viewer.season.practice else EARLIER)
    )
    return [viewer.season.id, *viewer.session.exec(before).all()]


def read_history(viewer: Viewer, seasons: Sequence[UUID], days: Days) -> list[Task]:
    """What may be learnt from of these seasons, those alike counted together. A season's last day is today at most."""
    opened = day_in(Gate.opened_at)
    ended = day_in(func.coalesce(col(Decision.decided_at), col(Gate.closed_at)))
    answered = col(Decision.id).is_not(None)
    columns: tuple[Any, ...] = (
        col(Gate.step),
        col(Assignment.body),
        col(Assignment.organisation_id),
        col(Assignment.person_id),
        opened,
        ended,
        answered,
    )
    rows = viewer.session.execute(
        rows_of(*columns, func.count())
        .select_from(Assignment)
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .outerjoin(Decision, col(Decision.assignment_id) == col(Assignment.id))
        .where(col(Assignment.season_id).in_(seasons), col(Gate.step).not_in(_forms(viewer)))
        .where(_may_learn_from(viewer))
        .group_by(*columns)
    )
    return [
        Task(step, (body, unit, person), days.index(came), days.index(went) if went else None, done, count)
        for step, body, unit, person, came, went, done, count in rows
    ]


def _may_learn_from(viewer: Viewer) -> ColumnElement[bool]:
    earlier = col(Gate.season_id) != viewer.season.id
    return true() if viewer.sees_all else earlier | gates_in_view(viewer, of_season=viewer.reads_opinions)


def read_alike(viewer: Viewer) -> list[Alike]:
    """The open gates in view for which an answer is owed, those alike counted together."""
    last = day_in(col(Gate.due_at) - func.make_interval(0, 0, 0, 0, 0, 0, 0.000001))
    owed = col(Assignment.state) == AssignmentState.OPEN
    asked = func.string_agg(_holder_text(), aggregate_order_by(literal(BETWEEN), _holder_text())).filter(owed)
    answered = func.count().filter(col(Assignment.state) == AssignmentState.ANSWERED)
    gates = (
        rows_of(
            col(Gate.step).label("step"),
            day_in(Gate.opened_at).label("opened"),
            last.label("due"),
            asked.label("asked"),
            answered.label("answered"),
            func.coalesce(Case.number, "").label("number"),
        )
        .join(Assignment, col(Assignment.gate_id) == col(Gate.id))
        .outerjoin(Case, col(Case.id) == col(Gate.case_id))
        .where(gates_in_view(viewer, of_season=viewer.reads_opinions), col(Gate.state) == GateState.OPEN)
        .where(col(Gate.step).not_in(_forms(viewer)))
        .group_by(col(Gate.id), col(Case.number))
        .having(func.count().filter(owed) > 0)
        .subquery()
    )
    same = (gates.c.step, gates.c.opened, gates.c.due, gates.c.asked, gates.c.answered)
    rows = viewer.session.execute(rows_of(*same, func.count(), func.min(gates.c.number)).group_by(*same))
    return [
        Alike(
            step,
            opened,
            due,
            tuple(map(_holder, asked.split(BETWEEN))),
            _needed(viewer, step, done),
            count,
            first,
        )
        for step, opened, due, asked, done, count, first in rows
    ]


def _forms(viewer: Viewer) -> list[str]:
    """Applications are handed in towards their last day, and after it by admission only: no pace foretells them."""
    return [s.key for s in viewer.notice.steps if s.kind is StepKind.FORM]


def _needed(viewer: Viewer, step: str, answered: int) -> int | None:
    """How many more have to answer; None: all."""
    need = viewer.notice.step(step).need
    if need is Need.ALL:
        return None
    return 1 if need is Need.ONE else max(0, int(need) - answered)


def _holder_text() -> ColumnElement[str]:
    return func.concat_ws(
        "/",
        col(Assignment.body),
        func.coalesce(cast(col(Assignment.organisation_id), Text), ""),
        func.coalesce(cast(col(Assignment.person_id), Text), ""),
    )


@lru_cache(maxsize=10_000)
def _holder(text: str) -> Holder:
    body, unit, person = text.split("/")
    return body, UUID(unit) if unit else None, UUID(person) if person else None
