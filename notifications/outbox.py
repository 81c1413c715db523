"""How do queued messages get out?

`run_sender` is the one loop that sends; it may run in several engines at once. Practice seasons' mails go to
the local catcher and to nowhere else.
"""

import asyncio
from collections.abc import Sequence

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from models.database import engine
from notifications import claims
from notifications.carrier import Carrier, Route
from notifications.pace import DEFAULT, Pace, Throttle
from notifications.smtp import Server
from settings import settings

CHANNEL = "gongjiang_mail"
# What a mailbox of a public provider puts up with.
PER_MINUTE, PER_QUARTER, PER_DAY, PER_CONNECTION = 15, 40, 200, 8
# Where nobody counts.
LOCAL_PER_CONNECTION = 100
# Tasks arrive in bursts: so many seconds of silence end one, and then one mail goes out.
GATHERING, PRACTICE_GATHERING = 20.0, 2.0
# A server that is silent for longer keeps the mail in hand: its fate is then unknown.
TIME_TO_STOP = 10.0


def routes() -> list[Route]:
    """The practice seasons' route to the catcher, and the real seasons' route."""
    catcher, server = Server.at(settings().catcher_url), Server.at(settings().smtp_url)
    return [
        Route(True, catcher, Throttle(0), LOCAL_PER_CONNECTION, gather=_gathering(PRACTICE_GATHERING)),
        _real_route(server),
    ]


def _real_route(server: Server) -> Route:
    """As careful as the settings say; with a server elsewhere careful even if they say nothing."""
    chosen = settings()
    # Who asks for no limit a minute wants none at all.
    free = server.is_local or chosen.mail_per_minute == 0

    def limit(given: int | None, careful: int, unlimited: int = 0) -> int:
        return given if given is not None else unlimited if free else careful

    throttle = Throttle(
        limit(chosen.mail_per_minute, PER_MINUTE), limit(chosen.mail_per_quarter, PER_QUARTER)
    )
    return Route(
        False,
        server,
        throttle,
        limit(chosen.mail_per_connection, PER_CONNECTION, LOCAL_PER_CONNECTION),
        limit(chosen.mail_per_day, PER_DAY),
        _gathering(GATHERING),
    )


def _gathering(usual: float) -> float:
    given = settings().mail_gather_seconds
    return usual if given is None else given


async def run_sender(stop: asyncio.Event, pace: Pace = DEFAULT) -> None:
    """Send whatever is queued until `stop` is set; the mail in hand is still finished."""
    chosen = routes()
    carriers = [Carrier(route, pace, stop) for route in chosen]
    async with asyncio.TaskGroup() as group:
        hearing = group.create_task(_hear(carriers, pace))
        await _remember(chosen)
        running = [group.create_task(carrier.run()) for carrier in carriers]
        await stop.wait()
        _ring(carriers)
        await asyncio.wait(running, timeout=TIME_TO_STOP)
        for task in (hearing, *running):
            task.cancel()


async def _remember(chosen: Sequence[Route]) -> None:
    """A restart doesn't make the server forget what it got from us in the last minutes."""
    try:
        ages = await asyncio.to_thread(claims.sent_lately)
    except SQLAlchemyError:
        return
    for route in chosen:
        if not route.practice and not route.throttle.unlimited:
            route.throttle.remember(ages)


async def _hear(carriers: Sequence[Carrier], pace: Pace) -> None:
    """Ring when the database says that a message was queued; without it the sweep is enough."""
    _, where = engine().dialect.create_connect_args(engine().url)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**where, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                _ring(carriers)
                async for _ in connection.notifies():
                    _ring(carriers)
        except (psycopg.Error, OSError):
            await asyncio.sleep(pace.sweep)


def _ring(carriers: Sequence[Carrier]) -> None:
    for carrier in carriers:
        carrier.bell.set()
