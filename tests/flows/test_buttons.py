"""What can be done in Prefect's dashboard to a case? Nothing: no button passes a gate, none strands a case."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest

from models.case import Case
from tests.flows.dashboard import Dashboard, Seen, until
from tests.flows.walked import Walked

AT_OFFICE = [("application", 1, "cleared"), ("office_review", 1, "open")]
BUTTONS = ["resume", "retry", "cancel", "pause", "delete"]
FINAL = ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]


def goes_on(walked: Walked, case: Case, before: Seen) -> None:
    """The case waits again at the gate where it stood, and the next decision brings it on as ever."""
    walked.waits_at(case, "office_review", after=before)
    assert walked.gates(case) == AT_OFFICE

    walked.world.answer("office_review", case)
    walked.waits_at(case, "expert_review")

    assert [step for step, _, _ in walked.gates(case)] == ["application", "office_review", "expert_review"]


@pytest.mark.parametrize("button", BUTTONS)
def test_button_pressed_at_a_waiting_case_changes_nothing(walked: Walked, button: str) -> None:
    case = walked.at_office()
    before = walked.waits_at(case, "office_review")

    getattr(walked.dashboard, button)(before.id)

    goes_on(walked, case, before)


@pytest.mark.parametrize("state", FINAL)
def test_final_state_set_by_hand_changes_nothing(walked: Walked, state: str) -> None:
    case = walked.at_office()
    before = walked.waits_at(case, "office_review")

    walked.dashboard.change_state(before.id, state)

    goes_on(walked, case, before)


@pytest.mark.parametrize("button", BUTTONS)
def test_button_pressed_at_the_season_changes_nothing(walked: Walked, button: str) -> None:
    before = walked.season_waits_at("proposed_list")

    getattr(walked.dashboard, button)(before.id)

    until(lambda: walked.season_waits_at("proposed_list").state_id != before.state_id, "the season's wait")
    assert walked.gates() == []


def test_case_is_decided_although_its_run_was_deleted_a_moment_ago(walked: Walked) -> None:
    case = walked.at_office()
    before = walked.waits_at(case, "office_review")

    walked.dashboard.delete(before.id)
    walked.world.answer("office_review", case)

    after = walked.waits_at(case, "expert_review")
    assert after.id != before.id
    assert walked.dashboard.runs_of(case.id) == [after]


def test_run_started_by_hand_for_a_case_that_has_one_ends_without_a_trace(walked: Walked) -> None:
    case = walked.at_office()
    mine = walked.waits_at(case, "office_review")

    second = walked.dashboard.quick_run("case", {"case_id": str(case.id)})
    until(lambda: (run := walked.dashboard.run(second)) and run.state == "Completed", "the second run")

    first = walked.dashboard.run(mine.id)
    assert first is not None
    assert replace(first, state_id=mine.state_id) == mine
    assert walked.gates(case) == AT_OFFICE


def test_deleted_deployment_is_registered_again_and_cases_go_on(walked: Walked) -> None:
    old_case = walked.at_office()
    before = walked.dashboard.deployment("case")["id"]

    walked.dashboard.delete_deployment("case")
    new_case = walked.at_office()
    for case in (old_case, new_case):
        walked.world.answer("office_review", case)
        walked.waits_at(case, "expert_review")

    assert walked.dashboard.deployment("case")["id"] != before


def test_storm_of_buttons_while_people_decide_loses_nothing(walked: Walked) -> None:
    """Buttons are pressed at random, also in the tenth of a second in which a run works."""
    cases = [walked.at_office() for _ in range(6)]

    with ThreadPoolExecutor(3) as pool:
        storms = [pool.submit(storm, Dashboard(), walked, cases, seed) for seed in range(2)]
        for case in cases:
            walked.world.answer("office_review", case)
            until(lambda case=case: len(walked.gates(case)) > 2, "the next gate")  # type: ignore[misc]
        for each in storms:
            each.result()

    for case in cases:
        walked.waits_at(case, "expert_review")
        assert walked.gates(case) == [
            ("application", 1, "cleared"),
            ("office_review", 1, "cleared"),
            ("expert_review", 1, "open"),
        ]


def storm(dashboard: Dashboard, walked: Walked, cases: list[Case], seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(25):
        run_id = walked.run_id(chance.choice(cases))
        with suppress(httpx.HTTPStatusError):  # the run was deleted by the other storm
            getattr(dashboard, chance.choice(BUTTONS))(run_id)
