"""What has been released for the public, and what of it was put right afterwards (三（七）、七（二）)?"""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.database import Instant
from models.words import CorrectionState


class Publication(SQLModel, table=True):
    """A list as the second person released it: what is published is this and nothing else. Append-only.

    `rows` are in the order of publication, each with `case` (its number), `case_id` and `cells` by column.
    """

    __tablename__ = "publication"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    gate_id: UUID = Field(foreign_key="gate.id", unique=True, description="the gate that released it")
    step: str = Field(max_length=40, description="the public notice that it is for")
    rows: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    digest: str = Field(max_length=64, description="SHA-256 of the rows")
    released_by: UUID = Field(foreign_key="person.id")
    released_at: datetime = Field(sa_type=Instant)


class Correction(SQLModel, table=True):
    """One text of one candidate, put right for the public: asked for by the office, released by a second person."""

    __tablename__ = "correction"
    __table_args__ = (
        Index(
            "uq_correction_asked",
            "case_id",
            "column",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
        CheckConstraint("(state = 'asked') = (settled_at IS NULL)", name="settled_has_time"),
        CheckConstraint("settled_by IS NULL OR settled_by <> asked_by", name="two_persons"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    case_id: UUID = Field(foreign_key="case.id", index=True)
    column: str = Field(max_length=40, description="the column of the public notice")
    old: str = Field(sa_column=Column(Text, nullable=False))
    new: str = Field(sa_column=Column(Text, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    state: str = Field(default=CorrectionState.ASKED, max_length=20)
    published_id: UUID | None = Field(
        default=None, foreign_key="publication.id", description="the publication in which the old text stood"
    )
    asked_by: UUID = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=Instant)
    settled_by: UUID | None = Field(default=None, foreign_key="person.id")
    settled_at: datetime | None = Field(default=None, sa_type=Instant)


def rows_digest(rows: list[dict[str, Any]]) -> str:
    """SHA-256 of rows as they are kept."""
    told = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()
