"""What waits for a second person before an account may do more, and by which link does somebody set a password?"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.account_words import ProposalState
from models.database import Instant, real_now


class Proposal(SQLModel, table=True):
    """One administrator proposes, another one, of security, confirms; `facts` say what is to be given."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_when_not_open"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'declined') OR settled_by <> proposed_by", name="two_people"
        ),
        CheckConstraint("settled_by <> person_id OR state = 'withdrawn'", name="not_for_oneself"),
        Index("ix_proposal_open", "proposed_at", postgresql_where=text("state = 'open'")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: str = Field(max_length=20)
    person_id: UUID = Field(foreign_key="person.id", index=True, description="to whom it is given")
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    reason: str = Field(max_length=200)
    proposed_by: UUID = Field(foreign_key="person.id")
    proposed_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    state: str = Field(default=ProposalState.OPEN, max_length=20)
    settled_by: UUID | None = Field(default=None, foreign_key="person.id")
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    answer: str = Field(default="", max_length=200)


class AccountInvitation(SQLModel, table=True):
    """A mailed link to set a password, good once and for three days; only the token's SHA-256 is kept."""

    __tablename__ = "account_invitation"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    digest: str = Field(unique=True, max_length=64)
    made_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    ended_at: datetime | None = Field(
        default=None, sa_type=Instant, description="used, or replaced by another"
    )
