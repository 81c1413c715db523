"""What is a case: one candidate's way through the season's gates?"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.database import Instant
from models.event import GENESIS
from models.notice import Notice


class Case(SQLModel, table=True):
    """One candidate. `stage` and `outcome` are written by `tasks.advance` only and equal the replay of the events."""

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("season_id", "number"),
        CheckConstraint("closed_at IS NULL OR outcome IS NOT NULL", name="closed_has_outcome"),
        CheckConstraint(
            "outcome IS NULL OR outcome = 'recognised' OR closed_at IS NOT NULL", name="ended_is_closed"
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    notice_digest: str = Field(foreign_key="notice_version.digest")
    number: str = Field(max_length=40)
    channel: str = Field(max_length=40)
    route: str = Field(max_length=40)
    county: str | None = Field(default=None, max_length=40)
    unit_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    name: str = Field(max_length=80)
    pinyin: str = Field(default="", max_length=200, description="full and initials, for search")
    category: str = Field(default="", max_length=40)
    form: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    form_version: int = 1
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    sealed_versions: dict[str, int] = Field(
        default_factory=dict,
        sa_column=Column(JSONB, nullable=False, server_default="{}"),
        description="the form version at which each sealed field last changed",
    )
    id_index: str | None = Field(default=None, max_length=120, index=True)
    phone_index: str | None = Field(default=None, max_length=120, index=True)
    channel_doubted: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": "false"},
        description="entered from another's list: the office confirms the channel (四)",
    )
    stage: str = Field(max_length=40, index=True)
    outcome: str | None = Field(default=None, max_length=20)
    late_admitted: bool = False
    entered_by: UUID = Field(foreign_key="person.id", index=True)
    entered_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    event_seq: int = 0
    event_head: str = Field(default=GENESIS, max_length=64, description="hash of the last event")
    flow_run_id: UUID | None = None

    @property
    def live(self) -> bool:
        """Still able to be recognised."""
        return self.outcome is None

    @property
    def label(self) -> str:
        """What Prefect and logs may show of a case: its number, never its name."""
        return self.number


def group_digests(notice: Notice, case: Case, files: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """SHA-256 of each field group of the application: tells which groups changed since a decision saw them.

    `files` are the hashes of the files kept with each document. Of a sealed field only the version at which it last
    changed goes in: a digest of an ID number could be guessed.
    """
    return {
        g.key: _digest(
            {f: [case.form.get(f), case.sealed_versions.get(f)] for f in g.fields}
            | {f"files of {d}": sorted(files.get(d, ())) for d in g.documents}
        )
        for g in notice.groups
    }


def _digest(part: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(part, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
