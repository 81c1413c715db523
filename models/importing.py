"""Which 附件2 have been uploaded, and in which order does each unit or county put its people?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.database import Instant, real_now
from models.words import ImportState


class SheetImport(SQLModel, table=True):
    """An uploaded 附件2 as it was read and checked; `content` is the sealed result, confirmed all or nothing."""

    __tablename__ = "sheet_import"
    __table_args__ = (
        Index(
            "uq_sheet_import_confirmed",
            "season_id",
            "sha256",
            unique=True,
            postgresql_where=text("state = 'confirmed'"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    filename: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    accepted: int = Field(default=0, description="rows without errors")
    rejected: int = Field(default=0, description="rows with errors")
    state: str = Field(default=ImportState.CHECKED, max_length=20)
    uploaded_by: UUID = Field(foreign_key="person.id")
    uploaded_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)


class Priority(SQLModel, table=True):
    """推荐优先顺序: the place of a case among those that one organisation recommends (一（二）、附件2)."""

    __tablename__ = "priority"
    __table_args__ = (
        UniqueConstraint("organisation_id", "case_id"),
        UniqueConstraint("season_id", "organisation_id", "position", deferrable=True, initially="DEFERRED"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    organisation_id: UUID = Field(foreign_key="organisation.id")
    case_id: UUID = Field(foreign_key="case.id", index=True)
    position: int = Field(ge=1)


def sheet_about(sheet: SheetImport) -> str:
    """What the sealed content of an import says it is."""
    return f"sheet_import.content:{sheet.id}"
