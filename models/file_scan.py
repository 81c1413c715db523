"""What did the virus scanner say of a file, and may the file be opened?

A file that has not been scanned although there is a scanner, and one in which something was found later, are held:
nobody opens them, not even who sent them. A file without a row was put before there was a scanner.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Field, Session, SQLModel, col, delete, select

from models.database import Instant, real_now
from models.words import ScanState

HELD = (ScanState.WAITING, ScanState.FOUND)


class FileScan(SQLModel, table=True):
    """One file of the files folder, under its id there."""

    __tablename__ = "file_scan"

    file_id: UUID = Field(primary_key=True)
    state: str = Field(max_length=10, index=True, description="a ScanState")
    virus: str = Field(default="", max_length=200, description="what the scanner calls it")
    put_by: UUID | None = Field(
        default=None, foreign_key="person.id", description="empty: a mail, or a stranger"
    )
    put_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    scanned_at: datetime | None = Field(default=None, sa_type=Instant)


def scan_states(session: Session, file_ids: Iterable[UUID]) -> dict[UUID, ScanState]:
    """The state of each of these files."""
    wanted = list(file_ids)
    rows = session.exec(
        select(FileScan.file_id, FileScan.state).where(col(FileScan.file_id).in_(wanted))
    ).all()
    known = {file_id: ScanState(state) for file_id, state in rows}
    return {file_id: known.get(file_id, ScanState.UNSCANNED) for file_id in wanted}


def held_state(session: Session, file_id: UUID) -> ScanState | None:
    """Why a file must not be opened; None when it may."""
    [state] = scan_states(session, [file_id]).values()
    return state if state in HELD else None


def forget_held(session: Session, file_id: UUID) -> None:
    """A file that goes is held no longer."""
    session.exec(delete(FileScan).where(col(FileScan.file_id) == file_id, col(FileScan.state).in_(HELD)))


def count_scans(session: Session) -> dict[ScanState, int]:
    """How many files are in which state; those without a row are not counted."""
    rows = session.exec(select(FileScan.state, func.count()).group_by(FileScan.state)).all()
    return {ScanState(state): count for state, count in rows}


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the file waits that has waited longest."""
    return session.exec(select(func.min(FileScan.put_at)).where(FileScan.state == ScanState.WAITING)).one()
