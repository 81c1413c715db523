"""When the engine or Prefect's server is killed in the middle of a season, is anything lost, or done twice?"""

import subprocess
import sys
import time
from pathlib import Path

from sqlmodel import select

from models.database import reading, transaction
from models.gates import Gate
from processes.supervise import Stack
from tasks.record import lock_cases
from tests.flows.dashboard import until
from tests.flows.walked import Walked

PROJECT = Path(__file__).resolve().parents[2]
# Long enough for an engine to start and to try in vain more than once.
TIME_TO_TRY = 8.0
LONGER_THAN_A_LOCK_IS_WAITED_FOR = 11.0


def test_decisions_are_taken_while_the_server_is_away_and_go_on_after(engine: Stack, walked: Walked) -> None:
    cases = [walked.at_office() for _ in range(3)]

    engine.stop("prefect")
    for case in cases:
        walked.world.answer("office_review", case)
    newcomer = walked.enter()
    walked.submit(newcomer)
    engine.start_one("prefect")

    for case in cases:
        walked.waits_at(case, "expert_review")
    walked.waits_at(newcomer, "office_review")
    assert twice_opened(walked) == []


def test_decisions_taken_while_no_engine_runs_go_on_when_it_starts(engine: Stack, walked: Walked) -> None:
    cases = [walked.at_office() for _ in range(3)]

    engine.stop("engine")
    for case in cases:
        walked.world.answer("office_review", case)
    engine.start_one("engine")

    for case in cases:
        walked.waits_at(case, "expert_review")
    assert twice_opened(walked) == []


def test_engine_survives_a_restart_of_the_database(engine: Stack, walked: Walked) -> None:
    cases = [walked.at_office() for _ in range(3)]
    before = engine.pid("engine")

    engine.stop("database")
    engine.start_one("database")
    for case in cases:
        walked.world.answer("office_review", case)

    for case in cases:
        walked.waits_at(case, "expert_review")
    assert engine.pid("engine") == before
    assert twice_opened(walked) == []


def test_task_is_tried_again_when_the_database_does_not_let_it(engine: Stack, walked: Walked) -> None:
    """Somebody holds the case's row for longer than a statement waits for it."""
    case = walked.at_office()
    engine.stop("engine")
    walked.world.answer("office_review", case)

    with transaction() as session:
        lock_cases(session, [case.id])
        engine.start_one("engine")
        time.sleep(LONGER_THAN_A_LOCK_IS_WAITED_FOR)

    run = walked.waits_at(case, "expert_review")
    assert twice_opened(walked) == []
    assert [r.id for r in walked.dashboard.runs_of(case.id)] == [run.id]
    until(lambda: ("专家评审", "Completed") in walked.dashboard.task_runs(run.id), "the task")


def test_engine_waits_for_a_server_that_is_not_there_and_says_so_once(engine: Stack, walked: Walked) -> None:
    case = walked.at_office()
    engine.stop("engine")
    engine.stop("prefect")

    command = [sys.executable, "-m", "flows.engine"]
    with subprocess.Popen(
        command, env=engine.environment, cwd=PROJECT, stderr=subprocess.PIPE, text=True
    ) as lone:
        walked.world.answer("office_review", case)
        time.sleep(TIME_TO_TRY)
        engine.start_one("prefect")
        walked.waits_at(case, "expert_review")
        lone.terminate()
        said = lone.communicate(timeout=30)[1].splitlines()
    engine.start_one("engine")

    assert lone.returncode == 0
    about_servers = [line.split("gongjiang.engine - ")[1] for line in said if "gongjiang.engine - " in line]
    assert [line.split(":")[0] for line in about_servers] == [
        "reaching the database and Prefect's server failed, trying again",
        "reaching the database and Prefect's server works again",
    ]


def twice_opened(walked: Walked) -> list[str]:
    with reading() as session:
        rows = session.exec(select(Gate).where(Gate.season_id == walked.world.season_id))
        return [gate.step for gate in rows if gate.round > 1]
