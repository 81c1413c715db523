"""When two people act at once, does exactly one win, and does the other learn why?"""

from concurrent.futures import ThreadPoolExecutor

from sqlmodel import select

from models.database import reading
from models.gates import Assignment, Decision
from models.verdict import Refused
from models.wakeup import Wakeup
from tests.world import World

PEOPLE = 12


def attempt(world: World, assignment: Assignment, answer: str) -> str:
    try:
        world.answer_as(None, assignment, answer, reason="同时办理")
    except Refused as refusal:
        return refusal.reasons[0].code
    return "recorded"


def race(world: World, assignments: list[Assignment], answers: list[str]) -> list[str]:
    with ThreadPoolExecutor(PEOPLE) as pool:
        return sorted(pool.map(lambda a: attempt(world, *a), zip(assignments, answers, strict=True)))


def test_one_of_many_answers_at_one_gate_is_recorded(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    [assignment] = world.assignments("office_review", case)

    results = race(world, [assignment] * PEOPLE, ["pass", "reject", "return"] * (PEOPLE // 3))

    assert results == ["already_answered"] * (PEOPLE - 1) + ["recorded"]
    with reading() as session:
        assert len(session.exec(select(Decision).where(Decision.assignment_id == assignment.id)).all()) == 1


def test_last_answers_of_a_parallel_gate_together_clear_it_once(world: World) -> None:
    case = world.bring_to(world.enter(), "department_opinions")
    waiting = world.assignments("department_opinions", case)

    results = race(world, waiting, ["agree"] * len(waiting))
    world.pump()

    assert results == ["recorded"] * 5
    assert world.open_steps(case) == ["county_review"]
    assert world.gate("county_review", case).round == 1


def test_meeting_is_closed_once(world: World) -> None:
    world.bring_to(world.enter(route="city"), "proposed_list")
    world.move_to(world.notice.due("application"))
    world.pump()
    world.pass_step("proposed_list")
    world.hold("party_meeting")
    [assignment] = world.assignments("party_meeting")

    results = race(world, [assignment] * 4, ["confirm"] * 4)

    assert results == ["already_answered"] * 3 + ["recorded"]


def test_every_recorded_answer_leaves_a_wake_up(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    with reading() as session:
        before = len(session.exec(select(Wakeup).where(Wakeup.case_id == case.id)).all())

    world.answer("office_review", case)

    with reading() as session:
        assert len(session.exec(select(Wakeup).where(Wakeup.case_id == case.id)).all()) == before + 1
