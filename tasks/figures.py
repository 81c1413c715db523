"""Which figures does a monitoring program read? Counts and ages, and nothing that tells of a person."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case as either
from sqlalchemy import func, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session, col, select

from documents.virus import scanner_version
from models.database import engine, reading, real_now
from models.file_scan import count_scans, oldest_waiting
from models.gates import Gate
from models.heartbeat import BACKUP, Heartbeat
from models.mail import Message
from models.season import Season
from models.wakeup import Wakeup
from models.words import GateState, MessageState, ScanState
from settings import settings
from tasks.status import OLDEST_WAKEUP

SHIFT = text("interval '1 second'")


@dataclass(frozen=True)
class Figure:
    """One kind of figure: its name, what it says, and a value for each combination of labels."""

    name: str
    about: str
    labels: Sequence[str]
    values: Sequence[tuple[Sequence[str], float]]


def figures() -> list[Figure]:
    """All of them; without the database only what can be told without it."""
    found = [*_disk(), *_pool()]
    try:
        with reading() as session:
            for read in (_gates, _mails, _wakeups, _signs_of_life, _scans):
                found += read(session)
        answers = 1.0
    except SQLAlchemyError:
        answers = 0.0
    return [plain("database_up", "Whether the record's database answers.", answers), *found]


def plain(name: str, about: str, value: float) -> Figure:
    return Figure(name, about, (), [((), value)])


def _gates(session: Session) -> Iterator[Figure]:
    """By the clock of each season."""
    now = func.now() + col(Season.offset_seconds) * SHIFT
    late = either((col(Gate.due_at).is_(None), "no_date"), (col(Gate.due_at) < now, "late"), else_="in_time")
    rows = session.exec(
        select(Season.key, Gate.step, late, func.count())
        .join(Season, col(Season.id) == col(Gate.season_id))
        .where(Gate.state == GateState.OPEN, col(Season.closed_at).is_(None))
        .group_by(col(Season.key), col(Gate.step), late)
    ).all()
    values = [((season, step, lateness), float(n)) for season, step, lateness, n in rows]
    yield Figure("open_gates", "Gates that wait for somebody.", ("season", "step", "lateness"), values)


def _mails(session: Session) -> Iterator[Figure]:
    rows = session.exec(select(Message.state, func.count()).group_by(Message.state)).all()
    counted = {str(state): float(n) for state, n in rows}
    values = [((str(state),), counted.get(str(state), 0.0)) for state in MessageState]
    yield Figure("messages", "Mails in the outbox by state.", ("state",), values)
    oldest = session.exec(
        select(func.min(Message.queued_at)).where(Message.state == MessageState.QUEUED)
    ).one()
    yield plain("oldest_queued_message_seconds", "How long the oldest unsent mail waits.", _age(oldest))


def _wakeups(session: Session) -> Iterator[Figure]:
    now = func.now() + col(Season.offset_seconds) * SHIFT
    due = session.exec(
        select(func.count())
        .select_from(Wakeup)
        .join(Season, col(Season.id) == col(Wakeup.season_id))
        .where(col(Wakeup.done_at).is_(None), col(Wakeup.due_at) <= now)
    ).one()
    oldest = session.connection().execute(OLDEST_WAKEUP, {"now": real_now()}).scalar()
    yield plain("due_wakeups", "Wake-ups whose time has come and that are not done.", float(due))
    yield plain("oldest_due_wakeup_seconds", "How long the oldest of them waits.", _age(oldest))


def _signs_of_life(session: Session) -> Iterator[Figure]:
    beats = session.exec(select(Heartbeat).order_by(col(Heartbeat.part), col(Heartbeat.name))).all()
    values = [((b.part, b.name), _age(b.at)) for b in beats if b.part != BACKUP]
    yield Figure("heartbeat_age_seconds", "Since the last sign of life of a part.", ("part", "name"), values)
    saved = [((), _age(b.at)) for b in beats if b.part == BACKUP]
    yield Figure("backup_age_seconds", "Since the last whole backup; absent when there was none.", (), saved)


def _scans(session: Session) -> Iterator[Figure]:
    counted = count_scans(session)
    values = [
        ((str(state),), float(counted.get(state, 0))) for state in ScanState if state != ScanState.UNSCANNED
    ]
    yield Figure("scanned_files", "Files by what the virus scanner said of them.", ("state",), values)
    yield plain(
        "oldest_unscanned_file_seconds", "How long the oldest held file waits.", _age(oldest_waiting(session))
    )
    up = [((), float(scanner_version() is not None))] if settings().clamd_address else []
    yield Figure("virus_scanner_up", "Whether the virus scanner answers; absent when there is none.", (), up)


def _disk() -> Iterator[Figure]:
    used = shutil.disk_usage(settings().home)
    yield plain("disk_free_bytes", "Free on the disk that holds the data.", float(used.free))
    yield plain("disk_total_bytes", "Size of the disk that holds the data.", float(used.total))


def _pool() -> Iterator[Figure]:
    pool = engine().pool
    assert isinstance(pool, QueuePool)
    values = [(("in_use",), float(pool.checkedout())), (("idle",), float(pool.checkedin()))]
    yield Figure("database_connections", "Connections of the web process.", ("state",), values)


def _age(moment: datetime | None) -> float:
    return max(0.0, (real_now() - moment).total_seconds()) if moment else 0.0
