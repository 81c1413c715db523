"""Do the pages show as it was typed what a template would take for an instruction?"""

from tests.api.conftest import Visitor, text_of
from tests.world import World

TYPED = "{{1234*5678}}{% raw %}${7*7}#eval(1)\\{{ visit.csrf }}"
WORKED_OUT = "7006652"


def test_a_name_and_an_opinion_made_of_instructions_are_shown_as_typed(office: Visitor, world: World) -> None:
    case = world.enter(name=TYPED, post=TYPED, statement=TYPED)
    world.bring_to(case, "county_review")
    world.answer("county_review", case, opinion=TYPED)
    world.pump()

    for path in ("/cases", f"/cases/{case.id}", f"/cases/{case.id}/record", f"/cases?q={case.number}"):
        shown = text_of(office.get(path), "body")
        assert (path, TYPED in shown, WORKED_OUT in shown) == (path, True, False)


def test_what_is_typed_wrong_comes_back_as_typed(office: Visitor) -> None:
    office.get("/cases")
    answer = office.get("/cases", params={"q": TYPED})

    assert (TYPED in answer.text, WORKED_OUT in answer.text) == (True, False)
