"""What do the mail tests put into the outbox, and how do they send it?"""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import col, select

from models.database import reading, transaction
from models.mail import Message
from models.people import Person, Seat
from models.season import Season, notice_of
from models.words import MessageState
from notices.reader import read_notice
from notifications.outbox import run_sender
from notifications.pace import Pace
from tasks.seasons import open_season
from tests.world import NOTICE

DUE = "2026-03-14T00:00:00+08:00"
# The ladders of the real pace, a hundred times faster and without chance.
QUICK = Pace(
    sweep=0.05,
    claim_lease=1.0,
    sending_lease=1.5,
    connecting=2.0,
    answering=2.0,
    soon=(0.05, 0.1, 0.2),
    later=(0.2, 0.4, 0.8),
    hold=(0.4, 0.8),
    jitter=0.0,
)


class Outbox:
    """One season, real or practice, with messages to made-up people."""

    def __init__(self, practice: bool = False) -> None:
        with transaction() as session:
            key = f"mails-{uuid4().hex[:8]}"
            self.season_id = open_season(session, read_notice(NOTICE), key=key, practice=practice).id

    def queue(self, address: str | None, template: str = "decided", **changes: Any) -> UUID:
        """One message; `changes` go into its context."""
        with transaction() as session:
            season = session.get_one(Season, self.season_id)
            person = Person(name=str(changes.pop("person", "样例收件人")), email=address)
            session.add(person)
            session.flush()
            message = Message(
                season_id=season.id,
                person_id=person.id,
                address=address,
                template=template,
                context=context(season, person) | changes,
                unique_key=uuid4().hex,
            )
            if address is None:
                message.state = MessageState.SKIPPED
            session.add(message)
            return message.id

    def queue_many(self, count: int) -> list[str]:
        addresses = [f"person{n}@example.org" for n in range(count)]
        with transaction() as session:
            season = session.get_one(Season, self.season_id)
            person = Person(name="样例收件人")
            session.add(person)
            session.flush()
            for address in addresses:
                session.add(
                    Message(
                        season_id=season.id,
                        address=address,
                        template="decided",
                        context=context(season, person),
                        unique_key=uuid4().hex,
                    )
                )
        return addresses

    def message(self, message_id: UUID) -> Message:
        with reading() as session:
            return session.get_one(Message, message_id)

    def messages(self) -> list[Message]:
        with reading() as session:
            mine = select(Message).where(Message.season_id == self.season_id)
            return list(session.exec(mine.order_by(col(Message.address))))

    def states(self) -> list[str]:
        return [message.state for message in self.messages()]

    def is_settled(self) -> bool:
        return not {MessageState.QUEUED, MessageState.SENDING} & set(self.states())


def context(season: Season, person: Person) -> dict[str, Any]:
    return {
        "person": person.name,
        "season": season.title,
        "practice": season.practice,
        "award": "2025年度“柳州工匠”",
        "contact": "样例联系人",
        "contact_phone": "0772-0000000",
        "number": "2026-0012",
        "candidate": "样例人选",
        "employer": "样例机械有限公司",
        "outcome": "未入选",
        "link": str(uuid4()),
        "step": "办公室资格初审",
        "clause": "三（二）",
        "due": datetime.fromisoformat(DUE).isoformat(),
    }


def clerk(outbox: Outbox) -> Person:
    """Somebody of the season's office."""
    with transaction() as session:
        season = session.get_one(Season, outbox.season_id)
        person = Person(name="样例经办")
        session.add(person)
        session.flush()
        office = notice_of(session, season).office
        session.add(Seat(season_id=season.id, body=office, person_id=person.id, since=season.opened_at))
        return person


@contextmanager
def sending(pace: Pace = QUICK) -> Iterator[None]:
    """The sender runs, in a thread of its own."""
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    with ThreadPoolExecutor(1) as pool:
        sender = pool.submit(loop.run_until_complete, run_sender(stop, pace))
        try:
            yield
        finally:
            loop.call_soon_threadsafe(stop.set)
            sender.result(20)
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait for something to become true, but not for ever."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError("waited in vain")
        time.sleep(0.02)


def send_all(outbox: Outbox, pace: Pace = QUICK) -> None:
    with sending(pace):
        until(outbox.is_settled)
