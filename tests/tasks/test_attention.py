"""Who has a task come to, who has looked at it, and when may it be asked for again?"""

from datetime import timedelta

import pytest
from sqlmodel import select

from models.actions import Given
from models.attention import Reminder
from models.case import Case
from models.casefile import read_casefile
from models.countersigning import Asked, read_signing
from models.database import reading, real_now, transaction
from models.event import Event
from models.gates import Assignment
from models.mail import Message
from models.people import Person
from models.season import Season, notice_of
from models.verdict import Refused
from models.viewer import read_viewer
from models.words import EventKind, MessageState, Reached
from simulation.papers import pdf
from tasks.attachments import read_attachment
from tasks.attention import note_opened, remind
from tasks.opinions import add_scan, decide_with_scan
from tests.refusals import codes
from tests.world import World

STEP = "department_opinions"


@pytest.fixture
def case(world: World) -> Case:
    return world.bring_to(world.enter(), STEP)


def task_of(world: World, case: Case, body: str) -> Assignment:
    return next(a for a in world.assignments(STEP, case) if a.body == body)


def remind_as(world: World, task: Assignment, person: Person) -> None:
    with transaction() as session:
        remind(session, task.id, person)


def signing(world: World, case: Case, person: Person) -> dict[str, Asked]:
    """The rows of the departments' table as this person sees it, by the department's label."""
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        viewer = read_viewer(session, person, season, notice_of(session, season))
        [sheet] = read_signing(viewer, read_casefile(viewer, world.case(case))).sheets
        return {row.body: row for row in sheet.rows}


def mails(template: str, case: Case) -> int:
    with reading() as session:
        wanted = select(Message.id).where(Message.case_id == case.id, Message.template == template)
        return len(session.exec(wanted).all())


# --- how far -----------------------------------------------------------------------------------------------------


def test_each_department_is_unsent_then_sent_opened_late_answered(world: World, case: Case) -> None:
    county, police = world.person("county_union"), task_of(world, case, "police")
    assert {r.body: r.reached for r in signing(world, case, county).values()} == {
        "纪检监察部门": Reached.NOT_CONCERNED,
        **dict.fromkeys(("组织部门", "公安部门", "工信部门", "科技部门", "人社部门"), Reached.UNSENT),
    }

    with transaction() as session:
        for mail in session.exec(select(Message).where(Message.gate_id == police.gate_id)):
            mail.state, mail.sent_at = MessageState.SENT, real_now() + timedelta(seconds=9)
            session.add(mail)
    row = signing(world, case, county)["公安部门"]
    assert row.reached is Reached.SENT
    assert row.post is not None
    assert row.post.sent_at is not None
    assert row.post.sent_at > world.gate(STEP, case).opened_at

    with transaction() as session:
        note_opened(session, police.id, world.person("police"))
        note_opened(session, police.id, world.person("police"))
    assert signing(world, case, county)["公安部门"].reached is Reached.OPENED

    world.move_to(world.notice.due("county_review"))
    assert signing(world, case, county)["公安部门"].reached is Reached.LATE

    world.answer(STEP, case, "agree", body="police")
    assert signing(world, case, county)["公安部门"].reached is Reached.ANSWERED


def test_a_unit_is_told_only_who_has_answered(world: World, case: Case) -> None:
    rows = signing(world, case, world.filler()).values()

    assert {(r.reached, r.remind) for r in rows if r.answered} == {(None, None)}


def test_the_county_reviews_only_after_all_have_answered_and_an_objection_does_not_decide(
    world: World, case: Case
) -> None:
    world.answer(STEP, case, "object", body="police", reason="样例：有未结案件")
    world.pump()
    assert world.open_steps(case) == [STEP]

    world.pass_step(STEP, case)

    assert world.open_steps(case) == ["county_review"]
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        viewer = read_viewer(session, world.person("county_union"), season, notice_of(session, season))
        [(step, objection)] = read_signing(viewer, read_casefile(viewer, case)).objected
    assert (step.key, objection.body) == (STEP, "公安部门")


# --- 催办 --------------------------------------------------------------------------------------------------------


def test_a_reminder_is_a_mail_and_an_event_once_a_day(world: World, case: Case) -> None:
    task = task_of(world, case, "police")
    remind_as(world, task, world.person("county_union"))

    with pytest.raises(Refused) as refusal:
        remind_as(world, task, world.person("office"))

    assert codes(refusal) == ["reminded_today"]
    assert mails("reminded", case) == 1
    with reading() as session:
        events = select(Event).where(Event.chain == case.id, Event.kind == EventKind.TASK_REMINDED)
        [event] = session.exec(events).all()
    assert event.facts == {"step": STEP, "round": 1, "body": "police"}
    world.move_to(world.now() + timedelta(days=1))
    remind_as(world, task, world.person("office"))
    assert mails("reminded", case) == 2
    with reading() as session:
        reminders = session.exec(select(Reminder).where(Reminder.assignment_id == task.id)).all()
    assert len({r.day for r in reminders}) == 2


def test_an_answer_that_was_given_is_not_asked_for_again(world: World, case: Case) -> None:
    task = task_of(world, case, "police")
    world.answer(STEP, case, "agree", body="police")

    with pytest.raises(Refused) as refusal:
        remind_as(world, task, world.person("office"))

    assert codes(refusal) == ["already_answered"]


def test_only_who_stands_above_reminds(world: World, case: Case) -> None:
    task = task_of(world, case, "police")
    for body, county, code in (
        ("county_union", "liunan", "unknown_task"),
        ("police", "yufeng", "not_superior"),
        ("office_head", "yufeng", "not_superior"),
    ):
        with pytest.raises(Refused) as refusal:
            remind_as(world, task, world.person(body, county))
        assert codes(refusal) == [code]


def test_nobody_reminds_himself(world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    [task] = world.assignments("office_review", case)

    with pytest.raises(Refused) as refusal:
        remind_as(world, task, world.person("office"))

    assert codes(refusal) == ["own_task"]


def test_without_an_address_one_is_told_to_telephone(world: World, case: Case) -> None:
    task = task_of(world, case, "police")
    with transaction() as session:
        police = session.get_one(Person, world.person("police").id)
        address, police.email = police.email, None
        session.add(police)
    with pytest.raises(Refused) as refusal:
        remind_as(world, task, world.person("office"))
    with transaction() as session:
        police = session.get_one(Person, police.id)
        police.email = address
        session.add(police)

    assert codes(refusal) == ["no_address"]


# --- the sealed paper --------------------------------------------------------------------------------------------


def test_an_opinion_comes_with_its_sealed_paper_which_only_readers_of_the_opinion_open(
    world: World, case: Case
) -> None:
    task, police = task_of(world, case, "police"), world.person("police")
    with transaction() as session:
        given = Given("agree", opinion="同意推荐")
        decide_with_scan(session, task.id, police, given, "样例意见表.pdf", pdf("sealed"))

    [scan] = signing(world, case, world.person("county_union"))["公安部门"].scans
    assert scan.sealed_and_signed
    for reader in (world.person("county_union"), world.person("office"), police):
        with reading() as session:
            viewer = read_viewer(session, reader, world.season, world.notice)
            assert read_attachment(session, scan.id, viewer)[1] == pdf("sealed")
    for other in (world.filler(), world.person("industry")):
        with reading() as session, pytest.raises(Refused) as refusal:
            read_attachment(session, scan.id, read_viewer(session, other, world.season, world.notice))
        assert codes(refusal) == ["unknown_file"]


def test_the_sealed_paper_may_come_later_once_and_from_who_answered(world: World, case: Case) -> None:
    task, police = task_of(world, case, "police"), world.person("police")

    def add(person: Person, content: bytes = pdf("sealed"), name: str = "样例意见表.pdf") -> None:
        with transaction() as session:
            add_scan(session, task.id, person, name, content)

    with pytest.raises(Refused) as early:
        add(police)
    world.answer(STEP, case, "agree", body="police")
    with pytest.raises(Refused) as foreign:
        add(world.person("industry"))
    add(police)
    with pytest.raises(Refused) as twice:
        add(police, pdf("another"))

    assert [codes(r) for r in (early, foreign, twice)] == [["not_answered"], ["not_answered"], ["scan_there"]]


def test_a_file_that_is_no_scan_takes_the_answer_back_with_it(world: World, case: Case) -> None:
    task = task_of(world, case, "police")

    with pytest.raises(Refused) as refusal, transaction() as session:
        decide_with_scan(session, task.id, world.person("police"), Given("agree"), "意见.txt", b"agreed")

    assert len(codes(refusal)) == 1
    assert task.id in {a.id for a in world.assignments(STEP, case)}
