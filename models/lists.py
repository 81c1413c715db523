"""Which lists has the season made, and who is on them?

建议名单, the meetings' lists, 拟认定名单: each is a `Shortlist` in a numbered round with an `Entry` per case. It is a
draft until confirmed. The database itself refuses a name beyond the list's size.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.database import Instant
from models.words import ListState, Place


class Shortlist(SQLModel, table=True):
    __tablename__ = "shortlist"
    __table_args__ = (UniqueConstraint("season_id", "step", "round"), UniqueConstraint("id", "size"))

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    gate_id: UUID | None = Field(default=None, foreign_key="gate.id")
    step: str = Field(max_length=40)
    round: int = 1
    size: int = Field(description="the greatest number of names (一（一）、三（四）)")
    state: str = Field(default=ListState.DRAFT, max_length=20)
    method: str = Field(default="", max_length=200)
    digest: str | None = Field(default=None, max_length=64, description="SHA-256 of the confirmed list")
    drafted_at: datetime = Field(sa_type=Instant)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)


class Entry(SQLModel, table=True):
    """A case on a list: `position` counts 1, 2, … within its `place`."""

    __tablename__ = "shortlist_entry"
    __table_args__ = (
        ForeignKeyConstraint(["shortlist_id", "size"], ["shortlist.id", "shortlist.size"]),
        UniqueConstraint("shortlist_id", "case_id"),
        UniqueConstraint("shortlist_id", "place", "position", deferrable=True, initially="DEFERRED"),
        CheckConstraint("place <> 'on' OR position BETWEEN 1 AND size", name="within_quota"),
        CheckConstraint("position >= 1", name="position_from_one"),
        Index("ix_shortlist_entry_case", "case_id", postgresql_where=text("place = 'on'")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    shortlist_id: UUID
    size: int
    case_id: UUID = Field(foreign_key="case.id")
    place: str = Field(default=Place.OFF, max_length=20)
    position: int
    score: Decimal | None = Field(default=None, sa_type=Numeric(8, 4))
    tied: bool = False
    reason: str = ""


def placed(entry: Entry, places: Mapping[str, Sequence[Any]]) -> tuple[str, str, int | None]:
    """Where an entry of a draft is to stand: its place, the reason given, and the position asked for, if any."""
    place, reason, position = [*places.get(str(entry.case_id), ()), None, None, None][:3]
    return str(place or entry.place), str(reason or ""), position


def arrange(entries: Sequence[Entry], places: Mapping[str, Sequence[Any]]) -> list[tuple[Entry, str, int]]:
    """Where each entry of a draft will stand: place and position, the list first, then the reserve, then the rest.

    Whoever was given a position stands there; the others fill up what is left, in the draft's order.
    """
    standing: dict[str, list[tuple[Entry, int | None]]] = {place: [] for place in Place}
    for entry in entries:
        place, _, position = placed(entry, places)
        standing[place].append((entry, position))
    return [
        (entry, place, number)
        for place, rows in standing.items()
        for number, entry in enumerate(_in_order(rows), 1)
    ]


def _in_order(rows: Sequence[tuple[Entry, int | None]]) -> Iterator[Entry]:
    fixed = {position: entry for entry, position in rows if position}
    others = iter([entry for entry, position in rows if not position])
    for number in range(1, len(rows) + 1):
        found = fixed.get(number) or next(others, None)
        if found is not None:
            yield found


def list_digest(entries: Sequence[Entry], numbers: Mapping[UUID, str]) -> str:
    """SHA-256 over a list as confirmed: place, position and case number of every entry, in the list's order."""
    rows = [[e.place, e.position, numbers[e.case_id]] for e in entries]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
