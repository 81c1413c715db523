"""Is nothing lost, and nothing sent twice, when the sender is killed in the middle of its work?"""

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from models.words import MessageState
from tests.notifications.outboxes import Outbox, send_all, until
from tests.notifications.servers import MailServer

PROJECT = Path(__file__).resolve().parents[2]
KILLS = 4
MAILS = 60


@pytest.mark.parametrize("seed", [1, 2])
def test_kill_in_mid_queue(outbox: Outbox, server: MailServer, seed: int) -> None:
    chance = random.Random(seed)
    server.script.seconds = 0.02
    addresses = outbox.queue_many(MAILS)

    for _ in range(KILLS):
        _send_and_kill(server, after=chance.randint(1, 8), delay=chance.uniform(0.0, 0.04))
    send_all(outbox)

    states = {str(message.address): message.state for message in outbox.messages()}
    copies = Counter(server.recipients())
    unknown = {address for address, state in states.items() if state == MessageState.UNKNOWN}
    assert set(states.values()) <= {MessageState.SENT, MessageState.UNKNOWN}
    assert len(unknown) <= KILLS
    assert max(copies.values()) == 1
    assert set(copies) | unknown == set(addresses)
    assert {address for address, state in states.items() if state == MessageState.SENT} <= set(copies)


def _send_and_kill(server: MailServer, after: int, delay: float) -> None:
    """Let a sender get out so many mails, and kill it a moment later."""
    before = len(server.received)
    command = [sys.executable, "-m", "tests.notifications.killed_sender"]
    sender = subprocess.Popen(command, cwd=PROJECT, env=dict(os.environ))
    try:
        until(lambda: len(server.received) >= before + after)
        with pytest.raises(subprocess.TimeoutExpired):
            sender.wait(delay)
    finally:
        sender.kill()
        sender.wait()
