"""How long do a thousand mails take to a mail server on this machine, with the throttle off?

`python -m bench.mail [N]` starts a PostgreSQL and a mail server of its own and prints the figures as JSON.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from sqlmodel import col, func, select

from bench.apart import PROJECT
from models.database import reading, transaction
from models.mail import Message
from models.migrate import upgrade
from models.season import Season
from models.words import MessageState
from notices.reader import read_notice
from notifications.catalogue import sample_context
from notifications.outbox import run_sender
from processes.environment import environment
from processes.probes import free_port
from processes.supervise import Stack
from settings import LOOPBACK, Settings, settings
from tasks.seasons import open_season

NOTICE = PROJECT / "notices" / "liuzhou-2025.yaml"
MAILS = 1000
GOAL_SECONDS = 20.0


def measure(mails: int = MAILS) -> dict[str, float | int | bool]:
    """Send so many mails to a server that throws them away, against the installation of the environment."""
    upgrade()
    server = Controller(Sink(), hostname=LOOPBACK, port=int(settings().smtp_url.rpartition(":")[2]))
    server.start()
    season_id = _queue(mails)
    began = time.monotonic()
    used = time.process_time()
    asyncio.run(_send(season_id))
    seconds = time.monotonic() - began
    server.stop()
    return {
        "mails": mails,
        "seconds": round(seconds, 2),
        "mails_per_second": round(mails / seconds, 1),
        "cpu_seconds": round(time.process_time() - used, 2),
        "goal_seconds": GOAL_SECONDS,
        "reached": seconds <= GOAL_SECONDS,
    }


def _queue(mails: int) -> object:
    context = sample_context("task_arrived").model_dump(mode="json") | {"practice": False}
    with transaction() as session:
        season = open_season(session, read_notice(NOTICE), key=f"mails-{uuid4().hex[:8]}")
        for number in range(mails):
            message = Message(
                season_id=season.id,
                address=f"person{number}@example.org",
                template="task_arrived",
                context=context,
                unique_key=f"bench:{season.id}:{number}",
            )
            session.add(message)
        return season.id


async def _send(season_id: object) -> None:
    stop = asyncio.Event()
    sender = asyncio.create_task(run_sender(stop))
    while await asyncio.to_thread(_unsent, season_id):
        await asyncio.sleep(0.1)
    stop.set()
    await sender


def _unsent(season_id: object) -> int:
    with reading() as session:
        unsent = select(func.count()).select_from(Message).join(Season)
        unsent = unsent.where(col(Season.id) == season_id, Message.state != MessageState.SENT)
        return session.exec(unsent).one()


def main() -> None:
    """Start what is needed in a home of its own and measure there, in a process of its own."""
    mails = sys.argv[1] if len(sys.argv) > 1 else str(MAILS)
    if "GONGJIANG_BENCH" in os.environ:
        print(json.dumps(measure(int(mails))))
        return
    with tempfile.TemporaryDirectory(prefix="gongjiang-bench-") as home:
        port = free_port()
        chosen = Settings(
            home=Path(home),
            given_keys=Path(home) / "keys",
            given_smtp_url=f"smtp://{LOOPBACK}:{port}",
            mail_per_minute=0,
        )
        with Stack(chosen) as stack:
            stack.start()
            stack.start_one("database")
            command = [sys.executable, "-m", "bench.mail", mails]
            told = environment(chosen) | {"GONGJIANG_BENCH": "1"}
            subprocess.run(command, cwd=PROJECT, env=told, check=True)


if __name__ == "__main__":
    main()
