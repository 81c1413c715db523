"""How do queued messages get out, and what can be seen and done about those that did not?

`run_sender` is the one loop that sends; it may run in several engines at once. Practice seasons' mails go to
the local catcher and to nowhere else.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import psycopg
from sqlalchemy import func, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from models.database import engine, real_now
from models.mail import Message
from models.people import Person
from models.verdict import Reason, Refused
from models.words import MessageState, label
from notifications import claims
from notifications.carrier import Carrier, Route
from notifications.pace import DEFAULT, Pace, Throttle
from notifications.smtp import Server
from settings import settings

CHANNEL = "gongjiang_mail"
# What a mailbox of a public provider puts up with.
CAREFUL = {"per_minute": 15, "most": 40}
CAREFUL_PER_CONNECTION = 8
PER_CONNECTION = 100
# A server that is silent for longer keeps the mail in hand: its fate is then unknown.
TIME_TO_STOP = 10.0
RESENDABLE = {MessageState.FAILED, MessageState.UNKNOWN, MessageState.SKIPPED}


def routes() -> list[Route]:
    """The practice seasons' route to the catcher, and the real seasons' route."""
    catcher, server = Server.at(settings().catcher_url), Server.at(settings().smtp_url)
    return [
        Route(True, catcher, Throttle(0), PER_CONNECTION),
        Route(
            False, server, _throttle(server), PER_CONNECTION if server.is_local else CAREFUL_PER_CONNECTION
        ),
    ]


def _throttle(server: Server) -> Throttle:
    chosen = settings().mail_per_minute
    if chosen is not None:
        return Throttle(chosen)
    return Throttle(0) if server.is_local else Throttle(**CAREFUL)


async def run_sender(stop: asyncio.Event, pace: Pace = DEFAULT) -> None:
    """Send whatever is queued until `stop` is set; the mail in hand is still finished."""
    chosen = routes()
    carriers = [Carrier(route, pace, stop) for route in chosen]
    async with asyncio.TaskGroup() as group:
        hearing = group.create_task(_hear(carriers, pace))
        await _remember(chosen)
        running = [group.create_task(carrier.run()) for carrier in carriers]
        await stop.wait()
        _ring(carriers)
        await asyncio.wait(running, timeout=TIME_TO_STOP)
        for task in (hearing, *running):
            task.cancel()


async def _remember(chosen: Sequence[Route]) -> None:
    """A restart doesn't make the server forget what it got from us in the last minutes."""
    try:
        ages = await asyncio.to_thread(claims.sent_lately)
    except SQLAlchemyError:
        return
    for route in chosen:
        if not route.practice and not route.throttle.unlimited:
            route.throttle.remember(ages)


async def _hear(carriers: Sequence[Carrier], pace: Pace) -> None:
    """Ring when the database says that a message was queued; without it the sweep is enough."""
    _, where = engine().dialect.create_connect_args(engine().url)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**where, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                _ring(carriers)
                async for _ in connection.notifies():
                    _ring(carriers)
        except (psycopg.Error, OSError):
            await asyncio.sleep(pace.sweep)


def _ring(carriers: Sequence[Carrier]) -> None:
    for carrier in carriers:
        carrier.bell.set()


# --- what people see and do


@dataclass(frozen=True)
class QueueCounts:
    """A season's mails by state; `waiting_since` and `trouble` tell whether, and why, they are stuck."""

    by_state: dict[MessageState, int] = field(default_factory=dict)
    waiting_since: datetime | None = None
    trouble: str = ""

    def of(self, state: MessageState) -> int:
        return self.by_state.get(state, 0)

    @property
    def unsent(self) -> int:
        return self.of(MessageState.QUEUED) + self.of(MessageState.SENDING)


def queue_counts(session: Session, season_id: UUID) -> QueueCounts:
    """How the season's outbox stands."""
    mine = select(Message.state, func.count()).where(Message.season_id == season_id)
    waiting = (
        select(Message.queued_at, Message.error)
        .where(Message.season_id == season_id, Message.state == MessageState.QUEUED)
        .order_by(col(Message.error) == "", col(Message.queued_at))
        .limit(1)
    )
    oldest = select(func.min(Message.queued_at)).where(
        Message.season_id == season_id, Message.state == MessageState.QUEUED
    )
    troubled = session.exec(waiting).first()
    return QueueCounts(
        by_state={MessageState(state): n for state, n in session.exec(mine.group_by(col(Message.state)))},
        waiting_since=session.exec(oldest).one(),
        trouble=troubled[1] if troubled else "",
    )


def resend(session: Session, message_id: UUID, person: Person) -> Message:
    """Queue a message again that failed or whose fate is unknown, to the recipient's present address.

    It keeps its Message-ID, so that a second copy can be told from a second mail. Who asked is kept with it.
    """
    message = session.exec(select(Message).where(Message.id == message_id).with_for_update()).first()
    if message is None:
        raise Refused(Reason("unknown_message", "没有找到这封邮件。", kind="missing"))
    if message.state not in RESENDABLE:
        state = label(MessageState(message.state))
        raise Refused(Reason("not_resendable", f"这封邮件目前是“{state}”，不能重发。"))
    recipient = session.get(Person, message.person_id) if message.person_id else None
    address = recipient.email if recipient else message.address
    if not address and "objection" not in message.context:
        raise Refused(
            Reason("no_address", "收件人没有电子邮箱，请先在通讯录中补上，再重发。", kind="invalid")
        )
    again = {"by": str(person.id), "at": real_now().isoformat(), "after": message.state}
    message.context = {**message.context, "resent": [*message.context.get("resent", []), again]}
    message.state, message.address, message.error = MessageState.QUEUED, address, ""
    message.attempts, message.claimed_until, message.next_at = 0, None, real_now()
    session.add(message)
    session.execute(text(f"NOTIFY {CHANNEL}"))
    return message
