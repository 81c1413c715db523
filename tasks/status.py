"""How is the system, part by part? What is read here is judged by the rules of `models.health`."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from models import health
from models.database import reading, real_now
from models.health import Engine, MailQueue, Part
from models.heartbeat import BACKUP, ENGINE, SWEEP, Heartbeat
from models.mail import Message
from models.season import Season
from models.words import Condition, MessageState
from processes.probes import prefect_answers
from settings import settings

MEGABYTE = 1_000_000

# Wake-ups whose time has come by their season's clock: since when the longest of them waits, in real time.
OLDEST_WAKEUP = text("""
    select min(greatest(w.created_at, w.due_at - s.offset_seconds * interval '1 second'))
    from wakeup w join season s on s.id = w.season_id
    where w.done_at is null and w.due_at <= :now + s.offset_seconds * interval '1 second'
""")
FIGURES = text("""
    select pg_database_size(current_database()) as bytes,
        (select count(*) from pg_stat_activity where datname = current_database()) as connections,
        current_setting('max_connections') as most
""")


@dataclass(frozen=True)
class Status:
    at: datetime
    parts: Sequence[Part]

    @property
    def worst(self) -> Condition:
        """The state of the whole: that of the part that is worst."""
        found = {part.condition for part in self.parts}
        return next((c for c in (Condition.BROKEN, Condition.ATTENTION) if c in found), Condition.WELL)


def read_status() -> Status:
    """Every part. Takes at most a few seconds, also when the database or Prefect's server is away."""
    moment, database = real_now(), database_part()
    parts = [health.web(), database, health.prefect(prefect_answers(settings(), 0))]
    if database.condition is not Condition.BROKEN:
        with reading() as session:
            parts += [read(session, moment) for read in (_engine, _sweep, _mail, _backup)]
    used = shutil.disk_usage(settings().home)
    parts.append(health.disk(used.free // MEGABYTE, used.total // MEGABYTE))
    return Status(moment, parts)


def database_part() -> Part:
    """Whether the record can be read: without it nothing can be done."""
    began = time.monotonic()
    try:
        with reading() as session:
            session.exec(select(func.count()).select_from(Season)).one()
            milliseconds = (time.monotonic() - began) * 1000
            row = session.connection().execute(FIGURES).one()
    except SQLAlchemyError:
        return health.database(None)
    facts = [
        ("大小", f"{row.bytes / MEGABYTE:.0f} MB"),
        ("连接", f"{row.connections} 个，上限 {row.most} 个"),
    ]
    return health.database(milliseconds, facts)


def _engine(session: Session, moment: datetime) -> Part:
    engines = [
        Engine(row.name, row.at, row.facts["threads"], row.facts["busy"], row.facts["leads"])
        for row in _beats(session, ENGINE)
    ]
    oldest = session.connection().execute(OLDEST_WAKEUP, {"now": moment}).scalar()
    return health.engine(engines, oldest, moment)


def _sweep(session: Session, moment: datetime) -> Part:
    last = next(iter(_beats(session, SWEEP)), None)
    # A restored or restarted system is given the time to its first sweep.
    started = min((row.facts["since"] for row in _beats(session, ENGINE)), default=None)
    since = datetime.fromisoformat(started) if started else None
    return health.sweep(last.at if last else None, last.facts["woken"] if last else 0, since, moment)


def _mail(session: Session, moment: datetime) -> Part:
    waiting = session.exec(
        select(
            func.count(),
            func.min(Message.next_at),
            func.max(Message.error),
        ).where(Message.state == MessageState.QUEUED)
    ).one()
    sent = session.exec(select(func.max(Message.sent_at))).one()
    ended = {
        MessageState(state): count
        for state, count in session.exec(
            select(Message.state, func.count())
            .where(col(Message.state).in_([MessageState.FAILED, MessageState.UNKNOWN]))
            .join(Season, col(Season.id) == col(Message.season_id))
            .where(col(Season.closed_at).is_(None))
            .group_by(col(Message.state))
        )
    }
    return health.mail(
        MailQueue(
            waiting=waiting[0],
            overdue_since=waiting[1] if waiting[1] and waiting[1] < moment else None,
            last_sent=sent,
            failed=ended.get(MessageState.FAILED, 0),
            unknown=ended.get(MessageState.UNKNOWN, 0),
            error=waiting[2] or "",
        ),
        moment,
    )


def _backup(session: Session, moment: datetime) -> Part:
    last = next(iter(_beats(session, BACKUP)), None)
    return health.backup(last.at if last else None, moment)


def _beats(session: Session, part: str) -> Sequence[Heartbeat]:
    """The latest first."""
    return session.exec(
        select(Heartbeat).where(Heartbeat.part == part).order_by(col(Heartbeat.at).desc())
    ).all()
