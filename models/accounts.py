"""What is kept of accounts beside the people: old passwords, counted failures, known browsers, and the account log?"""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.database import Instant, real_now
from models.event import told_hash


class OldPassword(SQLModel, table=True):
    """A password that a person had, as its argon2id hash: it is not taken again."""

    __tablename__ = "old_password"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    password_hash: str
    set_at: datetime = Field(default_factory=real_now, sa_type=Instant)


class LoginGuess(SQLModel, table=True):
    """Failures in a row: of a login name (known or not), of a known browser, or of a network address."""

    __tablename__ = "login_guess"

    key: str = Field(primary_key=True, max_length=100)
    since: datetime = Field(sa_type=Instant)
    wrong: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=Instant)


class KnownBrowser(SQLModel, table=True):
    """A browser in which this person logged in before; its cookie holds the token, this row its SHA-256."""

    __tablename__ = "known_browser"

    digest: str = Field(primary_key=True, max_length=64)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    since: datetime = Field(default_factory=real_now, sa_type=Instant)
    used_at: datetime = Field(default_factory=real_now, sa_type=Instant)


class AccountEvent(SQLModel, table=True):
    """One thing that an account did or that was done to it. Append-only; `hash` covers it and the hash before it."""

    __tablename__ = "account_event"
    __table_args__ = (Index("ix_account_event_at", "at"),)

    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: datetime = Field(default_factory=real_now, sa_type=Instant)
    kind: str = Field(max_length=40)
    result: str = Field(max_length=10)
    person_id: UUID | None = Field(
        default=None, foreign_key="person.id", index=True, description="who did it; empty: nobody known"
    )
    role: str = Field(default="", max_length=20)
    address: str = Field(default="", max_length=64)
    device: str = Field(default="", max_length=120)
    about: str = Field(default="", max_length=200, description="to whom or what")
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


def account_event_hash(event: AccountEvent) -> str:
    """SHA-256 over everything the event says and over the hash before it."""
    return told_hash(
        {
            "seq": event.seq,
            "at": event.at.timestamp(),
            "kind": event.kind,
            "result": event.result,
            "person": str(event.person_id) if event.person_id else None,
            "role": event.role,
            "address": event.address,
            "device": event.device,
            "about": event.about,
            "facts": event.facts,
            "previous": event.previous,
        }
    )


class DenialCount(SQLModel, table=True):
    """How often this person was refused an address (as its route) on a day; the log tells of some of the times."""

    __tablename__ = "denial_count"

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    day: date = Field(primary_key=True)
    address: str = Field(primary_key=True, max_length=200)
    times: int = 1


class SecondFactor(SQLModel, table=True):
    """The secret of a person's authenticator app, sealed; one that is being set up is not confirmed yet."""

    __tablename__ = "second_factor"
    __table_args__ = (UniqueConstraint("person_id", "confirmed"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    confirmed: bool = False
    sealed: bytes
    last_step: int = Field(
        default=0,
        sa_column=Column(BigInteger, nullable=False),
        description="of which half minute a code was used",
    )
    made_at: datetime = Field(default_factory=real_now, sa_type=Instant)


class RecoveryCode(SQLModel, table=True):
    """A code for who has lost the telephone: shown once, good once; only its SHA-256 is kept."""

    __tablename__ = "recovery_code"

    digest: str = Field(primary_key=True, max_length=64)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    made_at: datetime = Field(default_factory=real_now, sa_type=Instant)


def factor_about(factor: SecondFactor) -> str:
    """As what the secret is sealed."""
    return f"second_factor:{factor.id}"
