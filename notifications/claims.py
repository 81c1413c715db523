"""How does a sender take a message, and how is its fate recorded, so that no crash sends anything twice?

`queued` with a running claim: a sender has it. `sending`: its end is being handed over. A claim that has run
out frees a queued message; a sending one is then of unknown fate and is resent by a person only.
`claimed_until` is the claim's mark as well: who changes a message must still hold the claim it was given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.errors import MessageError
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, text, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.database import real_now, transaction
from models.mail import Message
from models.season import Season
from models.words import MessageState
from notifications.answers import Answer, Fate
from notifications.letters import CannotWrite, Letter, Writer
from notifications.pace import MINUTE, Pace, rung, wait_after

LOST = "邮件已交给服务器但未得到确认，对方可能已收到。系统不会自动重发，请核实后再决定。"


@dataclass(frozen=True)
class Claim:
    """A message that this sender holds until a moment, and the mail made of it."""

    message_id: UUID
    until: datetime
    attempts: int
    letter: Letter


def claim(practice: bool, login: str | None, limit: int, pace: Pace) -> list[Claim]:
    """Take the messages due next; those that can't be written fail with the reason."""
    until = real_now() + timedelta(seconds=pace.claim_lease)
    claims: list[Claim] = []
    with transaction() as session:
        writer = Writer(session, login)
        for message in session.exec(_free(practice, limit)).all():
            try:
                letter = writer.write(message)
            except (CannotWrite, MessageError, ValueError) as reason:
                message.state, message.error = MessageState.FAILED, f"{reason}"
                continue
            message.claimed_until = until
            claims.append(Claim(message.id, until, message.attempts, letter))
    return claims


def _free(practice: bool, limit: int) -> SelectOfScalar[Message]:
    now = real_now()
    return (
        select(Message)
        .join(Season, col(Season.id) == col(Message.season_id))
        .where(Message.state == MessageState.QUEUED, Season.practice == practice, col(Message.next_at) <= now)
        .where(or_(col(Message.claimed_until).is_(None), col(Message.claimed_until) < now))
        .order_by(col(Message.next_at), col(Message.id))
        .limit(limit)
        .with_for_update(of=Message, skip_locked=True)
    )


def begin(held: Claim, pace: Pace) -> Claim | None:
    """Record that the mail's end comes now; None if somebody else has taken the message meanwhile."""
    until = real_now() + timedelta(seconds=pace.sending_lease)
    with transaction() as session:
        if not _change(session, held, {MessageState.QUEUED}, state=MessageState.SENDING, claimed_until=until):
            return None
    return replace(held, until=until)


def settle(held: Claim, answer: Answer, explained: str, pace: Pace) -> None:
    """Record what became of the attempt. A late word still settles what was thought unknown.

    Not waited for to reach the disk: the next mail's `begin` does, and a machine that fails before leaves this one
    mail unknown, never sent twice.
    """
    open_states = {MessageState.QUEUED, MessageState.SENDING, MessageState.UNKNOWN}
    with transaction() as session:
        session.execute(text("SET LOCAL synchronous_commit TO off"))
        _change(session, held, open_states, **_outcome(held, answer, explained, pace))


def _outcome(held: Claim, answer: Answer, explained: str, pace: Pace) -> dict[str, Any]:
    now, tried = real_now(), held.attempts + 1
    ended: dict[str, Any] = {"attempts": tried, "claimed_until": None, "error": explained}
    again = ended | {"state": MessageState.QUEUED}
    match answer.fate:
        case Fate.SENT:
            return ended | {"state": MessageState.SENT, "sent_at": now}
        case Fate.UNKNOWN:
            return ended | {"state": MessageState.UNKNOWN}
        case Fate.LATER if (wait := wait_after(pace, tried)) is not None:
            return again | {"next_at": now + wait}
        case Fate.LATER | Fate.REFUSED | Fate.SUSPENDED:
            return ended | {"state": MessageState.FAILED}
        case Fate.UNREACHABLE:
            # Others go first, in case it is this very mail that drives the server away.
            wait = timedelta(seconds=rung(pace.soon, 1))
            return again | {"next_at": now + wait, "attempts": held.attempts}
        case Fate.HELD | Fate.ABANDONED:
            return again | {"next_at": now, "attempts": held.attempts}


def release(held: Iterable[Claim]) -> None:
    """Give back what was taken and not tried."""
    with transaction() as session:
        for one in held:
            _change(session, one, {MessageState.QUEUED}, claimed_until=None)


def settle_lost() -> int:
    """Messages whose sender vanished between the mail's end and the answer are of unknown fate."""
    lost = (col(Message.state) == MessageState.SENDING) & (col(Message.claimed_until) < real_now())
    with transaction() as session:
        return _rows(session, lost, state=MessageState.UNKNOWN, error=LOST)


def note_trouble(practice: bool, explained: str) -> None:
    """Write on every waiting message why it waits; nothing, once there is no reason left."""
    season = select(Season.id).where(Season.practice == practice)
    waiting = (col(Message.state) == MessageState.QUEUED) & col(Message.season_id).in_(season)
    due = (col(Message.next_at) <= real_now()) & (col(Message.error) != explained)
    with transaction() as session:
        _rows(session, waiting & due, error=explained)


def sent_lately() -> Sequence[float]:
    """How many seconds ago the real seasons' mails of the last quarter of an hour were sent."""
    now = real_now()
    since = now - timedelta(seconds=15 * MINUTE)
    with transaction() as session:
        moments = session.exec(
            select(Message.sent_at)
            .join(Season, col(Season.id) == col(Message.season_id))
            .where(Season.practice == false(), col(Message.sent_at) > since)
        ).all()
    return [(now - moment).total_seconds() for moment in moments if moment is not None]


def _change(session: Session, held: Claim, states: set[MessageState], **values: Any) -> bool:
    mine = (col(Message.id) == held.message_id) & (col(Message.claimed_until) == held.until)
    return _rows(session, mine & col(Message.state).in_(states), **values) == 1


def _rows(session: Session, which: ColumnElement[bool], **values: Any) -> int:
    return session.exec(update(Message).where(which).values(**values)).rowcount
