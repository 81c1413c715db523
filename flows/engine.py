"""What runs in the engine? The worker, the waker, the reconciler and the mail sender, in one process.

A database or a Prefect server that is not there yet is waited for; SIGTERM or Ctrl-C ends it after the runs at work
have reached their next gate. Started as `gongjiang run engine`, which sets Prefect's environment.
"""

import asyncio
import logging
import os
import signal
import socket
from contextlib import suppress
from functools import partial

import psycopg

from flows.background import keep_at
from flows.bell import Bell, listen
from flows.claims import connection_string
from flows.deploy import deploy
from flows.lateness import Lateness
from flows.leader import lead
from flows.pulse import Pulse
from flows.quiet import Patience
from flows.reconcile import Reconciler
from flows.rousing import Rouser
from flows.runs import Runs, api_client
from flows.timetable import Timetable
from flows.waker import Waker
from flows.worker import GongjiangWorker
from models.wakeup import CHANNEL
from notifications.outbox import run_sender
from processes.child import SUPERVISED
from processes.environment import ensure_environment
from processes.logs import write_logs
from settings import Settings, settings
from tasks.dossiers import work_once as make_dossiers
from tasks.retention import carry_out_next

log = logging.getLogger("gongjiang.engine")


async def run_engine() -> None:
    """Run everything until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await _engine(settings(), stop)


async def _engine(chosen: Settings, stop: asyncio.Event) -> None:
    address = connection_string(chosen.database_url)
    if not await _both_servers(chosen, address, stop):
        return
    worker = GongjiangWorker(name=engine_name())
    pulse = Pulse(engine_name(), worker.bodies)
    leading = asyncio.ensure_future(lead(address, partial(_lead, chosen, worker, pulse, address)))
    beating = asyncio.ensure_future(pulse.run())
    sending = asyncio.ensure_future(run_sender(stop))
    working = asyncio.ensure_future(worker.start(printer=log.info))
    asked = asyncio.ensure_future(stop.wait())
    report_ready(chosen)
    await asyncio.wait({leading, sending, working, asked}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    leading.cancel()
    beating.cancel()
    worker.stop()
    for outcome in await asyncio.gather(working, sending, leading, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome
    await pulse.end()


async def _lead(chosen: Settings, worker: GongjiangWorker, pulse: Pulse, address: str) -> None:
    """Wake and mend runs for as long as this engine leads."""
    wakeups, reconciling = Bell(), Bell()
    async with pulse.leading(), api_client(chosen) as client:
        runs = Runs(client, partial(deploy, chosen))
        claims = worker.bodies.claims
        rouser = Rouser(runs, claims)
        waker = Waker(runs, rouser, worker.bodies, wakeups, reconciling)
        reconciler = Reconciler(runs, rouser, claims, reconciling, chosen.reconcile_seconds)
        async with asyncio.TaskGroup() as group:
            for work in (
                listen(address, CHANNEL, wakeups),
                waker.run(),
                reconciler.run(),
                Timetable(client).run(),
                Lateness(runs, claims).run(),
                keep_at(make_dossiers, "making dossiers"),
                keep_at(carry_out_next, "erasing"),
            ):
                group.create_task(work)


async def _both_servers(chosen: Settings, address: str, stop: asyncio.Event) -> bool:
    """Wait for the database and for Prefect's server, and register the flows there; no if asked to stop before."""
    patience = Patience(log, "reaching the database and Prefect's server")
    while not stop.is_set():
        with patience:
            await (await psycopg.AsyncConnection.connect(address)).close()
            await deploy(chosen)
        if patience.pause is None:
            return True
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), patience.pause)
    return False


def engine_name() -> str:
    """The name in the work pool; the engine that supervisord keeps has always the same, so that restarts leave none."""
    return socket.gethostname() if SUPERVISED in os.environ else f"{socket.gethostname()}-{os.getpid()}"


def report_ready(chosen: Settings) -> None:
    """Write the process id where those look who wait for the engine; one that nobody watches keeps quiet."""
    if SUPERVISED not in os.environ:
        return
    path = chosen.ready_file("engine")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(os.getpid()))


def main() -> None:
    ensure_environment()
    write_logs()
    asyncio.run(run_engine())


if __name__ == "__main__":
    main()
