"""Which of several engines wakes runs and mends them?

One at a time: the engine that holds a lock of the database leads, the others stand by and only run flows. The lock
vanishes with the engine, and another takes over.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import psycopg

# A lock of two numbers: those of the subjects have one.
LEAD = "select pg_try_advisory_lock(20260303, 1)"
STAND_BY_SECONDS = 1.0
CHECK_SECONDS = 5.0


async def lead(conninfo: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work for ever while this engine leads; stand by while another does."""
    while True:
        with suppress(psycopg.Error):
            async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
                await _until_leading(connection)
                await _while_connected(connection, work)
        await asyncio.sleep(STAND_BY_SECONDS)


async def _until_leading(connection: psycopg.AsyncConnection) -> None:
    while True:
        row = await (await connection.execute(LEAD)).fetchone()
        if row and row[0]:
            return
        await asyncio.sleep(STAND_BY_SECONDS)


async def _while_connected(connection: psycopg.AsyncConnection, work: Callable[[], Awaitable[None]]) -> None:
    working = asyncio.ensure_future(work())
    try:
        while not working.done():
            await asyncio.wait({working}, timeout=CHECK_SECONDS)
            await connection.execute("select 1")
        working.result()
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
