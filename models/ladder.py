"""On which days is whom reminded of a task, and who heard already?

The ladder of a step (`Step.remind`) counts its days from the deadline: before, on and after it those who answer are
reminded; when it is overdue their superior is told, then the office. The deadline never moves, a reminder does: off a
free day to the working day before, while there is still time, else to the one after. The table keeps each rung once
for each task, person and deadline, so that nobody hears twice whatever the clock did.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.database import Instant
from models.notice import Reminder
from models.workdays import Calendar


class Audience(StrEnum):
    """Who is told on a rung."""

    HOLDERS = "holders"
    SUPERIOR = "superior"
    OFFICE = "office"


class LadderRung(SQLModel, table=True):
    """One rung of one task for one person: the mail went, or it was passed over because a later rung was due too."""

    __tablename__ = "ladder_rung"
    __table_args__ = (
        UniqueConstraint(
            "assignment_id", "objection_id", "person_id", "rung", "due", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("num_nonnulls(assignment_id, objection_id) = 1", name="of_one_task"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    assignment_id: UUID | None = Field(default=None, foreign_key="assignment.id")
    objection_id: UUID | None = Field(default=None, foreign_key="objection.id")
    person_id: UUID = Field(foreign_key="person.id")
    rung: str = Field(max_length=20)
    due: date = Field(description="the last day that the ladder counts from")
    told: bool = Field(description="false: passed over, a later rung went instead")
    at: datetime = Field(sa_type=Instant, description="the season's time")


class MorningRound(SQLModel, table=True):
    """A working day of a season on which everybody was told what waits: once."""

    __tablename__ = "morning_round"

    season_id: UUID = Field(primary_key=True, foreign_key="season.id")
    day: date = Field(primary_key=True)
    held_at: datetime = Field(sa_type=Instant, description="the season's time")


@dataclass(frozen=True)
class Planned:
    """A rung with the working day on which it goes."""

    rung: str
    audience: Audience
    day: date


def plan(calendar: Calendar, remind: Reminder, last: date, opened: date, *, early: bool) -> list[Planned]:
    """The rungs of a task in their order, for its last day and the day on which it arrived.

    Whoever gets a task on the day of a reminder, or after it, has just been told of it. A task that arrives after its
    deadline is counted from its arrival. `early`: it can be done before the deadline (a public notice can't).
    """
    anchor = max(last, opened)
    before = sorted(d for d in remind.days if d <= 0) if early and opened <= last else []
    found = [_planned(calendar, f"day{d:+d}", Audience.HOLDERS, anchor, d) for d in before]
    found = [p for p in found if p.day > opened]
    after = [(d, f"day{d:+d}", Audience.HOLDERS) for d in remind.days if d > 0]
    after += [(remind.superior, "superior", Audience.SUPERIOR)] if remind.superior else []
    after += [(remind.office, "office", Audience.OFFICE)] if remind.office else []
    return found + [_planned(calendar, rung, who, anchor, d) for d, rung, who in sorted(after)]


def _planned(calendar: Calendar, rung: str, audience: Audience, anchor: date, days: int) -> Planned:
    day, step = anchor + timedelta(days=days), timedelta(days=-1 if days <= 0 else 1)
    while not calendar.is_workday(day):
        day += step
    return Planned(rung, audience, day)


@dataclass(frozen=True)
class Due:
    """What is to be told now, if anything, and what is passed over for it."""

    told: str | None
    passed_over: tuple[str, ...]


def due_now(planned: Sequence[Planned], today: date, known: Collection[str]) -> Due:
    """Of the rungs whose day has come the latest alone is told; those that one person knows are done with."""
    ripe = [p.rung for p in planned if p.day <= today]
    fresh = [rung for rung in ripe if rung not in known]
    if fresh and fresh[-1] == ripe[-1]:
        return Due(fresh[-1], tuple(fresh[:-1]))
    return Due(None, tuple(fresh))
