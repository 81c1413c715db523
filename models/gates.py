"""Which gates are open or were decided, by whom, and how?

A `Gate` is one opening of one step, for a case (`case_id`) or for the whole season. Its `Assignment`s are the bodies
or persons who have to answer; a `Decision` is one answer, never changed. A gate of a case at a step of the season
(a list, the public notice) has no assignments: it waits there until the season's own gate releases it.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.database import Instant, real_now
from models.event import told_hash
from models.words import AssignmentState, GateState


class Gate(SQLModel, table=True):
    __tablename__ = "gate"
    __table_args__ = (
        UniqueConstraint("season_id", "case_id", "step", "round", postgresql_nulls_not_distinct=True),
        Index(
            "uq_gate_one_open",
            "season_id",
            "case_id",
            "step",
            unique=True,
            postgresql_where=text("state = 'open'"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_gate_waiting", "season_id", "step", postgresql_where=text("state = 'open'")),
        Index("ix_gate_case", "case_id"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="open_or_closed"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    case_id: UUID | None = Field(default=None, foreign_key="case.id")
    step: str = Field(max_length=40)
    round: int = 1
    state: str = Field(default=GateState.OPEN, max_length=20)
    outcome: str | None = Field(default=None, max_length=40, description="key of the deciding answer")
    opened_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)


class Assignment(SQLModel, table=True):
    """One who has to answer at a gate: a body (by its seats, of one organisation) or one assigned person."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint(
            "gate_id", "body", "organisation_id", "person_id", postgresql_nulls_not_distinct=True
        ),
        Index(
            "ix_assignment_open",
            "season_id",
            "body",
            "organisation_id",
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_assignment_person", "person_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    gate_id: UUID = Field(foreign_key="gate.id", index=True)
    body: str = Field(max_length=40)
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    given_by: UUID | None = Field(
        default=None, foreign_key="person.id", description="who has delegated the task and is answered for"
    )
    state: str = Field(default=AssignmentState.OPEN, max_length=20)


class Decision(SQLModel, table=True):
    """One answer. Append-only: the database refuses to change or remove it."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("assignment_id"),
        Index("ix_decision_gate", "gate_id"),
        Index("ix_decision_acted_for", "acted_for", postgresql_where=text("acted_for IS NOT NULL")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    gate_id: UUID = Field(foreign_key="gate.id")
    assignment_id: UUID = Field(foreign_key="assignment.id")
    body: str = Field(max_length=40)
    decided_by: UUID = Field(foreign_key="person.id", index=True)
    recorded_by: UUID = Field(foreign_key="person.id")
    acted_for: UUID | None = Field(
        default=None, foreign_key="person.id", description="for whom, by delegation or as a substitute"
    )
    answer: str = Field(max_length=40)
    effect: str = Field(max_length=20)
    opinion: str = Field(default="", sa_column=Column(Text, nullable=False))
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    items: list[str] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    seen: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    salt: str = Field(max_length=32)
    decided_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(default_factory=real_now, sa_type=Instant)

    def digest(self) -> str:
        """Salted SHA-256 of what was said: the event keeps it, so that erasing text breaks no chain."""
        said = [self.salt, self.answer, self.opinion, self.reason, self.items, self.facts]
        text = json.dumps(said, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def circumstances(self) -> dict[str, Any]:
        """Where, by whom, for whom, when, with which effect and on which material it was answered."""
        return {
            "gate": str(self.gate_id),
            "assignment": str(self.assignment_id),
            "body": self.body,
            "decided_by": str(self.decided_by),
            "recorded_by": str(self.recorded_by),
            "acted_for": str(self.acted_for) if self.acted_for else None,
            "effect": self.effect,
            "seen": self.seen,
            "decided_at": self.decided_at.astimezone(UTC).isoformat(),
            "recorded_at": self.recorded_at.astimezone(UTC).isoformat(),
        }

    def signature(self) -> str:
        """Salted SHA-256 of the circumstances; the event keeps it beside the digest of what was said."""
        return told_hash([self.salt, self.circumstances()])
