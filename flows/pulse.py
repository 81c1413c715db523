"""How is it seen from the pages that an engine lives, what it has in hand and whether it leads?"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from flows.bell import Bell
from flows.quiet import Patience
from flows.threads import Bodies
from models.database import real_now, transaction
from models.heartbeat import ENGINE
from tasks.beating import beat, stop_beating

BEAT_SECONDS = 10.0

log = logging.getLogger("gongjiang.pulse")


class Pulse:
    """The heartbeat of one engine in the record."""

    def __init__(self, name: str, bodies: Bodies) -> None:
        self._name, self._bodies = name, bodies
        self._leads = False
        self._since = real_now()
        self._changed = Bell()

    async def run(self) -> None:
        """Beat for ever, and at once when this engine begins or ceases to lead."""
        patience = Patience(log, "noting the heartbeat")
        while True:
            with patience:
                await asyncio.to_thread(self._beat)
            await self._changed.wait(BEAT_SECONDS)

    @asynccontextmanager
    async def leading(self) -> AsyncIterator[None]:
        """For as long as the block lasts, this engine leads."""
        self._leads = True
        self._changed.ring()
        try:
            yield
        finally:
            self._leads = False
            self._changed.ring()

    async def end(self) -> None:
        """An engine that ends in good order is not looked for; one that can't say so is missed after a while."""
        with Patience(log, "noting the end"):
            await asyncio.to_thread(self._end)

    def _beat(self) -> None:
        threads, busy = self._bodies.count, self._bodies.count - self._bodies.room
        with transaction() as session:
            since = self._since.isoformat()
            beat(session, ENGINE, self._name, threads=threads, busy=busy, leads=self._leads, since=since)

    def _end(self) -> None:
        with transaction() as session:
            stop_beating(session, ENGINE, self._name)
