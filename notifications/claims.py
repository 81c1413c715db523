"""How does a sender take a message, and how is its fate recorded, so that no crash sends anything twice?

`queued` with a running claim: a sender has it. `sending`: its end is being handed over. A claim that has run
out frees a queued message; a sending one is then of unknown fate and is resent by a person only.
`claimed_until` is the claim's mark as well: who changes a message must still hold the claim it was given.

What waits for the same person, of the same kind and season, goes into one letter. It is one letter from the moment at
which its end is handed over: from then on its messages share `letter_id`, end alike and are only ever resent together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.errors import MessageError
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.database import real_now, transaction
from models.mail import Message
from models.season import Season
from models.words import MessageState
from notifications.answers import Answer, Fate
from notifications.catalogue import FOLDING
from notifications.letters import CannotWrite, Letter, Writer
from notifications.pace import MINUTE, Pace, day_began, rung, wait_after

LOST = "邮件已交给服务器但未得到确认，对方可能已收到。系统不会自动重发，请核实后再决定。"


# So many tasks fit into one letter, and so many times the gathering delay it waits at most for more of them.
MOST_IN_A_LETTER = 200
LONGEST_GATHERING = 10


@dataclass(frozen=True)
class Claim:
    """The messages of one letter, which this sender holds until a moment, and the mail made of them."""

    message_id: UUID
    until: datetime
    attempts: int
    letter: Letter
    rows: frozenset[UUID]


class _Taken(Exception):
    """Somebody else has taken one of the messages meanwhile."""


def claim(
    practice: bool, login: str | None, limit: int, pace: Pace, gather: timedelta = timedelta(0)
) -> list[Claim]:
    """Take the messages due next, as letters; those that can't be written fail with the reason.

    A message that may share a letter waits until for `gather` no other of its kind has come for the person.
    """
    until = real_now() + timedelta(seconds=pace.claim_lease)
    claims: list[Claim] = []
    taken: set[UUID] = set()
    with transaction() as session:
        writer = Writer(session, login)
        for message in session.exec(_free(practice, gather).limit(limit)).all():
            if message.id in taken:
                continue
            rows, letter = _written(writer, message, _others(session, message))
            if letter is None:
                continue
            for row in rows:
                row.claimed_until = until
            taken |= {row.id for row in rows}
            named = message.letter_id or message.id
            claims.append(Claim(named, until, message.attempts, letter, frozenset(r.id for r in rows)))
    return claims


def _written(
    writer: Writer, message: Message, others: Sequence[Message]
) -> tuple[Sequence[Message], Letter | None]:
    """One letter of them all; if there is something wrong with one, the first goes alone, or fails."""
    for rest in (others, ()) if others else ((),):
        try:
            return [message, *rest], writer.write(message, *rest)
        except (CannotWrite, MessageError, ValueError) as reason:
            wrong = f"{reason}"
    message.state, message.error = MessageState.FAILED, wrong
    return [message], None


def _free(practice: bool, gather: timedelta) -> SelectOfScalar[Message]:
    now = real_now()
    wanted = (
        select(Message)
        .join(Season, col(Season.id) == col(Message.season_id))
        .where(Message.state == MessageState.QUEUED, Season.practice == practice, col(Message.next_at) <= now)
        .where(_unclaimed(now))
        .order_by(col(Message.next_at), col(Message.id))
        .with_for_update(of=Message, skip_locked=True)
    )
    return wanted.where(_is_gathered(now, gather)) if gather else wanted


def _unclaimed(now: datetime) -> ColumnElement[bool]:
    return or_(col(Message.claimed_until).is_(None), col(Message.claimed_until) < now)


def _is_gathered(now: datetime, gather: timedelta) -> ColumnElement[bool]:
    """Nothing more has come for the person for a while, or it has waited long enough."""
    newer = aliased(Message)
    coming = exists().where(
        col(newer.person_id) == col(Message.person_id),
        col(newer.template) == col(Message.template),
        col(newer.season_id) == col(Message.season_id),
        col(newer.state) == MessageState.QUEUED,
        col(newer.queued_at) > now - gather,
    )
    return or_(
        col(Message.template).not_in(FOLDING),
        col(Message.letter_id).is_not(None),
        col(Message.queued_at) < now - LONGEST_GATHERING * gather,
        ~coming,
    )


def _others(session: Session, message: Message) -> Sequence[Message]:
    """What goes into the same letter as this message."""
    wanted = (
        select(Message)
        .where(Message.id != message.id, Message.state == MessageState.QUEUED, _unclaimed(real_now()))
        .order_by(col(Message.queued_at), col(Message.id))
        .limit(MOST_IN_A_LETTER - 1)
        .with_for_update(skip_locked=True)
    )
    if message.letter_id is not None:
        return session.exec(wanted.where(Message.letter_id == message.letter_id)).all()
    if message.template not in FOLDING or message.person_id is None:
        return ()
    same = and_(
        col(Message.person_id) == message.person_id,
        col(Message.template) == message.template,
        col(Message.season_id) == message.season_id,
        col(Message.address) == message.address,
        col(Message.letter_id).is_(None),
        col(Message.next_at) <= real_now(),
    )
    return session.exec(wanted.where(same)).all()


def begin(held: Claim, pace: Pace) -> Claim | None:
    """Record that the letter's end comes now; None if somebody else has taken one of its messages meanwhile."""
    until = real_now() + timedelta(seconds=pace.sending_lease)
    sending: dict[str, Any] = {"state": MessageState.SENDING, "claimed_until": until}
    try:
        with transaction() as session:
            named = {"letter_id": held.message_id}
            if _change(session, held, {MessageState.QUEUED}, **sending, **named) != len(held.rows):
                raise _Taken
    except _Taken:
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
    settled: dict[str, Any] = {"attempts": tried, "claimed_until": None, "error": explained}
    ended = settled | {"letter_id": held.message_id}
    again = settled | {"state": MessageState.QUEUED}
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
        case Fate.HELD | Fate.STOPPED | Fate.ABANDONED:
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


def letters_since(since: datetime) -> Sequence[float]:
    """How many seconds ago the real seasons' letters since a moment were sent."""
    now = real_now()
    with transaction() as session:
        moments = session.exec(
            select(func.max(Message.sent_at))
            .join(Season, col(Season.id) == col(Message.season_id))
            .where(Season.practice == false(), col(Message.sent_at) > since)
            .group_by(func.coalesce(Message.letter_id, Message.id))
        ).all()
    return [(now - moment).total_seconds() for moment in moments if moment is not None]


def sent_lately() -> Sequence[float]:
    """Those of the last quarter of an hour."""
    return letters_since(real_now() - timedelta(seconds=15 * MINUTE))


def sent_today() -> int:
    """How many letters of the real seasons were sent on this day of Shanghai."""
    return len(letters_since(day_began(real_now())))


def _change(session: Session, held: Claim, states: set[MessageState], **values: Any) -> int:
    mine = col(Message.id).in_(held.rows) & (col(Message.claimed_until) == held.until)
    return _rows(session, mine & col(Message.state).in_(states), **values)


def _rows(session: Session, which: ColumnElement[bool], **values: Any) -> int:
    return session.exec(update(Message).where(which).values(**values)).rowcount
