"""Is a forwarded mail enough to give an opinion of weight (附件3)? No: a code by telephone is needed."""

import hashlib
from datetime import datetime, time, timedelta

from bs4 import BeautifulSoup
from sqlmodel import col, select

from models.case import Case
from models.database import reading, real_now, transaction
from models.event import Event
from models.gates import Assignment
from models.links import CODE_TRIES, LinkCode
from models.mail import Message
from models.notice import SHANGHAI, day_of
from models.people import Person
from models.season import Season
from models.words import EventKind
from models.workdays import next_workday
from notifications.letters import Writer
from tasks.deadlines import hold_morning
from tests.api.conftest import Visitor, errors_of, soup, text_of
from tests.api.test_links import path_of
from tests.world import World

STEP = "department_opinions"


def task_of(world: World, case: Case, body: str) -> Assignment:
    return next(a for a in world.assignments(STEP, case) if a.body == body)


def tell(teller: Visitor, task: Assignment, person: Person) -> str:
    """The code, as it is read out."""
    teller.get(f"/tasks/{task.id}/code")
    return text_of(teller.post(f"/tasks/{task.id}/code", {"person": str(person.id)}), ".told-code").replace(
        " ", ""
    )


def codes_of(world: World) -> list[LinkCode]:
    with reading() as session:
        wanted = select(LinkCode).where(LinkCode.season_id == world.season_id)
        return list(session.exec(wanted.order_by(col(LinkCode.issued_at))))


def kinds_of(case: Case) -> list[str]:
    with reading() as session:
        wanted = select(Event.kind).where(Event.chain == case.id, col(Event.kind).startswith("code_"))
        return list(session.exec(wanted.order_by(col(Event.seq))))


def test_police_answer_by_link_with_a_code_and_go_on_without(
    anybody: Visitor, address: str, world: World
) -> None:
    case, second = (world.bring_to(world.enter(name="覃立恒"), STEP) for _ in range(2))
    task, person = task_of(world, case, "police"), world.person("police")
    where = path_of(task)
    county = Visitor(address, world).log_in(world.person("county_union"))

    assert not soup(anybody.get(path_of(task_of(world, case, "science")))).select("#code")
    assert soup(anybody.get(where)).select("#code")
    refused = anybody.post(where, {"code": "123456"})
    assert (refused.status_code, "还没有生成" in errors_of(refused)["#code"]) == (422, True)
    assert anybody.get(f"/tasks/{task.id}").status_code == 303

    links = [str(a["href"]) for a in soup(county.get(f"/cases/{case.id}")).select("a[href$='/code']")]
    assert links == [f"/tasks/{task.id}/code"]
    code = tell(county, task, person)
    [kept] = codes_of(world)
    assert len(code) == 6
    assert code not in kept.digest
    assert kept.digest != hashlib.sha256(code.encode()).hexdigest()
    anybody.get(where)
    wrong = anybody.post(where, {"code": "x" + code[:5]})
    assert errors_of(wrong)["#code"].startswith("验证码不对，还可以输4次。")
    page = anybody.follow(anybody.post(where, {"code": f" {code[:3]} {code[3:]}"}))
    assert "覃立恒" in page.text
    assert kinds_of(case) == [EventKind.CODE_ISSUED, EventKind.CODE_REFUSED, EventKind.CODE_ACCEPTED]
    assert code not in county.get(f"/cases/{case.id}").text

    other = Visitor(address, world)
    other.get(where)
    assert other.post(where, {"code": code}).status_code == 422

    done = anybody.follow(anybody.post(f"/tasks/{task.id}", {"answer": "agree"}))
    assert "您还有 1 项任务待办理" in text_of(done)
    onward = task_of(world, second, "police")
    assert not soup(anybody.get(path_of(onward))).select("#code")
    anybody.get(f"/tasks/{task.id}")
    page = anybody.follow(anybody.post(f"/tasks/{task.id}/next", {"next": str(onward.id)}))
    assert second.number in page.text
    assert "答复“" not in text_of(other.get(where))
    assert "您已于" in text_of(other.get(where))


def test_mails_say_beforehand_that_their_links_ask_for_a_code(world: World) -> None:
    """Two opinions of weight and one of another body, singly, in one letter and in the morning's list."""
    cases = [world.bring_to(world.enter(name="覃立恒"), STEP) for _ in range(2)]
    with reading() as session:
        day = next_workday(session, day_of(world.now()) + timedelta(days=1))
    world.move_to(datetime.combine(day, time(9), SHANGHAI))
    with transaction() as session:
        arrived = select(Message).where(Message.case_id == cases[0].id, Message.template == "task_arrived")
        of_body = {session.get_one(Person, m.person_id).login: m for m in session.exec(arrived)}
        police = select(Message).where(Message.person_id == world.person("police").id)
        both = session.exec(police.where(Message.season_id == world.season_id)).all()
        hold_morning(session, session.get_one(Season, world.season_id))
        listed = session.exec(
            police.where(Message.season_id == world.season_id, col(Message.template) == "digest")
        ).one()
        writer = Writer(session)
        single, many = writer.said(of_body["police"]), writer.said(*both)
        morning, free = writer.said(listed), writer.said(of_body["science"])

    phone = world.notice.contact.phone
    how = f"验证码由县（区）总工会或办公室打电话告诉您，还没有接到电话的，请致电{phone}"
    for said in (single, many, morning):
        for part in (said.text, BeautifulSoup(said.html, "lxml").get_text()):
            [line] = [x for x in part.splitlines() if "验证码" in x]
            assert line.startswith("打开链接后要输入6位数字的验证码，以核实是您本人。")
            assert how in line
            assert ("其余各项时不必再输" in line) == (said is not single)
            assert "覃立恒" not in line
    assert "验证码" not in free.text + free.html


def test_a_code_is_told_by_superiors_only_and_soon_worthless(
    anybody: Visitor, address: str, world: World
) -> None:
    case = world.bring_to(world.enter(), STEP)
    task, person = task_of(world, case, "police"), world.person("police")
    where = path_of(task)
    office = Visitor(address, world).log_in(world.person("office"))
    for stranger in (
        world.filler(),
        world.person("county_union", "liunan"),
        world.person("police"),
        world.person("science"),
    ):
        visitor = Visitor(address, world).log_in(stranger)
        assert visitor.get(f"/tasks/{task.id}/code").status_code == 404
        visitor.get("/")
        assert visitor.post(f"/tasks/{task.id}/code", {"person": str(person.id)}).status_code == 404
    office.get(f"/tasks/{task.id}/code")
    assert (
        office.post(f"/tasks/{task.id}/code", {"person": str(world.person("office").id)}).status_code == 422
    )
    science = task_of(world, case, "science")
    assert office.get(f"/tasks/{science.id}/code").status_code == 404

    first = tell(office, task, person)
    second = tell(office, task, person)
    anybody.get(where)
    if first != second:
        assert anybody.post(where, {"code": first}).status_code == 422
    wrong = f"{(int(second) + 1) % 10**6:06d}"
    while sum(c.tries for c in codes_of(world)) < CODE_TRIES:
        last = anybody.post(where, {"code": wrong})
    assert errors_of(last)["#code"].startswith("验证码输错次数过多")
    assert anybody.post(where, {"code": second}).status_code == 422

    third = tell(office, task, person)
    with transaction() as session:
        kept = session.get_one(LinkCode, codes_of(world)[-1].id)
        assert kept.expires_at - kept.issued_at == timedelta(hours=1)
        kept.expires_at = real_now()
        session.add(kept)
    anybody.get(where)
    assert anybody.post(where, {"code": third}).status_code == 422
    account = Visitor(address, world).log_in(person)
    account.get(where)
    assert not soup(account.get(where)).select("#code")
    assert account.post(where).status_code == 303
    world.answer(STEP, case, body="police")
    office.get("/")
    gone = office.get(f"/tasks/{task.id}/code")
    assert "已经答复或办结" in gone.text
    assert office.post(f"/tasks/{task.id}/code", {"person": str(person.id)}).status_code == 409
