"""How does the public notice run, and what does an objection do? (三（七）)"""

import pytest

from models.case import Case
from models.database import transaction
from models.objection import Account, Objection
from models.verdict import Refused
from models.words import ObjectionState, Outcome
from tasks.objections import conclude_objection, register_objection, verify_objection
from tests.refusals import codes
from tests.world import World


@pytest.fixture
def published(world: World) -> Case:
    """One candidate whose name is out for objections."""
    case = world.bring_to(world.enter(route="city"), "proposed_list")
    world.move_to(world.notice.due("application"))
    world.pump()
    for step in ("proposed_list", "party_meeting", "chair_meeting", "leading_meeting", "release"):
        world.pass_step(step)
    world.move_to(world.notice.starts("notice_opens"))
    world.pump()
    return world.case(case)


def objection(world: World, case: Case, **changes: str) -> Objection:
    given = {"objector": "样例群众", "contact": "objector@example.org", "text": "样例异议"} | changes
    with transaction() as session:
        return register_objection(session, case.id, world.person("office"), Account(**given))


def verified(world: World, case: Case) -> Objection:
    made = objection(world, case)
    with transaction() as session:
        return verify_objection(session, made.id, world.person("office"), "经核实")


def concluded(world: World, made: Objection, *, upheld: bool) -> Objection:
    with transaction() as session:
        return conclude_objection(
            session, made.id, world.person("office"), upheld=upheld, conclusion="样例结论"
        )


def test_notice_opens_on_its_day_and_not_before(world: World) -> None:
    world.bring_to(world.enter(route="city"), "proposed_list")
    world.move_to(world.notice.due("application"))
    world.pump()
    for step in ("proposed_list", "party_meeting", "chair_meeting", "leading_meeting", "release"):
        world.pass_step(step)

    assert world.open_steps() == []
    world.move_to(world.notice.starts("notice_opens"))
    world.pump()
    assert world.open_steps() == ["public_notice"]


def test_nothing_is_confirmed_before_the_last_day_is_over(world: World, published: Case) -> None:
    with pytest.raises(Refused) as refusal:
        world.answer("public_notice")

    assert codes(refusal) == ["window_open"]


def test_open_objection_keeps_the_list_from_being_final(world: World, published: Case) -> None:
    objection(world, published)
    world.move_to(world.notice.due("notice_closes"))

    with pytest.raises(Refused) as refusal:
        world.answer("public_notice")

    assert codes(refusal) == ["objections_open"]


def test_dismissed_objection_changes_nothing(world: World, published: Case) -> None:
    made = concluded(world, verified(world, published), upheld=False)
    world.move_to(world.notice.due("notice_closes"))
    world.pass_step("public_notice")

    assert made.state == ObjectionState.DISMISSED
    assert world.open_steps(published) == ["joint_document"]


def test_upheld_objection_costs_the_place(world: World, published: Case) -> None:
    concluded(world, verified(world, published), upheld=True)

    assert world.case(published).outcome == Outcome.DISQUALIFIED


def test_objection_is_verified_before_it_is_concluded(world: World, published: Case) -> None:
    with pytest.raises(Refused) as refusal:
        concluded(world, objection(world, published), upheld=True)

    assert codes(refusal) == ["not_verified"]


def test_objection_is_concluded_once(world: World, published: Case) -> None:
    made = concluded(world, verified(world, published), upheld=False)

    with pytest.raises(Refused) as refusal:
        concluded(world, made, upheld=True)

    assert codes(refusal) == ["not_verified"]


def test_anonymous_objection_is_refused(world: World, published: Case) -> None:
    with pytest.raises(Refused) as refusal:
        objection(world, published, objector="", contact=" ")

    assert codes(refusal) == ["field_missing", "field_missing"]


def test_objection_outside_the_notice_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        objection(world, world.enter())

    assert codes(refusal) == ["no_window"]


def test_releaser_may_hold_the_notice_and_is_asked_again(world: World) -> None:
    world.bring_to(world.enter(route="city"), "proposed_list")
    world.move_to(world.notice.due("application"))
    world.pump()
    for step in ("proposed_list", "party_meeting", "chair_meeting", "leading_meeting"):
        world.pass_step(step)

    world.answer("release", answer="hold", reason="简介含住址，须删除")
    world.pump()

    assert world.open_steps() == ["release"]
    assert world.gate("release").round == 2
