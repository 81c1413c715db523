"""Which dossiers have been asked for, how far is each, and where do its parts lie?

A part is one case, or the season's own papers, as a sealed file: made one after the other, so that a process that is
killed goes on at the next. What is sent is put together from them while it is sent.
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.database import Instant, real_now
from models.verdict import OPEN, Reason, Verdict
from models.viewer import Viewer
from models.words import DossierState

UNDER_WAY = (DossierState.WAITING, DossierState.WORKING)


class Dossier(SQLModel, table=True):
    """One dossier that was asked for: of a case, or of the whole season; `redacted` is for people outside."""

    __tablename__ = "dossier"
    __table_args__ = (
        Index("ix_dossier_under_way", "asked_at", postgresql_where=text("state IN ('waiting','working')")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    case_id: UUID | None = Field(default=None, foreign_key="case.id")
    redacted: bool = False
    state: str = Field(default=DossierState.WAITING, max_length=20)
    asked_by: UUID = Field(foreign_key="person.id")
    asked_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    attempts: int = Field(default=0, description="how often the next part was begun and not finished")
    problem: str = Field(default="", sa_column=Column(Text, nullable=False))
    manifest: str = Field(
        default="", sa_column=Column(Text, nullable=False), description="of the whole, once it is made"
    )


class DossierPart(SQLModel, table=True):
    """One part; without a `file_id` it is still to be made."""

    __tablename__ = "dossier_part"

    dossier_id: UUID = Field(foreign_key="dossier.id", primary_key=True)
    position: int = Field(primary_key=True)
    case_id: UUID | None = Field(default=None, foreign_key="case.id", description="empty: the season's own")
    name: str = Field(max_length=100)
    file_id: UUID | None = None
    size: int = 0
    sha256: str = Field(default="", max_length=64)


def check_dossiers(viewer: Viewer) -> Verdict:
    """Reasons against this person making or taking dossiers of the season: they are the office's."""
    if viewer.is_office:
        return OPEN
    return (Reason("office_only", "档案由办公室生成和取走。", "", "forbidden"),)


def dossiers_of(session: Session, season_id: UUID, limit: int = 50) -> list[tuple[Dossier, int, int]]:
    """The dossiers of a season, the latest first, each with how many parts are made and how many there are."""
    rows = session.exec(
        select(Dossier, func.count(col(DossierPart.file_id)), func.count(col(DossierPart.position)))
        .outerjoin(DossierPart, col(DossierPart.dossier_id) == col(Dossier.id))
        .where(Dossier.season_id == season_id)
        .group_by(col(Dossier.id))
        .order_by(col(Dossier.asked_at).desc())
        .limit(limit)
    )
    return [(dossier, made, total) for dossier, made, total in rows]


def parts_of(session: Session, dossier: Dossier) -> list[DossierPart]:
    return list(
        session.exec(
            select(DossierPart)
            .where(DossierPart.dossier_id == dossier.id)
            .order_by(col(DossierPart.position))
        )
    )
