"""By which secret address does a person's calendar program fetch the due dates?

The token is made from the row's id under a key outside the database, which keeps its SHA-256 only.
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.database import Instant, real_now


class CalendarFeed(SQLModel, table=True):
    """One address of one person; a new one is made after the old one was revoked."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        Index(
            "uq_calendar_feed_one_live", "person_id", unique=True, postgresql_where=text("revoked_at IS NULL")
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    digest: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
