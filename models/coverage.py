"""What have media brought about the recognised people (三（八）), and who has nothing yet?"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.database import Instant, real_now


class Coverage(SQLModel, table=True):
    """One report or event. It concerns the people named in `CoverageOf`, or the season as a whole."""

    __tablename__ = "coverage"
    __table_args__ = (
        CheckConstraint("(removed_at IS NULL) = (removed_by IS NULL)", name="removed_by_somebody"),
        CheckConstraint("link = '' OR link LIKE 'https://%'", name="link_is_https"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    kind: str = Field(max_length=40, description="a kind of the notice's publicity section")
    medium: str = Field(max_length=80)
    title: str = Field(max_length=200)
    published_on: date
    link: str = Field(default="", max_length=500)
    entered_by: UUID = Field(foreign_key="person.id")
    entered_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    removed_by: UUID | None = Field(default=None, foreign_key="person.id")
    removed_at: datetime | None = Field(default=None, sa_type=Instant)
    removal_reason: str = Field(default="", max_length=500)


class CoverageOf(SQLModel, table=True):
    """That a report concerns this person."""

    __tablename__ = "coverage_of"
    __table_args__ = (UniqueConstraint("coverage_id", "case_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    coverage_id: UUID = Field(foreign_key="coverage.id")
    case_id: UUID = Field(foreign_key="case.id", index=True)
