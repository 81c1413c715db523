"""Which season is it, under which notice, and what time is it there?

A practice season carries an offset, so `now(season)` runs ahead of the real clock; nothing else asks for the time.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Text
from sqlmodel import Field, Session, SQLModel

from models.database import Instant, real_now
from models.event import GENESIS
from models.notice import Notice, parse_canonical


class NoticeVersion(SQLModel, table=True):
    """A notice as it was pinned: `digest` is the SHA-256 of `body`, its canonical JSON. Never changed."""

    __tablename__ = "notice_version"

    digest: str = Field(primary_key=True, max_length=64)
    body: str = Field(sa_column=Column(Text, nullable=False))
    recorded_at: datetime = Field(default_factory=real_now, sa_type=Instant)


class Season(SQLModel, table=True):
    """One yearly recognition, opened from a notice."""

    __tablename__ = "season"
    __table_args__ = (
        CheckConstraint("practice OR offset_seconds = 0", name="only_practice_moves_its_clock"),
        CheckConstraint("offset_seconds >= 0", name="clock_never_moves_back"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True, max_length=80)
    title: str
    notice_digest: str = Field(foreign_key="notice_version.digest")
    practice: bool = False
    offset_seconds: int = 0
    opened_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    case_count: int = Field(
        default=0, description="last case number given out; locked while a case is entered"
    )
    event_seq: int = 0
    event_head: str = Field(default=GENESIS, max_length=64, description="hash of the last event")
    flow_run_id: UUID | None = None


def now(season: Season) -> datetime:
    """The season's time: the real time plus the practice offset."""
    return real_now() + timedelta(seconds=season.offset_seconds)


def notice_by_digest(session: Session, digest: str) -> Notice:
    known: dict[str, Notice] = session.info.setdefault("notices", {})
    if digest not in known:
        known[digest] = parse_canonical(session.get_one(NoticeVersion, digest).body)
    return known[digest]


def notice_of(session: Session, season: Season) -> Notice:
    """The notice under which the season runs now; a case keeps the one under which it entered."""
    return notice_by_digest(session, season.notice_digest)
