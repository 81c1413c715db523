"""Do two applications speak of the same person, and who has won the title before?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.database import Instant


class Sameness(SQLModel, table=True):
    """The office's ruling on two cases: the same person, of whom `kept` stands, or two persons."""

    __tablename__ = "sameness"
    __table_args__ = (
        UniqueConstraint("first", "second"),
        CheckConstraint("first < second", name="ordered"),
        CheckConstraint("same = (kept IS NOT NULL)", name="one_stands"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    first: UUID = Field(foreign_key="case.id")
    second: UUID = Field(foreign_key="case.id", index=True)
    same: bool
    kept: UUID | None = Field(default=None, foreign_key="case.id")
    reason: str = Field(max_length=500)
    settled_by: UUID = Field(foreign_key="person.id")
    settled_at: datetime = Field(sa_type=Instant, description="the season's time")


class PastWinner(SQLModel, table=True):
    """Someone who won the title in an earlier year, as the office's list has it."""

    __tablename__ = "past_winner"
    __table_args__ = (UniqueConstraint("award", "year", "name", "employer"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    award: str = Field(max_length=60)
    year: int
    name: str = Field(max_length=80, index=True)
    employer: str = Field(default="", max_length=200)
    occupation: str = Field(default="", max_length=100)
