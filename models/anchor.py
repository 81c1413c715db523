"""What does the daily anchor keep, so that a cut tail or a whole case removed can be seen (design §11.12)?

A chain shows that nothing within it was changed, but not that its end, or all of it, is gone. An anchor commits, once a
day, the heads of all chains of a season; it is chained to the one before, mailed outside and printed in minutes. Only
the heads that have moved since are kept with it: the others stand in earlier anchors.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.database import Instant
from models.event import told_hash
from models.merkle import root_of

SHORT = 16


class Anchor(SQLModel, table=True):
    """One season's chains as they stood when it was made. Append-only. `day` is the season's, `made_at` real time."""

    __tablename__ = "anchor"
    __table_args__ = (UniqueConstraint("season_id", "day"), UniqueConstraint("hash"))

    season_id: UUID = Field(foreign_key="season.id", primary_key=True)
    number: int = Field(primary_key=True)
    day: date
    made_at: datetime = Field(sa_type=Instant)
    chains: int = Field(description="how many chains there were")
    events: int = Field(description="how many events they had together")
    moved: int = Field(description="how many heads have moved since the anchor before")
    digest: str = Field(max_length=64, description="root over the lines of the heads that have moved")
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)

    @property
    def short(self) -> str:
        """What minutes print."""
        return self.hash[:SHORT]

    @property
    def line(self) -> str:
        return f"记录锚 {self.day.isoformat()} {self.short}"


class AnchorHead(SQLModel, table=True):
    """The head of one chain that had moved: `label` names it (the number of the case, or 年度). Append-only."""

    __tablename__ = "anchor_head"
    __table_args__ = (
        ForeignKeyConstraint(["season_id", "number"], ["anchor.season_id", "anchor.number"]),
        Index("ix_anchor_head_chain", "chain", "number"),
    )

    season_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    chain: UUID = Field(primary_key=True)
    label: str = Field(max_length=40)
    seq: int
    hash: str = Field(max_length=64)

    @property
    def line(self) -> str:
        return head_line(self.label, str(self.chain), self.seq, self.hash)


def head_line(label: str, chain: str, seq: int, head: str) -> str:
    """One head as it is hashed, mailed and read again."""
    return f"{label} {chain} {seq} {head}"


def anchor_body(anchor: Anchor, season: str) -> dict[str, Any]:
    """Everything that the hash of an anchor covers, as plain values; `season` is the season's key."""
    return {
        "season": season,
        "number": anchor.number,
        "day": anchor.day.isoformat(),
        "made_at": anchor.made_at.astimezone(UTC).isoformat(),
        "chains": anchor.chains,
        "events": anchor.events,
        "moved": anchor.moved,
        "digest": anchor.digest,
        "previous": anchor.previous,
    }


def anchor_hash(anchor: Anchor, season: str) -> str:
    return told_hash(anchor_body(anchor, season))


def heads_digest(heads: Sequence[AnchorHead]) -> str:
    return root_of(lines_of(heads))


def lines_of(heads: Sequence[AnchorHead]) -> list[str]:
    return sorted(head.line for head in heads)


# --- reading -----------------------------------------------------------------------------------------------------


def newest_anchor(session: Session, season_id: UUID) -> Anchor | None:
    return session.exec(
        select(Anchor).where(Anchor.season_id == season_id).order_by(col(Anchor.number).desc()).limit(1)
    ).first()


def anchors_of(session: Session, season_id: UUID) -> Sequence[Anchor]:
    """Every anchor of the season, the first one first."""
    return session.exec(
        select(Anchor).where(Anchor.season_id == season_id).order_by(col(Anchor.number))
    ).all()


def heads_of(session: Session, anchor: Anchor) -> Sequence[AnchorHead]:
    """The heads that had moved, in the order in which they are hashed."""
    found = session.exec(
        select(AnchorHead).where(AnchorHead.season_id == anchor.season_id, AnchorHead.number == anchor.number)
    ).all()
    return sorted(found, key=lambda head: head.line)
