"""What do the hosts sign together (五), in which version, and under which number does it go out?

Every version of the text is kept with the list as it then stood; its digest goes on record with each host's answer.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Session, SQLModel, col, select

from models.case import Case
from models.database import Instant, real_now
from models.notice import Notice
from models.placeholders import filled
from models.progress import Progress, latest_list, listed
from models.season import Season
from models.words import GateState


class JointText(SQLModel, table=True):
    """One version of the text, never changed. `names` is the list then: number, name, employer, trade of each."""

    __tablename__ = "joint_text"
    __table_args__ = (UniqueConstraint("season_id", "version"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    version: int
    round: int = Field(description="the round of the draft in which it was written")
    title: str = Field(max_length=200)
    addressee: str = Field(max_length=500)
    body: str = Field(sa_column=Column(Text, nullable=False))
    names: list[dict[str, str]] = Field(sa_column=Column(JSONB, nullable=False))
    list_digest: str = Field(max_length=64, description="of the confirmed list that the names come from")
    digest: str = Field(max_length=64, description="SHA-256 of what is signed")
    written_by: UUID = Field(foreign_key="person.id")
    written_at: datetime = Field(sa_type=Instant)

    def values(self, notice: Notice) -> dict[str, str]:
        return {
            "年度": str(notice.year),
            "称号": notice.award_name,
            "人数": str(len(self.names)),
            "通知文号": notice.number,
        }

    def paragraphs(self, notice: Notice) -> list[str]:
        """The text as it reads; the line of the list stays a mark."""
        return [filled(p.strip(), self.values(notice)) for p in self.body.splitlines() if p.strip()]

    def heading(self, notice: Notice) -> str:
        return filled(self.title, self.values(notice))

    def to(self, notice: Notice) -> str:
        return filled(self.addressee, self.values(notice))


class JointNumber(SQLModel, table=True):
    """The number and date under which it was issued. Never changed: a correction is a row with a reason."""

    __tablename__ = "joint_number"
    __table_args__ = (
        UniqueConstraint("season_id", "revision"),
        CheckConstraint("revision = 1 OR reason <> ''", name="correction_has_reason"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    revision: int = 1
    number: str = Field(max_length=60)
    dated: date
    digest: str = Field(max_length=64, description="of the text that was signed")
    reason: str = Field(default="", max_length=500)
    recorded_by: UUID = Field(foreign_key="person.id")
    recorded_at: datetime = Field(default_factory=real_now, sa_type=Instant)


def text_digest(notice: Notice, title: str, addressee: str, body: str, names: list[dict[str, str]]) -> str:
    """SHA-256 of everything that is signed: words, list and signatories."""
    said: list[Any] = [title, addressee, body, names, notice.hosts]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def latest_text(session: Session, season: Season) -> JointText | None:
    return session.exec(
        select(JointText)
        .where(JointText.season_id == season.id)
        .order_by(col(JointText.version).desc())
        .limit(1)
    ).first()


def text_versions(session: Session, season: Season) -> list[JointText]:
    """Every version, the latest first."""
    wanted = select(JointText).where(JointText.season_id == season.id)
    return list(session.exec(wanted.order_by(col(JointText.version).desc())))


def number_in_force(session: Session, season: Season) -> JointNumber | None:
    return session.exec(
        select(JointNumber)
        .where(JointNumber.season_id == season.id)
        .order_by(col(JointNumber.revision).desc())
        .limit(1)
    ).first()


def names_now(session: Session, season: Season, notice: Notice) -> tuple[list[dict[str, str]], str]:
    """The list in force, in its order, as the document prints it; with the digest of that list."""
    assert notice.joint_document is not None
    shortlist = latest_list(session, season, notice, before=notice.joint_document.draft)
    if shortlist is None:
        return [], ""
    return [_printed(case) for _, case in listed(session, shortlist)], shortlist.digest or ""


def _printed(case: Case) -> dict[str, str]:
    form: Mapping[str, Any] = case.form
    return {
        "number": case.number,
        "name": case.name,
        "employer": str(form.get("employer") or ""),
        "occupation": str(form.get("occupation") or ""),
    }


def is_signed(session: Session, season: Season, notice: Notice) -> bool:
    """Whether every host has signed and none has sent it back since."""
    gate = Progress(session, season, notice, None).gates.get(
        notice.joint_document.sign if notice.joint_document else ""
    )
    return gate is not None and gate.state == GateState.CLEARED
