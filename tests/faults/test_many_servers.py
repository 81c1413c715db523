"""Do several of Prefect's API servers and several engines share one season, also when one of each is killed?"""

from collections.abc import Iterator
from functools import partial

import pytest

from models.database import reading
from models.words import Outcome
from processes.environment import environment
from processes.plan import plan, shared_parts
from processes.probes import free_port, prefect_answers
from processes.supervise import Stack
from settings import Settings, settings
from tasks.audit import verify
from tests.faults.player import Player
from tests.faults.storm import twice
from tests.flows.dashboard import Dashboard, until
from tests.flows.walked import Walked
from tests.notices.files import TINY
from tests.together import PROJECT, Together, with_ports

SITE = PROJECT / "deploy" / "several" / "prefect.conf"
CASES = 2
# After so many decisions this one is killed.
KILLS = {2: "prefect-api 1", 4: "engine 1"}


@pytest.fixture
def many(engine: Stack) -> Iterator[Together]:
    """Redis, two API servers behind nginx, the services, and two engines, in place of one server and one engine."""
    engine.stop("engine")
    engine.stop("prefect")
    try:
        with Together() as together:
            start_all(together)
            yield together
    finally:
        engine.start_one("prefect")
        engine.start_one("engine")


def start_all(together: Together) -> None:
    chosen = settings().model_copy(update={"redis_url": together.redis()})
    ports = {8701: chosen.prefect_port, 8711: free_port(), 8712: free_port()}
    together.nginx(with_ports(SITE.read_text(), ports))
    servers = [chosen.model_copy(update={"prefect_port": ports[port]}) for port in (8711, 8712)]
    for number, own in enumerate(servers, 1):
        together.start(f"prefect-api {number}", command("prefect-api", own), environment(own))
    together.start("prefect-services", command("prefect-services", chosen), environment(chosen))
    for number in (1, 2):
        together.start(f"engine {number}", command("engine", chosen), environment(chosen))
    for number, own in enumerate(servers, 1):
        together.ready(f"prefect-api {number}", partial(prefect_answers, own, 0))


def command(name: str, chosen: Settings) -> tuple[str, ...]:
    return next(p.command for p in (*plan(chosen), *shared_parts(chosen)) if p.name == name)


@pytest.mark.timeout(420)
def test_season_goes_on_when_one_server_and_one_engine_of_two_are_killed(
    many: Together, dashboard: Dashboard
) -> None:
    walked = Walked.open(dashboard, TINY)
    office = walked.world.person("office")
    cases = [walked.world.enter(route="city", person=office) for _ in range(CASES)]

    def after(decisions: int) -> None:
        if name := KILLS.get(decisions):
            many.kill(name)

    player = Player(walked.world, after)
    player.play()

    for case in cases:
        walked.ended(case)
    assert player.decisions > max(KILLS)
    assert {walked.world.case(case).outcome for case in cases} == {Outcome.RECOGNISED}
    assert twice(walked.world) == []
    assert [case.number for case in cases if len(dashboard.runs_of(case.id)) != 1] == []
    with reading() as session:
        assert verify(session, [walked.world.season]) is None
    # Which tasks a run had is known from events alone, and those came through Redis.
    run_id = walked.run_id(cases[0])
    until(lambda: ("评定会议", "Completed") in dashboard.task_runs(run_id), "the tasks")
