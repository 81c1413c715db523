"""Which dates of a season were moved since its notice was pinned (design: numbered amendments)?

An amendment makes the next pinned text of the notice, with other dates and nothing else changed: the chain of digests
leads from the text under which the season was opened to the one in force.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Session, SQLModel, col, select

from models.database import Instant


@dataclass(frozen=True)
class Change:
    """One date of the notice, by its key."""

    key: str
    label: str
    before: date
    after: date


class Amendment(SQLModel, table=True):
    """One paper that moves dates. Append-only."""

    __tablename__ = "amendment"
    __table_args__ = (
        UniqueConstraint("season_id", "number"),
        CheckConstraint("paper <> '' AND reason <> ''", name="says_why"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    number: int
    paper: str = Field(max_length=200)
    reason: str = Field(max_length=500)
    changes: list[dict[str, Any]] = Field(
        sa_column=Column(JSONB, nullable=False), description="key, label, before, after; days as text"
    )
    before_digest: str = Field(foreign_key="notice_version.digest", max_length=64)
    after_digest: str = Field(foreign_key="notice_version.digest", max_length=64)
    recorded_by: UUID = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=Instant, description="the season's time")

    @property
    def moved(self) -> list[Change]:
        return [
            Change(c["key"], c["label"], date.fromisoformat(c["before"]), date.fromisoformat(c["after"]))
            for c in self.changes
        ]


def amendments(session: Session, season_id: UUID) -> Sequence[Amendment]:
    """All amendments of a season in their order."""
    return session.exec(
        select(Amendment).where(Amendment.season_id == season_id).order_by(col(Amendment.number))
    ).all()


def former_days(found: Sequence[Amendment]) -> dict[str, list[tuple[int, date]]]:
    """For each date that was moved, the days that it had before, each with the number of the amendment."""
    former: dict[str, list[tuple[int, date]]] = {}
    for amendment in found:
        for change in amendment.moved:
            former.setdefault(change.key, []).append((amendment.number, change.before))
    return former
