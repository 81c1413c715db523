"""When Prefect's database is lost as a whole, do the cases go on from the record, each once?"""

import time

from processes.probes import connect
from processes.supervise import Stack
from settings import PREFECT_DATABASE, settings
from settings.urls import rendered
from tests.faults.test_kills import twice_opened
from tests.flows.dashboard import until
from tests.flows.walked import Walked

A_MINUTE = 60.0


def lose_database() -> None:
    """Delete Prefect's database and make an empty one, as after a disk that failed."""
    with connect(rendered(settings().embedded_url("postgres"))) as connection:
        connection.autocommit = True
        connection.execute(f"drop database {PREFECT_DATABASE} with (force)")
        connection.execute(f"create database {PREFECT_DATABASE} owner gongjiang")


def test_runs_automations_and_sweeps_come_back_after_the_database_was_deleted(
    engine: Stack, walked: Walked
) -> None:
    cases = [walked.at_office() for _ in range(3)]
    before = {walked.run_id(case) for case in cases}

    engine.stop("prefect")
    lose_database()
    walked.world.answer("office_review", cases[0])
    engine.start_one("prefect")
    began = time.monotonic()
    walked.waits_at(cases[0], "expert_review")
    for case in cases[1:]:
        walked.waits_at(case, "office_review")
        walked.world.answer("office_review", case)
        walked.waits_at(case, "expert_review")

    assert time.monotonic() - began < A_MINUTE
    assert before.isdisjoint({walked.run_id(case) for case in cases})
    assert twice_opened(walked) == []
    assert [len(walked.dashboard.runs_of(case.id)) for case in cases] == [1, 1, 1]
    assert len(walked.dashboard.automations()) == 2
    last = walked.waits_at(cases[-1], "expert_review")
    until(lambda: ("专家评审", "Completed") in walked.dashboard.task_runs(last.id), "its task")
