"""Do the tags of waiting runs follow the deadlines, without anybody waking them?"""

import asyncio
from datetime import timedelta
from functools import partial

from flows.claims import Claims
from flows.deploy import deploy
from flows.lateness import Lateness
from flows.runs import Runs, api_client
from models.case import Case
from models.database import transaction
from models.gates import Gate
from settings import settings
from tests.flows.dashboard import until
from tests.flows.walked import Walked


def look() -> None:
    """One look of the test's own, beside the engine's."""

    async def play() -> None:
        claims = Claims(settings().database_url)
        async with api_client(settings()) as client:
            await Lateness(Runs(client, partial(deploy, settings())), claims).look()
        claims.close()

    asyncio.run(play())


def tags(walked: Walked, case: Case) -> set[str]:
    run = walked.dashboard.run(walked.run_id(case))
    assert run is not None
    return set(run.tags)


def look_until(walked: Walked, tagged: list[Case], untagged: list[Case]) -> None:
    """Look until exactly these are tagged as late: a run at which the engine still works is left to the next look."""

    def done() -> bool:
        look()
        return all("late" in tags(walked, c) for c in tagged) and not any(
            "late" in tags(walked, c) for c in untagged
        )

    until(done, "the tags say what the record says")


def test_tag_comes_with_the_deadline_and_goes_when_the_deadline_moves_or_the_case_goes_on(
    walked: Walked,
) -> None:
    first, second, ended = (walked.at_office() for _ in range(3))
    in_time = tags(walked, first)
    walked.world.move_to(walked.world.notice.due("office_review"))
    look_until(walked, [first, second, ended], [])
    overdue = [tags(walked, case) for case in (first, second, ended)]

    with transaction() as session:
        gate = session.get_one(Gate, walked.world.gate("office_review", first).id)
        gate.due_at += timedelta(days=3)
    walked.world.answer("office_review", second)
    walked.world.answer("office_review", ended, "reject", reason="不符合条件")
    walked.waits_at(second, "expert_review")
    walked.ended(ended)
    look_until(walked, [], [first, second, ended])

    assert in_time == {f"season:{walked.world.season.key}", "stage:资格审查"}
    assert overdue == [in_time | {"late"}] * 3
    assert tags(walked, first) == in_time
    assert "late" not in tags(walked, second) | tags(walked, ended)
