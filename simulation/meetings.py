"""How is a made-up meeting held? The office records who came and what was decided; a member confirms it afterwards."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.actions import Task
from models.meeting import recorder_body
from models.meeting_checks import Sitting
from models.people import Person, Seat
from models.words import Attendance, Place
from tasks.meetings import Conclusion, Head, Noted, find_sitting, keep_minutes


def hold_meeting(
    session: Session,
    task: Task,
    places: Mapping[str, Sequence[Any]] | None = None,
    *,
    attendance: Mapping[str, Attendance] | None = None,
    votes: Mapping[UUID, tuple[int, int, int]] | None = None,
    recused: Mapping[UUID, frozenset[str]] | None = None,
) -> None:
    """Record a meeting as held today with everyone there, unless told otherwise; `places` as in an answer's facts."""
    sitting = find_sitting(session, task.gate.id)
    said = places or {}
    named = {UUID(c) for c in said} | set(votes or {}) | set(recused or {})
    conclusions = {
        c: _conclusion(said.get(str(c), ()), (votes or {}).get(c), (recused or {}).get(c, frozenset()))
        for c in named
    }
    there = attendance or {str(p.id): Attendance.PRESENT for p in sitting.members}
    chair = next((UUID(p) for p, was in there.items() if was == Attendance.PRESENT), None)
    head = Head(f"样例{sitting.gate.round}号", sitting.today, "样例会议室", chair, "样例会议要点。")
    keep_minutes(session, task.gate.id, recorder(sitting), Noted(head, there, conclusions))


def _conclusion(
    said: Sequence[Any], votes: tuple[int, int, int] | None, recused: frozenset[str]
) -> Conclusion:
    place, reason, position = [*said, None, None, None][:3]
    return Conclusion(Place(place) if place else None, position, reason or "", votes, recused)


def recorder(sitting: Sitting) -> Person:
    """The first of those who may record the meeting."""
    seated = select(Person).join(Seat, col(Seat.person_id) == col(Person.id)).order_by(col(Person.email))
    body = recorder_body(sitting.notice, sitting.step)
    return sitting.session.exec(seated.where(Seat.season_id == sitting.season.id, Seat.body == body)).all()[0]
