"""Who hears, on which morning, of what waits and what is late; and is it ever said twice?

The season runs in 2037, whose days fall on the same weekdays as in the notice's year and whose holidays nobody knows.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import col, select

from models.database import engine, reading, transaction
from models.ladder import LadderRung
from models.mail import Message
from models.notice import SHANGHAI
from models.objection import Account
from models.people import Person
from models.season import Season
from notices.reader import read_notice
from notifications.letters import Writer
from processes.supervise import Stack
from tasks.deadlines import catch_up, hold_morning
from tasks.objections import register_objection
from tasks.practice import open_practice
from tasks.recusals import recuse
from tests.publishing import published
from tests.world import CITY_UNIT, NOTICE, UNIT, World

START = date(2037, 3, 3)


@pytest.fixture
def world(database: Stack) -> World:
    return open_2037(database)


def open_2037(database: Stack) -> World:
    database.stop("engine")
    with transaction() as session:
        notice = read_notice(NOTICE)
        found = World(open_practice(session, notice, START).id, notice.shifted(START))
    found.move_to(at("03-03T09:00"))
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2037-{text}").replace(tzinfo=SHANGHAI)


def hold(world: World) -> int:
    with transaction() as session:
        return hold_morning(session, session.get_one(Season, world.season_id))


def morning(world: World, moment: str) -> Counter[tuple[str, str]]:
    """What the round of a moment sends: how many mails of which kind to whom."""
    world.move_to(at(moment))
    before = mail_ids(world)
    hold(world)
    return sent(world, before)


def mail_ids(world: World) -> set[UUID]:
    with reading() as session:
        return set(session.exec(select(Message.id).where(Message.season_id == world.season_id)))


def sent(world: World, before: set[UUID]) -> Counter[tuple[str, str]]:
    with reading() as session:
        rows = session.exec(
            select(Message.template, Person.login, Person.name)
            .join(Person, col(Person.id) == col(Message.person_id))
            .where(Message.season_id == world.season_id, col(Message.id).not_in(before))
        )
        return Counter((template, login or name) for template, login, name in rows)


def rungs(world: World) -> dict[str, int]:
    """How often each rung was told; those passed over are in parentheses."""
    with reading() as session:
        rows = session.exec(
            select(LadderRung.rung, LadderRung.told).where(LadderRung.season_id == world.season_id)
        )
        return Counter(rung if told else f"({rung})" for rung, told in rows)


def subjects(world: World, template: str) -> list[str]:
    """The subjects of the mails of one kind, in the order of their queuing."""
    with reading() as session:
        wanted = select(Message).where(Message.season_id == world.season_id, Message.template == template)
        letters = [Writer(session).write(m) for m in session.exec(wanted.order_by(col(Message.queued_at)))]
    return [str(message_from_bytes(x.content, policy=default)["Subject"]) for x in letters]


def test_a_draft_that_nobody_hands_in_goes_up_the_ladder(world: World) -> None:
    """Its deadline is Monday, the 9th: the first reminder leaves the Saturday before for Friday."""
    case = world.enter()

    assert morning(world, "03-06T08:30") == {("digest", "unit1"): 1}
    assert rungs(world) == {"day-2": 1}
    assert morning(world, "03-07T08:30") == {}
    assert morning(world, "03-09T08:30") == {("digest", "unit1"): 1}
    assert morning(world, "03-10T08:30") == {("digest", "unit1"): 1}
    assert morning(world, "03-11T08:30") == {("digest", "unit1"): 1, ("escalated", "office"): 1}
    assert morning(world, "03-13T08:30") == {("digest", "unit1"): 1}

    assert rungs(world) == {"day-2": 1, "day+0": 1, "day+1": 1, "superior": 1}
    assert subjects(world, "digest") == [
        "【柳州工匠】【演练】今日待办 1 项",
        "【柳州工匠】【演练】今日待办 1 项（1项今天到期）",
        "【柳州工匠】【演练】今日待办 1 项（1项已超期）",
        "【柳州工匠】【演练】今日待办 1 项（1项已超期）",
        "【柳州工匠】【演练】今日待办 1 项（1项已超期）",
    ]
    assert subjects(world, "escalated") == ["【柳州工匠】【演练】逾期报告：1 项逾期未办，请督促"]
    assert world.open_steps(case) == ["application"]


def test_the_county_hears_of_its_departments_then_the_office(world: World) -> None:
    """Due on Thursday, the 12th, which one of five keeps."""
    case = world.bring_to(world.enter(), "department_opinions")
    world.answer("department_opinions", case, body="police")

    morning(world, "03-13T08:30")
    sixteenth = morning(world, "03-16T08:30")

    # The 14th and the 16th, for the superior and for the office: both come to Monday.
    assert {k: n for k, n in sixteenth.items() if k[0] == "escalated"} == {
        ("escalated", "county_union"): 1,
        ("escalated", "office"): 1,
    }
    assert sum(n for (template, _), n in sixteenth.items() if template == "digest") == 4
    assert (rungs(world)["superior"], rungs(world)["office"]) == (4, 4)


def test_what_was_answered_is_not_asked_again(world: World) -> None:
    case = world.bring_to(world.enter(), "department_opinions")
    while world.assignments("department_opinions", case):
        world.answer("department_opinions", case)

    assert morning(world, "03-13T08:30") == {}


def test_twice_too_early_too_late_and_on_a_day_off(world: World) -> None:
    world.enter()

    assert morning(world, "03-05T08:29:59") == {}
    assert morning(world, "03-05T19:59:50") == {("digest", "unit1"): 1}
    assert morning(world, "03-05T20:00:10") == {}
    assert morning(world, "03-05T23:59:50") == {}
    assert morning(world, "03-06T00:00:10") == {}
    assert morning(world, "03-06T08:30") == {("digest", "unit1"): 1}
    assert morning(world, "03-06T08:40") == {}
    assert morning(world, "03-08T09:00") == {}


def test_after_a_week_without_the_engine_there_is_one_mail_each(world: World) -> None:
    for _ in range(3):
        world.enter()
    morning(world, "03-05T08:30")

    assert morning(world, "03-16T11:20") == {("digest", "unit1"): 1, ("escalated", "office"): 1}

    assert rungs(world) == {"(day-2)": 3, "(day+0)": 3, "day+1": 3, "superior": 3}
    assert morning(world, "03-17T08:30") == {("digest", "unit1"): 1}


def test_a_practice_clock_moved_holds_the_morning_at_once(world: World) -> None:
    world.enter()

    def moved(moment: str) -> Counter[tuple[str, str]]:
        before = mail_ids(world)
        world.move_to(at(moment))
        for _ in range(2):
            with transaction() as session:
                catch_up(session, session.get_one(Season, world.season_id))
        return sent(world, before)

    assert moved("03-09T00:00") == {("digest", "unit1"): 1}
    assert moved("03-14T00:00") == {("deadlines", "unit1"): 1, ("escalated", "office"): 1}
    assert morning(world, "03-14T10:00") == {}
    assert morning(world, "03-16T08:30") == {("digest", "unit1"): 1}


def test_an_objection_left_lying_is_urged_like_a_task(world: World) -> None:
    """Registered on the first day of the public notice, 2 April; five days."""
    case, _ = published(world, "样例甲", "样例乙")
    with transaction() as session:
        account = Account("样例异议人", "0772-0000000", "样例异议内容")
        register_objection(session, case.id, world.person("office"), account)
    morning(world, "04-07T08:30")
    assert rungs(world)["day+0"] == 1

    ninth = morning(world, "04-09T08:30")

    head = world.person("office_head")
    assert ninth == {("digest", "office"): 1, ("escalated", head.login or head.name): 1}
    with reading() as session:
        told = select(Message).where(Message.season_id == world.season_id, Message.template == "escalated")
        [line] = session.exec(told.order_by(col(Message.queued_at).desc())).all()[0].context["watched"]
    assert (line["step"], line["numbers"], line["count"]) == ("异议核实与结论", [case.number], 1)
    assert "candidate" not in line


def test_the_office_reads_in_a_line_each_who_lets_how_much_lie(world: World) -> None:
    """Seven drafts of one unit and one of another, all due on the 9th."""
    many, one = [world.enter() for _ in range(7)], world.enter(route="city")

    morning(world, "03-11T08:30")

    with reading() as session:
        wanted = select(Message).where(Message.season_id == world.season_id, Message.template == "escalated")
        letter = Writer(session).write(session.exec(wanted).one())
    part = message_from_bytes(letter.content, policy=default).get_body(("plain",))
    body = part.get_content() if part else ""
    numbers = "、".join(case.number for case in many[:5])
    assert f"{UNIT}：“基层申报” 7 项（{numbers}等），最早的应在3月9日" in body
    assert f"{CITY_UNIT}：“基层申报” 1 项（{one.number}），3月9日" in body


def test_who_stays_away_from_a_case_hears_nothing_of_it(world: World) -> None:
    case = world.bring_to(world.enter(), "department_opinions")
    with transaction() as session:
        recuse(session, case.id, world.person("county_union").id, world.person("office"), "样例理由")

    told = morning(world, "03-16T08:30")

    assert ("escalated", "county_union") not in told
    assert told[("escalated", "office")] == 1


@given(st.lists(st.integers(1, 60 * 60), min_size=3, max_size=10))
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_whenever_it_ticks_nobody_hears_twice(database: Stack, minutes: list[int]) -> None:
    """Ticks by minutes up to days apart, each of them twice."""
    world = open_2037(database)
    world.enter()
    mails: Counter[tuple[date, str]] = Counter()
    for step in minutes:
        moment = world.now() + timedelta(minutes=step)
        world.move_to(moment)
        before = mail_ids(world)
        hold(world)
        hold(world)
        mails.update((moment.astimezone(SHANGHAI).date(), who) for _, who in sent(world, before).elements())

    assert all(count == 1 for count in mails.values())
    assert all(count == 1 for count in rungs(world).values())


def test_two_engines_at_once_hold_one_morning(world: World) -> None:
    world.enter()
    world.move_to(at("03-05T08:30"))
    before = mail_ids(world)

    with ThreadPoolExecutor(4) as pool:
        told = [f.result() for f in [pool.submit(hold, world) for _ in range(4)]]

    assert sorted(told) == [0, 0, 0, 1]
    assert sent(world, before) == {("digest", "unit1"): 1}


def test_reading_costs_the_same_for_one_task_as_for_many(world: World) -> None:
    def looks(moment: str) -> int:
        """The statements of a morning but those of its links: one look for each task that is listed."""
        world.move_to(at(moment))
        statements: list[str] = []

        def note(*given: object) -> None:
            statements.append(str(given[2]))

        event.listen(engine(), "before_cursor_execute", note)
        hold(world)
        event.remove(engine(), "before_cursor_execute", note)
        return len([s for s in statements if "task_link" not in s])

    world.enter()
    few = looks("03-04T08:30")
    for _ in range(4):
        world.enter()

    assert looks("03-05T08:30") == few
