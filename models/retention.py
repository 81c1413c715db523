"""What is to be erased, who decided it, how far is it, and what is held back (个人信息保护法第19、47条)?

An `Erasure` is the list that one person proposes and another confirms; its items say what went, by hash, never what it
was. A `Hold` keeps one case, or the whole season, from being erased.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, Session, SQLModel, col, select

from models.appeal import Appeal
from models.data_words import ErasureState
from models.database import Instant, real_now
from models.objection import Objection


class Erasure(SQLModel, table=True):
    """One list; `digest` is over its items, so that what is confirmed is what was proposed."""

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_when_not_open"),
        CheckConstraint("settled_by <> proposed_by OR state = 'declined'", name="two_people"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_has_time"),
        Index(
            "uq_erasure_open",
            "season_id",
            unique=True,
            postgresql_where=text("state IN ('open', 'confirmed')"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    digest: str = Field(max_length=64)
    state: str = Field(default=ErasureState.OPEN, max_length=20)
    proposed_by: UUID = Field(foreign_key="person.id")
    proposed_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    settled_by: UUID | None = Field(default=None, foreign_key="person.id")
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)


class ErasureItem(SQLModel, table=True):
    """One thing; `erased_at` empty and the erasure done: it was held back by then."""

    __tablename__ = "erasure_item"

    erasure_id: UUID = Field(foreign_key="erasure.id", primary_key=True)
    position: int = Field(primary_key=True)
    data_class: str = Field(max_length=20, description="a DataClass")
    part: str = Field(max_length=20, description="a Part")
    case_id: UUID | None = Field(default=None, foreign_key="case.id", index=True)
    ref: str = Field(max_length=120, description="the row, or the person and form, that held it")
    sha256: str = Field(max_length=64, description="of what was kept: a file's, or a sealed text's")
    erased_at: datetime | None = Field(default=None, sa_type=Instant)


class Hold(SQLModel, table=True):
    """Somebody has to keep this, for a reason; without a case the whole season."""

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_has_person"),
        Index("ix_hold_standing", "season_id", postgresql_where=text("lifted_at IS NULL")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    case_id: UUID | None = Field(default=None, foreign_key="case.id")
    reason: str = Field(max_length=500)
    set_by: UUID = Field(foreign_key="person.id")
    set_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    lifted_by: UUID | None = Field(default=None, foreign_key="person.id")
    lifted_at: datetime | None = Field(default=None, sa_type=Instant)


def standing_holds(session: Session, season_id: UUID) -> Sequence[Hold]:
    wanted = select(Hold).where(Hold.season_id == season_id, col(Hold.lifted_at).is_(None))
    return session.exec(wanted.order_by(col(Hold.set_at))).all()


def held_back(session: Session, season_id: UUID) -> dict[UUID | None, str]:
    """Why a case is not erased: an open objection or appeal, or a hold; under None why nothing of the season is."""
    found: dict[UUID | None, str] = {}
    objected = select(Objection.case_id).where(
        Objection.season_id == season_id, col(Objection.concluded_at).is_(None)
    )
    appealed = select(Appeal.case_id).where(Appeal.season_id == season_id, col(Appeal.answered_at).is_(None))
    found.update((case_id, "有未办结的异议") for case_id in session.exec(objected))
    found.update((case_id, "有未答复的申诉") for case_id in session.exec(appealed))
    for hold in standing_holds(session, season_id):
        found[hold.case_id] = f"暂缓清除：{hold.reason}"
    return found


def erasures(session: Session, season_id: UUID) -> Sequence[Erasure]:
    """Every list there was, the latest first."""
    wanted = select(Erasure).where(Erasure.season_id == season_id)
    return session.exec(wanted.order_by(col(Erasure.proposed_at).desc())).all()


def open_erasure(session: Session, season_id: UUID) -> Erasure | None:
    """The one that waits for its second person, or is being carried out."""
    under_way = (ErasureState.OPEN, ErasureState.CONFIRMED)
    return next((e for e in erasures(session, season_id) if e.state in under_way), None)


def items_of(session: Session, erasure_id: UUID) -> Sequence[ErasureItem]:
    wanted = select(ErasureItem).where(ErasureItem.erasure_id == erasure_id)
    return session.exec(wanted.order_by(col(ErasureItem.position))).all()
