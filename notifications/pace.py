"""How often, how soon again and how fast are mails sent?"""

import random
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.notice import SHANGHAI

MINUTE = 60.0
DAY = 24 * 60 * MINUTE
CHANCE = random.SystemRandom()


@dataclass(frozen=True)
class Pace:
    """The sender's times, in seconds."""

    sweep: float = 2.0
    batch: int = 20
    # A claimed mail is free again after this; one on its way is then of unknown fate.
    claim_lease: float = 15.0
    sending_lease: float = 120.0
    # How long the server may take to let us in, and to answer each command.
    connecting: float = 15.0
    answering: float = 60.0
    # No server there; the server asks for patience with one mail; with all of them.
    soon: tuple[float, ...] = (5.0, 15.0, 30.0, MINUTE)
    later: tuple[float, ...] = (2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE)
    # The last rungs of `soon` and `hold` leave time to send everything within ten minutes of the server's return.
    hold: tuple[float, ...] = (2 * MINUTE, 5 * MINUTE, 8 * MINUTE)
    give_up: float = DAY
    jitter: float = 0.2
    # How often a sender says that it is there.
    heartbeat: float = MINUTE


DEFAULT = Pace()


def day_began(moment: datetime) -> datetime:
    """When this day of Shanghai began: a provider counts mails by the day."""
    return moment.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def rung(ladder: tuple[float, ...], failures: int) -> float:
    """The wait after so many failures in a row, counted from one; the last rung repeats."""
    return ladder[min(max(failures, 1), len(ladder)) - 1]


def wait_after(pace: Pace, attempts: int) -> timedelta | None:
    """When to try a mail again that the server put off so many times; None: it has been a day, give up."""
    waited = sum(rung(pace.later, n) for n in range(1, attempts))
    if waited >= pace.give_up:
        return None
    return timedelta(seconds=rung(pace.later, attempts) * (1 + CHANCE.uniform(0, pace.jitter)))


class Throttle:
    """At most so many mails a minute, evenly, and so many in a longer time; slower after a complaint."""

    SLOWER_FOR = 15 * MINUTE
    SLOWEST = 8

    def __init__(self, per_minute: int, most: int = 0, within: float = 15 * MINUTE) -> None:
        """0 stands for no limit."""
        self.interval = MINUTE / per_minute if per_minute else 0.0
        self._most, self._within = most, within
        self._sent: deque[float] = deque()
        self._factor, self._slow_until = 1, 0.0

    @property
    def unlimited(self) -> bool:
        return not self.interval and not self._most

    def remember(self, ages: Iterable[float]) -> None:
        """What was sent before this process began, in seconds since."""
        now = time.monotonic()
        self._sent.extend(sorted(now - age for age in ages))

    def count(self) -> None:
        """One more mail was offered to the server."""
        if not self.unlimited:
            self._sent.append(time.monotonic())

    def slower(self) -> None:
        """The server complained of our speed: half of it for a while."""
        self._slow_until = time.monotonic() + self.SLOWER_FOR
        self._factor = min(self._factor * 2, self.SLOWEST)

    def wait(self) -> float:
        """Seconds until the next mail may be offered."""
        now = time.monotonic()
        if now >= self._slow_until:
            self._factor = 1
        while self._sent and now - self._sent[0] > max(self._within, self.interval * self.SLOWEST):
            self._sent.popleft()
        waits = [0.0]
        if self._sent:
            waits.append(self._sent[-1] + self.interval * self._factor - now)
        if self._most and len(self._sent) >= self._most:
            waits.append(self._sent[-self._most] + self._within - now)
        return max(waits)
