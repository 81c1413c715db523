"""How much lies with whom: the open tasks in view, counted in the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlmodel import col, select

from models.attention import Reminder, TaskOpening
from models.board.sight import gates_in_view, told
from models.case import Case
from models.gates import Assignment, Gate
from models.people import Organisation, Person, Seat
from models.seats import seat_is_held
from models.viewer import Viewer
from models.words import AssignmentState, GateState


@dataclass
class Lying:
    """What lies with one holder; `days` are the working days that the oldest task has waited."""

    open: int = 0
    late: int = 0
    told: int = 0
    opened: int = 0
    oldest: datetime | None = None
    reminded_at: datetime | None = None

    def add(self, other: "Lying") -> None:
        self.open += other.open
        self.late += other.late
        self.told += other.told
        self.opened += other.opened
        self.oldest = min((m for m in (self.oldest, other.oldest) if m), default=None)
        self.reminded_at = max((m for m in (self.reminded_at, other.reminded_at) if m), default=None)

    @property
    def unopened(self) -> int:
        return self.told - self.opened


@dataclass(frozen=True)
class Group:
    """The open tasks of one body, organisation and person."""

    body: str
    organisation_id: UUID | None
    person_id: UUID | None
    lying: Lying


@dataclass
class Names:
    organisations: dict[UUID, str] = field(default_factory=dict)
    people: dict[UUID, str] = field(default_factory=dict)


def grouped(viewer: Viewer, *columns: Any, cases_only: bool = False) -> list[tuple[tuple[Any, ...], Lying]]:
    """The open tasks in view, counted by some columns. That somebody opened one is told to those who may know."""
    opened = rows_of(col(TaskOpening.assignment_id)).distinct().subquery()
    reminded = (
        rows_of(col(Reminder.assignment_id), func.max(Reminder.asked_at).label("at"))
        .group_by(col(Reminder.assignment_id))
        .subquery()
    )
    of_season = not cases_only and viewer.reads_opinions
    rows = viewer.session.execute(
        rows_of(
            *columns,
            func.count(),
            func.count().filter(col(Gate.due_at) <= viewer.moment),
            func.count().filter(told(viewer)),
            func.count(opened.c.assignment_id).filter(told(viewer)),
            func.min(Gate.opened_at),
            func.max(reminded.c.at),
        )
        .select_from(Assignment)
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .outerjoin(Case, col(Case.id) == col(Gate.case_id))
        .outerjoin(opened, opened.c.assignment_id == col(Assignment.id))
        .outerjoin(reminded, reminded.c.assignment_id == col(Assignment.id))
        .where(gates_in_view(viewer, of_season=of_season), col(Gate.state) == GateState.OPEN)
        .where(col(Assignment.state) == AssignmentState.OPEN)
        .group_by(*columns)
    )
    n = len(columns)
    return [
        (tuple(row[:n]), Lying(row[n], row[n + 1], row[n + 2], row[n + 3], row[n + 4], row[n + 5]))
        for row in rows
    ]


def groups(viewer: Viewer) -> list[Group]:
    rows = grouped(viewer, Assignment.body, Assignment.organisation_id, Assignment.person_id)
    return [Group(body, organisation, person, lying) for (body, organisation, person), lying in rows]


def seats(viewer: Viewer) -> Sequence[tuple[Seat, Person]]:
    """The seats held now by people who can answer."""
    return viewer.session.exec(
        select(Seat, Person)
        .join(Person, col(Person.id) == col(Seat.person_id))
        .where(Seat.season_id == viewer.season.id, seat_is_held(viewer.moment), col(Person.active))
    ).all()


def opened_by(viewer: Viewer) -> dict[UUID, int]:
    """How many of the open tasks each person has looked at."""
    rows = viewer.session.execute(
        rows_of(col(TaskOpening.person_id), func.count())
        .join(Assignment, col(Assignment.id) == col(TaskOpening.assignment_id))
        .where(col(Assignment.season_id) == viewer.season.id)
        .where(col(Assignment.state) == AssignmentState.OPEN)
        .group_by(col(TaskOpening.person_id))
    )
    return dict(rows.all())


def read_names(viewer: Viewer, organisations: Iterable[Any], people: Iterable[Any]) -> Names:
    units, persons = [o for o in organisations if o], [p for p in people if p]
    found = Names()
    if units:
        wanted = select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(units))
        found.organisations = dict(viewer.session.exec(wanted).all())
    if persons:
        named = select(Person.id, Person.name).where(col(Person.id).in_(persons))
        found.people = dict(viewer.session.exec(named).all())
    return found
