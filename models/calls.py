"""Who has been told by telephone of a task because no mail reaches them?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from models.database import Instant


class Call(SQLModel, table=True):
    """One call of the office to one person."""

    __tablename__ = "call"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    result: str = Field(max_length=20, description="a CallResult")
    note: str = Field(default="", max_length=500)
    called_by: UUID = Field(foreign_key="person.id")
    called_at: datetime = Field(sa_type=Instant, description="the season's time")


class CallAbout(SQLModel, table=True):
    """A task that the call was about."""

    __tablename__ = "call_about"

    call_id: UUID = Field(primary_key=True, foreign_key="call.id")
    assignment_id: UUID = Field(primary_key=True, foreign_key="assignment.id", index=True)
