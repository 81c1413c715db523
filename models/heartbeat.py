"""When did each part of the system last show that it lives?

One row for each part, or for each engine where there are several, written over and over. It is no part of the record of
cases: losing it loses nothing.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.database import Instant

ENGINE, SWEEP, BACKUP = "engine", "sweep", "backup"


class Heartbeat(SQLModel, table=True):
    """`at` is the machine's time; `facts` are the part's own figures, never anything about people."""

    __tablename__ = "heartbeat"

    part: str = Field(primary_key=True, max_length=40)
    name: str = Field(default="", primary_key=True, max_length=200, description="which of several")
    at: datetime = Field(sa_type=Instant)
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
