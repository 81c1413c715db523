"""Do the mails say what they should, and nothing that somebody else put into them?"""

import re
from email.header import decode_header, make_header
from email.headerregistry import Address
from uuid import UUID, uuid4

import pytest
from bs4 import BeautifulSoup
from sqlmodel import select

from models.database import reading
from models.mail import Message
from models.words import MessageState
from notifications.catalogue import MAILS, sample_context
from notifications.contexts import TaskArrived
from notifications.letters import Writer
from notifications.links import invitation_url, link_url
from notifications.plaintext import one_line
from notifications.rendering import TEMPLATES, render
from settings import settings
from tests.notifications.outboxes import Outbox, send_all
from tests.notifications.servers import MailServer, Received
from tests.world import open_world

LI = "li@example.org"
HEADERS = {
    *("From", "To", "Reply-To", "Date", "Auto-Submitted"),
    *("Message-ID", "Subject", "MIME-Version", "Content-Type"),
}
NOTICE_EMAIL = "LZSZGHLBB@163.com"


def test_every_mail_has_its_folder_and_every_folder_its_mail() -> None:
    files = {name for name in TEMPLATES.list_templates() if not name.startswith("layout/")}

    assert files == {f"{key}/{part}" for key in MAILS for part in ("subject.txt", "body.txt", "body.html")}


@pytest.mark.parametrize(
    ("key", "subject"),
    [
        ("task_arrived", "【柳州工匠】【演练】请办理“县（区）部门意见”：2026-0012（3月13日前）"),
        ("returned", "【柳州工匠】【演练】请补正申报材料：2026-0012（3月13日前）"),
        ("reminded", "【柳州工匠】【演练】催办“办公室资格初审”：2026-0012（3月13日前）"),
        ("substitute_wanted", "【柳州工匠】【演练】请补派“专家评审”办理人员：2026-0012"),
        ("decided", "【柳州工匠】【演练】办理结果通知：2026-0012"),
        ("uncovered", "【柳州工匠】【演练】宣传展示提醒：还有 1 人没有报道"),
        ("invitation", "【柳州工匠】【演练】个人自荐申报链接（3月13日前提交）"),
        ("digest", "【柳州工匠】【演练】今日待办 2 项（1项今天到期），另有 2 项逾期待督促"),
        ("deadlines", "【柳州工匠】【演练】时限提醒：2 项等您办理（1项今天到期）"),
        ("escalated", "【柳州工匠】【演练】逾期报告：2 项逾期未办，请督促"),
        ("date_moved", "【柳州工匠】【演练】日期调整：基层申报截止"),
        ("tasks_arrived", "【柳州工匠】【演练】请办理“专家评审”3项任务（最早3月13日前）"),
        ("tasks_reminded", "【柳州工匠】【演练】催办“专家评审”3项任务（最早3月13日前）"),
        ("tasks_handed", "【柳州工匠】【演练】转交给您1项任务（最早3月13日前）"),
        ("decided_own", "【柳州工匠】【演练】您的申报办理结果：2026-0012"),
        ("list_confirmed", "【柳州工匠】【演练】“建议名单”已确认，共39名"),
        ("notice_open", "【柳州工匠】【演练】社会公示已开始（到2026年4月10日）"),
        ("anchor", "【柳州工匠】【演练】记录锚 2026-03-20（第12号）"),
        ("correction_waits", "【柳州工匠】【演练】公示内容更正等待审核：2026-0012"),
    ],
)
def test_subjects(key: str, subject: str) -> None:
    assert render(key, sample_context(key)).subject == subject


@pytest.mark.parametrize("key", list(MAILS))
def test_both_parts_say_who_what_when_where_and_whom_to_ask(key: str) -> None:
    context = sample_context(key)
    said = render(key, context)
    page = BeautifulSoup(said.html, "lxml")

    about = (
        ("2026-0012", "样例人选", "样例机械有限公司") if context.number or key.startswith("tasks_") else ()
    )
    for part in (said.text, page.get_text()):
        for words in (f"{context.person}，您好：", *about):
            assert words in part
        for words in ("样例联系人，电话：0772-0000000", "如非本人，请忽略", "请勿转发", "【演练】"):
            assert words in part
    assert re.findall(r"https?://\S+", said.text) == context.urls
    assert [link["href"] for link in page.find_all("a")] == context.urls
    assert page.find_all(["img", "link", "script", "style", "iframe", "form"]) == []


def test_an_invitation_after_the_last_day_says_so(outbox: Outbox) -> None:
    link = uuid4()
    said = _written(outbox, outbox.queue(LI, "invitation", link=str(link), late=True))

    assert said.mail["Subject"] == "【柳州工匠】个人自荐申报链接"
    assert "须由办公室写明理由准予逾期后才能提交" in _text(said)
    assert invitation_url(link) in _text(said)


def test_a_task_of_the_season_names_no_case(outbox: Outbox) -> None:
    said = _written(outbox, outbox.queue(LI, "task_arrived", number="", candidate="", employer=""))

    assert said.mail["Subject"] == "【柳州工匠】请办理“办公室资格初审”（3月13日前）"
    assert "2025年度“柳州工匠”认定工作已到“办公室资格初审”" in _text(said)
    assert "编号" not in _text(said)


def test_a_time_limit_within_a_day_keeps_its_hour() -> None:
    values = sample_context("task_arrived").model_dump()
    context = TaskArrived.model_validate(values | {"due": "2026-03-13T09:30:00+00:00"})

    assert (context.due_day, context.due_moment) == ("3月13日", "2026年3月13日（星期五）17:30前")


def test_the_headers(outbox: Outbox, server: MailServer) -> None:
    message_id = outbox.queue(LI, "task_arrived")
    send_all(outbox)
    [received] = server.received
    mail = received.mail

    assert mail["Message-ID"] == f"<{message_id}@163.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert _header(received, "From") == f"柳州市“柳州工匠”认定工作领导小组办公室 <{NOTICE_EMAIL}>"
    assert mail["Reply-To"].addresses == (Address(addr_spec=NOTICE_EMAIL),)
    assert mail["To"].addresses == (Address("样例收件人", addr_spec=LI),)
    assert mail["Date"].datetime.utcoffset().total_seconds() == 8 * 3600
    assert mail["List-Unsubscribe"] is None
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert received.content.isascii()
    assert max(len(line) for line in received.content.split(b"\r\n")) <= 998


def test_the_link_of_a_task_is_rebuilt_from_its_id(outbox: Outbox) -> None:
    link = uuid4()

    said = _written(outbox, outbox.queue(LI, "task_arrived", link=str(link)))

    assert link_url(link) in _text(said)
    assert str(link) not in _text(said)


def test_a_practice_mail_leads_nowhere_outside(practice: Outbox) -> None:
    said = _written(practice, practice.queue(LI, "task_arrived"))

    assert said.mail["Subject"] == "【柳州工匠】【演练】请办理“办公室资格初审”：2026-0012（3月13日前）"
    assert said.mail["From"].addresses[0].addr_spec == "office@example.org"
    assert said.mail["Reply-To"].addresses[0].addr_spec == "office@example.org"
    assert NOTICE_EMAIL not in said.content.decode()


def test_a_login_is_the_sender(outbox: Outbox) -> None:
    said = _written(outbox, outbox.queue(LI), login="office@mail.example.org")

    assert said.mail["From"].addresses[0].addr_spec == "office@mail.example.org"
    assert said.mail["Reply-To"].addresses[0].addr_spec == NOTICE_EMAIL


INJECTIONS = [
    "样例\r\nBcc: thief@example.org",
    "样例\nSubject: 假的",
    "样例\r\n\r\n<p>假的正文",
    "样例\x0bBcc: a@example.org",
    "样例\x85Bcc: a@example.org",
    "样例\u2028Bcc: a@example.org",
    "样例\u202egro.elpmaxe",
    "样例\x7f\x00名",
]


@pytest.mark.parametrize("words", [words for words in INJECTIONS if "\x00" not in words])
def test_no_header_is_injected(outbox: Outbox, server: MailServer, words: str) -> None:
    outbox.queue(LI, "task_arrived", person=words, step=words, number=words)
    send_all(outbox)
    [received] = server.received
    mail = received.mail

    assert outbox.states() == [MessageState.SENT]
    assert set(mail.keys()) == HEADERS
    assert len(mail.keys()) == len(HEADERS)
    assert mail["Subject"] == f"【柳州工匠】请办理“{one_line(words)}”：{one_line(words)}（3月13日前）"
    assert [address.addr_spec for address in mail["To"].addresses] == [LI]
    assert server.recipients() == [LI]


@pytest.mark.parametrize("words", INJECTIONS)
def test_a_line_is_one_line(words: str) -> None:
    line = one_line(words)

    assert line.isprintable()
    assert line.startswith("样例")


def test_markup_in_a_name_is_literal(outbox: Outbox) -> None:
    name = "<script>alert('样例')</script>{{ 7*7 }}<img src=x onerror=alert(1)>&amp;"

    said = _written(outbox, outbox.queue(LI, "task_arrived", candidate=name, employer=name, person=name))
    page = BeautifulSoup(_html(said), "lxml")

    assert page.find_all(["script", "img"]) == []
    assert name in page.get_text()
    assert f"人选：{name}" in _text(said)


def test_no_personal_number_gets_into_a_subject(outbox: Outbox) -> None:
    message_id = outbox.queue(LI, "task_arrived", step="初审450202197503010014", number="13800002345")

    subject = _written(outbox, message_id).mail["Subject"]

    assert subject == "【柳州工匠】请办理“初审＊＊＊”：＊＊＊（3月13日前）"


CANARIES = {"450202197503010014": "45020219750301", "138 0000 2345": "138 0000"}


@pytest.mark.parametrize("key", list(MAILS))
@pytest.mark.parametrize("number", list(CANARIES))
def test_a_personal_number_in_any_field_stays_out_of_the_subject(key: str, number: str) -> None:
    sample = sample_context(key)
    facts = sample.model_dump()
    filled = {n: f"样例{number}" if type(v) is str else v for n, v in facts.items()}
    if tasks := facts.get("tasks"):
        filled["tasks"] = [{n: f"样例{number}" if type(v) is str else v for n, v in t.items()} for t in tasks]

    said = render(key, type(sample).model_validate(filled))

    assert CANARIES[number] not in said.subject
    assert number in said.text


@pytest.mark.parametrize(
    "address",
    [
        "li@example.org\r\nRCPT TO:<thief@example.org>",
        "li@example.org, thief@example.org",
        "<li@example.org>",
        "李@example.org",
        "li@localhost",
        "li",
        "a" * 65 + "@example.org",
    ],
)
def test_a_bad_address_fails_with_its_reason(outbox: Outbox, server: MailServer, address: str) -> None:
    message_id = outbox.queue(address)
    outbox.queue(LI)

    send_all(outbox)

    message = outbox.message(message_id)
    assert message.state == MessageState.FAILED
    assert message.error == f"收件地址“{one_line(address)}”不是有效的邮箱地址，请更正后重发。"
    assert server.recipients() == [LI]


def test_a_mail_that_cannot_be_written_fails_with_its_reason(outbox: Outbox) -> None:
    unknown = outbox.queue(LI, "greeting")
    lacking = outbox.queue(LI, "task_arrived", due="soon", link=None)

    send_all(outbox)

    assert outbox.message(unknown).error == "没有“greeting”这种邮件。"
    assert outbox.message(lacking).error == "邮件“任务到达”缺少内容或内容有误：link、due。"
    assert set(outbox.states()) == {MessageState.FAILED}


def test_dots_and_long_words_arrive_as_written(outbox: Outbox, server: MailServer) -> None:
    name = ".样例." + "𬱖" * 200

    outbox.queue(LI, "task_arrived", candidate=name)
    send_all(outbox)
    [received] = server.received

    assert f"人选：{name}" in _text(received)


def test_what_is_queued_by_the_verbs_can_be_written(server: MailServer) -> None:
    """A case comes to the office, goes back with items and a reason, and comes again."""
    world = open_world()
    case = world.bring_to(world.enter(), "office_review")
    world.answer(
        "office_review", case, "return", reason="材料不全。\n请补齐。", items=("身份证复印件", "证书扫描件")
    )
    world.pump()
    with reading() as session:
        messages = session.exec(select(Message).where(Message.case_id == case.id)).all()
        letters = [Writer(session).write(message) for message in messages if message.address]
    mails = [Received(letter.recipient, letter.content, "") for letter in letters]
    [returned] = [mail for mail in mails if "请补正申报材料" in mail.mail["Subject"]]

    assert {mail.mail["References"] for mail in mails} == {f"<case.{case.id}@example.org>"}
    assert {mail.mail["In-Reply-To"] for mail in mails} == {f"<case.{case.id}@example.org>"}
    text = _text(returned)
    label = world.notice.step("office_review").label
    for words in ("  材料不全。\n  请补齐。\n", "  1. 身份证复印件\n  2. 证书扫描件\n", f"退回环节：{label}"):
        assert words in text
    assert settings().base_url in text


def _written(outbox: Outbox, message_id: UUID, login: str | None = None) -> Received:
    with reading() as session:
        letter = Writer(session, login).write(session.get_one(Message, message_id))
    return Received(letter.recipient, letter.content, "")


def _text(received: Received) -> str:
    return _body(received, "plain")


def _html(received: Received) -> str:
    return _body(received, "html")


def _body(received: Received, kind: str) -> str:
    part = received.mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def _header(received: Received, name: str) -> str:
    raw = dict(received.mail.raw_items())[name]
    return str(make_header(decode_header(raw)))
