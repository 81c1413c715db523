"""Does every mail get out once, whatever the server does?"""

import socket
import time
from dataclasses import replace
from itertools import pairwise

import pytest

from models.database import reading, transaction
from models.outbox import queue_counts
from models.words import MessageState
from notifications.pace import Pace
from settings import LOOPBACK, settings
from tasks.outbox import resend
from tests.notifications.conftest import forget
from tests.notifications.outboxes import QUICK, Outbox, clerk, send_all, sending, until
from tests.notifications.servers import DROP, MailServer

LI = "li@example.org"
WEI = "wei@example.org"
QIN = "qin@example.org"


def test_a_mail_is_sent_once(outbox: Outbox, server: MailServer) -> None:
    message_id = outbox.queue(LI)

    send_all(outbox)

    message = outbox.message(message_id)
    assert (message.state, message.error, message.attempts) == (MessageState.SENT, "", 1)
    assert message.sent_at is not None
    assert server.recipients() == [LI]


def test_a_queue_shares_one_connection(outbox: Outbox, server: MailServer) -> None:
    addresses = outbox.queue_many(30)

    send_all(outbox)

    assert sorted(server.recipients()) == sorted(addresses)
    assert len({mail.connection for mail in server.received}) == 1


def test_a_mail_queued_later_is_announced_by_the_database(outbox: Outbox, server: MailServer) -> None:
    with sending(Pace(sweep=60.0)):
        outbox.queue(LI)
        until(outbox.is_settled)
        began = time.monotonic()
        outbox.queue(WEI)
        until(outbox.is_settled)

    assert server.recipients() == [LI, WEI]
    assert time.monotonic() - began < 5


def test_put_off_and_then_taken(outbox: Outbox, server: MailServer) -> None:
    server.script.recipient = {LI: ["451 DT:SPM", "421 HL:IFC"]}
    message_id = outbox.queue(LI)

    send_all(outbox)

    message = outbox.message(message_id)
    assert (message.state, message.error, message.attempts) == (MessageState.SENT, "", 2)
    moments = [moment for moment, _ in server.offers]
    assert len(moments) == 3
    assert moments[1] - moments[0] >= QUICK.later[0]
    assert moments[2] - moments[1] >= QUICK.hold[0]
    assert server.recipients() == [LI]


def test_put_off_for_a_day_fails(outbox: Outbox, server: MailServer) -> None:
    server.script.end = {LI: ["451 MI:DMC"] * 9}
    message_id = outbox.queue(LI)

    send_all(outbox, Pace(sweep=0.05, later=(0.1, 0.2), give_up=0.5, jitter=0.0))

    message = outbox.message(message_id)
    assert (message.state, message.attempts) == (MessageState.FAILED, 4)
    assert "451 MI:DMC" in message.error
    assert server.received == []


def test_a_refused_recipient_fails_with_the_servers_words_and_the_others_get_theirs(
    outbox: Outbox, server: MailServer
) -> None:
    server.script.recipient = {WEI: ["550 User not found: wei"]}
    ids = [outbox.queue(address) for address in (LI, WEI, QIN)]

    send_all(outbox)

    states = [outbox.message(one).state for one in ids]
    assert states == [MessageState.SENT, MessageState.FAILED, MessageState.SENT]
    assert outbox.message(ids[1]).error == (
        "邮件服务器拒收：550 User not found: wei。请核对收件地址，更正后重发。"
    )
    assert sorted(server.recipients()) == [LI, QIN]


def test_a_server_away_for_a_while_loses_nothing(outbox: Outbox, server: MailServer) -> None:
    server.stop()
    addresses = outbox.queue_many(20)

    with sending():
        until(lambda: all("暂时连不上邮件服务器" in message.error for message in outbox.messages()))
        with reading() as session:
            counts = queue_counts(session, outbox.season_id)
        server.start()
        until(outbox.is_settled)

    assert counts.by_state == {MessageState.QUEUED: 20}
    assert counts.trouble.startswith(f"暂时连不上邮件服务器 127.0.0.1:{server.port}")
    assert counts.waiting_since is not None
    assert sorted(server.recipients()) == sorted(addresses)
    assert {(m.state, m.error, m.attempts) for m in outbox.messages()} == {(MessageState.SENT, "", 1)}


def test_an_unknown_host_is_tried_again_until_it_is_known(
    outbox: Outbox, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGJIANG_SMTP_URL", "smtp://mail.invalid:25")
    forget()
    outbox.queue(LI)

    with sending():
        until(lambda: outbox.messages()[0].error.startswith("暂时连不上邮件服务器 mail.invalid:25"))
    waiting = outbox.states()
    monkeypatch.setenv("GONGJIANG_SMTP_URL", server.url)
    forget()
    send_all(outbox)

    assert (waiting, server.recipients()) == ([MessageState.QUEUED], [LI])


def test_a_server_that_says_nothing_is_tried_again(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox.queue(LI)
    with socket.create_server((LOOPBACK, 0)) as silent:
        monkeypatch.setenv("GONGJIANG_SMTP_URL", f"smtp://{LOOPBACK}:{silent.getsockname()[1]}")
        forget()
        with sending(replace(QUICK, connecting=0.2)):
            until(lambda: outbox.messages()[0].error.startswith("暂时连不上邮件服务器"))

    assert outbox.states() == [MessageState.QUEUED]


def test_dropped_before_the_mail_is_sent_again(outbox: Outbox, server: MailServer) -> None:
    server.script.recipient = {LI: [DROP]}
    outbox.queue(LI)

    send_all(outbox)

    assert outbox.states() == [MessageState.SENT]
    assert server.recipients() == [LI]


def test_dropped_in_the_middle_of_the_mail_is_sent_again(outbox: Outbox, server: MailServer) -> None:
    server.script.middle = {LI: [DROP]}
    outbox.queue(LI)

    send_all(outbox)

    assert outbox.states() == [MessageState.SENT]
    assert server.recipients() == [LI]


def test_dropped_after_the_mail_is_unknown_and_resent_by_a_person_only(
    outbox: Outbox, server: MailServer
) -> None:
    server.script.end = {LI: [DROP]}
    message_id = outbox.queue(LI)
    outbox.queue(WEI)

    with sending():
        until(outbox.is_settled)
        time.sleep(QUICK.sending_lease)
        state, taken = outbox.message(message_id).state, sorted(server.recipients())
        by = clerk(outbox)
        with transaction() as session:
            resend(session, message_id, by)
        until(lambda: outbox.message(message_id).state == MessageState.SENT)

    assert (state, taken) == (MessageState.UNKNOWN, [LI, WEI])
    first, second = (mail.mail for mail in server.received if mail.recipient == LI)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].startswith(f"<{message_id}@")
    [again] = outbox.message(message_id).context["resent"]
    assert (again["by"], again["after"]) == (str(by.id), "unknown")


def test_a_server_silent_after_the_mail_leaves_it_unknown(outbox: Outbox, server: MailServer) -> None:
    server.script.seconds = 1.0
    message_id = outbox.queue(LI)

    send_all(outbox, Pace(sweep=0.05, answering=0.2, soon=(0.05,)))

    assert outbox.message(message_id).state == MessageState.UNKNOWN
    assert "系统不会自动重发" in outbox.message(message_id).error


def test_a_server_silent_after_every_mail_does_not_get_the_whole_queue(
    outbox: Outbox, server: MailServer
) -> None:
    server.script.seconds = 1.0
    outbox.queue_many(20)

    with sending(Pace(sweep=0.05, answering=0.2, soon=(0.05, 60.0))):
        until(lambda: outbox.states().count(MessageState.UNKNOWN) == 2)
        until(lambda: "收下邮件后没有应答" in str({m.error for m in outbox.messages()}))
    with reading() as session:
        counts = queue_counts(session, outbox.season_id)

    assert counts.by_state == {MessageState.UNKNOWN: 2, MessageState.QUEUED: 18}
    assert len(server.received) == 2


def test_a_wrong_password_stops_the_whole_queue(
    outbox: Outbox, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script.password = "right"
    monkeypatch.setenv("GONGJIANG_SMTP_URL", _with_login(server, "wrong"))
    forget()
    outbox.queue_many(5)

    with sending(Pace(sweep=0.05)):
        until(lambda: all("535" in message.error for message in outbox.messages()))
        time.sleep(0.5)
    tried = len(server.logins)
    monkeypatch.setenv("GONGJIANG_SMTP_URL", _with_login(server, "right"))
    forget()
    send_all(outbox)

    assert tried == 1
    assert set(outbox.states()) == {MessageState.SENT}
    assert {str(mail.mail["From"].addresses[0].addr_spec) for mail in server.received} == {
        "office@example.org"
    }


def test_a_suspended_account_stops_the_queue_and_a_suspended_recipient_does_not(
    outbox: Outbox, server: MailServer
) -> None:
    server.script.recipient = {LI: ["550 User suspended"] * 9}
    suspended = outbox.queue(LI)
    outbox.queue(WEI)

    with sending():
        until(lambda: "暂不接受本系统发信" in outbox.message(suspended).error)
        until(outbox.is_settled)

    assert outbox.message(suspended).state == MessageState.FAILED
    assert server.recipients() == [WEI]


def test_a_refused_sender_keeps_every_mail(outbox: Outbox, server: MailServer) -> None:
    server.script.sender = ["553 sender is unvalidated"]
    addresses = outbox.queue_many(3)

    send_all(outbox)

    assert sorted(server.recipients()) == addresses
    assert set(outbox.states()) == {MessageState.SENT}


def test_practice_mails_go_to_the_catcher_alone(practice: Outbox, outbox: Outbox, server: MailServer) -> None:
    practice.queue(LI)
    outbox.queue(WEI)
    catcher = MailServer(port=settings().mail_port)

    with sending():
        until(outbox.is_settled)
        until(lambda: practice.messages()[0].error.startswith("演练邮箱（127.0.0.1:"))
        waiting = practice.states()
        catcher.start()
        until(practice.is_settled)
    catcher.stop()

    assert waiting == [MessageState.QUEUED]
    assert server.recipients() == [WEI]
    assert catcher.recipients() == [LI]


def test_two_senders_share_the_work(outbox: Outbox, server: MailServer) -> None:
    server.script.seconds = 0.005
    addresses = outbox.queue_many(60)

    with sending(), sending():
        until(outbox.is_settled)

    assert sorted(server.recipients()) == sorted(addresses)
    assert len({mail.connection for mail in server.received}) > 1


def test_a_slow_throttle_spaces_the_mails(
    outbox: Outbox, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGJIANG_MAIL_PER_MINUTE", "150")
    forget()
    outbox.queue_many(4)

    send_all(outbox)

    moments = [moment for moment, _ in server.offers]
    assert all(later - earlier >= 0.39 for earlier, later in pairwise(moments))


def test_the_database_away_for_a_moment_stops_nothing(outbox: Outbox, server: MailServer) -> None:
    server.script.seconds = 0.01
    addresses = outbox.queue_many(40)

    with sending():
        until(lambda: len(server.received) > 5)
        for _ in range(5):
            _cut_connections()
            time.sleep(0.05)
        until(outbox.is_settled)

    states = {str(message.address): message.state for message in outbox.messages()}
    unknown = {address for address, state in states.items() if state == MessageState.UNKNOWN}
    assert set(states.values()) <= {MessageState.SENT, MessageState.UNKNOWN}
    assert sorted(set(server.recipients()) | unknown) == sorted(addresses)
    assert len(server.recipients()) == len(set(server.recipients()))


def _with_login(server: MailServer, password: str) -> str:
    return f"smtp://office%40example.org:{password}@127.0.0.1:{server.port}"


def _cut_connections() -> None:
    with transaction() as session:
        session.connection().exec_driver_sql(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
