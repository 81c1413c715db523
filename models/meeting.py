"""What was recorded of a meeting: when, where, who was there, and what it concluded on whom (三（五）、三（六）)?

One record for each gate of a meeting step. It is kept step by step while the gate is open and binds nobody; what is
confirmed goes into the decision, which never changes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Text
from sqlalchemy import select as rows_of
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.case import Case
from models.database import Instant
from models.gates import Gate
from models.notice import Notice, Step
from models.people import Person, Seat
from models.recusal import is_recused
from models.season import Season
from models.seats import seat_is_held
from models.viewer import Viewer
from models.words import Attendance, GateState, Relation, StepKind


class Meeting(SQLModel, table=True):
    """The record of one meeting. `recorders` are all who have written in it; `version` counts their savings."""

    __tablename__ = "meeting"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    gate_id: UUID = Field(foreign_key="gate.id", unique=True)
    number: str = Field(default="", max_length=80, description="number of the minutes")
    held_on: date | None = None
    place: str = Field(default="", max_length=100)
    chair_id: UUID | None = Field(default=None, foreign_key="person.id")
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    attendance: dict[str, str] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False), description="person → Attendance"
    )
    recorders: list[str] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    version: int = 0
    saved_at: datetime = Field(sa_type=Instant)
    scan_id: UUID | None = Field(default=None, description="the sealed file of the signed minutes")
    scan_name: str = Field(default="", max_length=255)
    scan_sha256: str = Field(default="", max_length=64)

    def who_was(self, state: Attendance) -> set[str]:
        return {person for person, was in self.attendance.items() if was == state}


class MeetingItem(SQLModel, table=True):
    """What the meeting concluded on one case, as far as it differs from the draft, with votes where they were taken."""

    __tablename__ = "meeting_item"
    __table_args__ = (
        CheckConstraint(
            "num_nulls(votes_for, votes_against, votes_abstained) IN (0, 3)", name="votes_are_whole"
        ),
        CheckConstraint(
            "least(votes_for, votes_against, votes_abstained) >= 0", name="votes_are_not_negative"
        ),
        CheckConstraint("position >= 1", name="position_from_one"),
    )

    meeting_id: UUID = Field(foreign_key="meeting.id", primary_key=True)
    case_id: UUID = Field(foreign_key="case.id", primary_key=True)
    place: str | None = Field(default=None, max_length=20, description="a Place; empty: as drafted")
    position: int | None = Field(default=None, description="within its place; empty: as drafted")
    reason: str = Field(default="", max_length=500)
    votes_for: int | None = None
    votes_against: int | None = None
    votes_abstained: int | None = None
    recused: list[str] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))

    @property
    def votes(self) -> tuple[int, int, int] | None:
        """For, against, abstained."""
        if self.votes_for is None or self.votes_against is None or self.votes_abstained is None:
            return None
        return self.votes_for, self.votes_against, self.votes_abstained


# --- reading -----------------------------------------------------------------------------------------------------


def meeting_of(session: Session, gate_id: UUID) -> Meeting | None:
    """What has been recorded at this gate so far."""
    return session.exec(select(Meeting).where(Meeting.gate_id == gate_id)).first()


def items_of(
    session: Session, meeting: Meeting | None, cases: Collection[UUID] | None = None
) -> dict[UUID, MeetingItem]:
    """The conclusions recorded, by case; all of them unless narrowed."""
    if meeting is None:
        return {}
    wanted = select(MeetingItem).where(MeetingItem.meeting_id == meeting.id)
    if cases is not None:
        wanted = wanted.where(col(MeetingItem.case_id).in_(cases))
    return {item.case_id: item for item in session.exec(wanted)}


def members(session: Session, season: Season, step: Step, at: datetime) -> Sequence[Person]:
    """Everyone who holds a seat then in the bodies that decide at a meeting step: of them attendance is taken."""
    return session.exec(
        select(Person)
        .join(Seat, col(Seat.person_id) == col(Person.id))
        .where(Seat.season_id == season.id, col(Seat.body).in_([d.body for d in step.deciders]))
        .where(seat_is_held(at))
        .order_by(col(Person.name), col(Person.id))
        .distinct()
    ).all()


def recusals(
    session: Session, people: Iterable[Person], cases: Iterable[UUID], items: Mapping[UUID, MeetingItem]
) -> dict[UUID, set[str]]:
    """Which members do not count for a case: those who may not judge it, and those whom the meeting names."""
    asked, about = [p.id for p in people], set(cases)
    away = session.execute(
        rows_of(col(Case.id), col(Person.id))
        .where(col(Case.id).in_(about), col(Person.id).in_(asked))
        .where(is_recused(Person, Relation.ASSIGNED))
    )
    named = [(i.case_id, UUID(p)) for i in items.values() if i.case_id in about for p in i.recused]
    found: dict[UUID, set[str]] = {}
    for case_id, person_id in [*away, *named]:
        if person_id in asked:
            found.setdefault(case_id, set()).add(str(person_id))
    return found


def recorder_body(notice: Notice, step: Step) -> str:
    """Who keeps the record of this meeting: the body named in the notice, or else the office."""
    return step.meeting.recorder or notice.office


def may_see_meeting(viewer: Viewer, step: Step) -> bool:
    """The office, who records, and who meets."""
    seats = {recorder_body(viewer.notice, step), *(d.body for d in step.deciders)}
    return viewer.sees_all or bool(seats & viewer.bodies)


def _meetings(notice: Notice) -> list[Step]:
    return [s for s in notice.season_steps if s.kind is StepKind.MEETING]


def goes_to_meetings(viewer: Viewer) -> bool:
    """Whether this person records, attends or follows any meeting of the season."""
    return any(may_see_meeting(viewer, s) for s in _meetings(viewer.notice))


def meetings_to_record(viewer: Viewer) -> int:
    """How many meetings wait for this person's record, or for others to confirm it: the figure beside 会议."""
    mine = [s.key for s in _meetings(viewer.notice) if recorder_body(viewer.notice, s) in viewer.bodies]
    if not mine:
        return 0
    waiting = select(func.count()).select_from(Gate).where(Gate.season_id == viewer.season.id)
    waiting = waiting.where(col(Gate.case_id).is_(None), col(Gate.step).in_(mine))
    return viewer.session.exec(waiting.where(Gate.state == GateState.OPEN)).one()


def recorded_facts(session: Session, gate: Gate) -> dict[str, Any]:
    """The record of a meeting as the decision that confirms it keeps it."""
    meeting = meeting_of(session, gate.id)
    if meeting is None:
        return {}
    items = items_of(session, meeting)
    votes = {str(i.case_id): list(i.votes) for i in items.values() if i.votes}
    named = {str(i.case_id): i.recused for i in items.values() if i.recused}
    minutes = {
        "number": meeting.number,
        "held_on": meeting.held_on.isoformat() if meeting.held_on else "",
        "place": meeting.place,
        "chair": str(meeting.chair_id) if meeting.chair_id else "",
        "note": meeting.note,
        "attendance": meeting.attendance,
        "recorders": meeting.recorders,
        "votes": votes,
        "recused": named,
    }
    return {"places": decided_places(items), "minutes": minutes}


def decided_places(items: Mapping[UUID, MeetingItem]) -> dict[str, list[Any]]:
    """The changes to the draft: case → place, reason, position; what is empty stays as drafted."""
    return {str(i.case_id): [i.place, i.reason, i.position] for i in items.values() if i.place or i.position}
