"""Which mails are to be sent, were sent, or failed; which links open which task?

A `Message` is queued in the transaction of the decision that causes it. Its text is rendered when it is sent, because
a task's link can be rebuilt only with the key that is kept outside the database.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.database import Instant, real_now
from models.words import MessageState


class Message(SQLModel, table=True):
    """One mail to one address. `unique_key` keeps the same mail from being queued twice."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_due", "next_at", postgresql_where=text("state IN ('queued','sending')")),
        Index("ix_message_season", "season_id", "queued_at"),
        Index("ix_message_sent", "sent_at"),
        Index("ix_message_held", "season_id", postgresql_where=text("state = 'held'")),
        Index(
            "ix_message_unreached",
            "season_id",
            postgresql_where=text("state IN ('skipped','failed','bounced')"),
        ),
        Index("ix_message_folding", "person_id", "template", postgresql_where=text("state = 'queued'")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    case_id: UUID | None = Field(default=None, foreign_key="case.id", index=True)
    gate_id: UUID | None = Field(default=None, foreign_key="gate.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    address: str | None = Field(default=None, max_length=200)
    template: str = Field(max_length=40)
    context: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    unique_key: str = Field(unique=True, max_length=200)
    state: str = Field(default=MessageState.QUEUED, max_length=20)
    letter_id: UUID | None = Field(
        default=None,
        index=True,
        description="the message whose id the sent mail bears; several share one mail",
    )
    attempts: int = 0
    next_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    claimed_until: datetime | None = Field(default=None, sa_type=Instant)
    error: str = Field(default="", sa_column=Column(Text, nullable=False))
    queued_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)


class MailRoute(SQLModel, table=True):
    """How sending stands, of the real seasons' mails or of the practice seasons'.

    While `stopped_at` is set nothing is sent: a person wanted it, or the server has suspended or refused our account
    (`stopped_by` is empty). `mark` tells for which server and account that was.
    """

    __tablename__ = "mail_route"

    practice: bool = Field(primary_key=True)
    stopped_at: datetime | None = Field(default=None, sa_type=Instant)
    stopped_by: UUID | None = Field(default=None, foreign_key="person.id")
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    mark: str = Field(default="", max_length=64)
    trouble: str = Field(default="", sa_column=Column(Text, nullable=False))
    trouble_since: datetime | None = Field(default=None, sa_type=Instant)
    paused_until: datetime | None = Field(
        default=None, sa_type=Instant, description="so many mails were sent that the next must wait"
    )
    alive_at: datetime | None = Field(default=None, sa_type=Instant, description="when a sender last looked")


class TaskLink(SQLModel, table=True):
    """A mailed link for one person and one assignment: only the token's SHA-256 is kept; it ends with the task."""

    __tablename__ = "task_link"
    __table_args__ = (UniqueConstraint("assignment_id", "person_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    assignment_id: UUID = Field(foreign_key="assignment.id")
    person_id: UUID = Field(foreign_key="person.id")
    digest: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(default_factory=real_now, sa_type=Instant)
