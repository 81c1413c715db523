"""Does a run pass exactly the gates that people have passed, and show where it stands?"""

from sqlmodel import col, func, select

from models.database import reading, transaction
from models.event import Event
from models.mail import Message
from tasks.record import wake
from tests.flows.dashboard import until
from tests.flows.walked import Walked

APPLICATION_DONE = ("application", 1, "cleared")


def test_decision_opens_the_next_gate_once_with_its_mails(walked: Walked) -> None:
    case = walked.at_office()

    walked.world.answer("office_review", case)
    walked.waits_at(case, "expert_review")

    assert walked.gates(case) == [
        APPLICATION_DONE,
        ("office_review", 1, "cleared"),
        ("expert_review", 1, "open"),
    ]
    gate = walked.world.gate("expert_review", case)
    with reading() as session:
        mails = session.exec(
            select(func.count()).select_from(Message).where(Message.gate_id == gate.id)
        ).one()
    assert mails == len(walked.world.assignments("expert_review", case)) == 3


def test_run_is_named_and_tagged_by_its_gate_and_tasks_by_the_notice(walked: Walked) -> None:
    world = walked.world
    case = world.enter()
    first = walked.waits_at(case, "application")

    assert first.tags == {f"season:{world.season.key}", "stage:基层申报", "county:鱼峰区"}
    assert first.id == walked.run_id(case)

    world.supply(case)
    world.answer("application", case)
    at_unit = walked.waits_at(case, "unit_review")

    assert at_unit.tags == {f"season:{world.season.key}", "stage:资格审查", "county:鱼峰区"}
    until(lambda: walked.dashboard.task_runs(at_unit.id) == [("推荐单位审查", "Completed")], "its task")


def test_parallel_opinions_wait_for_the_last(walked: Walked) -> None:
    world = walked.world
    case = world.enter()
    walked.waits_at(case, "application")
    world.supply(case)
    world.answer("application", case)
    walked.waits_at(case, "unit_review")
    world.answer("unit_review", case)
    walked.waits_at(case, "department_opinions")
    *others, last = world.assignments("department_opinions", case)

    for assignment in others:
        world.answer_as(None, assignment, "agree")
    before = walked.waits_at(case, "department_opinions")
    world.answer_as(None, last, "agree")
    walked.waits_at(case, "county_review", after=before)

    assert [g for g in walked.gates(case) if g[0] == "department_opinions"] == [
        ("department_opinions", 1, "cleared")
    ]


def test_return_goes_back_and_resumes_at_the_gate_that_returned(walked: Walked) -> None:
    case = walked.at_office()

    walked.world.answer("office_review", case, "return", reason="缺证书", items=("证书复印件",))
    walked.waits_at(case, "application")
    walked.submit(case)
    walked.waits_at(case, "office_review")

    assert walked.gates(case) == [
        ("application", 1, "void"),
        ("office_review", 1, "returned"),
        ("application", 2, "cleared"),
        ("office_review", 2, "open"),
    ]


def test_refused_case_ends_with_its_run(walked: Walked) -> None:
    case = walked.at_office()

    walked.world.answer("office_review", case, "reject", reason="不符合条件")
    walked.ended(case)

    assert walked.world.case(case).outcome == "rejected"
    assert [run.state for run in walked.dashboard.runs_of(case.id)] == ["Completed"]


def test_decision_that_lands_while_the_run_works_is_not_lost(walked: Walked) -> None:
    """Each decision is given as soon as its gate is open, long before the run is suspended there."""
    cases = [walked.enter() for _ in range(6)]
    for case in cases:
        walked.submit(case)
    for case in cases:
        until(lambda case=case: walked.world.open_steps(case) == ["office_review"], "the office's gate")  # type: ignore[misc]
        walked.world.answer("office_review", case)

    for case in cases:
        walked.waits_at(case, "expert_review")

    assert [len(walked.gates(case)) for case in cases] == [3] * 6


def test_season_waits_for_its_date_and_everyone_and_then_opens_its_list(walked: Walked) -> None:
    world = walked.world
    case = walked.at_office()
    world.answer("office_review", case)
    walked.waits_at(case, "expert_review")
    while world.assignments("expert_review", case):
        world.answer("expert_review", case)
    walked.waits_at(case, "proposed_list")
    before = walked.season_waits_at("proposed_list")
    assert walked.gates() == []

    world.move_to(world.notice.due("application"))
    until(lambda: walked.gates() == [("proposed_list", 1, "open")], "the list")
    world.answer("proposed_list")
    at_meeting = walked.season_waits_at("party_meeting")

    assert at_meeting.id == before.id
    walked.waits_at(case, "party_meeting")


def test_many_wakeups_of_one_run_open_nothing_twice(walked: Walked) -> None:
    case = walked.at_office()
    before = walked.waits_at(case, "office_review")

    for _ in range(10):
        with transaction() as session:
            wake(session, walked.world.season, walked.world.case(case))
    walked.waits_at(case, "office_review", after=before)

    assert walked.gates(case) == [APPLICATION_DONE, ("office_review", 1, "open")]
    with reading() as session:
        opened = session.exec(
            select(func.count())
            .select_from(Event)
            .where(col(Event.chain) == case.id, Event.kind == "gate_opened")
        ).one()
    assert opened == 2
