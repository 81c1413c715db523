"""With what is the clock of a real process moved? By libfaketime, told in a file that every look at the clock reads.

Only the time of day moves: waits and timeouts go by another clock, as they do when a machine's clock is set. What the
library can't do then is `time.sleep`, which fails: what is started here waits for sockets and locks alone.
"""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from models.database import real_now
from models.notice import SHANGHAI
from processes.environment import environment
from processes.probes import free_port, web_answers
from settings import LOOPBACK, settings
from tests.flows.dashboard import until

PROJECT = Path(__file__).resolve().parents[2]


class MovedClock:
    """A clock for other processes than this one; it goes on from wherever it is set."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self._ahead = timedelta()
        self.jump(timedelta())

    def now(self) -> datetime:
        return real_now() + self._ahead

    def set(self, moment: datetime) -> None:
        self.jump(moment - self.now())

    def jump(self, by: timedelta) -> None:
        """At once, forward or back."""
        self._ahead += by
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{self._ahead.total_seconds():+f}\n")
        draft.replace(self._file)

    def environment(self) -> Mapping[str, str]:
        """What a process is started with that goes by this clock, on a machine of UTC."""
        [library] = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
        told = {"FAKETIME_TIMESTAMP_FILE": str(self._file), "FAKETIME_NO_CACHE": "1"}
        return {"LD_PRELOAD": str(library), "DONT_FAKE_MONOTONIC": "1", "TZ": "UTC", **told}


def shanghai(text: str) -> datetime:
    """A moment as the notice means it."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@contextmanager
def pages(clock: MovedClock) -> Iterator[str]:
    """The pages' process on the tests' record, by this clock; its address."""
    chosen = settings().model_copy(update={"web_port": free_port()})
    told = {**environment(chosen), **clock.environment()}
    with subprocess.Popen([sys.executable, "-m", "api.server"], env=told, cwd=PROJECT) as server:
        until(lambda: web_answers(chosen, server.pid), "the pages")
        yield f"http://{LOOPBACK}:{chosen.web_port}"
        server.terminate()


class Rounds:
    """The morning's round of one season, in a process that goes by this clock."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def hold(self) -> int:
        """Hold it once; how many people were told."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def rounds(clock: MovedClock, season_id: UUID) -> Iterator[Rounds]:
    told = {**environment(settings()), **clock.environment()}
    command = [sys.executable, "-m", "tests.faults.hold_rounds", str(season_id)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=told, cwd=PROJECT, stdin=pipe, stdout=pipe, text=True) as process:
        yield Rounds(process)
