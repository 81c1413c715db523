"""When the engine or Prefect's server is killed in the middle of a season, is anything lost, or done twice?"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import col, select

from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.gates import Decision, Gate
from models.words import EventKind, GateState
from processes.supervise import Stack
from tasks.audit import verify
from tasks.record import lock_cases
from tests.faults.player import Player
from tests.flows.dashboard import until
from tests.flows.walked import Walked

PROJECT = Path(__file__).resolve().parents[2]
# Long enough for an engine to start and to try in vain more than once.
TIME_TO_TRY = 8.0
LONGER_THAN_A_LOCK_IS_WAITED_FOR = 11.0
CASES = 12
# After so many decisions this process is killed.
KILLS = {12: "engine", 30: "prefect", 45: "engine", 60: "prefect", 61: "engine", 75: "engine"}


@pytest.mark.timeout(400)
def test_season_of_a_dozen_survives_kills_of_engine_and_server(engine: Stack, walked: Walked) -> None:
    """A dozen cases, from their application to the end of publicity, with six kills at different moments."""
    cases = [walked.enter() for _ in range(CASES // 2)] + [walked.world.enter() for _ in range(CASES // 2)]
    killed: list[str] = []

    def after(decisions: int) -> None:
        if name := KILLS.get(decisions):
            os.kill(until(lambda: engine.pid(name), name), signal.SIGKILL)
            killed.append(name)

    Player(walked.world, after).play()

    for case in cases:
        walked.ended(case)
    assert killed == list(KILLS.values())
    assert outcomes(walked) == {"recognised": CASES}
    assert twice(walked) == []
    assert [case.number for case in cases if len(walked.dashboard.runs_of(case.id)) != 1] == []
    with reading() as session:
        assert verify(session, [walked.world.season]) is None


def outcomes(walked: Walked) -> dict[str | None, int]:
    with reading() as session:
        rows = session.exec(select(Case.outcome).where(Case.season_id == walked.world.season_id))
        return dict(Counter(rows))


def twice(walked: Walked) -> list[str]:
    """Gates that were opened more than once, opened without an event, or cleared by more or less than one outcome."""
    season_id = walked.world.season_id
    with reading() as session:
        gates = session.exec(select(Gate).where(Gate.season_id == season_id)).all()
        opened = Counter(
            (event.chain, event.facts["step"], event.facts["round"])
            for event in session.exec(
                select(Event).where(Event.season_id == season_id, Event.kind == EventKind.GATE_OPENED)
            )
        )
        decided = Counter(
            session.exec(
                select(Decision.assignment_id)
                .join(Gate, col(Gate.id) == col(Decision.gate_id))
                .where(Gate.season_id == season_id)
            )
        )
    wrong = [
        f"{gate.step} {gate.round}" for gate in gates if gate.round != 1 or gate.state != GateState.CLEARED
    ]
    wrong += [f"{step} opened {n} times" for (_, step, _), n in opened.items() if n != 1]
    wrong += [f"{assignment} answered {n} times" for assignment, n in decided.items() if n != 1]
    return wrong + ([] if len(opened) == len(gates) else [f"{len(opened)} events of {len(gates)} gates"])


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
