"""Who asks to apply by mail, and which mails have come in for the office to claim?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from models.database import Instant, real_now
from models.words import IncomingState


class Invitation(SQLModel, table=True):
    """A mailed link by which someone without an account nominates himself (四（三）); only its SHA-256 is kept."""

    __tablename__ = "invitation"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    name: str = Field(max_length=80)
    email: str = Field(max_length=200, index=True)
    digest: str = Field(unique=True, max_length=64)
    person_id: UUID = Field(
        foreign_key="person.id", description="without a login: only this link reaches them"
    )
    case_id: UUID | None = Field(default=None, foreign_key="case.id", index=True)
    asked_from: str = Field(default="", max_length=64, description="keyed digest of the asking address")
    asked_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class Incoming(SQLModel, table=True):
    """A mail that came in. Its From line is shown and proves nothing; its text is sealed."""

    __tablename__ = "incoming"
    __table_args__ = (
        Index("ix_incoming_waiting", "season_id", "received_at", postgresql_where=text("state = 'waiting'")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    message_id: str = Field(default="", max_length=300, index=True)
    sha256: str = Field(
        unique=True, max_length=64, description="of the whole mail: the same one comes in once"
    )
    sender: str = Field(default="", max_length=300)
    subject: str = Field(default="", max_length=300)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    automatic: bool = Field(default=False, description="a bounce or an automatic reply")
    received_at: datetime = Field(sa_type=Instant)
    read_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    state: str = Field(default=IncomingState.WAITING, max_length=20)
    note: str = Field(default="", max_length=500)
    settled_by: UUID | None = Field(default=None, foreign_key="person.id")
    settled_at: datetime | None = Field(default=None, sa_type=Instant)


class IncomingPart(SQLModel, table=True):
    """One attachment of a mail that came in; its bytes lie sealed in the files folder under this row's id."""

    __tablename__ = "incoming_part"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    incoming_id: UUID = Field(foreign_key="incoming.id", index=True)
    position: int = Field(description="its place in the mail")
    filename: str = Field(max_length=255)
    kind: str = Field(
        default="", max_length=10, description="an AttachmentKind; empty when it can't be taken in"
    )
    size: int
    sha256: str = Field(max_length=64)
    problem: str = Field(default="", max_length=500, description="why it can't be taken in")
    looks_like: str = Field(
        default="", max_length=40, description="the document of the notice that it seems to be"
    )
    case_id: UUID | None = Field(default=None, foreign_key="case.id")
    import_id: UUID | None = Field(default=None, foreign_key="sheet_import.id")


class Source(SQLModel, table=True):
    """Where mails are fetched from by the clock: how far that has got, and what stood in the way last time."""

    __tablename__ = "incoming_source"

    name: str = Field(primary_key=True, max_length=20, description="imap or folder")
    address: str = Field(default="", max_length=300, description="without the password")
    validity: int = Field(
        default=0, sa_type=BigInteger, description="UIDVALIDITY: with another, the mailbox is new"
    )
    last_uid: int = Field(default=0, sa_type=BigInteger)
    looked_at: datetime | None = Field(default=None, sa_type=Instant)
    trouble: str = Field(default="", max_length=500)


def content_about(incoming_id: UUID) -> str:
    """As what the text of a mail is sealed."""
    return f"incoming.content:{incoming_id}"
