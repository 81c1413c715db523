"""Do the pages of the lists show of whom a list consists, and does a tie wait for somebody's choice?"""

from models.words import Place
from tests.api.conftest import Visitor, errors_of, sent_by, text_of
from tests.api.test_meetings import visitor
from tests.tasks.test_lists import few as few
from tests.tasks.test_lists import on_list, scored
from tests.tasks.test_meetings import case_of
from tests.tasks.test_meetings import meeting as meeting
from tests.world import World


def test_tie_at_the_cut_is_settled_by_a_person_with_a_reason(address: str, few: World) -> None:
    scored(few, 95, 90, 80, 80)
    office = Visitor(address, few).log_in(few.person("office"))
    [assignment] = few.assignments("proposed_list")
    path = f"/tasks/{assignment.id}"
    given = sent_by(office.get(path), "#decide") | {"answer": "confirm"}

    unsettled = office.post(path, given)
    tied = [f.removeprefix("#place_") for f in errors_of(unsettled)]
    assert len(tied) == 2
    chosen = {f"place_{tied[0]}": "reserve", f"place_{tied[1]}": "on"}
    assert list(errors_of(office.post(path, given | chosen))) == ["#tie_reason"]
    assert office.post(path, given | chosen | {"tie_reason": "按工龄"}).status_code == 303

    assert len(on_list(few, "proposed_list")) == 3


def test_who_comes_in_late_and_ties_at_the_cut_is_settled_with_the_others(address: str, few: World) -> None:
    late = few.bring_to(few.enter(route="city", name="样例晚到"), "expert_review")
    few.answer("expert_review", late)
    [_, _, third] = scored(few, 95, 90, 80)
    few.move_to(few.notice.starts("expert_review"))
    few.pump()
    office = Visitor(address, few).log_in(few.person("office"))
    [assignment] = few.assignments("proposed_list")
    path = f"/tasks/{assignment.id}"
    proceed = {"answer": "confirm", f"laggard_{late.id}": "proceed"}

    told = office.post(path, sent_by(office.get(path), "#decide") | proceed)
    assert set(errors_of(told)) == {f"#place_{late.id}", f"#place_{third.id}"}
    assert "同分的2人中可列入1人" in text_of(told, "#errors")
    given = sent_by(told, "#decide") | {f"place_{late.id}": "on", f"place_{third.id}": "reserve"}
    unexplained = office.post(path, given)
    assert list(errors_of(unexplained)) == ["#tie_reason"]
    given = sent_by(unexplained, "#decide") | {"tie_reason": "按工龄"}
    assert office.post(path, given).status_code == 303

    assert on_list(few, "proposed_list") == ["样例95", "样例90", "样例晚到"]
    assert on_list(few, "proposed_list", Place.RESERVE) == ["样例80"]


def test_list_page_shows_its_composition_and_says_that_it_decides_nothing(
    address: str, meeting: World
) -> None:
    meeting.hold("meeting", {str(case_of(meeting, "样例丁").id): ["on", "样例", None]} | away(meeting))
    meeting.answer("meeting")
    office = visitor(address, meeting, meeting.person("office"))

    shown = office.get("/lists")
    assert "3 名" in text_of(shown)
    [link] = [a for a in shown.text.split('"') if a.startswith("/lists/")]
    told = text_of(office.get(link))
    assert "这里的数字只供了解情况：不参与计分、排名" in told
    assert "已确认" in told


def away(world: World) -> dict[str, list[object]]:
    return {str(case_of(world, "样例丙").id): ["reserve", "样例", None]}


def test_how_far_a_confirmed_lists_cases_are_is_told_until_all_have_moved_on(
    office: Visitor, world: World
) -> None:
    cases = [world.bring_to(world.enter(route="city"), "proposed_list") for _ in range(2)]
    world.move_to(world.notice.due("application"))
    world.pump()
    off = {str(cases[1].id): ["off", "样例理由"]}

    world.answer("proposed_list", facts={"places": off})

    assert "0 / 1" in text_of(office.get("/lists"), "[role=status]")
    world.pump()
    assert "正在为名单上的人选" not in text_of(office.get("/lists"))
