"""Is nothing lost, and nothing sent twice, when the sender is killed at any point of its work?"""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from models.words import MessageState
from tests.notifications.killed_sender import POINTS
from tests.notifications.outboxes import Outbox, send_all
from tests.notifications.servers import MailServer

PROJECT = Path(__file__).resolve().parents[2]
MOST_MAILS_BEFORE = 4
# A connection serves them all; claims are made of one mail first, then of many at once.
ONCE_FOR_MANY = {"connected": 1, "claimed": 2}
# What killed senders have in hand, others leave alone for a second.
MAILS_IN_HAND = 60
# Between these two the server has a mail whose end nobody here knows.
UNKNOWN_AT = {"begun": 0, "ended": 1}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("point", POINTS)
def test_killed_at(outbox: Outbox, server: MailServer, point: str, kills: int) -> None:
    chance = Random(point)
    addresses = outbox.queue_many(kills * MOST_MAILS_BEFORE + MAILS_IN_HAND)
    times = [str(chance.randint(1, ONCE_FOR_MANY.get(point, MOST_MAILS_BEFORE))) for _ in range(kills)]

    command = [sys.executable, "-m", "tests.notifications.killed_sender", point, *times]
    subprocess.run(command, cwd=PROJECT, env=dict(os.environ), check=True)
    send_all(outbox)

    states = {str(message.address): message.state for message in outbox.messages()}
    copies = Counter(server.recipients())
    unknown = {address for address, state in states.items() if state == MessageState.UNKNOWN}
    assert set(states) == set(addresses)
    assert len(unknown) == (kills if point in UNKNOWN_AT else 0)
    assert {copies[address] for address in unknown} <= {UNKNOWN_AT.get(point)}
    assert {(states[a], copies[a]) for a in set(addresses) - unknown} == {(MessageState.SENT, 1)}
