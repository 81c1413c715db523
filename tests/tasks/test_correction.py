"""After a return, which earlier approvals are asked again? Those whose watched fields have changed, and no others."""

from models.case import Case
from models.database import reading, transaction
from models.people import Person
from models.words import GateState
from simulation.papers import pdf
from tasks.attachments import attach
from tasks.intake import edit_case
from tests.world import World


def returned(world: World) -> Case:
    """A case that the office returned after its unit, five departments and county had passed it."""
    case = world.bring_to(world.enter(), "office_review")
    world.answer("office_review", case, "return", reason="请补充简要事迹", items=("简要事迹",))
    world.pump()
    return case


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
