"""What is lost when somebody leaves, is it said beforehand, and does it happen at every stage?"""

import pytest
from sqlmodel import col, select

from models.case import Case
from models.casefile import read_casefile
from models.database import reading, transaction
from models.leaving import losses
from models.lists import Entry, Shortlist
from models.people import Person
from models.season import Season, notice_of
from models.verdict import Refused
from models.viewer import read_viewer
from models.words import Outcome, Place
from tasks.leaving import disqualify, withdraw
from tests.refusals import codes
from tests.world import World


def told(world: World, case: Case, person: Person) -> str:
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        viewer = read_viewer(session, person, season, notice_of(session, season))
        return "".join(losses(viewer, read_casefile(viewer, world.case(case))))


def disqualified(world: World, case: Case, person: Person, reason: str = "样例：材料不实") -> None:
    with transaction() as session:
        disqualify(session, case.id, person, reason)
    world.pump()


@pytest.mark.parametrize("step", ["application", "department_opinions", "office_review", "expert_review"])
def test_the_office_disqualifies_at_every_stage(world: World, step: str) -> None:
    case = world.bring_to(world.enter(), step)

    disqualified(world, case, world.person("office"))

    assert world.case(case).outcome == Outcome.DISQUALIFIED
    assert world.open_steps(case) == []


def test_others_and_without_a_reason_and_twice_are_refused(world: World) -> None:
    case, office = world.bring_to(world.enter(), "office_review"), world.person("office")
    with pytest.raises(Refused) as foreign:
        disqualified(world, case, world.filler())
    with pytest.raises(Refused) as unexplained:
        disqualified(world, case, office, " ")
    disqualified(world, case, office)
    with pytest.raises(Refused) as twice:
        disqualified(world, case, office)

    assert [codes(r) for r in (foreign, unexplained, twice)] == [
        ["office_only"],
        ["reason_missing"],
        ["case_ended"],
    ]


def test_open_tasks_are_named_and_who_need_not_answer_any_more(world: World) -> None:
    case = world.bring_to(world.enter(), "department_opinions")
    world.answer("department_opinions", case, "agree", body="police")

    said = told(world, case, world.filler())

    assert said.startswith(
        "正在办理的“县（区）部门意见”取消，组织部门、工信部门、科技部门、人社部门不再需要答复，已有的1份答复留在记录里。"
    )


def test_a_place_and_who_is_first_in_reserve_are_said_to_who_reads_lists_alone(world: World) -> None:
    """Made small: 32 are on the proposed list; 30 get a place, two stand in reserve."""
    cases = [world.enter(channel="self", route="city", person=world.person("office")) for _ in range(2)]
    for case in cases:
        world.bring_to(case, "proposed_list")
    world.move_to(world.notice.starts("expert_review"))
    world.pump()
    for step in ("proposed_list", "party_meeting", "chair_meeting"):
        world.pass_step(step)
    reserve = str(cases[1].id)
    world.answer("leading_meeting", facts={"places": {reserve: ["reserve", "样例"]}})
    world.pump()
    office = world.person("office")

    said = told(world, cases[0], office)

    assert "“提出建议名单”的名单上他列第" in said
    assert f"后备第一名是{cases[1].number} {cases[1].name}，是否递补由市认定工作领导小组决定。" in said
    assert "后备" not in told(world, cases[0], world.person("police"))
    with transaction() as session:
        withdraw(session, cases[0].id, office, "样例")
    with reading() as session:
        rows = select(Entry.place).join(Shortlist, col(Shortlist.id) == col(Entry.shortlist_id))
        rows = rows.where(Entry.case_id == cases[0].id, Shortlist.step == "leading_meeting")
        assert session.exec(rows).one() == Place.ON
