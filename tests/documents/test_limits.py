"""From where do the processes come that read strangers' files?"""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from documents.limits import TooMuch, run_limited
from tests.flows.dashboard import until

ROOT = Path(__file__).resolve().parents[2]
ABOUT = "tests.documents.measured:about_itself"


def test_each_file_has_a_process_of_its_own_without_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = run_limited(ABOUT, b""), run_limited(ABOUT, b"")

    assert len({os.getpid(), first["pid"], second["pid"]}) == 3
    assert first["parent"] == second["parent"] != os.getpid()
    assert "GONGJIANG_HOME" in os.environ
    assert not [name for name in first["environment"] if name.startswith(("GONGJIANG", "PREFECT"))]
    assert len(first["open"]) == 3


def test_readers_come_again_when_what_they_are_forked_from_was_killed() -> None:
    nursery = run_limited(ABOUT, b"")["parent"]
    os.kill(nursery, signal.SIGKILL)

    assert run_limited(ABOUT, b"")["parent"] != nursery


def test_many_are_read_at_once_and_each_gets_its_own_answer() -> None:
    contents = [bytes([n]) * (n * 50_000) for n in range(1, 9)]
    with ThreadPoolExecutor(len(contents)) as pool:
        answers = list(pool.map(lambda c: run_limited("tests.documents.measured:the_same", c), contents))
    assert answers == contents


def test_who_takes_too_long_is_ended() -> None:
    with pytest.raises(TooMuch):
        run_limited("tests.documents.measured:for_ever", b"", seconds=1)


def test_readers_end_with_the_process_that_asked() -> None:
    command = "from documents.limits import run_limited; run_limited(%r, b'', seconds=60)"
    asking = subprocess.Popen([sys.executable, "-c", command % "tests.documents.measured:for_ever"], cwd=ROOT)

    def started() -> list[psutil.Process]:
        found = psutil.Process(asking.pid).children(recursive=True)
        return found if len(found) == 2 else []

    both = until(started, "the nursery and its reader")
    asking.kill()
    asking.wait()
    until(lambda: not any(map(is_alive, both)), "their end")


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_fork_of_ours_has_readers_of_its_own() -> None:
    nursery = run_limited(ABOUT, b"")["parent"]
    child = os.fork()
    if not child:
        os._exit(0 if run_limited(ABOUT, b"")["parent"] != nursery else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert run_limited(ABOUT, b"")["parent"] == nursery
