"""Is sending stopped when it should be, and is the office told what stands in the way?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from models.database import reading, real_now, transaction
from models.mail import MailRoute, Message
from models.outbox import Standing, standing
from models.season import Season
from models.verdict import Refused
from models.words import MessageState
from notifications import claims
from notifications.pace import Pace, day_began
from notifications.standing import note_alive, note_trouble
from processes.probes import connect
from tasks.outbox import resume_sending, stop_sending
from tests.notifications.conftest import forget
from tests.notifications.outboxes import Outbox, clerk, send_all, sending, until
from tests.notifications.servers import MailServer

LI, WEI, QIN = "li@example.org", "wei@example.org", "qin@example.org"


@pytest.fixture(autouse=True)
def fresh(mails_url: str) -> Iterator[None]:
    """What one test stopped is not stopped for the next."""
    yield
    with connect(mails_url) as connection:
        connection.execute("delete from mail_route")


def stands(outbox: Outbox) -> Standing:
    with reading() as session:
        return standing(session, session.get_one(Season, outbox.season_id))


def age_route(outbox: Outbox, **moments: datetime) -> None:
    with transaction() as session:
        route = session.get_one(MailRoute, False)
        for name, moment in moments.items():
            setattr(route, name, moment)
        session.add(route)
        for message in outbox.messages():
            session.get_one(Message, message.id).next_at = real_now() - timedelta(minutes=5)


def test_a_refused_account_is_not_tried_again_by_a_restart_but_by_a_person(
    outbox: Outbox, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script.password = "right"
    monkeypatch.setenv("GONGJIANG_SMTP_URL", f"smtp://office%40example.org:wrong@127.0.0.1:{server.port}")
    forget()
    outbox.queue_many(3)

    for _ in range(2):
        with sending():
            until(lambda: stands(outbox).is_stopped)
            until(lambda: all("535" in m.error for m in outbox.messages()))
    tried = len(server.logins)
    alarm = stands(outbox).alarm
    server.script.password = "wrong"
    by = clerk(outbox)
    with transaction() as session:
        resume_sending(session, outbox.season_id, by)
    send_all(outbox)

    assert tried == 1
    assert alarm.startswith("邮件服务器不允许本系统发信：535")
    assert (stands(outbox).is_stopped, stands(outbox).alarm) == (False, "")
    assert set(outbox.states()) == {MessageState.SENT}


def test_two_recipients_suspended_in_a_row_are_our_own_account(outbox: Outbox, server: MailServer) -> None:
    server.script.recipient = {a: ["550 User suspended"] * 9 for a in (LI, WEI, QIN)}
    for address in (LI, WEI, QIN):
        outbox.queue(address)

    with sending():
        until(lambda: stands(outbox).is_stopped)

    assert set(outbox.states()) == {MessageState.QUEUED}
    assert len(server.offers) == 2
    assert "550 User suspended" in stands(outbox).alarm


def test_the_office_stops_and_goes_on(outbox: Outbox, server: MailServer) -> None:
    by = clerk(outbox)
    outbox.queue(LI)
    with transaction() as session:
        stop_sending(session, outbox.season_id, by, "换邮箱")
    with pytest.raises(Refused), transaction() as session:
        stop_sending(session, outbox.season_id, by, "再停一次")

    with sending():
        until(lambda: stands(outbox).route.alive_at is not None)
        states, alarm = outbox.states(), stands(outbox).alarm
        with transaction() as session:
            resume_sending(session, outbox.season_id, by)
        until(outbox.is_settled)

    assert (states, alarm) == ([MessageState.QUEUED], "邮件已由办公室暂停发送：换邮箱")
    assert server.recipients() == [LI]


def test_the_office_hears_of_an_outage_within_five_minutes_and_of_its_end(outbox: Outbox) -> None:
    outbox.queue(LI)
    note_alive(False, None)
    note_trouble(False, "暂时连不上邮件服务器。")
    at_once = stands(outbox).alarm
    age_route(outbox, trouble_since=real_now() - timedelta(minutes=2))
    later = stands(outbox).alarm
    send_all(outbox)

    assert (at_once, later, stands(outbox).alarm) == ("", "暂时连不上邮件服务器。", "")


def test_the_office_hears_that_no_sender_is_there(outbox: Outbox) -> None:
    outbox.queue(LI)
    note_alive(False, None)
    age_route(outbox, alive_at=real_now() - timedelta(minutes=5))

    assert stands(outbox).alarm == "有邮件已等待5分钟没有发出，发送邮件的进程没有在工作，请联系管理员。"


def test_so_many_a_day_and_no_more(
    outbox: Outbox, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGJIANG_MAIL_PER_DAY", "2")
    forget()
    outbox.queue_many(3)

    with sending(Pace(sweep=0.05, heartbeat=0.0)):
        until(lambda: outbox.states().count(MessageState.SENT) == 2)
        until(lambda: stands(outbox).route.paused_until is not None)

    paused = stands(outbox).route.paused_until
    assert sorted(outbox.states()) == [MessageState.QUEUED, MessageState.SENT, MessageState.SENT]
    assert claims.sent_today() == 2
    assert paused is not None
    assert abs(paused - (day_began(real_now()) + timedelta(days=1))) < timedelta(minutes=1)


def test_a_day_begins_in_shanghai() -> None:
    assert day_began(datetime.fromisoformat("2026-03-09T15:59:59+00:00")).isoformat() == (
        "2026-03-09T00:00:00+08:00"
    )
    assert day_began(datetime.fromisoformat("2026-03-09T16:00:00+00:00")).isoformat() == (
        "2026-03-10T00:00:00+08:00"
    )


def test_a_mail_put_off_is_left_alone_for_two_minutes_at_least(outbox: Outbox, server: MailServer) -> None:
    server.script.recipient = {LI: ["451 MI:SFQ"] * 9}
    message_id = outbox.queue(LI)
    outbox.queue(WEI)

    with sending(Pace(sweep=0.05)):
        until(lambda: outbox.message(message_id).attempts == 1)
        until(lambda: server.recipients() == [WEI])
    before = outbox.message(message_id)

    assert len([a for _, a in server.offers if a == LI]) == 1
    assert timedelta(seconds=100) < before.next_at - real_now() <= timedelta(seconds=144)
