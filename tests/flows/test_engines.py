"""Do several engines share the work, and is one that was killed replaced by another?"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes.supervise import Stack
from tests.flows.dashboard import until
from tests.flows.walked import Walked

PROJECT = Path(__file__).resolve().parents[2]
CASES = 10


def start(stack: Stack, *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", *command], env=stack.environment, cwd=PROJECT)


@pytest.fixture
def second_engine(engine: Stack) -> Iterator[subprocess.Popen[bytes]]:
    process = start(engine, "flows.engine")
    yield process
    process.terminate()
    assert process.wait(20) == 0


@pytest.fixture
def lone_worker(engine: Stack) -> Iterator[subprocess.Popen[bytes]]:
    """Only Prefect's own command runs flows."""
    engine.stop("engine")
    process = start(engine, "prefect", "worker", "start", "--pool", "gongjiang", "--type", "gongjiang")
    yield process
    process.send_signal(signal.SIGINT)
    process.wait(20)
    engine.start_one("engine")


def test_second_engine_goes_on_when_the_first_is_killed(
    engine: Stack, second_engine: subprocess.Popen[bytes], walked: Walked
) -> None:
    cases = [walked.at_office() for _ in range(CASES)]

    for number, case in enumerate(cases):
        walked.world.answer("office_review", case)
        if number == CASES // 2:
            os.kill(engine.pid("engine"), signal.SIGKILL)

    for case in cases:
        walked.waits_at(case, "expert_review")
        assert walked.gates(case) == [
            ("application", 1, "cleared"),
            ("office_review", 1, "cleared"),
            ("expert_review", 1, "open"),
        ]


def test_worker_starts_by_prefects_own_command(walked: Walked, lone_worker: subprocess.Popen[bytes]) -> None:
    case = walked.enter()
    run_id = walked.dashboard.quick_run("case", {"case_id": str(case.id)})

    until(lambda: (run := walked.dashboard.run(run_id)) and run.state == "Completed", "the run")

    assert walked.dashboard.pool()["status"] == "READY"
