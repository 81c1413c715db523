"""Does the API ask again for answers by the same rule as the pages?"""

from tests.api_v1.conftest import Login
from tests.world import World

STEP = "department_opinions"


def test_all_who_owe_an_answer_are_reminded_at_once(world: World, login: Login) -> None:
    case = world.bring_to(world.enter(), STEP)
    path = f"/gates/{world.gate(STEP, case).id}/reminders"

    reminded = login(world.person("county_union")).post(path, {})

    assert len(reminded.items) == 5
    again = login(world.person("office")).post(path, {}, expected=409)
    assert set(again.codes) == {"reminded_today"}


def test_the_gate_of_a_case_out_of_view_does_not_exist(world: World, login: Login) -> None:
    case = world.bring_to(world.enter(), STEP)
    path = f"/gates/{world.gate(STEP, case).id}/reminders"

    login(world.person("county_union", "liunan")).post(path, {}, expected=404)
    login(world.filler()).post(path, {}, expected=403)
