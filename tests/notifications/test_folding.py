"""Does somebody with many tasks get one mail, whatever the server does with it?"""

import re
from datetime import timedelta
from uuid import UUID, uuid4

from sqlmodel import select

from models.database import real_now, transaction
from models.mail import Message
from models.people import Person
from models.season import Season
from models.words import MessageState
from notifications import claims
from notifications.links import link_url
from tasks.outbox import resend
from tests.notifications.outboxes import QUICK, Outbox, clerk, context, send_all, sending, until
from tests.notifications.servers import DROP, MailServer, Received

LI, WEI = "li@example.org", "wei@example.org"
GATHER = timedelta(seconds=20)


def queue_tasks(outbox: Outbox, address: str, count: int, age: float = 0.0) -> list[UUID]:
    """Tasks of one person, as a meeting opens them; queued some seconds ago."""
    with transaction() as session:
        season = session.get_one(Season, outbox.season_id)
        person = session.exec(select(Person).where(Person.email == address)).first()
        person = person or Person(name="样例专家", email=address)
        session.add(person)
        session.flush()
        messages = [
            Message(
                season_id=season.id,
                person_id=person.id,
                address=address,
                template="task_arrived",
                context=context(season, person) | {"number": f"2026-{n:04}", "link": str(uuid4())},
                unique_key=uuid4().hex,
                queued_at=real_now() - timedelta(seconds=age),
            )
            for n in range(count)
        ]
        session.add_all(messages)
        return [m.id for m in messages]


def task_links(received: Received) -> list[str]:
    part = received.mail.get_body(("plain",))
    assert part is not None
    return re.findall(r"http\S+/t/[\w-]+(?!\S)", str(part.get_content()))


def links(outbox: Outbox) -> set[str]:
    return {link_url(UUID(m.context["link"])) for m in outbox.messages()}


def test_four_hundred_tasks_are_three_mails_and_every_row_is_sent(outbox: Outbox, server: MailServer) -> None:
    queue_tasks(outbox, LI, 401)
    queue_tasks(outbox, WEI, 1)

    send_all(outbox)

    rows = [m for m in outbox.messages() if m.address == LI]
    mails = [r for r in server.received if r.recipient == LI]
    named = {str(r.mail["Message-ID"]) for r in mails}
    assert (len(mails), server.recipients().count(WEI)) == (3, 1)
    assert {m.state for m in rows} == {MessageState.SENT}
    assert named == {f"<{m.letter_id}@163.com>" for m in rows}
    assert {link for r in server.received for link in task_links(r)} == links(outbox)
    assert mails[0].mail["References"] is None
    assert str(mails[0].mail["Subject"]) == "【柳州工匠】请办理“办公室资格初审”200项任务（最早3月13日前）"


def test_tasks_are_gathered_until_no_more_come(outbox: Outbox) -> None:
    still_coming = queue_tasks(outbox, LI, 3, age=5)
    quiet = queue_tasks(outbox, WEI, 3, age=25)
    result = outbox.queue("qin@example.org")

    taken = claims.claim(False, None, 10, QUICK, GATHER)

    assert {row for held in taken for row in held.rows} == {*quiet, result}
    assert set(still_coming).isdisjoint(row for held in taken for row in held.rows)


def test_nobody_waits_for_ever_while_tasks_keep_coming(outbox: Outbox) -> None:
    queue_tasks(outbox, LI, 1, age=5)
    old = queue_tasks(outbox, LI, 1, age=201)

    [held] = claims.claim(False, None, 10, QUICK, GATHER)

    assert set(old) < held.rows
    assert len(held.rows) == 2


def test_a_letter_of_unknown_fate_is_sent_again_as_it_was(outbox: Outbox, server: MailServer) -> None:
    server.script.end = {LI: [DROP]}
    first = queue_tasks(outbox, LI, 3)

    send_all(outbox)
    states = outbox.states()
    later = queue_tasks(outbox, LI, 1)
    by = clerk(outbox)
    with transaction() as session:
        resend(session, first[1], by)
    send_all(outbox)

    assert states == [MessageState.UNKNOWN] * 3
    assert set(outbox.states()) == {MessageState.SENT}
    named = [str(r.mail["Message-ID"]) for r in server.received]
    assert (len(named), named.count(named[0])) == (3, 2)
    again = [r for r in server.received if str(r.mail["Message-ID"]) == named[0]][1]
    assert len(task_links(again)) == 3
    assert outbox.message(later[0]).letter_id == later[0]


def test_a_refused_letter_fails_as_a_whole_and_goes_again_as_a_whole(
    outbox: Outbox, server: MailServer
) -> None:
    server.script.recipient = {LI: ["550 User not found"]}
    ids = queue_tasks(outbox, LI, 3)

    send_all(outbox)
    failed = {(m.state, m.error) for m in outbox.messages()}
    by = clerk(outbox)
    with transaction() as session:
        resend(session, ids[0], by)
    send_all(outbox)

    assert failed == {
        (MessageState.FAILED, "邮件服务器拒收：550 User not found。请核对收件地址，更正后重发。")
    }
    assert len(server.received) == 1
    assert set(outbox.states()) == {MessageState.SENT}


def test_an_outage_gathers_more_into_the_letter(outbox: Outbox, server: MailServer) -> None:
    server.stop()
    queue_tasks(outbox, LI, 2)
    with sending():
        until(lambda: all("暂时连不上" in m.error for m in outbox.messages()))
        queue_tasks(outbox, LI, 2)
        server.start()
        until(outbox.is_settled)

    assert len(server.received) == 1


def test_one_task_that_cannot_be_written_holds_up_no_other(outbox: Outbox, server: MailServer) -> None:
    bad = queue_tasks(outbox, LI, 3)[1]
    with transaction() as session:
        message = session.get_one(Message, bad)
        message.context = {**message.context, "due": "soon"}

    send_all(outbox)

    assert outbox.message(bad).error == "邮件“任务到达”缺少内容或内容有误：due。"
    assert sorted(outbox.states()) == [MessageState.FAILED, MessageState.SENT, MessageState.SENT]
