"""Does the reconciler find every run that is not well, also when a round looks at a part of the subjects only?"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

import pytest

from flows.bell import Bell
from flows.claims import Claims
from flows.deploy import deploy
from flows.reconcile import Reconciler
from flows.rousing import Rouser
from flows.runs import Runs, api_client
from models.database import reading
from processes.supervise import Stack
from settings import settings
from tasks.waking import live_subjects
from tests.flows.walked import Walked

TURN = 4


@pytest.fixture
def resting(engine: Stack) -> Iterator[Stack]:
    """A call stops the engine; it runs again after the test."""
    yield engine
    engine.start_one("engine")


def reconcile(script: Callable[[Reconciler], Awaitable[None]]) -> None:
    """Play the script with a reconciler of the test's own."""

    async def play() -> None:
        claims = Claims(settings().database_url)
        async with api_client(settings()) as client:
            runs = Runs(client, partial(deploy, settings()))
            await script(Reconciler(runs, Rouser(runs, claims), claims, Bell(), 1.0, a_part()))
        claims.close()

    asyncio.run(play())


def a_part() -> int:
    """So many subjects that all of them are looked at in `TURN` rounds, and not in one."""
    with reading() as session:
        return len(live_subjects(session)) // (TURN - 1)


def test_healthy_season_needs_no_mending(resting: Stack, walked: Walked) -> None:
    for _ in range(TURN):
        walked.at_office()
    walked.season_waits_at("proposed_list")
    resting.stop("engine")

    async def script(reconciler: Reconciler) -> None:
        assert [await reconciler.round() for _ in range(TURN + 1)] == [0] * (TURN + 1)

    reconcile(script)


@pytest.mark.parametrize("button", ["cancel", "delete"])
def test_missing_run_is_found_at_once_by_the_count(resting: Stack, walked: Walked, button: str) -> None:
    case, *_ = [walked.at_office() for _ in range(TURN)]
    before = walked.waits_at(case, "office_review")
    walked.season_waits_at("proposed_list")
    resting.stop("engine")

    async def script(reconciler: Reconciler) -> None:
        healthy = await reconciler.round()
        getattr(walked.dashboard, button)(before.id)
        assert (healthy, await reconciler.round()) == (0, 1)

    reconcile(script)
    resting.start_one("engine")

    walked.waits_at(case, "office_review", after=before)


def test_run_paused_with_a_time_limit_is_found_within_one_turn(resting: Stack, walked: Walked) -> None:
    case, *_ = [walked.at_office() for _ in range(TURN)]
    before = walked.waits_at(case, "office_review")
    walked.season_waits_at("proposed_list")
    resting.stop("engine")

    async def script(reconciler: Reconciler) -> None:
        healthy = await reconciler.round()
        walked.dashboard.pause(before.id)
        assert (healthy, sum([await reconciler.round() for _ in range(TURN)])) == (0, 1)

    reconcile(script)
    resting.start_one("engine")

    walked.waits_at(case, "office_review", after=before)
