"""Who are the people and bodies, who holds which seat, and how do they log in?"""

import unicodedata
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ColumnElement, Index, func, text
from sqlmodel import Field, SQLModel, col

from models.database import Instant, real_now


class Organisation(SQLModel, table=True):
    """A unit, union or department. `county` is empty for bodies of the city and units under it."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(
            "kind NOT IN ('county_union','county_department') OR county IS NOT NULL",
            name="county_body_has_county",
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(unique=True, max_length=200)
    kind: str = Field(max_length=30)
    county: str | None = Field(default=None, index=True, max_length=40)
    email: str | None = None


class Person(SQLModel, table=True):
    """Someone who decides, applies or administers. No login name: only mailed links reach this person."""

    __tablename__ = "person"
    __table_args__ = (
        Index("uq_person_login_folded", text("lower(normalize(login, NFKC))"), unique=True),
        CheckConstraint("login IS NOT NULL OR password_hash IS NULL", name="password_has_login"),
        CheckConstraint("admin_role IN ('system', 'security', 'audit')", name="known_admin_role"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=80)
    email: str | None = Field(default=None, max_length=200)
    employer: str | None = Field(default=None, max_length=200)
    trades: str = Field(default="", description="an expert's categories of 附件5, comma separated keys")
    login: str | None = Field(default=None, max_length=60)
    password_hash: str | None = None
    password_set_at: datetime | None = Field(default=None, sa_type=Instant)
    must_change: bool = Field(default=False, description="the password is good for one login only")
    admin_role: str | None = Field(
        default=None, max_length=20, description="one of the three administrators, who holds no seat"
    )
    practice: bool = Field(default=False, description="an account of practice, whose password is shared")
    active: bool = True


def folded(login: str) -> str:
    """A login name without regard to case and width."""
    return unicodedata.normalize("NFKC", login).strip().lower()


def folded_login() -> ColumnElement[Any]:
    """The same in the record, as its unique index has it."""
    return func.lower(func.normalize(col(Person.login), text("NFKC")))


class Seat(SQLModel, table=True):
    """A person's place in a body, for one season, from a day to a day; bodies act by their seats."""

    __tablename__ = "seat"
    __table_args__ = (Index("ix_seat_lookup", "season_id", "body", "organisation_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    body: str = Field(max_length=40)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    since: datetime = Field(sa_type=Instant)
    until: datetime | None = Field(default=None, sa_type=Instant)
    notified: bool = Field(
        default=True, description="whether this person gets the mail of each task of the body"
    )
    stands_in_for: UUID | None = Field(
        default=None,
        foreign_key="person.id",
        description="who is away: this seat is a substitute's, for these days",
    )


class LoginSession(SQLModel, table=True):
    """A login kept on the server; the cookie holds the identifier, this row its SHA-256."""

    __tablename__ = "login_session"

    digest: str = Field(primary_key=True, max_length=64)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    csrf: str = Field(max_length=64)
    assignment_id: UUID | None = Field(
        default=None, foreign_key="assignment.id", description="limited to one mailed task"
    )
    proved_at: datetime | None = Field(
        default=None, sa_type=Instant, description="when a code over the telephone proved the person"
    )
    waits_for: str = Field(default="", max_length=20, description="until then it opens nothing")
    id: UUID = Field(default_factory=uuid4, unique=True, description="names it on pages")
    address: str = Field(default="", max_length=64)
    device: str = Field(default="", max_length=120)
    created_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    used_at: datetime = Field(default_factory=real_now, sa_type=Instant)


class ApiToken(SQLModel, table=True):
    """A bearer token of a person for the JSON API; only its SHA-256 is kept."""

    __tablename__ = "api_token"

    digest: str = Field(primary_key=True, max_length=64)
    person_id: UUID = Field(foreign_key="person.id")
    name: str = Field(max_length=80)
    created_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
