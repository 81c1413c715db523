"""How does a task go to a colleague, for good or on behalf, and who answers for somebody who is away?"""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from models.actions import Given
from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.gates import Assignment, Decision
from models.invariants import check
from models.links import Standing, standing_of
from models.mail import Message
from models.people import Person, Seat
from models.season import Season, now
from models.seats import may_answer, people_for
from models.verdict import Refused
from models.words import EventKind
from simulation.papers import pdf
from tasks.decide import decide, find_task
from tasks.handing import delegate, hand_over, take_back
from tasks.paper_answers import enter_paper
from tasks.recusals import name_relative
from tasks.substitutes import end_substitute, name_substitute
from tests.colleagues import colleague_of
from tests.refusals import codes
from tests.world import World

STEP = "department_opinions"
POLICE = "police"


@pytest.fixture
def case(world: World) -> Case:
    return world.bring_to(world.enter(), STEP)


def task_of(world: World, case: Case, body: str) -> Assignment:
    return next(a for a in world.assignments(STEP, case) if a.body == body)


def answering(world: World, assignment: Assignment) -> list[str]:
    with reading() as session:
        found = session.get_one(Assignment, assignment.id)
        return sorted(p.name for p in people_for(session, found, now(world.season)))


def mailed(case: Case, template: str) -> list[str]:
    with reading() as session:
        rows = session.exec(
            select(Message).where(Message.case_id == case.id, Message.template == template)
        ).all()
        return [str(m.context["person"]) for m in rows]


def told(world: World, kind: EventKind, chain: UUID) -> list[dict[str, str]]:
    with reading() as session:
        rows = session.exec(select(Event).where(Event.chain == chain, Event.kind == kind)).all()
        return [e.facts for e in rows]


def test_a_task_handed_over_is_the_colleagues_alone(world: World, case: Case) -> None:
    task = task_of(world, case, POLICE)
    clerk = world.person(POLICE)
    colleague = colleague_of(world, clerk)

    with transaction() as session:
        hand_over(session, task.id, colleague.id, clerk, "非本人分管")

    assert answering(world, task) == [colleague.name]
    assert mailed(case, "handed") == [colleague.name]
    [facts] = told(world, EventKind.TASK_HANDED, case.id)
    assert (facts["left"], facts["to"], facts["reason"]) == (clerk.name, colleague.name, "非本人分管")
    with reading() as session:
        found = find_task(session, task.id)
        standing = {p.id: standing_of(session, found, p) for p in (clerk, colleague)}
    assert standing == {clerk.id: Standing.GONE, colleague.id: Standing.WAITS}
    decision = world.answer_as(colleague, task, "agree")
    assert (decision.decided_by, decision.acted_for) == (colleague.id, None)


def test_a_delegate_answers_on_behalf_and_the_task_may_be_taken_back_before(world: World, case: Case) -> None:
    task = task_of(world, case, POLICE)
    clerk = world.person(POLICE)
    colleague = colleague_of(world, clerk)
    with transaction() as session:
        delegate(session, task.id, colleague.id, clerk, "外出学习")
    with transaction() as session:
        take_back(session, task.id, clerk)
    assert answering(world, task) == sorted([clerk.name, colleague.name])

    with transaction() as session:
        delegate(session, task.id, colleague.id, clerk, "外出学习")
    decision = world.answer_as(colleague, task, "agree")

    assert (decision.decided_by, decision.acted_for) == (colleague.id, clerk.id)
    with pytest.raises(Refused) as refusal, transaction() as session:
        take_back(session, task.id, clerk)
    assert codes(refusal) == ["gate_closed"]


def test_who_may_not_answer_gets_no_task_and_the_givers_recusal_binds(world: World, case: Case) -> None:
    task = task_of(world, case, POLICE)
    clerk, other = world.person(POLICE), world.person("office")
    colleague = colleague_of(world, clerk)
    with pytest.raises(Refused) as refusal, transaction() as session:
        hand_over(session, task.id, other.id, clerk, "外出")
    assert codes(refusal) == ["not_a_colleague"]
    with pytest.raises(Refused) as refusal, transaction() as session:
        hand_over(session, task.id, colleague.id, clerk, " ")
    assert codes(refusal) == ["reason_missing"]
    with transaction() as session:
        delegate(session, task.id, colleague.id, clerk, "外出")
        name_relative(session, world.season_id, clerk, case.name, "侄子")

    with pytest.raises(Refused) as refusal:
        world.answer_as(colleague, task, "agree")
    assert codes(refusal) == ["giver_recused"]

    second = colleague_of(world, clerk)
    with transaction() as session:
        name_relative(session, world.season_id, second, case.name, "表弟")
    with pytest.raises(Refused) as refusal, transaction() as session:
        hand_over(session, task.id, second.id, other, "改由他人办理")
    assert codes(refusal) == ["recused"]
    assert second.name in str(refusal.value)


def test_experts_and_votes_are_in_person(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "expert_review")
    task = world.assignments("expert_review", case)[0]
    with reading() as session:
        expert = session.get_one(Person, task.person_id)
    with pytest.raises(Refused) as refusal, transaction() as session:
        hand_over(session, task.id, world.person("office").id, expert, "没有时间")
    assert codes(refusal) == ["in_person"]
    assert "联系办公室另派人员" in str(refusal.value)


def substitute(
    world: World, away: Person, by: Person, other: Person, days: tuple[int, int] = (0, 3)
) -> list[Seat]:
    with transaction() as session:
        start = world.now()
        since, until = (start + timedelta(days=d) for d in days)
        return name_substitute(session, world.season_id, away.id, other.id, since, until, by, "病假")


def test_a_substitute_answers_and_is_mailed_for_those_days(world: World) -> None:
    clerk = world.person(POLICE)
    union = world.person("county_union")
    other = colleague_of(world, clerk)
    with transaction() as session:
        for seat in session.exec(select(Seat).where(Seat.person_id == other.id)).all():
            seat.body = "county_elsewhere"
            session.add(seat)
    waiting = world.bring_to(world.enter(), STEP)

    seats = substitute(world, clerk, clerk, other)

    assert [s.stands_in_for for s in seats] == [clerk.id]
    assert mailed(waiting, "handed") == [other.name]
    arriving = world.bring_to(world.enter(), STEP)
    told_of = mailed(arriving, "task_arrived")
    assert other.name in told_of
    assert clerk.name not in told_of
    decision = world.answer_as(other, task_of(world, arriving, POLICE), "agree")
    assert (decision.decided_by, decision.acted_for) == (other.id, clerk.id)
    with pytest.raises(Refused) as refusal:
        substitute(world, clerk, clerk, other, (1, 2))
    assert codes(refusal) == ["already_stood_in"]
    with pytest.raises(Refused) as refusal:
        substitute(world, clerk, union, other, (4, 5))
    assert codes(refusal) == ["not_yours"]

    with transaction() as session:
        end_substitute(session, seats[0].id, clerk)

    assert answering(world, task_of(world, waiting, POLICE)) == [clerk.name]
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        assert check(session, season).broken == ()


def test_a_paper_answer_names_who_decided_and_who_entered_it(world: World, case: Case) -> None:
    task = task_of(world, case, POLICE)
    clerk, office, union = world.person(POLICE), world.person("office"), world.person("county_union")
    with pytest.raises(Refused) as refusal, transaction() as session:
        enter_paper(session, task.id, clerk.id, Given("agree"), "x.pdf", pdf("样例"), clerk)
    assert codes(refusal) == ["not_superior"]
    with pytest.raises(Refused) as refusal, transaction() as session:
        enter_paper(session, task.id, office.id, Given("agree"), "x.pdf", pdf("样例"), union)
    assert codes(refusal) == ["nobody_chosen"]
    with pytest.raises(Refused) as refusal, transaction() as session:
        enter_paper(session, task.id, clerk.id, Given("agree"), "x.exe", b"MZ", union)
    assert len(codes(refusal)) == 1

    with transaction() as session:
        decision = enter_paper(session, task.id, clerk.id, Given("agree"), "意见.pdf", pdf("样例"), union)

    assert (decision.decided_by, decision.recorded_by) == (clerk.id, union.id)
    assert mailed(case, "paper_entered") == [clerk.name]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.sampled_from(["over", "delegate", "back", "away", "home", "answer"]), max_size=7))
def test_whatever_is_passed_on_the_right_people_answer(world: World, moves: list[str]) -> None:
    """Any mix of handing over, delegating, taking back, substitutes and answers keeps every invariant."""
    case = world.bring_to(world.enter(), STEP)
    task, office = task_of(world, case, POLICE), world.person("office")
    clerk = world.person(POLICE)
    others = [colleague_of(world, clerk) for _ in range(2)]
    for number, move in enumerate(moves):
        other = others[number % 2]
        try:
            with transaction() as session:
                _move(session, world, move, task, clerk, other, office)
        except Refused:
            continue
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        assert check(session, season).broken == ()
        for decision in session.exec(select(Decision).where(Decision.assignment_id == task.id)).all():
            found = session.get_one(Assignment, task.id)
            assert may_answer(session, found, session.get_one(Person, decision.decided_by), now(season))


def _move(
    session: Session, world: World, move: str, task: Assignment, clerk: Person, other: Person, office: Person
) -> None:
    if move == "over":
        hand_over(session, task.id, other.id, office, "外出")
    elif move == "delegate":
        delegate(session, task.id, other.id, clerk, "外出")
    elif move == "back":
        take_back(session, task.id, office)
    elif move == "away":
        start = world.now()
        name_substitute(
            session, world.season_id, clerk.id, other.id, start, start + timedelta(days=1), office, "病假"
        )
    elif move == "home":
        seats = session.exec(
            select(Seat).where(Seat.stands_in_for == clerk.id, col(Seat.until) > world.now())
        ).all()
        for seat in seats[:1]:
            end_substitute(session, seat.id, office)
    else:
        decide(session, task.id, other, Given("agree"))
