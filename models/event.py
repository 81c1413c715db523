"""What has happened, in order, and can that be trusted?

Each case and each season has a chain of events: `hash` is the SHA-256 over the event and the hash before it. The
table is append-only: a trigger refuses UPDATE and DELETE.
"""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.database import Instant, real_now

GENESIS = "0" * 64


class Event(SQLModel, table=True):
    """One fact in the past tense. `chain` is the id of the case, or of the season for what concerns no one case."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        Index(
            "ix_event_of_cases",
            "season_id",
            "chain",
            postgresql_where=text("kind IN ('case_ended', 'title_revoked')"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    chain: UUID
    seq: int
    kind: str = Field(max_length=40)
    at: datetime = Field(sa_type=Instant, description="the season's time")
    recorded_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    actor_id: UUID | None = Field(default=None, foreign_key="person.id", description="empty: the system")
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


def event_hash(event: Event) -> str:
    """SHA-256 over everything the event says and over the hash before it."""
    return told_hash(
        {
            "chain": str(event.chain),
            "seq": event.seq,
            "kind": event.kind,
            "at": event.at.timestamp(),
            "recorded_at": event.recorded_at.timestamp(),
            "actor": str(event.actor_id) if event.actor_id else None,
            "facts": event.facts,
            "previous": event.previous,
        }
    )


def told_hash(body: Any) -> str:
    """SHA-256 of plain values, written in one way only: sorted names, no blanks, UTF-8."""
    said = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
