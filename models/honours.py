"""Which certificate has each recognised person, what was paid, and is the title still held (五)?"""

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.case import Case
from models.database import Instant, real_now
from models.notice import Notice
from models.progress import current_list, final_step, listed
from models.season import Season
from models.viewer import Viewer
from models.words import Outcome
from settings import settings

CODE_LENGTH = 8


class Certificate(SQLModel, table=True):
    """One person's certificate: numbered once, printed as often as needed, never under another number."""

    __tablename__ = "certificate"
    __table_args__ = (UniqueConstraint("season_id", "sequence"), UniqueConstraint("season_id", "number"))

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    case_id: UUID = Field(foreign_key="case.id", unique=True)
    sequence: int
    number: str = Field(max_length=60, index=True)
    dated: date
    numbered_by: UUID = Field(foreign_key="person.id")
    numbered_at: datetime = Field(default_factory=real_now, sa_type=Instant)

    @property
    def code(self) -> str:
        """The check code printed beside the number: numbers can be counted up, codes can't be guessed."""
        key = settings().secret("certificates").encode()
        digest = hmac.new(key, f"{self.id}:{self.number}".encode(), hashlib.sha256).digest()
        return b32encode(digest).decode()[:CODE_LENGTH]


class AwardAmount(SQLModel, table=True):
    """What each recognised person gets, with the paper that says so. Never changed: the latest row is in force."""

    __tablename__ = "award_amount"
    __table_args__ = (
        UniqueConstraint("season_id", "revision"),
        CheckConstraint("amount_yuan >= 0", name="amount_not_negative"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    revision: int = 1
    amount_yuan: int
    paper: str = Field(max_length=200, description="the paper that settles it")
    reason: str = Field(default="", max_length=500)
    recorded_by: UUID = Field(foreign_key="person.id")
    recorded_at: datetime = Field(default_factory=real_now, sa_type=Instant)


class Payment(SQLModel, table=True):
    """What became of one person's award: paid on a day, or not to be paid and why. The latest row is in force."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("case_id", "revision"),
        CheckConstraint("paid_on IS NOT NULL OR note <> ''", name="paid_or_explained"),
        Index("ix_payment_season_id", "season_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    case_id: UUID = Field(foreign_key="case.id")
    revision: int = 1
    amount_yuan: int
    paid_on: date | None = None
    note: str = Field(default="", max_length=500)
    recorded_by: UUID = Field(foreign_key="person.id")
    recorded_at: datetime = Field(default_factory=real_now, sa_type=Instant)


class Revocation(SQLModel, table=True):
    """A title taken back, by which body, on which paper and why."""

    __tablename__ = "revocation"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    case_id: UUID = Field(foreign_key="case.id", unique=True)
    paper: str = Field(max_length=200)
    decided_on: date
    reason: str = Field(sa_column=Column(Text, nullable=False))
    recorded_by: UUID = Field(foreign_key="person.id")
    recorded_at: datetime = Field(default_factory=real_now, sa_type=Instant)


@dataclass(frozen=True)
class Honoured:
    """One recognised person with everything that came after."""

    case: Case
    certificate: Certificate | None
    payment: Payment | None
    revocation: Revocation | None

    @property
    def settled(self) -> bool:
        """Paid, or written down why not."""
        return self.payment is not None or self.revocation is not None


def recognised_cases(session: Session, season: Season, notice: Notice) -> Sequence[Case]:
    """Everybody recognised, in the order of the list in force."""
    step = final_step(notice)
    shortlist = current_list(session, season.id, step.key) if step else None
    rows = listed(session, shortlist) if shortlist else []
    return [c for _, c in rows if c.outcome == Outcome.RECOGNISED]


def honoured(session: Session, season: Season, notice: Notice) -> list[Honoured]:
    """The same with certificates, payments and revocations, in a constant number of statements."""
    certificates = session.exec(select(Certificate).where(Certificate.season_id == season.id))
    payments = session.exec(
        select(Payment).where(Payment.season_id == season.id).order_by(col(Payment.revision))
    )
    revocations = session.exec(select(Revocation).where(Revocation.season_id == season.id))
    numbered = {c.case_id: c for c in certificates}
    paid = {p.case_id: p for p in payments}
    revoked = {r.case_id: r for r in revocations}
    return [
        Honoured(c, numbered.get(c.id), paid.get(c.id), revoked.get(c.id))
        for c in recognised_cases(session, season, notice)
    ]


def amount_in_force(session: Session, season: Season) -> AwardAmount | None:
    return session.exec(
        select(AwardAmount)
        .where(AwardAmount.season_id == season.id)
        .order_by(col(AwardAmount.revision).desc())
        .limit(1)
    ).first()


def find_certificate(session: Session, number: str, code: str) -> Certificate | None:
    """The certificate of this number, if the check code is its own."""
    for certificate in session.exec(select(Certificate).where(Certificate.number == number)):
        if hmac.compare_digest(certificate.code.encode(), code.encode()):
            return certificate
    return None


def title_of(viewer: Viewer, case: Case) -> Honoured | None:
    """What came after for one person in view; None for who was not recognised."""
    if case.outcome != Outcome.RECOGNISED:
        return None
    session = viewer.session
    payments = select(Payment).where(Payment.case_id == case.id).order_by(col(Payment.revision).desc())
    return Honoured(
        case,
        session.exec(select(Certificate).where(Certificate.case_id == case.id)).first(),
        session.exec(payments.limit(1)).first(),
        session.exec(select(Revocation).where(Revocation.case_id == case.id)).first(),
    )
