"""To what may a list of cases or tasks be narrowed? The same filters, with the same meaning, on every list."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.case import Case
from models.gates import Gate
from models.notice import day_end, day_of
from models.people import Organisation
from models.viewer import Viewer
from models.words import GateState
from models.workdays import next_workday

LIVE = "live"
CITY = "city"
SOON_DAYS = 2


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; what is empty narrows nothing.

    `outcome` is an outcome, or `live`; `county` a county, or `city` for what is under the city itself; `late` is
    `late`, `today` or `soon`; `returned` is `once` for cases that were sent back at least once; `problem` is the key
    of a review line, for the review queue alone.
    """

    q: str = ""
    step: str = ""
    stage: str = ""
    channel: str = ""
    county: str = ""
    unit: str = ""
    category: str = ""
    outcome: str = ""
    late: str = ""
    returned: str = ""
    problem: str = ""

    @property
    def set(self) -> dict[str, str]:
        """The filters that narrow, by name."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name))}

    def only(self, *names: str) -> "Filters":
        """The same without what a list does not offer."""
        return Filters(**{name: value for name, value in self.set.items() if name in names})

    def without(self, name: str) -> "Filters":
        return replace(self, **{name: ""})


NAMES = tuple(f.name for f in fields(Filters))


def soon_until(session: Session, moment: datetime) -> datetime:
    """Until when a deadline counts as near: the end of the second working day after today."""
    day = day_of(moment)
    for _ in range(SOON_DAYS):
        day = next_workday(session, day + timedelta(days=1))
    return day_end(day)


def due_in(viewer: Viewer, late: str) -> Iterator[ColumnElement[bool]]:
    """Gates that are overdue, due today, or due soon; today included."""
    due, moment = col(Gate.due_at), viewer.moment
    if late == "late":
        yield due <= moment
    elif late == "today":
        yield due > moment
        yield due <= day_end(day_of(moment))
    elif late == "soon":
        yield due > moment
        yield due <= soon_until(viewer.session, moment)


def case_is(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """What is asked of the case itself, wherever it stands."""
    for column, value in ((Case.channel, filters.channel), (Case.category, filters.category)):
        if value:
            yield col(column) == value
    if filters.county:
        yield col(Case.county).is_(None) if filters.county == CITY else col(Case.county) == filters.county
    if filters.unit:
        yield _of_unit(filters.unit)
    if filters.outcome:
        live = filters.outcome == LIVE
        yield col(Case.outcome).is_(None) if live else col(Case.outcome) == filters.outcome
    if filters.returned:
        yield col(Case.id).in_(select(Gate.case_id).where(Gate.state == GateState.RETURNED))
    for word in filters.q.split():
        yield _holds(word)


def gate_is(viewer: Viewer, filters: Filters) -> Iterator[ColumnElement[bool]]:
    """What is asked of the gate at which somebody waits, or has answered."""
    if filters.step:
        yield col(Gate.step) == filters.step
    if filters.stage:
        yield col(Gate.step).in_([s.key for s in viewer.notice.steps if s.stage == filters.stage])
    yield from due_in(viewer, filters.late)


def narrowed(viewer: Viewer, wanted: SelectOfScalar[Case], filters: Filters) -> SelectOfScalar[Case]:
    """The same cases, narrowed to what is looked for; a step or a lateness is that of an open gate."""
    wanted = wanted.where(*case_is(filters))
    if filters.stage:
        wanted = wanted.where(col(Case.stage) == filters.stage)
    gates = list(gate_is(viewer, filters.only("step", "late")))
    if gates:
        open_at = select(Gate.case_id).where(
            Gate.season_id == viewer.season.id, col(Gate.state) == GateState.OPEN, *gates
        )
        wanted = wanted.where(col(Case.id).in_(open_at), col(Case.closed_at).is_(None))
    return wanted


def _holds(word: str) -> ColumnElement[bool]:
    """Name, pinyin (whole or initials), number, employer or recommending unit contains the word."""
    return or_(
        col(Case.name).icontains(word, autoescape=True),
        col(Case.pinyin).icontains(word, autoescape=True),
        col(Case.number).icontains(word, autoescape=True),
        _of_unit(word),
    )


def _of_unit(word: str) -> ColumnElement[bool]:
    """The employer or the recommending unit contains the word."""
    units: SelectOfScalar[Any] = select(Organisation.id).where(
        col(Organisation.name).icontains(word, autoescape=True)
    )
    employer = cast(col(Case.form)["employer"].astext, Text)
    return or_(employer.icontains(word, autoescape=True), col(Case.unit_id).in_(units))
