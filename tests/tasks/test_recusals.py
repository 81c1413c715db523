"""Who stays away from a case, what does that change, and who steps in (三（三）、三（四）)?"""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.gates import Assignment
from models.people import Person
from models.recusal import Recusal, grounds
from models.season import Season, notice_of
from models.verdict import Refused
from models.viewer import Viewer, read_viewer
from models.words import AssignmentState, EventKind, RecusalGround, Relation
from tasks.assigning import candidates
from tasks.panels import add_member, replace_member, take_away
from tasks.recusals import apply_for_recusal, name_relative, note_attempt, recuse, strike_relative
from tasks.shortlists import case_scores
from tests.refusals import codes
from tests.world import World

EMPLOYER = "样例职业技术学院"


@pytest.fixture
def case(world: World) -> Case:
    """A case before its experts."""
    return world.bring_to(world.enter(route="city"), "expert_review")


def person_of(task: Assignment) -> Person:
    with reading() as session:
        return session.get_one(Person, task.person_id)


def viewer_of(world: World, person: Person) -> Viewer:
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        viewer = read_viewer(session, person, season, notice_of(session, season))
        assert viewer.recused_from is not None
        return viewer


def state(task: Assignment) -> str:
    with reading() as session:
        return session.get_one(Assignment, task.id).state


def fitting(world: World, case: Case, body: str = "expert") -> list[Person]:
    """Who may still be assigned and is not on the panel."""
    with reading() as session:
        on = {a.person_id for a in world.assignments(f"{body}_review", case)}
        found = candidates(session, world.season, case, body)
        return [p for p, _ in found if p.id not in on]


def kinds(case: Case) -> list[str]:
    with reading() as session:
        return list(session.exec(select(Event.kind).where(Event.chain == case.id).order_by(col(Event.seq))))


def apply(task: Assignment, reason: str = "人选是我的徒弟") -> Recusal:
    with transaction() as session:
        return apply_for_recusal(session, task.id, person_of(task), reason)


# --- the grounds -------------------------------------------------------------------------------------------------


def found(person: Person, case: Case, relation: Relation) -> tuple[RecusalGround, ...]:
    with reading() as session:
        return grounds(session, person, session.get_one(Case, case.id), relation)


def test_each_ground_is_found(world: World) -> None:
    expert = next(p for p in world.people("expert") if p.employer == EMPLOYER)
    colleague = world.enter(route="city", employer=EMPLOYER)
    office = world.person("office")
    mine = world.enter(route="city", person=office)
    recommended = world.enter(channel="professional", route="city", recommenders=[{"name": expert.name}])
    kin = world.enter(route="city", name="样例表弟")
    with transaction() as session:
        name_relative(session, world.season_id, expert, "样例表弟", "表弟")

    assert [found(expert, c, Relation.ASSIGNED) for c in (colleague, recommended, kin)] == [
        (RecusalGround.SAME_EMPLOYER,),
        (RecusalGround.RECOMMENDER,),
        (RecusalGround.RELATIVE,),
    ]
    assert found(office, mine, Relation.ASSIGNED) == (RecusalGround.ENTERED,)
    assert [found(expert, c, Relation.OWN_UNIT) for c in (colleague, recommended, kin)] == [
        (),
        (),
        (RecusalGround.RELATIVE,),
    ]


def test_draft_without_an_employer_recuses_nobody(world: World) -> None:
    case = world.enter(route="city", employer="")
    inspector = world.person("inspector")

    assert inspector.employer is None
    assert found(inspector, case, Relation.ASSIGNED) == ()


def test_recused_are_not_proposed(world: World) -> None:
    case = world.bring_to(world.enter(route="city", employer=EMPLOYER), "expert_review")

    assert EMPLOYER not in [person_of(a).employer for a in world.assignments("expert_review", case)]


def test_relative_struck_out_by_the_office_recuses_no_longer(world: World) -> None:
    case, expert = world.enter(route="city", name="样例同名"), world.person("expert")
    with transaction() as session:
        relative = name_relative(session, world.season_id, expert, "样例同名", "堂弟")
    with transaction() as session, pytest.raises(Refused) as refusal:
        strike_relative(session, relative.id, expert)
    assert codes(refusal) == ["office_only"]

    with transaction() as session:
        strike_relative(session, relative.id, world.person("office"))

    assert found(expert, case, Relation.ASSIGNED) == ()


# --- declaring ---------------------------------------------------------------------------------------------------


def test_expert_who_asks_leaves_and_sees_the_case_no_longer(world: World, case: Case) -> None:
    task = world.assignments("expert_review", case)[0]
    expert = person_of(task)
    assert viewer_of(world, expert).sees_case(case.id) is not None

    apply(task)

    assert state(task) == AssignmentState.RECUSED
    assert viewer_of(world, expert).sees_case(case.id) is None
    assert kinds(case)[-1] == EventKind.RECUSAL_DECLARED
    with pytest.raises(Refused) as refusal:
        world.answer_as(expert, task, "score")
    assert (codes(refusal), refusal.value.status) == (["recused"], 409)


def test_gate_waits_for_the_substitute_and_counts_him_instead(world: World, case: Case) -> None:
    first, *others = world.assignments("expert_review", case)
    apply(first)
    substitute = fitting(world, case)[0]
    for task in others:
        world.answer_as(None, task, "score")
    assert world.open_steps(case) == ["expert_review"]

    with transaction() as session:
        joined = replace_member(session, first.id, substitute.id, world.person("office"))
    assert state(first) == AssignmentState.RELEASED
    world.answer_as(substitute, joined, "score")

    assert world.gate("expert_review", case).outcome == "answered"


@pytest.mark.parametrize(
    ("who", "reason", "expected"),
    [("first", " ", "reason_missing"), ("second", "徒弟", "not_your_task")],
)
def test_application_is_refused(world: World, case: Case, who: str, reason: str, expected: str) -> None:
    first, second, _ = world.assignments("expert_review", case)
    with transaction() as session, pytest.raises(Refused) as refusal:
        apply_for_recusal(session, first.id, person_of(first if who == "first" else second), reason)

    assert codes(refusal) == [expected]


def test_after_the_answer_it_is_too_late_to_ask(world: World, case: Case) -> None:
    task = world.assignments("expert_review", case)[0]
    world.answer_as(None, task, "score")

    with pytest.raises(Refused) as refusal:
        apply(task)

    assert codes(refusal) == ["gate_closed"]


def test_office_recuses_one_of_its_own_who_then_neither_reads_nor_acts(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    [task] = world.assignments("office_review", case)
    head, clerk = world.person("office_head"), world.person("office")
    with transaction() as session:
        recuse(session, case.id, clerk.id, clerk, "人选的配偶")

    viewer = viewer_of(world, clerk)
    assert viewer.sees_case(case.id) is not None
    assert not viewer.reads(case)
    assert viewer_of(world, head).reads(case)
    with pytest.raises(Refused) as refusal:
        world.answer_as(clerk, task, "pass")
    assert codes(refusal) == ["recused"]


def test_recused_may_not_move_the_case_on_a_list(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "proposed_list")
    world.move_to(world.notice.starts("expert_review"))
    world.pump()
    clerk = world.person("office")
    with transaction() as session:
        recuse(session, case.id, clerk.id, clerk, "人选的配偶")

    with pytest.raises(Refused) as refusal:
        world.answer("proposed_list", facts={"places": {str(case.id): ["reserve", "样例理由"]}})

    assert codes(refusal) == ["recused"]


def test_recusal_by_others_or_of_strangers_or_twice_is_refused(world: World, case: Case) -> None:
    office, expert = world.person("office"), world.person("expert")

    def refused(person: Person, by: Person, reason: str = "亲属") -> list[str]:
        with transaction() as session, pytest.raises(Refused) as refusal:
            recuse(session, case.id, person.id, by, reason)
        return codes(refusal)

    assert refused(expert, expert) == ["office_only"]
    assert refused(expert, office, "") == ["reason_missing"]
    assert refused(world.applicant(), office) == ["unknown_person"]
    with transaction() as session:
        recuse(session, case.id, expert.id, office, "亲属")
    assert refused(expert, office) == ["already_recused"]


def test_score_of_one_found_recused_later_is_not_counted(world: World, case: Case) -> None:
    for total, task in zip((60, 90, 90), world.assignments("expert_review", case), strict=True):
        scores = {c.key: total for c in world.notice.step("expert_review").criteria}
        world.answer_as(None, task, "score", facts={"scores": scores})
    world.pump()

    def score() -> float:
        with reading() as session:
            step = world.notice.step("proposed_list")
            return float(case_scores(session, world.season, world.notice, step)[case.id])

    assert score() == 80
    with reading() as session:
        worst = session.exec(
            select(Event.actor_id)
            .where(Event.chain == case.id, Event.kind == "answer_given")
            .order_by(col(Event.seq).desc())
        ).all()[2]
    with transaction() as session:
        recuse(session, case.id, worst or UUID(int=0), world.person("office"), "人选的师傅")

    assert score() == 90


def test_relative_named_while_assigned_gives_the_task_up(world: World, case: Case) -> None:
    task = world.assignments("expert_review", case)[0]
    with transaction() as session:
        name_relative(session, world.season_id, person_of(task), case.name, "侄子")

    assert state(task) == AssignmentState.RECUSED
    assert kinds(case)[-1] == EventKind.RECUSAL_DECLARED


def test_naming_a_relative_asks_for_both_and_once(world: World) -> None:
    expert = world.person("expert")

    def refused(person: Person, name: str, kinship: str) -> list[str]:
        with transaction() as session, pytest.raises(Refused) as refusal:
            name_relative(session, world.season_id, person, name, kinship)
        return codes(refusal)

    assert refused(expert, "", " ") == ["name_missing", "kinship_missing"]
    assert refused(world.applicant(), "样例甲", "配偶") == ["no_seat"]
    with transaction() as session:
        name_relative(session, world.season_id, expert, "样例甲", "配偶")
    assert refused(expert, "样例甲", "配偶") == ["already_named"]


def test_attempt_of_the_recused_is_put_on_record(world: World, case: Case) -> None:
    task = world.assignments("expert_review", case)[0]
    apply(task)

    with transaction() as session:
        note_attempt(session, task.id, person_of(task))

    assert kinds(case)[-1] == EventKind.RECUSED_REFUSED


def test_recusal_is_never_changed(world: World, case: Case) -> None:
    apply(world.assignments("expert_review", case)[0])

    with transaction() as session, pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("UPDATE recusal SET reason = ''"))


# --- the panel ---------------------------------------------------------------------------------------------------


def test_panel_shrinks_only_with_a_reason_and_passes_when_the_rest_has_answered(
    world: World, case: Case
) -> None:
    first, *others = world.assignments("expert_review", case)
    for task in others:
        world.answer_as(None, task, "score")
    office = world.person("office")
    with transaction() as session, pytest.raises(Refused) as refusal:
        take_away(session, first.id, office, "")
    assert codes(refusal) == ["reason_missing"]

    with transaction() as session:
        take_away(session, first.id, office, "该类别专家不足")

    assert world.gate("expert_review", case).outcome == "answered"


def test_panel_grows_and_the_last_member_stays(world: World, case: Case) -> None:
    office = world.person("office")
    tasks = world.assignments("expert_review", case)
    extra = fitting(world, case)[0]
    with transaction() as session:
        joined = add_member(session, tasks[0].id, extra.id, office)
    assert len(world.assignments("expert_review", case)) == 4

    for task in tasks:
        with transaction() as session:
            take_away(session, task.id, office, "样例理由")
    with transaction() as session, pytest.raises(Refused) as refusal:
        take_away(session, joined.id, office, "样例理由")
    assert codes(refusal) == ["last_member"]


def test_substitute_must_fit(world: World, case: Case) -> None:
    office, first = world.person("office"), world.assignments("expert_review", case)[0]
    extra = fitting(world, case)[0]

    def refused(person: Person, by: Person = office) -> list[str]:
        with transaction() as session, pytest.raises(Refused) as refusal:
            replace_member(session, first.id, person.id, by)
        return codes(refusal)

    assert refused(extra, by=extra) == ["office_only"]
    assert refused(world.person("inspector")) == ["not_eligible"]
    assert refused(person_of(first)) == ["already_assigned"]
    with transaction() as session:
        recuse(session, case.id, extra.id, office, "亲属")
    assert refused(extra) == ["not_eligible"]
    world.answer_as(None, first, "score")
    assert refused(extra) == ["already_answered"]


def test_bodies_are_not_replaced_by_persons(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    [task] = world.assignments("office_review", case)
    with transaction() as session, pytest.raises(Refused) as refusal:
        add_member(session, task.id, world.person("expert").id, world.person("office"))

    assert codes(refusal) == ["not_assigned"]
