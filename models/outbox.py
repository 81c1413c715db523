"""Which mails are in the outbox, how does sending stand, and what should the office know of it at once?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from models.case import Case
from models.database import real_now
from models.mail import MailRoute, Message
from models.people import Person
from models.queries import PAGE
from models.season import Season
from models.words import MessageState

RESENDABLE = frozenset(
    {MessageState.FAILED, MessageState.UNKNOWN, MessageState.SKIPPED, MessageState.BOUNCED}
)
UNSETTLED = (MessageState.FAILED, MessageState.UNKNOWN, MessageState.BOUNCED)
# Trouble, or a sender that is not there, is told after this; a long queue after longer.
TROUBLE_TOLD = timedelta(minutes=1)
SENDER_GONE = timedelta(minutes=4)
QUEUE_TOLD = timedelta(minutes=30)


@dataclass(frozen=True)
class QueueCounts:
    """A season's mails by state; `waiting_since` and `trouble` tell whether, and why, they are stuck."""

    by_state: Mapping[MessageState, int] = field(default_factory=dict)
    waiting_since: datetime | None = None
    trouble: str = ""

    def of(self, state: MessageState) -> int:
        return self.by_state.get(state, 0)

    @property
    def unsent(self) -> int:
        return self.of(MessageState.QUEUED) + self.of(MessageState.SENDING)

    @property
    def total(self) -> int:
        return sum(self.by_state.values())


def queue_counts(session: Session, season_id: UUID) -> QueueCounts:
    """How the season's outbox stands."""
    mine = select(Message.state, func.count()).where(Message.season_id == season_id)
    waiting = (
        select(Message.queued_at, Message.error, func.min(Message.queued_at).over())
        .where(Message.season_id == season_id, Message.state == MessageState.QUEUED)
        .order_by(col(Message.error) == "", col(Message.queued_at))
        .limit(1)
    )
    troubled = session.exec(waiting).first()
    return QueueCounts(
        by_state={MessageState(state): n for state, n in session.exec(mine.group_by(col(Message.state)))},
        waiting_since=troubled[2] if troubled else None,
        trouble=troubled[1] if troubled else "",
    )


# --- the list ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MailFilters:
    """What is looked for; an empty field is no condition."""

    state: str = ""
    template: str = ""
    q: str = ""
    case: UUID | None = None
    person: UUID | None = None


@dataclass(frozen=True)
class MailRow:
    message: Message
    number: str
    person: str

    @property
    def recipient(self) -> str:
        """Whom it goes to; of somebody who objected, no name."""
        return self.person or str(self.message.context.get("person", ""))


@dataclass(frozen=True)
class OutboxPage:
    rows: Sequence[MailRow]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def find_mails(session: Session, season_id: UUID, filters: MailFilters, page: int) -> OutboxPage:
    """The mails of a season, the latest first; two statements however many there are."""
    wanted = _conditions(season_id, filters)
    total = session.execute(_joined(rows_of(func.count())).where(*wanted)).scalar_one()
    page = min(page, max(1, -(-total // PAGE)))
    rows = session.execute(
        _joined(rows_of(Message, col(Case.number), col(Person.name)))
        .where(*wanted)
        .order_by(col(Message.queued_at).desc(), col(Message.id))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return OutboxPage([MailRow(m, number or "", name or "") for m, number, name in rows], total, page)


def _joined(statement: Any) -> Any:
    """The statement over messages with their cases and recipients."""
    return (
        statement.select_from(Message)
        .outerjoin(Case, col(Case.id) == col(Message.case_id))
        .outerjoin(Person, col(Person.id) == col(Message.person_id))
    )


def _conditions(season_id: UUID, filters: MailFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(Message.season_id) == season_id]
    if filters.state:
        found.append(col(Message.state) == filters.state)
    if filters.template:
        found.append(col(Message.template) == filters.template)
    if filters.case:
        found.append(col(Message.case_id) == filters.case)
    if filters.person:
        found.append(col(Message.person_id) == filters.person)
    if filters.q:
        words = filters.q
        columns = (col(Message.address), col(Case.number), col(Case.name), col(Person.name))
        found.append(or_(*(c.icontains(words, autoescape=True) for c in columns)))
    return found


def find_mail(session: Session, message_id: UUID) -> MailRow | None:
    found = session.execute(
        _joined(rows_of(Message, col(Case.number), col(Person.name))).where(col(Message.id) == message_id)
    ).first()
    return MailRow(found[0], found[1] or "", found[2] or "") if found else None


def in_letter(session: Session, message: Message) -> Sequence[Message]:
    """The messages that went, or go, in one letter with this one, itself among them."""
    if message.letter_id is None:
        return [message]
    return session.exec(
        select(Message).where(Message.letter_id == message.letter_id).order_by(col(Message.queued_at))
    ).all()


# --- what waits for the office's release -------------------------------------------------------------------------


@dataclass(frozen=True)
class HeldCase:
    """How a case ended, and the mails about it that are held back."""

    case: Case
    result: str
    mails: Sequence[Message]


def held_count(session: Session, season_id: UUID) -> int:
    """Of how many cases the result waits for release."""
    held = select(func.count(func.distinct(Message.case_id))).where(
        Message.season_id == season_id, Message.state == MessageState.HELD
    )
    return session.exec(held).one()


def held_cases(session: Session, season_id: UUID, page: int) -> list[HeldCase]:
    """One page of them, by number."""
    held = (col(Message.season_id) == season_id) & (col(Message.state) == MessageState.HELD)
    cases = session.exec(
        select(Case)
        .where(col(Case.id).in_(select(Message.case_id).where(held)))
        .order_by(col(Case.number))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    mails = session.exec(
        select(Message)
        .where(held, col(Message.case_id).in_([c.id for c in cases]))
        .order_by(col(Message.queued_at), col(Message.template), col(Message.address))
    ).all()
    of_case = {c.id: [m for m in mails if m.case_id == c.id] for c in cases}
    return [HeldCase(c, str(of_case[c.id][-1].context.get("outcome", "")), of_case[c.id]) for c in cases]


# --- what the office should know at once -------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How sending stands for a season; `alarm` is a sentence for every page of the office, empty when all is well."""

    route: MailRoute
    waiting_since: datetime | None
    alarm: str = ""

    @property
    def is_stopped(self) -> bool:
        return self.route.stopped_at is not None


def standing(session: Session, season: Season) -> Standing:
    """One statement; `waiting_since` is since when the mail has been due that waits longest."""
    oldest = (
        select(func.min(Message.next_at))
        .where(Message.season_id == season.id, Message.state == MessageState.QUEUED)
        .where(col(Message.next_at) <= real_now())
        .scalar_subquery()
    )
    found = session.execute(
        rows_of(MailRoute, oldest)
        .select_from(Season)
        .outerjoin(MailRoute, col(MailRoute.practice) == season.practice)
        .where(col(Season.id) == season.id)
    ).one()
    route = found[0] or MailRoute(practice=season.practice)
    return Standing(route, found[1], _alarm(route, found[1]))


def _alarm(route: MailRoute, waiting_since: datetime | None) -> str:
    now = real_now()
    if route.stopped_at is not None:
        return route.reason if route.stopped_by is None else f"邮件已由办公室暂停发送：{route.reason}"
    if waiting_since is None:
        return ""
    if route.trouble and route.trouble_since and now - route.trouble_since >= TROUBLE_TOLD:
        return route.trouble
    waited = now - waiting_since
    if waited >= SENDER_GONE and (route.alive_at is None or now - route.alive_at >= SENDER_GONE):
        minutes = int(waited.total_seconds() // 60)
        return f"有邮件已等待{minutes}分钟没有发出，发送邮件的进程没有在工作，请联系管理员。"
    if route.paused_until is not None and route.paused_until > now and waited >= QUEUE_TOLD:
        return "已达到设定的发信数量上限，其余邮件排队等候，稍后自动继续。"
    return ""
