"""Does a calendar program get the due dates of its person by the secret address, and no more than that?"""

import re
from datetime import timedelta

from icalendar import Calendar
from sqlmodel import select

from models.database import reading
from models.feed import CalendarFeed
from models.mail import Message, TaskLink
from notifications.links import due_url, token_digest
from tests.api.conftest import Visitor, text_of, value_of
from tests.tasks.test_amending import PAPER, amend
from tests.world import World

STEP = "department_opinions"
NAME = "样例金丝雀"


def events(content: bytes) -> list[dict[str, str]]:
    """The events of a calendar file as a program reads it."""
    return [
        {
            "uid": str(e["UID"]),
            "summary": str(e["SUMMARY"]),
            "dtstart": f"{e.decoded('DTSTART'):%Y%m%d}",
            "dtend": f"{e.decoded('DTEND'):%Y%m%d}",
            "sequence": str(e["SEQUENCE"]),
        }
        for e in Calendar.from_ical(content).walk("VEVENT")
    ]


def test_the_address_is_secret_and_can_be_changed_and_stopped(
    world: World, unit: Visitor, anybody: Visitor
) -> None:
    case = world.enter(name=NAME)
    assert "生成订阅地址" in text_of(unit.get("/calendar"))
    page = unit.follow(unit.post("/calendar"))
    address = value_of(page, "address")
    path = "/" + address.split("/", 3)[3]

    fetched = anybody.get(path)

    last = world.notice.dates["application"].day
    [assignment] = world.assignments("application", case)
    [mine] = [e for e in events(fetched.content) if str(assignment.id) in e["uid"]]
    assert mine == {
        "uid": f"{assignment.id}@gongjiang",
        "summary": f"【柳州工匠】基层申报截止：{case.number}",
        "dtstart": f"{last:%Y%m%d}",
        "dtend": f"{last + timedelta(days=1):%Y%m%d}",
        "sequence": "0",
    }
    assert (fetched.headers["content-type"], NAME in fetched.text) == ("text/calendar; charset=utf-8", False)
    assert "no-store" in fetched.headers["cache-control"]
    assert max(len(line) for line in fetched.content.split(b"\r\n")) <= 75
    token = path.removeprefix("/ics/").removesuffix(".ics")
    assert len(token) >= 43
    with reading() as session:
        kept = session.exec(select(CalendarFeed).where(CalendarFeed.digest == token_digest(token))).one()
        assert token not in kept.model_dump_json()

    changed = "/" + value_of(unit.follow(unit.post("/calendar")), "address").split("/", 3)[3]
    assert (anybody.get(path).status_code, anybody.get(changed).status_code) == (404, 200)
    unit.follow(unit.post("/calendar/stop"))
    assert anybody.get(changed).status_code == 404


def test_a_moved_date_moves_the_event(world: World, unit: Visitor, anybody: Visitor) -> None:
    case = world.enter()
    unit.get("/calendar")
    path = "/" + value_of(unit.follow(unit.post("/calendar")), "address").split("/", 3)[3]
    later = world.notice.dates["inspection"].day + timedelta(days=3)

    before = {e["uid"] for e in events(anybody.get(path).content)}
    amend(world, {"application": f"{later}"}, confirmed=True)

    after = {e["uid"]: e for e in events(anybody.get(path).content)}
    [assignment] = world.assignments("application", case)
    assert set(after) == before
    moved = after[f"{assignment.id}@gongjiang"]
    assert (moved["dtstart"], moved["sequence"]) == (f"{later:%Y%m%d}", "1")
    assert PAPER["paper"] not in anybody.get(path).text


def test_the_mail_of_a_task_leads_to_its_day(world: World, anybody: Visitor) -> None:
    case = world.bring_to(world.enter(name=NAME), STEP)
    [assignment, *_] = world.assignments(STEP, case)
    with reading() as session:
        link = session.exec(select(TaskLink).where(TaskLink.assignment_id == assignment.id)).first()
        mails = session.exec(select(Message.id).where(Message.case_id == case.id)).all()
    assert link is not None
    path = "/" + due_url(link.id).split("/", 3)[3]
    assert re.fullmatch(r"/t/[\w-]{43}/due\.ics", path)

    fetched = anybody.get(path)

    assert [e["uid"] for e in events(fetched.content)] == [f"{assignment.id}@gongjiang"]
    assert NAME not in fetched.text
    with reading() as session:
        assert session.exec(select(Message.id).where(Message.case_id == case.id)).all() == mails
    while world.assignments(STEP, case):
        world.answer(STEP, case)
    assert anybody.get(path).status_code == 404
