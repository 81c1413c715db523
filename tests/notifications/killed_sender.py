"""A sender in a process of its own, to be killed: sends until it is."""

import asyncio

from notifications.outbox import run_sender
from tests.notifications.outboxes import QUICK

if __name__ == "__main__":
    asyncio.run(run_sender(asyncio.Event(), QUICK))
