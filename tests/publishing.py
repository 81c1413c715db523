"""How do tests bring candidates to the check before publishing, and through it?"""

from typing import Any

from models.case import Case
from tests.world import World

LISTS = ("proposed_list", "party_meeting", "chair_meeting", "leading_meeting")


def chosen(world: World, *names: str, reserve: int = 0, **form: Any) -> list[Case]:
    """Candidates of these names on the selected list, the last `reserve` of them in reserve; the check is open."""
    entered = [
        world.bring_to(world.enter(route="city", name=name, **form), "proposed_list") for name in names
    ]
    world.move_to(world.notice.due("application"))
    world.pump()
    spare = {str(c.id): ["reserve", "样例理由"] for c in entered[len(entered) - reserve :]} if reserve else {}
    for step in LISTS:
        world.answer(step, facts={"places": spare if step == LISTS[-1] else {}})
        world.pump()
    return [world.case(c) for c in entered]


def published(world: World, *names: str, reserve: int = 0, **form: Any) -> list[Case]:
    """The same, released, on the first morning of the public notice."""
    cases = chosen(world, *names, reserve=reserve, **form)
    world.pass_step("release")
    world.move_to(world.notice.starts("notice_opens"))
    world.pump()
    return cases
