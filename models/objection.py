"""Who objected to a published name, and what came of it (三（七）)?

What the objector says, and who he is, is sealed: the record in plain tells only that there is an objection, against
whom, and how far it has come.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, LargeBinary
from sqlmodel import Field, SQLModel

from models.crypto import seal_json, unseal_json
from models.database import Instant
from models.words import ObjectionSource, ObjectionState, ObjectorKind


class Objection(SQLModel, table=True):
    """One objection to one case: registered → verified → upheld or dismissed; a late one may be declined."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('upheld','dismissed','declined')) = (concluded_at IS NOT NULL)",
            name="concluded_has_time",
        ),
        CheckConstraint("state <> 'declined' OR late", name="only_late_declined"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    case_id: UUID = Field(foreign_key="case.id", index=True)
    receipt: str = Field(unique=True, max_length=20, description="the number that the objector is given")
    source: str = Field(default=ObjectionSource.LETTER, max_length=20)
    received_on: date = Field(description="the day on which the letter, call or visit came")
    late: bool = Field(default=False, description="it came after the public notice")
    heard: bool | None = Field(default=None, description="for a late one: whether the office hears it")
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False), description="an Account, sealed")
    asked_from: str = Field(default="", max_length=64, description="keyed digest of the sender's address")
    state: str = Field(default=ObjectionState.REGISTERED, max_length=20)
    registered_by: UUID | None = Field(
        default=None, foreign_key="person.id", description="empty: by the page"
    )
    verified_by: UUID | None = Field(default=None, foreign_key="person.id")
    concluded_by: UUID | None = Field(default=None, foreign_key="person.id")
    registered_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    concluded_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def is_open(self) -> bool:
        return self.concluded_at is None

    @property
    def waits_for_admission(self) -> bool:
        """It came late, and the office has not decided yet whether it is heard."""
        return self.late and self.heard is None


class ObjectionFile(SQLModel, table=True):
    """Evidence that came with an objection; its bytes lie sealed under this row's id, its name is ours."""

    __tablename__ = "objection_file"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    objection_id: UUID = Field(foreign_key="objection.id", index=True)
    filename: str = Field(max_length=40)
    kind: str = Field(max_length=10, description="an AttachmentKind")
    size: int = Field(description="bytes")
    sha256: str = Field(max_length=64)


@dataclass(frozen=True)
class Account:
    """What was said by whom, and what the office wrote down about it: for those who handle the objection alone."""

    objector: str
    contact: str
    text: str
    objector_kind: str = ObjectorKind.PERSON
    email: str = ""
    admission: str = ""
    finding: str = ""
    conclusion: str = ""


def account_about(objection: Objection) -> str:
    return account_about_id(objection.id)


def account_about_id(objection_id: UUID) -> str:
    return f"objection:{objection_id}"


def keep_account(objection: Objection, account: Account) -> None:
    objection.sealed = seal_json(asdict(account), account_about(objection))


def read_account(objection: Objection) -> Account:
    held: dict[str, Any] = unseal_json(objection.sealed, account_about(objection))
    return Account(**held)
