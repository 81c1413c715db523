"""A sender that is killed at a marked point: `python -m tests.notifications.killed_sender POINT 3 1 2`.

One after the other, senders send what is queued; the first is killed when it comes to the point for the third time,
the next at the first time, and so on.
"""

import asyncio
import inspect
import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from aiosmtplib import SMTP
from aiosmtplib.protocol import SMTPProtocol

from notifications import claims
from notifications.outbox import run_sender
from notifications.smtp import Connection
from tests.notifications.outboxes import QUICK

LONGEST = 30
# Before or after which call it is killed, in the order in which a mail comes to them.
POINTS: dict[str, tuple[Any, str, str]] = {
    "claimed": (claims, "claim", "after"),
    "connected": (Connection, "open", "after"),
    "sender_named": (SMTP, "rcpt", "before"),
    "half_written": (SMTPProtocol, "write", "amid"),
    "written": (Connection, "_offer", "after"),
    "begun": (claims, "begin", "after"),
    "ended": (Connection, "_end", "after"),
    "settled": (claims, "settle", "after"),
}


def mark(point: str, times: int) -> None:
    """Have this process killed when it comes to the point for so many times."""
    owner, name, when = POINTS[point]
    left = times

    def is_due() -> bool:
        nonlocal left
        left -= 1
        return left == 0

    setattr(owner, name, WAYS[when](getattr(owner, name), is_due))


def _before(call: Callable[..., Any], is_due: Callable[[], bool]) -> Callable[..., Any]:
    @wraps(call)
    def marked(*given: Any, **named: Any) -> Any:
        if is_due():
            die()
        return call(*given, **named)

    return marked


def _after(call: Callable[..., Any], is_due: Callable[[], bool]) -> Callable[..., Any]:
    @wraps(call)
    def marked(*given: Any, **named: Any) -> Any:
        result = call(*given, **named)
        return awaited(result) if inspect.isawaitable(result) else survived(result)

    async def awaited(result: Any) -> Any:
        return survived(await result)

    def survived(result: Any) -> Any:
        # Where nothing is queued, practice mails, nothing is claimed: that is no point at which a mail is.
        if result != [] and is_due():
            die()
        return result

    return marked


def _amid(write: Callable[..., Any], is_due: Callable[[], bool]) -> Callable[..., Any]:
    """Of what is to be written, half is."""

    @wraps(write)
    def marked(protocol: SMTPProtocol, data: bytes) -> None:
        if is_due():
            write(protocol, data[: len(data) // 2])
            die()
        write(protocol, data)

    return marked


WAYS = {"before": _before, "after": _after, "amid": _amid}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def send_until_killed(point: str, times: int) -> bool:
    """Whether a sender in a process of its own came to the point, and was killed there."""
    child = os.fork()
    if not child:
        signal.alarm(LONGEST)
        mark(point, times)
        asyncio.run(run_sender(asyncio.Event(), QUICK))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


if __name__ == "__main__":
    told = [int(times) for times in sys.argv[2:]]
    sys.exit(0 if all(send_until_killed(sys.argv[1], times) for times in told) else 1)
