"""How does a test bring a season to what comes after the lists? Its lists, its public notice and its document pass."""

from models.case import Case
from tests.world import World

LISTS = ("proposed_list", "party_meeting", "chair_meeting", "leading_meeting", "release")


def to_joint_draft(world: World, count: int = 2) -> list[Case]:
    """So many candidates of the city, their names out and unopposed: the office drafts the document now."""
    cases = [world.bring_to(world.enter(route="city"), "proposed_list") for _ in range(count)]
    world.move_to(world.notice.due("application"))
    world.pump()
    for step in LISTS:
        world.pass_step(step)
    world.move_to(world.notice.starts("notice_opens"))
    world.pump()
    world.move_to(world.notice.due("notice_closes"))
    world.pass_step("public_notice")
    return [world.case(c) for c in cases]


def to_signing(world: World, count: int = 2) -> list[Case]:
    """The document lies before the hosts."""
    cases = to_joint_draft(world, count)
    world.pass_step("joint_draft")
    return cases


def to_award(world: World, count: int = 2) -> list[Case]:
    """All hosts have signed: the candidates hold the title."""
    cases = to_signing(world, count)
    world.pass_step("joint_document")
    return [world.case(c) for c in cases]
