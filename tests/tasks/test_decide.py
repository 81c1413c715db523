"""How does an answer move a case, and what is refused?"""

import pytest

from models.case import Case
from models.verdict import Refused
from models.words import GateState, Outcome
from tests.refusals import codes
from tests.world import World


def test_unit_case_walks_the_county_route_in_the_notices_order(world: World) -> None:
    case = world.enter()
    walked: list[str] = []
    world.pump()
    while (step := world.open_steps(case)[0]) != "proposed_list":
        walked.append(step)
        if step == "application":
            world.submit(case)
        else:
            world.pass_step(step, case)

    assert walked == [
        "application",
        "unit_review",
        "department_opinions",
        "county_review",
        "office_review",
        "expert_review",
    ]


def test_city_route_skips_the_county(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")

    assert world.open_steps(case) == ["office_review"]
    assert world.gate("unit_review", case).state == GateState.CLEARED


def test_inspection_only_where_the_office_asked_for_it(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")

    world.answer("office_review", case, "pass_inspect")
    world.pump()

    assert world.open_steps(case) == ["inspection"]


def test_discipline_department_answers_only_for_those_who_exercise_public_power(world: World) -> None:
    plain = world.bring_to(world.enter(), "department_opinions")
    official = world.bring_to(world.enter(public_power=True), "department_opinions")

    five = ["industry", "organisation", "personnel", "police", "science"]
    assert [a.body for a in world.assignments("department_opinions", plain)] == five
    assert [a.body for a in world.assignments("department_opinions", official)] == ["discipline", *five]


def test_department_objection_is_recorded_but_does_not_decide(world: World) -> None:
    case = world.bring_to(world.enter(), "department_opinions")

    world.answer("department_opinions", case, "object", body="police", reason="情况待核实")
    world.pass_step("department_opinions", case)

    assert world.open_steps(case) == ["county_review"]


def test_return_comes_back_to_the_gate_that_returned_it(world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")

    world.answer("office_review", case, "return", reason="缺少获奖证书", items=("获奖证书",))
    world.pump()
    assert world.open_steps(case) == ["application"]
    world.submit(case)

    assert world.open_steps(case) == ["office_review"]
    assert world.gate("office_review", case).round == 2
    assert world.gate("county_review", case).round == 1


def test_rejection_ends_the_case_with_its_reason(world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")

    world.answer("county_review", case, "reject", reason="不在推荐范围")

    assert world.case(case).outcome == Outcome.REJECTED
    assert world.open_steps(case) == []


@pytest.mark.parametrize(
    ("answer", "given", "code"),
    [
        ("return", {}, "reason_missing"),
        ("reject", {"reason": "  "}, "reason_missing"),
        ("approve", {}, "unknown_answer"),
    ],
)
def test_answer_that_lacks_something_is_refused(
    world: World, answer: str, given: dict[str, str], code: str
) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")

    with pytest.raises(Refused) as refusal:
        world.answer("office_review", case, answer, **given)

    assert codes(refusal) == [code]
    assert world.open_steps(case) == ["office_review"]


def test_person_without_the_seat_is_refused(world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    [assignment] = world.assignments("county_review", case)

    with pytest.raises(Refused) as refusal:
        world.answer_as(world.person("county_union", county="liunan"), assignment, "endorse")

    assert codes(refusal) == ["not_your_task"]
    assert refusal.value.status == 403


def test_second_answer_is_refused(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    [assignment] = world.assignments("office_review", case)
    world.answer_as(None, assignment, "pass")

    with pytest.raises(Refused) as refusal:
        world.answer_as(None, assignment, "reject", reason="改主意")

    assert codes(refusal) == ["already_answered"]
    assert refusal.value.status == 409


def late(world: World) -> Case:
    case = world.enter()
    world.move_to(world.notice.due("application"))
    return case


def test_late_application_is_refused_until_the_office_admits_it(world: World) -> None:
    case = late(world)

    with pytest.raises(Refused) as refusal:
        world.submit(case)

    assert codes(refusal) == ["too_late"]
