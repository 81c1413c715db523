"""How is a meeting recorded and confirmed, and what keeps its list from being confirmed (三（五）、三（六）)?"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.actions import Given
from models.case import Case
from models.database import reading, transaction
from models.gates import Decision
from models.meeting import Meeting, MeetingItem
from models.meeting_checks import Sitting
from models.people import Person, Seat
from models.share import read_share
from models.verdict import Refused
from models.words import Attendance, Place
from processes.supervise import Stack
from tasks.decide import decide
from tasks.intake import submit_case
from tasks.leaving import withdraw
from tasks.meetings import Conclusion, Head, Noted, find_sitting, keep_minutes
from tests.refusals import codes
from tests.tasks.test_lists import on_list
from tests.world import World, open_world

NOTICES = Path("tests/notices")
STEP = "meeting"
RULES = 'kind: meeting\n    meeting: {quorum: "1/2", majority: ">1/2"}'


@pytest.fixture
def meeting(database: Stack, tmp_path: Path) -> World:
    """A meeting is open on a list of three (甲, 乙, 丙) and one in reserve (丁)."""
    database.stop("engine")
    text = (NOTICES / "tiny.yaml").read_text(encoding="utf-8")
    file = tmp_path / "three-places.yaml"
    file.write_text(text.replace("places: 2", "places: 3").replace("kind: meeting", RULES), encoding="utf-8")
    world = open_world(file)
    by = world.applicant()
    cases = [world.enter(route="city", person=by, name=f"样例{name}") for name in "甲乙丙丁"]
    world.pump()
    for case in cases:
        world.supply(case)
    with transaction() as session:
        for case in cases:
            submit_case(session, case.id, by)
    world.pump()
    for case in cases:
        world.answer("office_review", case)
    world.move_to(world.notice.due("application"))
    world.pump()
    return world


def case_of(world: World, name: str) -> Case:
    with reading() as session:
        wanted = select(Case).where(Case.season_id == world.season_id, Case.name == name)
        return session.exec(wanted).one()


def sitting(world: World) -> Sitting:
    with reading() as session:
        found = find_sitting(session, world.gate(STEP).id)
        assert found.members
        return found


def head(world: World, **changes: Any) -> Head:
    return replace(Head("样例1号", sitting(world).today, "样例会议室"), **changes)


def everybody(world: World, *, away: int = 0) -> dict[str, Attendance]:
    people = [str(p.id) for p in sitting(world).members]
    return {p: Attendance.ABSENT if n < away else Attendance.PRESENT for n, p in enumerate(people)}


def recorded(world: World, by: Person | None = None, **noted: Any) -> None:
    """The office saves a part of the record."""
    conclusions = {case_of(world, n).id: c for n, c in noted.pop("conclusions", {}).items()}
    with transaction() as session:
        parts = Noted(**noted, conclusions=conclusions or None)
        keep_minutes(session, world.gate(STEP).id, by or world.person("office"), parts)


def complete(world: World, **conclusions: Conclusion) -> None:
    recorded(world, head=head(world), attendance=everybody(world), conclusions=conclusions)


def confirmed(world: World, by: Person | None = None) -> Decision:
    [assignment] = world.assignments(STEP)
    with transaction() as session:
        found = decide(session, assignment.id, by or world.person("meeting"), Given("confirm"))
    world.pump()
    return found


def refused(world: World, by: Person | None = None) -> list[str]:
    with pytest.raises(Refused) as refusal:
        confirmed(world, by)
    return codes(refusal)


def test_list_is_applied_as_it_was_recorded_and_the_decision_keeps_the_record(meeting: World) -> None:
    complete(
        meeting,
        样例丙=Conclusion(Place.RESERVE, reason="材料存疑", votes=(1, 4, 0)),
        样例丁=Conclusion(Place.ON, position=1, reason="技艺突出", votes=(4, 0, 1)),
    )

    decision = confirmed(meeting)

    assert on_list(meeting, STEP) == ["样例丁", "样例甲", "样例乙"]
    assert on_list(meeting, STEP, Place.RESERVE) == ["样例丙"]
    minutes = decision.facts["minutes"]
    assert (minutes["number"], len(minutes["attendance"])) == ("样例1号", 5)
    assert minutes["votes"][str(case_of(meeting, "样例丁").id)] == [4, 0, 1]


def test_record_is_saved_step_by_step_and_binds_nobody(meeting: World) -> None:
    recorded(meeting, head=head(meeting))
    recorded(meeting, attendance=everybody(meeting, away=1))
    recorded(meeting, conclusions={"样例丙": Conclusion(Place.RESERVE, reason="材料存疑")})
    recorded(meeting, conclusions={"样例丙": Conclusion()})

    with reading() as session:
        kept = session.exec(select(Meeting).where(Meeting.gate_id == meeting.gate(STEP).id)).one()
        assert session.exec(select(MeetingItem).where(MeetingItem.meeting_id == kept.id)).all() == []
    assert (kept.number, kept.version, len(kept.attendance)) == ("样例1号", 4, 5)
    assert meeting.open_steps(case_of(meeting, "样例丙")) == [STEP]


def test_nothing_is_confirmed_before_it_is_recorded(meeting: World) -> None:
    assert refused(meeting) == ["meeting_unrecorded"]


def test_record_needs_number_date_and_everybodys_attendance(meeting: World) -> None:
    recorded(meeting, head=Head())

    assert refused(meeting) == ["number_missing", "date_missing", "attendance_missing", "no_quorum"]


def test_meeting_that_is_still_to_be_held_decides_nothing(meeting: World) -> None:
    tomorrow = sitting(meeting).today + timedelta(days=1)
    recorded(meeting, head=head(meeting, held_on=tomorrow), attendance=everybody(meeting))

    assert refused(meeting) == ["held_in_future"]


def test_whoever_recorded_may_not_confirm(meeting: World) -> None:
    member = meeting.person("meeting")
    complete(meeting)
    with transaction() as session:
        record = session.exec(select(Meeting).where(Meeting.gate_id == meeting.gate(STEP).id)).one()
        record.recorders = [*record.recorders, str(member.id)]
        session.add(record)

    assert refused(meeting, member) == ["recorder_confirms"]
    other = next(p for p in meeting.people("meeting") if p.id != member.id)
    assert confirmed(meeting, other).decided_by == other.id


def test_only_the_recording_body_writes_in_the_record(meeting: World) -> None:
    with pytest.raises(Refused) as refusal:
        recorded(meeting, meeting.person("meeting"), head=Head())
    assert codes(refusal) == ["not_recorder"]


def test_too_few_who_came_are_no_meeting(meeting: World) -> None:
    recorded(meeting, head=head(meeting), attendance=everybody(meeting, away=3))

    assert refused(meeting) == ["no_quorum"]


def test_chair_is_someone_who_came(meeting: World) -> None:
    absent = sitting(meeting).members[0].id
    recorded(meeting, head=head(meeting, chair_id=absent), attendance=everybody(meeting, away=1))

    assert refused(meeting) == ["chair_absent"]


def test_chair_is_a_member(meeting: World) -> None:
    with pytest.raises(Refused) as refusal:
        recorded(meeting, head=head(meeting, chair_id=meeting.applicant().id))
    assert codes(refusal) == ["unknown_chair"]


def test_votes_are_those_of_the_voters_and_carry_with_the_majority(meeting: World) -> None:
    complete(meeting, 样例甲=Conclusion(votes=(3, 0, 0)), 样例乙=Conclusion(votes=(2, 3, 0)))

    assert refused(meeting) == ["votes_differ", "vote_fails"]


def test_recused_member_neither_votes_nor_counts(meeting: World) -> None:
    away = frozenset({str(sitting(meeting).members[0].id)})
    complete(meeting, 样例甲=Conclusion(votes=(3, 1, 0), recused=away))

    assert confirmed(meeting).facts["minutes"]["recused"] == {
        str(case_of(meeting, "样例甲").id): sorted(away)
    }


def test_colleague_is_recused_without_being_named(meeting: World) -> None:
    with transaction() as session:
        colleague = session.get_one(Person, sitting(meeting).members[0].id)
        colleague.employer = case_of(meeting, "样例甲").form["employer"]
        session.add(colleague)
    complete(meeting, 样例甲=Conclusion(votes=(5, 0, 0)))

    assert refused(meeting) == ["votes_differ"]
    with transaction() as session:
        session.get_one(Person, colleague.id).employer = None


def test_case_from_which_too_many_are_recused_is_not_decided(meeting: World) -> None:
    people = [str(p.id) for p in sitting(meeting).members]
    recorded(
        meeting,
        head=head(meeting),
        attendance=everybody(meeting, away=2),
        conclusions={"样例甲": Conclusion(recused=frozenset(people[2:]))},
    )

    assert refused(meeting) == ["no_quorum"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Conclusion(Place.RESERVE), "change_unexplained"),
        (Conclusion(position=3), "change_unexplained"),
        (Conclusion(position=4, reason="样例"), "order_beyond"),
    ],
)
def test_change_of_a_list_is_possible_and_has_a_reason(meeting: World, said: Conclusion, code: str) -> None:
    complete(meeting, 样例甲=said)

    assert refused(meeting) == [code]


def test_two_can_not_stand_in_one_place(meeting: World) -> None:
    third = Conclusion(position=3, reason="样例")
    complete(meeting, 样例甲=third, 样例乙=third)

    assert refused(meeting) == ["order_clash"]


def test_member_who_went_since_the_draft_is_named(meeting: World) -> None:
    complete(meeting)
    gone = case_of(meeting, "样例乙")
    with transaction() as session:
        withdraw(session, gone.id, meeting.enterer(gone), "本人放弃")

    with pytest.raises(Refused) as refusal:
        confirmed(meeting)
    assert codes(refusal) == ["member_gone"]
    assert gone.number in str(refusal.value)


def test_list_that_comes_with_the_answer_is_refused(meeting: World) -> None:
    complete(meeting)
    [assignment] = meeting.assignments(STEP)
    places = {str(case_of(meeting, "样例甲").id): ["reserve", "样例"]}

    with pytest.raises(Refused) as refusal, transaction() as session:
        decide(session, assignment.id, meeting.person("meeting"), Given("confirm", facts={"places": places}))
    assert codes(refusal) == ["recorded_elsewhere"]


def test_confirmed_meeting_is_written_in_no_more(meeting: World) -> None:
    complete(meeting)
    gate_id: UUID = meeting.gate(STEP).id
    confirmed(meeting)

    with pytest.raises(Refused) as refusal, transaction() as session:
        keep_minutes(session, gate_id, meeting.person("office"), Noted(Head()))
    assert codes(refusal) == ["gate_closed"]


def test_member_who_leaves_the_body_afterwards_stays_in_the_minutes(meeting: World) -> None:
    complete(meeting)
    confirmed(meeting)
    with transaction() as session:
        wanted = select(Seat).where(Seat.season_id == meeting.season_id, Seat.body == "meeting")
        for seat in session.exec(wanted):
            seat.until = meeting.now()

    assert len(sitting(meeting).members) == 5


def test_two_members_at_once_confirm_it_once(meeting: World) -> None:
    complete(meeting)
    [assignment] = meeting.assignments(STEP)

    def attempt(person: Person) -> str:
        try:
            with transaction() as session:
                decide(session, assignment.id, person, Given("confirm"))
        except Refused as refusal:
            return refusal.reasons[0].code
        return "recorded"

    people = meeting.people("meeting")[:2]
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, people)) == ["already_answered", "recorded"]


@pytest.mark.parametrize(
    ("share", "part", "whole", "enough"),
    [
        ("2/3", 2, 3, True),
        ("2/3", 6, 10, False),
        ("1/2", 2, 4, True),
        (">1/2", 2, 4, False),
        (">1/2", 3, 5, True),
        ("2/3", 0, 0, False),
    ],
)
def test_shares_are_exact(share: str, part: int, whole: int, enough: bool) -> None:
    assert read_share(share).reached(part, whole) is enough
