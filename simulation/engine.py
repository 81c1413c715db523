"""When have the flows done what the record asked of them?

The people of a simulation don't run ahead: at most a few of their decisions wait for the engine at once, and
the clock moves only when nothing is left to be done. Whether that is so is read from the record alone.
"""

import time
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.case import Case
from models.database import reading
from models.gates import Gate
from models.mail import Message
from models.progress import Progress
from models.season import Season, notice_by_digest, notice_of, now
from models.wakeup import Wakeup
from models.words import GateState, MessageState

IN_FLIGHT = 2
POLL_SECONDS = 0.03
LOOK_EVERY = 1.0
DEADLINE = 120.0
TELL_EVERY = 3.0


class Stuck(Exception):
    """Nothing moved for too long; the text says where."""


class Engine(Protocol):
    """Whoever opens what comes next."""

    def follow(self, season_id: UUID, case_id: UUID | None) -> None:
        """The record of this case, or of the season, has moved on; return when the next decision may be made."""

    def settle(self, season_id: UUID) -> None:
        """Return when everything that can be opened now is open."""

    def finish(self, season_id: UUID) -> None:
        """Return when the season's wake-ups and mails are done."""


class Flows:
    """The real engine, watched through the record."""

    def __init__(self, progress: Callable[[str], None]) -> None:
        self.progress = progress
        self.waiting: set[UUID | None] = set()
        self.told = time.monotonic()

    def follow(self, season_id: UUID, case_id: UUID | None) -> None:
        self.waiting.add(case_id)
        self._until(season_id, lambda: len(self._unfollowed(season_id)) < IN_FLIGHT)

    def settle(self, season_id: UUID) -> None:
        self._until(season_id, lambda: not self._unfollowed(season_id) and _is_settled(season_id))

    def finish(self, season_id: UUID) -> None:
        self._until(season_id, lambda: _count_wakeups(season_id) == 0 and _count_mails(season_id) == 0)

    def _unfollowed(self, season_id: UUID) -> set[UUID | None]:
        """Those whose next gate is not open yet."""
        with reading() as session:
            season = session.get_one(Season, season_id)
            self.waiting = {i for i in self.waiting if not has_moved_on(session, season, i)}
        return self.waiting

    def _until(self, season_id: UUID, holds: Callable[[], bool]) -> None:
        """Poll until it holds; as long as anything moves there is hope."""
        last, since, looked = -1, time.monotonic(), 0.0
        while not holds():
            if time.monotonic() - looked > LOOK_EVERY:
                looked = time.monotonic()
                moved = _movement(season_id)
                last, since = (moved, looked) if moved != last else (last, since)
            if time.monotonic() - since > DEADLINE:
                raise Stuck(_where(season_id))
            self.tell(season_id)
            time.sleep(POLL_SECONDS)
        self.tell(season_id)

    def tell(self, season_id: UUID) -> None:
        """A line of progress now and then."""
        if time.monotonic() - self.told > TELL_EVERY:
            self.told = time.monotonic()
            self.progress(stages(season_id))


def has_moved_on(session: Session, season: Season, case_id: UUID | None) -> bool:
    """Whether the next gate is open, or there is none that could be."""
    if case_id is None:
        notice = notice_of(session, season)
        position = Progress(session, season, notice, None).ahead()
    else:
        case = session.get_one(Case, case_id)
        position = Progress(session, season, notice_by_digest(session, case.notice_digest), case).ahead()
    return position is None or position.gate is not None or not position.ready


def stages(season_id: UUID) -> str:
    """How many open cases are in each stage, and how many have ended."""
    with reading() as session:
        season = session.get_one(Season, season_id)
        notice = notice_of(session, season)
        counts = dict(
            session.exec(
                select(Case.stage, func.count())
                .where(Case.season_id == season_id, col(Case.closed_at).is_(None))
                .group_by(Case.stage)
            ).all()
        )
        day = now(season)
    parts = [f"{s.label}{counts[s.key]}" for s in notice.stages if s.key in counts]
    return f"{day:%Y-%m-%d} 在办{sum(counts.values())}名：{'、'.join(parts) or '无'}"


def _is_settled(season_id: UUID) -> bool:
    if _count_wakeups(season_id):
        return False
    with reading() as session:
        season = session.get_one(Season, season_id)
        has_gate = select(Gate.case_id).where(Gate.season_id == season_id, Gate.state == GateState.OPEN)
        idle = session.exec(
            select(Case.id)
            .where(Case.season_id == season_id, col(Case.closed_at).is_(None))
            .where(col(Case.id).not_in(has_gate.where(col(Gate.case_id).is_not(None))))
        ).all()
        return all(has_moved_on(session, season, i) for i in (*idle, None))


def _count_wakeups(season_id: UUID) -> int:
    """How many wake-ups are due and not done."""
    with reading() as session:
        season = session.get_one(Season, season_id)
        return session.exec(
            select(func.count())
            .select_from(Wakeup)
            .where(Wakeup.season_id == season_id, col(Wakeup.done_at).is_(None))
            .where(Wakeup.due_at <= now(season))
        ).one()


def _count_mails(season_id: UUID) -> int:
    with reading() as session:
        left = (MessageState.QUEUED, MessageState.SENDING)
        return session.exec(
            select(func.count())
            .select_from(Message)
            .where(Message.season_id == season_id, col(Message.state).in_(left))
        ).one()


def _movement(season_id: UUID) -> int:
    """A number that changes whenever the engine does anything for the season."""
    with reading() as session:
        gates = session.exec(select(func.count()).select_from(Gate).where(Gate.season_id == season_id)).one()
    return gates * 1_000_000 - _count_wakeups(season_id) * 1000 - _count_mails(season_id)


def _where(season_id: UUID) -> str:
    with reading() as session:
        season = session.get_one(Season, season_id)
        still = [
            c.number
            for c in session.exec(
                select(Case).where(Case.season_id == season_id, col(Case.closed_at).is_(None))
            )
            if not has_moved_on(session, season, c.id)
        ]
    wakeups, mails = _count_wakeups(season_id), _count_mails(season_id)
    return (
        f"流程引擎{DEADLINE:.0f}秒没有进展：{stages(season_id)}；待唤醒{wakeups}项，待发邮件{mails}封，"
        f"停住的案件：{'、'.join(still[:10]) or '无'}。"
    )
