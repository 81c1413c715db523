"""Who objected to a published name, and what came of it (三（七）)?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Text
from sqlmodel import Field, SQLModel

from models.database import Instant
from models.words import ObjectionState


class Objection(SQLModel, table=True):
    """One objection to one case: registered → verified → upheld or dismissed."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('upheld','dismissed')) = (concluded_at IS NOT NULL)", name="concluded_has_time"
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    case_id: UUID = Field(foreign_key="case.id", index=True)
    objector: str = Field(max_length=80)
    contact: str = Field(max_length=200)
    text: str = Field(sa_column=Column(Text, nullable=False))
    finding: str = Field(default="", sa_column=Column(Text, nullable=False))
    conclusion: str = Field(default="", sa_column=Column(Text, nullable=False))
    state: str = Field(default=ObjectionState.REGISTERED, max_length=20)
    registered_by: UUID = Field(foreign_key="person.id")
    verified_by: UUID | None = Field(default=None, foreign_key="person.id")
    concluded_by: UUID | None = Field(default=None, foreign_key="person.id")
    registered_at: datetime = Field(sa_type=Instant)
    concluded_at: datetime | None = Field(default=None, sa_type=Instant)
