"""What did the application say when it was handed in, and what has been typed since but not saved?"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.database import Instant, real_now


class Submission(SQLModel, table=True):
    """The application as it was handed in, first (`number` 1) or after a correction; compared with what came later."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    case_id: UUID = Field(foreign_key="case.id")
    number: int
    form_version: int
    form: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    handed_in_by: UUID = Field(foreign_key="person.id")
    handed_in_at: datetime = Field(sa_type=Instant, description="the season's time")


class Typed(SQLModel, table=True):
    """What a person has typed into a form and not saved yet, sealed; `about` names the form."""

    __tablename__ = "typed"

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    about: str = Field(primary_key=True, max_length=80)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    saved_at: datetime = Field(default_factory=real_now, sa_type=Instant)


def typed_seal(person_id: UUID, about: str) -> str:
    """As what the typed text of a person and a form is sealed."""
    return f"typed:{person_id}:{about}"
