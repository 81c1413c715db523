"""How do lists come to be, what do they refuse, and what becomes of the cases? (三（四）–三（六）)"""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from models.case import Case
from models.database import reading, transaction
from models.lists import Entry, Shortlist
from models.progress import current_list, latest_list, listed, place_free
from models.verdict import Refused
from models.words import Outcome, Place
from tasks.leaving import withdraw
from tests.refusals import codes
from tests.world import World, open_world

TINY_PLACES = 2


@pytest.fixture
def few(world: World, tmp_path: Path) -> World:
    """Liuzhou's notice with two places (so a proposed list of three)."""
    text = Path("notices/liuzhou-2025.yaml").read_text(encoding="utf-8")
    file = tmp_path / "two-places.yaml"
    file.write_text(text.replace("places: 30", f"places: {TINY_PLACES}"), encoding="utf-8")
    return open_world(file)


def scored(world: World, *totals: int) -> list[Case]:
    """Cases that have passed the experts with these totals, all waiting for the list."""
    cases = [world.enter(route="city", name=f"样例{t}") for t in totals]
    for case, total in zip(cases, totals, strict=True):
        world.bring_to(case, "expert_review")
        scores = {c.key: total for c in world.notice.step("expert_review").criteria}
        world.pass_step("expert_review", case, facts={"scores": scores})
    world.move_to(world.notice.due("application"))
    world.pump()
    return cases


def on_list(world: World, step: str, place: Place = Place.ON) -> list[str]:
    with reading() as session:
        shortlist = session.exec(
            select(Shortlist)
            .where(Shortlist.season_id == world.season_id, Shortlist.step == step)
            .order_by(col(Shortlist.round).desc())
        ).first()
        assert shortlist is not None
        return [c.name for _, c in listed(session, shortlist, place)]


def decided(world: World, step: str, **places: tuple[str, str]) -> None:
    with reading() as session:
        cases = {
            c.name: str(c.id) for c in session.exec(select(Case).where(Case.season_id == world.season_id))
        }
    world.answer(step, facts={"places": {cases[n]: list(p) for n, p in places.items()}})
    world.pump()


def test_list_waits_for_the_last_day_of_application(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "proposed_list")

    assert world.open_steps() == []
    world.move_to(world.notice.due("application"))
    world.pump()

    assert world.open_steps(case) == ["proposed_list"]
    assert world.open_steps() == ["proposed_list"]


def test_proposed_list_holds_the_best_by_score_and_the_rest_in_reserve(few: World) -> None:
    scored(few, 70, 95, 80, 90)

    assert on_list(few, "proposed_list") == ["样例95", "样例90", "样例80"]
    assert on_list(few, "proposed_list", Place.RESERVE) == ["样例70"]


def test_ties_at_the_cut_are_marked(few: World) -> None:
    scored(few, 95, 90, 80, 80)

    with reading() as session:
        tied = session.exec(
            select(Case.name)
            .join(Entry, col(Entry.case_id) == col(Case.id))
            .join(Shortlist, col(Shortlist.id) == col(Entry.shortlist_id))
            .where(Shortlist.season_id == few.season_id, col(Entry.tied))
        ).all()
    assert tied == ["样例80", "样例80"]


def test_meeting_may_move_a_name_only_with_a_reason(few: World) -> None:
    scored(few, 95, 90, 80, 70)
    few.pass_step("proposed_list")

    with pytest.raises(Refused) as refusal:
        decided(few, "party_meeting", 样例80=("reserve", ""))
    assert codes(refusal) == ["change_unexplained"]

    decided(few, "party_meeting", 样例80=("reserve", "材料存疑"), 样例70=("on", "补足名额"))
    assert on_list(few, "party_meeting") == ["样例95", "样例90", "样例70"]


def test_meeting_that_took_a_name_off_is_not_overruled_by_the_next_draft(few: World) -> None:
    scored(few, 95, 90, 80, 70)
    few.pass_step("proposed_list")
    decided(few, "party_meeting", 样例90=("reserve", "材料存疑"))

    assert on_list(few, "chair_meeting") == ["样例95", "样例80"]


def test_one_name_too_many_is_refused(few: World) -> None:
    scored(few, 95, 90, 80, 70)
    few.pass_step("proposed_list")

    with pytest.raises(Refused) as refusal:
        decided(few, "party_meeting", 样例70=("on", "增补"))

    assert codes(refusal) == ["over_quota"]


def test_database_itself_refuses_a_name_beyond_the_list(few: World) -> None:
    scored(few, 95, 90, 80, 70)
    few.pass_step("proposed_list")
    extra = few.enter()

    with pytest.raises(IntegrityError, match="within_quota"):
        squeeze_in(few, extra, position=4)


def squeeze_in(world: World, case: Case, position: int) -> None:
    """Write past every verb, straight into the confirmed proposed list."""
    with transaction() as session:
        shortlist = current_list(session, world.season_id, "proposed_list")
        assert shortlist is not None
        session.add(
            Entry(
                shortlist_id=shortlist.id,
                size=shortlist.size,
                case_id=case.id,
                place=Place.ON,
                position=position,
            )
        )


def test_a_member_who_withdrew_since_the_draft_is_named(few: World) -> None:
    cases = scored(few, 95, 90)
    with transaction() as session:
        withdraw(session, cases[0].id, few.enterer(cases[0]), "本人放弃")

    with pytest.raises(Refused) as refusal:
        few.answer("proposed_list")

    assert codes(refusal) == ["member_gone"]
    assert cases[0].number in str(refusal.value)


def test_selected_list_has_the_places_and_the_rest_stays_eligible(few: World) -> None:
    cases = scored(few, 95, 90, 80)
    for step in ("proposed_list", "party_meeting", "chair_meeting", "leading_meeting"):
        few.pass_step(step)

    assert on_list(few, "leading_meeting") == ["样例95", "样例90"]
    assert on_list(few, "leading_meeting", Place.RESERVE) == ["样例80"]
    assert few.open_steps(cases[0]) == ["public_notice"]
    assert few.open_steps(cases[2]) == ["leading_meeting"]
    assert few.case(cases[2]).outcome is None


def published(world: World, *totals: int) -> list[Case]:
    cases = scored(world, *totals)
    for step in ("proposed_list", "party_meeting", "chair_meeting", "leading_meeting", "release"):
        world.pass_step(step)
    world.move_to(world.notice.starts("notice_opens"))
    world.pump()
    return cases


def finish(world: World) -> None:
    for step in ("joint_draft", "joint_document", "award", "publicity"):
        world.pass_step(step)


def test_freed_place_goes_to_the_first_of_the_reserve_through_a_notice_of_its_own(few: World) -> None:
    cases = published(few, 95, 90, 80)
    with transaction() as session:
        withdraw(session, cases[0].id, few.enterer(cases[0]), "本人放弃")
    few.move_to(few.notice.due("notice_closes"))
    few.pass_step("public_notice")

    assert few.open_steps() == ["vacancy"]
    few.answer("vacancy", answer="promote")
    few.pump()
    assert few.open_steps() == ["release"]
    assert on_list(few, "leading_meeting") == ["样例90", "样例80"]
    few.pass_step("release")
    few.move_to(few.gate("public_notice").due_at)
    few.pass_step("public_notice")
    finish(few)

    assert [few.case(c).outcome for c in cases] == [Outcome.WITHDRAWN, Outcome.RECOGNISED, Outcome.RECOGNISED]
    assert few.season.closed_at is not None


def test_place_may_be_left_empty_with_a_reason(few: World) -> None:
    cases = published(few, 95, 90, 80)
    with transaction() as session:
        withdraw(session, cases[0].id, few.enterer(cases[0]), "本人放弃")
    few.move_to(few.notice.due("notice_closes"))
    few.pass_step("public_notice")

    few.answer("vacancy", answer="leave_empty", reason="后备人选不再递补")
    few.pump()
    finish(few)

    assert [few.case(c).outcome for c in cases] == [
        Outcome.WITHDRAWN,
        Outcome.RECOGNISED,
        Outcome.NOT_SELECTED,
    ]


def test_host_that_returns_the_joint_document_sends_it_back_to_the_draft(few: World) -> None:
    published(few, 95, 90)
    few.move_to(few.notice.due("notice_closes"))
    few.pass_step("public_notice")
    few.pass_step("joint_draft")

    few.answer("joint_document", answer="return", body="host_science", reason="第二段文字有误")
    few.pump()
    assert few.open_steps() == ["joint_draft"]
    few.pass_step("joint_draft")

    assert few.gate("joint_document").round == 2
    assert len(few.assignments("joint_document")) == 8


def test_closing_the_stage_names_everyone_who_has_not_arrived(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "expert_review")
    world.move_to(world.notice.starts("expert_review"))
    world.pump()

    with pytest.raises(Refused) as refusal:
        world.answer("proposed_list")
    assert codes(refusal) == ["laggard_unnamed"]
    world.answer("proposed_list", facts={"laggards": {str(case.id): "lapse"}})

    assert world.case(case).outcome == Outcome.LAPSED


def test_laggard_with_a_score_is_waited_for_no_longer_and_ranks_with_it(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "expert_review")
    world.answer("expert_review", case)
    world.move_to(world.notice.starts("expert_review"))
    world.pump()

    world.answer("proposed_list", facts={"laggards": {str(case.id): "proceed"}})
    world.pump()

    assert world.open_steps(case) == ["party_meeting"]


def reserve_left(world: World) -> int:
    with reading() as session:
        return place_free(session, world.season, world.notice)


def test_place_is_not_free_while_the_list_is_full(few: World) -> None:
    published(few, 95, 90, 80)

    assert reserve_left(few) == 0


def lists(world: World) -> Any:
    with reading() as session:
        return latest_list(session, world.season, world.notice)


def test_no_list_is_in_force_before_the_first_is_confirmed(few: World) -> None:
    scored(few, 95)

    assert lists(few) is None
