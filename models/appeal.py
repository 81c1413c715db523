"""Who has appealed against a refusal (C18), by when is it to be answered, and what was the answer?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, LargeBinary, Text
from sqlalchemy import select as rows_of
from sqlmodel import Field, SQLModel, col

from models.case import Case
from models.crypto import unseal_json
from models.database import Instant
from models.viewer import Viewer
from models.words import Outcome

REFUSALS = (Outcome.REJECTED, Outcome.NOT_SELECTED, Outcome.DISQUALIFIED, Outcome.LAPSED)


class Appeal(SQLModel, table=True):
    """One appeal against the end of one case; what was said and how to reach its author are sealed."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (upheld IS NULL)", name="answered_either_way"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    case_id: UUID = Field(foreign_key="case.id", index=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    registered_by: UUID = Field(foreign_key="person.id")
    registered_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    upheld: bool | None = None
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    answered_by: UUID | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = Field(default=None, sa_type=Instant)


@dataclass(frozen=True)
class Said:
    """What an appeal says: of whom, how to be reached, and why."""

    appellant: str
    contact: str
    text: str


def appeal_about(appeal: Appeal) -> str:
    """As what the content of an appeal is sealed."""
    return f"appeal:{appeal.id}"


def appeals(viewer: Viewer) -> Sequence[tuple[Appeal, Case, Said]]:
    """The appeals of the season for the office: unanswered ones first, the most urgent at the top."""
    seen = viewer.cases().with_only_columns(col(Case.id))
    rows = viewer.session.execute(
        rows_of(Appeal, Case)
        .join(Case, col(Case.id) == col(Appeal.case_id))
        .where(col(Appeal.season_id) == viewer.season.id, col(Case.id).in_(seen))
        .order_by(col(Appeal.answered_at).desc().nulls_first(), col(Appeal.due_at), col(Appeal.id))
    )
    return [(a, c, said_in(a)) for a, c in rows]


def said_in(appeal: Appeal) -> Said:
    return Said(**unseal_json(appeal.content, appeal_about(appeal)))
