"""Does the API pass tasks on and name substitutes by the same rules as the pages?"""

from models.notice import day_of
from tests.api_v1.conftest import Login
from tests.colleagues import colleague_of
from tests.world import World

STEP, BODY = "department_opinions", "police"


def test_a_task_goes_to_a_colleague_and_comes_back(world: World, login: Login) -> None:
    case = world.bring_to(world.enter(), STEP)
    task = next(a for a in world.assignments(STEP, case) if a.body == BODY)
    clerk = world.person(BODY)
    colleague = colleague_of(world, clerk)
    path = f"/gates/{task.gate_id}/handings"
    given = {"task": str(task.id), "to": str(colleague.id), "how": "delegated", "reason": "外出学习"}

    handed = login(clerk).post(path, given)

    assert (handed["person"], handed["acts_for"]) == (str(colleague.id), str(clerk.id))
    login(world.person(BODY, "liunan")).post(path, given, expected=404)
    nobody = login(clerk).post(path, {**given, "to": None}, expected=422)
    assert nobody.codes == ["nobody_chosen"]
    back = login(clerk).post(path, {"task": str(task.id), "how": "taken_back"})
    assert (back["person"], back["acts_for"]) == (None, None)


def test_a_substitute_is_named_listed_and_ended(world: World, login: Login) -> None:
    clerk = world.person(BODY)
    other = colleague_of(world, clerk)
    day = day_of(world.now()).isoformat()
    given = {"substitute": str(other.id), "since": day, "until": day, "reason": "病假"}

    made = login(clerk).post("/substitutes", given)

    [seat] = made.items
    assert (seat["away"], seat["substitute"]) == (str(clerk.id), str(other.id))
    assert [s["id"] for s in login(world.person("office")).get("/substitutes").items] == [seat["id"]]
    assert login(world.filler()).get("/substitutes").items == []
    again = login(clerk).post("/substitutes", given, expected=409)
    assert again.codes == ["already_stood_in"]
    login(clerk).post(f"/substitutes/{seat['id']}/end", {}, expected=200)
    assert login(clerk).get("/substitutes").items == []
