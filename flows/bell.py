"""How does a loop learn at once that there is something to do?

A bell is rung by NOTIFY in the database, or by hand. A loop that waits at it also goes on after a while unrung, so a
lost ring costs time and nothing else.
"""

import asyncio
from contextlib import suppress

import psycopg
from psycopg import sql

SECONDS_UNTIL_NEXT_TRY = 2.0


class Bell:
    """Something a loop waits at."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Return when the bell has been rung since the last wait, or after so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
        self._rung.clear()


async def listen(conninfo: str, channel: str, bell: Bell) -> None:
    """Ring the bell for each notification of the channel, for ever; a lost connection is made again."""
    while True:
        with suppress(psycopg.Error):
            await _listen_once(conninfo, channel, bell)
        await asyncio.sleep(SECONDS_UNTIL_NEXT_TRY)


async def _listen_once(conninfo: str, channel: str, bell: Bell) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        bell.ring()
        async for _ in connection.notifies():
            bell.ring()
