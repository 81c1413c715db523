"""Which scans and clippings belong to the season and to no one case's documents?"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, Session, SQLModel, col, select

from models.database import Instant, real_now
from models.season import Season
from models.words import FilePurpose


class SeasonFile(SQLModel, table=True):
    """A scan or clipping that belongs to the season; its bytes lie sealed in the files folder under this row's id.

    `purpose` says what it is, `about` of what: the body whose copy it is, the report, the case.
    """

    __tablename__ = "season_file"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    purpose: str = Field(max_length=20, description="a FilePurpose")
    about: str = Field(default="", max_length=80, index=True)
    filename: str = Field(max_length=255)
    kind: str = Field(max_length=10, description="an AttachmentKind")
    size: int = Field(description="bytes")
    sha256: str = Field(max_length=64)
    pages: int | None = None
    uploaded_by: UUID = Field(foreign_key="person.id")
    uploaded_at: datetime = Field(default_factory=real_now, sa_type=Instant)


def season_files(session: Session, season: Season, purpose: FilePurpose) -> Sequence[SeasonFile]:
    """The files of one purpose, in the order in which they came."""
    return session.exec(
        select(SeasonFile)
        .where(SeasonFile.season_id == season.id, SeasonFile.purpose == purpose)
        .order_by(col(SeasonFile.uploaded_at), col(SeasonFile.id))
    ).all()
