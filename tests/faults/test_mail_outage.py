"""When the mail server is away or hangs, does the work go on, does the office hear of it, does every mail leave after?

The real pages, the real engine and its sender at their usual pace; only the server is scripted.
"""

import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlmodel import col, select

from models.case import Case
from models.database import reading, real_now, transaction
from models.mail import MailRoute, Message
from models.words import MessageState
from processes.supervise import Stack
from settings import LOOPBACK, settings
from tests.api.conftest import Visitor, text_of
from tests.flows.dashboard import until
from tests.notifications.servers import MailServer
from tests.world import World

# The goal is one second; a busy machine may take longer.
PROMPTLY = 5.0
STEP, NEXT = "unit_review", "department_opinions"
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def no_mailbox(running: Stack) -> Iterator[None]:
    """Nobody listens where the practice mails go."""
    running.stop("mailbox")
    yield
    running.start_one("mailbox")


@contextmanager
def hanging() -> Iterator[None]:
    """A server that takes the connection and says nothing; left when the sender hangs on it."""
    with socket.create_server((LOOPBACK, settings().mail_port)) as silent:
        silent.settimeout(60)
        connection, _ = silent.accept()
        with connection:
            yield


def decide(world: World, case: Case) -> float:
    """Answer on the task's page; how many seconds the answer took."""
    [task] = world.assignments(STEP, case)
    visitor = Visitor(settings().base_url, world).log_in(world.filler())
    visitor.get(f"/tasks/{task.id}")
    began = time.monotonic()
    answered = visitor.post(f"/tasks/{task.id}", {"answer": "endorse", "opinion": "同意"})
    seconds = time.monotonic() - began
    assert answered.status_code == 303
    return seconds


def mails(world: World) -> list[Message]:
    with reading() as session:
        mine = select(Message).where(Message.season_id == world.season_id, col(Message.address).is_not(None))
        return list(session.exec(mine))


def told(world: World, case: Case) -> bool:
    """Whether the next step is open and its mails are in the outbox."""
    return NEXT in world.open_steps(case) and any(
        m.case_id == case.id and m.context["step"] == world.notice.step(NEXT).label for m in mails(world)
    )


def banner(world: World) -> str:
    """What stands on top of a page of the office."""
    office = Visitor(settings().base_url, world).log_in(world.person("office"))
    return text_of(office.get("/season"), "[role=alert]")


def a_minute_passes() -> None:
    """The trouble began so much earlier."""
    with transaction() as session:
        route = session.get_one(MailRoute, True)
        assert route.trouble_since is not None
        route.trouble_since -= timedelta(minutes=1)
        session.add(route)


def all_sent(world: World) -> bool:
    return {m.state for m in mails(world)} == {MessageState.SENT}


def test_the_work_goes_on_without_a_mail_server_and_every_mail_leaves_after(
    running: Stack, world: World, no_mailbox: None
) -> None:
    refused, hung = (world.bring_to(world.enter(), STEP) for _ in range(2))

    seconds = [decide(world, refused)]
    until(lambda: told(world, refused), "the next step")
    until(lambda: any(m.error.startswith("演练邮箱") for m in mails(world)), "the trouble is noted")
    assert banner(world) == ""
    a_minute_passes()
    assert "没有应答" in banner(world)

    with hanging():
        seconds.append(decide(world, hung))
        until(lambda: told(world, hung), "the next step")
        assert "没有应答" in banner(world)
    waiting = mails(world)
    assert {m.state for m in waiting} == {MessageState.QUEUED}
    assert max(m.next_at for m in waiting) < real_now() + TEN_MINUTES

    back = MailServer(port=settings().mail_port)
    back.start()
    returned = real_now()
    until(lambda: all_sent(world), "every mail is sent", patience=120)
    back.stop()

    assert {m.id for m in mails(world)} >= {m.id for m in waiting}
    assert max(m.sent_at for m in mails(world) if m.sent_at) - returned < TEN_MINUTES
    letters = Counter(str(r.mail["Message-ID"]).strip("<>").partition("@")[0] for r in back.received)
    assert {letters[str(m.letter_id)] for m in mails(world)} == {1}
    assert banner(world) == ""
    assert max(seconds) < PROMPTLY
