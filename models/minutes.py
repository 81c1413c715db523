"""What does the record of a meeting say of the list: who stays, goes, comes in or moves, with which votes?"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlmodel import col, select

from models.case import Case
from models.lists import Entry, arrange
from models.meeting import MeetingItem, decided_places
from models.meeting_checks import Sitting
from models.people import Organisation, Person
from models.words import Attendance, GateState, Place, Turn


@dataclass(frozen=True)
class Line:
    """One case as the meeting leaves it. `recused` are the members who do not count for it."""

    entry: Entry
    case: Case
    unit: str
    place: str
    position: int
    item: MeetingItem | None
    recused: tuple[str, ...]

    @property
    def turn(self) -> Turn:
        if self.item is not None and self.item.place is not None:
            return Turn.ADDED if self.place == Place.ON else Turn.DROPPED
        if self.item is not None and self.item.position is not None:
            return Turn.MOVED
        return Turn.KEPT if self.place == Place.ON else Turn.LEFT

    @property
    def reason(self) -> str:
        return self.item.reason if self.item else ""


@dataclass(frozen=True)
class Minutes:
    """A meeting with its list in the order in which it leaves it."""

    sitting: Sitting
    units: dict[UUID, Organisation]

    @cached_property
    def lines(self) -> list[Line]:
        sitting = self.sitting
        cases = {c.id: c for _, c in sitting.rows}
        order = list(Place)
        drafted = sorted(
            (e for e, _ in sitting.rows), key=lambda e: (order.index(Place(e.place)), e.position)
        )
        is_open = sitting.gate.state == GateState.OPEN
        names = {str(p.id): p.name for p in sitting.members}
        return [
            self._line(entry, cases[entry.case_id], place, position, names)
            for entry, place, position in arrange(drafted, decided_places(sitting.items) if is_open else {})
        ]

    def _line(self, entry: Entry, case: Case, place: str, position: int, names: dict[str, str]) -> Line:
        unit = self.units.get(case.unit_id) if case.unit_id else None
        away = self.sitting.recused.get(case.id, set())
        named = tuple(names[p] for p in sorted(away, key=names.__getitem__))
        item = self.sitting.items.get(case.id)
        return Line(entry, case, unit.name if unit else "", place, position, item, named)

    @property
    def drafted(self) -> list[Line]:
        """The lines in the order of the draft, in which the list is worked through."""
        order = list(Place)
        return sorted(self.lines, key=lambda n: (order.index(Place(n.entry.place)), n.entry.position))

    def standing(self, place: Place) -> list[Line]:
        return [line for line in self.lines if line.place == place]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.turn in (Turn.DROPPED, Turn.ADDED, Turn.MOVED)]

    @property
    def counts(self) -> dict[Turn, int]:
        turns = [line.turn for line in self.lines]
        return {turn: turns.count(turn) for turn in Turn if turn in turns}

    def who_was(self, state: Attendance) -> Sequence[Person]:
        """The members who were present, absent or excused."""
        meeting = self.sitting.meeting
        listed = meeting.who_was(state) if meeting else set()
        return [p for p in self.sitting.members if str(p.id) in listed]

    @property
    def chair(self) -> str:
        meeting = self.sitting.meeting
        return next((p.name for p in self.sitting.members if meeting and p.id == meeting.chair_id), "")

    @cached_property
    def recorders(self) -> list[str]:
        meeting, session = self.sitting.meeting, self.sitting.session
        people = [session.get(Person, p) for p in (meeting.recorders if meeting else [])]
        return [p.name for p in people if p]


def read_minutes(sitting: Sitting) -> Minutes:
    """Everything at once, in a constant number of statements."""
    wanted = {c.unit_id for _, c in sitting.rows if c.unit_id}
    return Minutes(sitting, _units(sitting, wanted))


def _units(sitting: Sitting, wanted: set[UUID]) -> dict[UUID, Organisation]:
    rows = sitting.session.exec(select(Organisation).where(col(Organisation.id).in_(wanted)))
    return {o.id: o for o in rows}
