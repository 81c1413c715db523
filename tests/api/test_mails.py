"""What does the office see and do about mails that go out, results that wait, and people to be telephoned?"""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select

from models.case import Case
from models.database import reading, real_now, transaction
from models.gates import Assignment, Gate
from models.mail import MailRoute, Message
from models.people import Person
from models.words import MessageState
from notifications.catalogue import MAILS
from tasks.leaving import withdraw
from tests.api.conftest import Statements, Visitor, errors_of, soup, text_of
from tests.world import World

STEP = "department_opinions"


@pytest.fixture
def case(world: World) -> Case:
    return world.bring_to(world.enter(), STEP)


def mail_of(world: World, case: Case, body: str) -> Message:
    with reading() as session:
        return session.exec(
            select(Message)
            .join(Gate, col(Gate.id) == col(Message.gate_id))
            .join(Assignment, col(Assignment.gate_id) == col(Gate.id))
            .where(Message.case_id == case.id, Assignment.body == body, Gate.step == STEP)
            .where(Message.person_id == world.person(body).id)
        ).one()


def now_in(message: Message) -> Message:
    with reading() as session:
        return session.get_one(Message, message.id)


def set_state(message: Message, state: MessageState, error: str = "", address: str | None = None) -> None:
    with transaction() as session:
        found = session.get_one(Message, message.id)
        found.state, found.error, found.address = state, error, address


@pytest.fixture
def unreached(world: World, case: Case) -> Message:
    """The police's department has no address."""
    message = mail_of(world, case, "police")
    set_state(message, MessageState.SKIPPED, "没有电子邮箱")
    return message


def restore(person: Person) -> None:
    """Example people are shared by all seasons of the tests."""
    with transaction() as session:
        session.get_one(Person, person.id).email = person.email


def test_the_outbox_is_filtered_and_takes_the_same_statements_for_many(
    office: Visitor, world: World, case: Case, unreached: Message
) -> None:
    set_state(mail_of(world, case, "personnel"), MessageState.FAILED, "邮件服务器拒收：550 no", "a@b.cn")
    everything = office.get("/mails")
    with Statements() as few:
        failed = office.get("/mails?state=failed")
    with Statements() as many:
        office.get("/mails")
    of_case = office.get(f"/mails?case={case.id}&q=nobody")

    assert len(soup(everything).select("tbody tr")) > 5
    assert len(soup(failed).select("tbody tr")) == 1
    assert "550 no" in text_of(failed)
    assert len(many.seen) == len(few.seen)
    assert "没有这样的邮件" in text_of(of_case)


def test_a_mail_is_shown_without_what_lets_its_reader_act(
    office: Visitor, unit: Visitor, world: World, case: Case
) -> None:
    message = mail_of(world, case, "police")

    page, html = office.get(f"/mails/{message.id}"), office.get(f"/mails/{message.id}/html")

    assert case.name in text_of(page)
    assert "链接只在发出的邮件里" in page.text
    assert "链接只在发出的邮件里" in html.text
    assert "sandbox" in html.headers["Content-Security-Policy"]
    for path in ("/mails", "/mails/results", "/calls", "/mails/preview", f"/mails/{message.id}"):
        assert unit.get(path).status_code == 404
    assert office.get(f"/mails/{uuid4()}").status_code == 404


def test_an_address_is_put_right_and_what_did_not_arrive_goes_out(
    office: Visitor, world: World, unreached: Message
) -> None:
    police = world.person("police")
    office.get(f"/mails/{unreached.id}")
    wrong = office.post(f"/mails/{unreached.id}/address", {"address": "不是邮箱"})
    assert errors_of(wrong) == {"#address": "请填写有效的邮箱地址，例如 name@example.org。"}
    assert "不是邮箱" in wrong.text
    try:
        done = office.follow(office.post(f"/mails/{unreached.id}/address", {"address": "new@example.org"}))
        assert "收件地址已更改，1封邮件重新发送。" in text_of(done)
        again = now_in(unreached)
        assert (again.state, again.address) == (MessageState.QUEUED, "new@example.org")
        assert world.person("police").email == "new@example.org" or police.email != "new@example.org"
        refused = office.post(f"/mails/{unreached.id}/resend")
        assert "不能重发" in text_of(refused)
        assert refused.status_code == 409
    finally:
        restore(police)


def test_who_has_no_address_is_telephoned_and_the_task_says_so(
    office: Visitor, world: World, case: Case, unreached: Message
) -> None:
    police = world.person("police")
    listed = office.get("/calls")
    assert police.name in text_of(listed)
    assert "待通知 1 项" in text_of(listed)

    missing = office.post(f"/calls/{police.id}", {"result": ""})
    assert errors_of(missing) == {"#result": "请选择通话的结果。"}
    passed = office.post(f"/calls/{police.id}", {"result": "passed_on"})
    assert errors_of(passed) == {"#note": "请人转告的，请写明由谁转告。"}
    done = office.follow(office.post(f"/calls/{police.id}", {"result": "reached", "note": "明天办"}))

    assert f"已记录与{police.name}的通话：已告知本人。" in text_of(done)
    assert "已电话通知" in text_of(done)
    row = next(
        r for r in soup(office.get(f"/cases/{case.id}")).select(f"#gate-{STEP} tbody tr") if "公安" in r.text
    )
    assert "已送达" in row.text
    assert "电话：已告知本人（明天办）" in row.text
    nobody = office.post(f"/calls/{uuid4()}", {"result": "reached"})
    assert nobody.status_code == 409


def test_results_are_looked_at_and_released(office: Visitor, world: World) -> None:
    cases = [world.bring_to(world.enter(), "unit_review") for _ in range(3)]
    for case in cases:
        with transaction() as session:
            withdraw(session, case.id, world.enterer(case), "样例理由")
    page = office.get("/mails/results")
    assert "放行全部 3 名" in text_of(page)
    mail = office.get(str(soup(page).select("td a[href^='/mails/']")[0]["href"]))
    assert "结果为：已撤回申报" in text_of(mail)

    none = office.post("/mails/results", {"action": "chosen"})
    assert list(errors_of(none).values()) == ["还没有选择人选，请先勾选。"]
    stale = office.post("/mails/results", {"action": "all", "total": "2"})
    assert stale.status_code == 409
    one = office.follow(office.post("/mails/results", {"action": "chosen", "case": str(cases[0].id)}))
    assert "已放行1名人选" in text_of(one)
    kept = {"action": "withhold", "case": str(cases[1].id), "reason": "已当面告知"}
    assert "不再发送" in text_of(office.follow(office.post("/mails/results", kept)))
    rest = office.follow(office.post("/mails/results", {"action": "all", "total": "1"}))

    assert "没有待放行的结果通知" in text_of(rest)


def test_the_queue_is_stopped_and_every_page_says_so(office: Visitor, world: World) -> None:
    """The practice seasons' queue is one for all tests: what is stopped here goes on here."""
    office.get("/mails")
    lacking = office.post("/mails/stop", {"reason": ""})
    assert errors_of(lacking) == {"#reason": "请写明暂停发送的理由。"}
    try:
        office.follow(office.post("/mails/stop", {"reason": "换邮箱"}))
        elsewhere = soup(office.get("/season")).select_one("[role=alert]")
        assert elsewhere is not None
        assert "邮件已由办公室暂停发送：换邮箱" in elsewhere.text
        done = office.follow(office.post("/mails/resume"))
        assert "邮件已恢复发送。" in text_of(done)
        assert soup(done).select("[role=alert]") == []
    finally:
        with transaction() as session:
            if (route := session.get(MailRoute, True)) is not None:
                session.delete(route)


def test_every_page_says_when_nothing_gets_out(office: Visitor, unit: Visitor, case: Case) -> None:
    with transaction() as session:
        message = session.exec(
            select(Message).where(Message.case_id == case.id, Message.state == MessageState.QUEUED)
        ).first()
        assert message is not None
        message.next_at = real_now() - timedelta(minutes=6)

    assert "发送邮件的进程没有在工作" in text_of(office.get("/season"))
    assert "发送邮件的进程没有在工作" not in text_of(unit.get("/season"))


def test_every_kind_of_mail_can_be_looked_at(looker: Visitor) -> None:
    listed = looker.get("/mails/preview")
    assert len(soup(listed).select("tbody tr")) == len(MAILS)
    for key in MAILS:
        page = looker.get(f"/mails/preview/{key}")
        assert page.status_code == 200
        assert len(soup(page).select("iframe")) == 2
    assert "打开链接后要输入6位数字的验证码" in text_of(looker.get("/mails/preview/task_arrived"))
    html = looker.get("/mails/preview/tasks_arrived/html")
    assert "样例人选丙" in html.text
    assert looker.get("/mails/preview/unknown").status_code == 404
