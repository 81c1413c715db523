"""Which open gates does a number on the board stand for? The same words narrow the list behind it and its 催办."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col, select

from models.board.sight import gates_in_view
from models.case import Case
from models.gates import Assignment, Gate
from models.people import Seat
from models.seats import answers_for
from models.viewer import Viewer
from models.words import AssignmentState, GateState

# In place of a county or a unit: the cases that have none.
NONE = "none"


@dataclass(frozen=True)
class Wanted:
    """Empty words narrow nothing; `county` and `unit` may be `NONE`; ids that name nothing match nothing."""

    stage: str = ""
    step: str = ""
    county: str = ""
    unit: str = ""
    body: str = ""
    organisation: str = ""
    person: str = ""
    late: bool = False

    def query(self) -> dict[str, str]:
        """As it stands in an address."""
        words = {k: "1" if v is True else v for k, v in asdict(self).items()}
        return {k: v for k, v in words.items() if v}

    def only_late(self) -> Self:
        return replace(self, late=True)

    @property
    def names_holder(self) -> bool:
        return bool(self.body or self.organisation or self.person)


def matches(viewer: Viewer, wanted: Wanted) -> ColumnElement[bool]:
    """The open gates that are wanted; to be used where `Case` is joined from the outside."""
    stage = [s.key for s in viewer.notice.steps if s.stage == wanted.stage]
    return and_(
        gates_in_view(viewer, of_season=viewer.reads_opinions),
        col(Gate.state) == GateState.OPEN,
        col(Gate.step).in_(stage) if wanted.stage else true(),
        col(Gate.step) == wanted.step if wanted.step else true(),
        col(Gate.due_at) <= viewer.moment if wanted.late else true(),
        _is(Case.county, wanted.county),
        _is(Case.unit_id, wanted.unit, UUID),
        col(Gate.id).in_(select(Assignment.gate_id).where(held(viewer, wanted)))
        if wanted.names_holder
        else true(),
    )


def held(viewer: Viewer, wanted: Wanted) -> ColumnElement[bool]:
    """The answers still owed, by whom they are wanted of."""
    return and_(
        col(Assignment.season_id) == viewer.season.id,
        col(Assignment.state) == AssignmentState.OPEN,
        col(Assignment.body) == wanted.body if wanted.body else true(),
        _is(Assignment.organisation_id, wanted.organisation, UUID),
        _of_person(viewer, wanted.person) if wanted.person else true(),
    )


def _of_person(viewer: Viewer, text: str) -> ColumnElement[bool]:
    person_id = _read(text, UUID)
    if person_id is None:
        return false()
    by_seat = (
        select(Assignment.id)
        .join(Seat, answers_for(viewer.moment))
        .where(Seat.person_id == person_id, Seat.season_id == viewer.season.id)
        .where(Assignment.season_id == viewer.season.id, Assignment.state == AssignmentState.OPEN)
    )
    return or_(col(Assignment.person_id) == person_id, col(Assignment.id).in_(by_seat))


def _is(column: Any, text: str, kind: type = str) -> ColumnElement[bool]:
    if not text:
        return true()
    if text == NONE:
        return col(column).is_(None)
    value = _read(text, kind)
    return false() if value is None else col(column) == value


def _read(text: str, kind: type) -> Any:
    try:
        return kind(text)
    except ValueError:
        return None
