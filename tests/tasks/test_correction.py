"""After a return, which earlier approvals are asked again? Those whose watched fields have changed, and no others."""

from datetime import date, timedelta

import pytest

from models.case import Case
from models.casefile import last_return
from models.database import reading, transaction
from models.notice import SHANGHAI
from models.people import Person
from models.returns import asked_items, due_day
from models.verdict import Refused
from models.words import GateState
from simulation.papers import pdf
from tasks.attachments import attach
from tasks.intake import edit_case
from tests.refusals import codes
from tests.world import World


def returned(world: World) -> Case:
    """A case that the office returned after its unit, five departments and county had passed it."""
    case = world.bring_to(world.enter(), "office_review")
    world.answer("office_review", case, "return", reason="请补充简要事迹", items=("简要事迹",))
    world.pump()
    return case


def given_back(world: World, case: Case, step: str = "office_review", **facts: str) -> None:
    world.answer(step, case, "return", reason="请补充", items=("简要事迹",), facts=facts)
    world.pump()


def last_day_of(world: World, case: Case) -> date:
    """The last day of the correction, as the reopened form has it."""
    due = world.gate("application", case).due_at - timedelta(seconds=1)
    return due.astimezone(SHANGHAI).date()


def correct(world: World, case: Case, **fields: str) -> None:
    with reading() as session:
        person = session.get_one(Person, case.entered_by)
    with transaction() as session:
        edit_case(session, case.id, fields, person)
    world.submit(case)


def test_untouched_approvals_stand(world: World) -> None:
    case = returned(world)

    correct(world, case)

    assert world.open_steps(case) == ["office_review"]


def test_changed_deeds_are_asked_of_unit_and_county_but_not_of_departments(world: World) -> None:
    case = returned(world)

    correct(world, case, summary="补充后的样例事迹")

    assert world.open_steps(case) == ["unit_review", "county_review"]
    assert world.gate("department_opinions", case).state == GateState.CLEARED


def test_changed_employer_is_asked_of_departments_too_in_parallel(world: World) -> None:
    case = returned(world)

    correct(world, case, employer="样例纺织工艺厂")

    assert world.open_steps(case) == ["unit_review", "department_opinions", "county_review"]


def test_another_certificate_of_conduct_is_asked_of_those_who_looked_at_it(world: World) -> None:
    case = returned(world)

    with transaction() as session:
        person = session.get_one(Person, case.entered_by)
        attach(session, case.id, "no_crime", "样例证明（新开）.pdf", pdf("another sample"), person)
    world.submit(case)

    assert world.open_steps(case) == ["unit_review", "department_opinions", "county_review"]


def test_returning_gate_comes_last(world: World) -> None:
    case = returned(world)
    correct(world, case, summary="补充后的样例事迹")

    world.pass_step("county_review", case)
    assert world.open_steps(case) == ["unit_review"]
    world.pass_step("unit_review", case)

    assert world.open_steps(case) == ["office_review"]
    assert world.gate("office_review", case).round == 2


def test_void_gate_opened_again_has_days_of_its_own(world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    world.move_to(world.notice.due("publicity"))
    world.answer("office_review", case, "return", reason="请补充", items=())
    world.pump()

    assert world.gate("application", case).due_at > world.now()


# --- by which day ------------------------------------------------------------------------------------------------


def test_a_correction_has_the_day_that_the_return_names(world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    day = world.now().astimezone(SHANGHAI).date() + timedelta(days=1)

    given_back(world, case, due=str(day))

    assert last_day_of(world, case) == day
    with reading() as session:
        assert due_day(last_return(session, case)) == day


def test_without_a_day_it_is_that_of_the_notice_file(world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    world.move_to(world.notice.due("office_review"))

    given_back(world, case)

    today = world.now().astimezone(SHANGHAI).date()
    assert last_day_of(world, case) == today + timedelta(days=world.notice.correction.days)
    with reading() as session:
        assert due_day(last_return(session, case)) == last_day_of(world, case)


@pytest.mark.parametrize(("due", "code"), [("2020-01-01", "due_past"), ("明天", "due_unreadable")])
def test_a_day_that_is_over_or_none_is_refused(world: World, due: str, code: str) -> None:
    case = world.bring_to(world.enter(), "office_review")

    with pytest.raises(Refused) as refusal:
        given_back(world, case, due=due)

    assert codes(refusal) == [code]


# --- where it goes on --------------------------------------------------------------------------------------------


def test_a_return_by_the_county_resumes_at_the_county(world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    given_back(world, case, "county_review")

    correct(world, case, summary="补充后的样例事迹")

    assert world.open_steps(case) == ["unit_review"]
    world.pass_step("unit_review", case)
    assert world.open_steps(case) == ["county_review"]
    assert world.gate("department_opinions", case).round == 1


def test_an_opinion_given_between_two_returns_is_asked_again_if_what_it_saw_has_changed(
    world: World,
) -> None:
    """Unit and departments are asked again in parallel; the unit returns once more while a department has answered."""
    case = returned(world)
    correct(world, case, employer="样例纺织工艺厂")
    world.answer("department_opinions", case, "agree", body="police")
    given_back(world, case, "unit_review")

    correct(world, case, employer="样例纺织工艺厂（二厂）")
    world.pass_step("unit_review", case)

    asked = {a.body for a in world.assignments("department_opinions", case)}
    assert asked == {"organisation", "police", "industry", "science", "personnel"}
    assert world.gate("department_opinions", case).round == 3


def test_what_is_asked_for_keeps_lines_fields_and_documents_apart(world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    facts = {"fields": ["education"], "documents": ["id_copy"]}
    world.answer(
        "office_review", case, "return", reason="请补充", items=("行一", "学历", "证件"), facts=facts
    )

    with reading() as session:
        found = last_return(session, case)
        assert found
        items = [(i.text, i.anchor) for i in asked_items(found)]

    assert items == [("行一", ""), ("学历", "education"), ("证件", "id_copy")]
