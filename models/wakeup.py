"""Which Prefect runs have to be woken because the record has moved on?

A row is written in the transaction that changes what comes next, and is done when Prefect has accepted the wake-up.
Several rows for one run are one wake-up: the waker marks exactly the rows it had read before it asked.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, text
from sqlmodel import Field, SQLModel

from models.database import Instant, real_now

CHANNEL = "gongjiang_wakeup"


class Wakeup(SQLModel, table=True):
    """Wake the run of a case, or of a season (`case_id` empty), once the season's clock shows `due_at`."""

    __tablename__ = "wakeup"
    __table_args__ = (
        Index("ix_wakeup_pending", "due_at", postgresql_where=text("done_at IS NULL")),
        CheckConstraint("done_at IS NULL OR done_at >= created_at", name="done_after_created"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    season_id: UUID = Field(foreign_key="season.id")
    case_id: UUID | None = Field(default=None, foreign_key="case.id")
    due_at: datetime = Field(sa_type=Instant, description="season's time; 1970 for at once")
    created_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
