"""How is the system, part by part? What is read here is judged by the rules of `models.health`."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from documents.virus import scanner_version
from models import health
from models.anchor import newest_anchor
from models.database import reading, real_now
from models.file_scan import count_scans, oldest_waiting
from models.health import Engine, MailQueue, Part
from models.heartbeat import BACKUP, ENGINE, SWEEP, Heartbeat
from models.mail import Message
from models.notice import day_of
from models.outbox import UNSETTLED, standing
from models.season import Season, now
from models.words import Condition, MessageState
from processes.probes import prefect_answers
from settings import settings
from tasks.anchoring import auditors

MEGABYTE = 1_000_000
SEVERITY = (Condition.BROKEN, Condition.ATTENTION, Condition.WELL, Condition.NONE)

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
    def worst_first(self) -> Sequence[Part]:
        """The parts in their order, those that need somebody before the others."""
        return sorted(self.parts, key=lambda part: SEVERITY.index(part.condition))

    @property
    def worst(self) -> Condition:
        """The state of the whole: that of the part that is worst."""
        worst = self.worst_first[0].condition
        return Condition.WELL if worst is Condition.NONE else worst


def read_status() -> Status:
    """Every part. Takes at most a few seconds, also when the database or Prefect's server is away."""
    moment, database = real_now(), database_part()
    parts = [health.web(), database, health.prefect(prefect_answers(settings(), 0))]
    if database.condition is not Condition.BROKEN:
        with reading() as session:
            parts += [read(session, moment) for read in (_engine, _sweep, _mail, _virus, _anchors, _backup)]
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
    """Of all seasons under way, judged by what the outbox itself tells of each."""
    waiting = session.exec(select(func.count()).where(Message.state == MessageState.QUEUED)).one()
    unsettled = session.exec(
        select(func.count())
        .select_from(Message)
        .join(Season, col(Season.id) == col(Message.season_id))
        .where(col(Message.state).in_(UNSETTLED), col(Season.closed_at).is_(None))
    ).one()
    found = [standing(session, season) for season in _sending(session)]
    alarming = [each for each in found if each.alarm]
    return health.mail(
        MailQueue(
            waiting=waiting,
            last_sent=session.exec(select(func.max(Message.sent_at))).one(),
            unsettled=unsettled,
            stopped=any(each.is_stopped for each in found),
            alarms=sorted({each.alarm for each in alarming}),
            overdue_since=min((x.waiting_since for x in alarming if x.waiting_since), default=None),
        ),
        moment,
    )


def _sending(session: Session) -> Sequence[Season]:
    """The seasons under way that have mails in the queue, and the one opened last."""
    queued = select(Message.season_id).where(Message.state == MessageState.QUEUED)
    newest = select(func.max(Season.opened_at)).where(col(Season.closed_at).is_(None)).scalar_subquery()
    concerned = or_(col(Season.id).in_(queued), col(Season.opened_at) == newest)
    return session.exec(select(Season).where(col(Season.closed_at).is_(None), concerned)).all()


def _virus(session: Session, moment: datetime) -> Part:
    set_up = settings().clamd_address is not None
    return health.virus_scanner(set_up, scanner_version(), count_scans(session), oldest_waiting(session))


def _anchors(session: Session, moment: datetime) -> Part:
    """Of the season under way whose last anchor is oldest by its own calendar; new ones are given their first day."""
    seasons = session.exec(select(Season).where(col(Season.closed_at).is_(None))).all()
    found = [
        (day_of(now(season)), a.day if (a := newest_anchor(session, season.id)) else None)
        for season in seasons
    ]
    if not found:
        return health.anchors(None, None, mailed=True)
    today, last = max(found, key=lambda pair: pair[0] - (pair[1] or pair[0]))
    return health.anchors(last, today, mailed=all(auditors(season) for season in seasons))


def _backup(session: Session, moment: datetime) -> Part:
    last = next(iter(_beats(session, BACKUP)), None)
    if last is None:
        return health.backup(None, moment)
    return health.backup(last.at, moment, last.facts.get("bytes", 0), last.facts.get("files", 0))


def _beats(session: Session, part: str) -> Sequence[Heartbeat]:
    """The latest first."""
    return session.exec(
        select(Heartbeat).where(Heartbeat.part == part).order_by(col(Heartbeat.at).desc())
    ).all()
