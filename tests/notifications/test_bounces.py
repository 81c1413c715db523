"""Which mail of ours does a bounce send back, and what is none?"""

from uuid import UUID, uuid4

import pytest

from models.database import transaction
from models.incoming import Incoming
from models.season import Season
from models.words import MessageState
from notifications.incoming import parse
from tasks.inbox import take_in
from tests.mails import Letter, word
from tests.notifications.outboxes import Outbox, send_all
from tests.notifications.servers import MailServer
from tests.notifications.test_folding import queue_tasks

LI = "li@example.org"
MINE = "5f0e8a52-3b1c-4d7e-9a66-0123456789ab"


def report(letter: UUID | str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A delivery report as RFC 3464 wants it, with the header of the mail that it is about."""
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>\r\nTo: office@163.com\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        f"Message-ID: <{uuid4().hex}@mx.example.org>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {LI}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown 13800002345\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Subject: x\r\nMessage-ID: <{letter}@163.com>\r\nReferences: <case.{uuid4()}@163.com>\r\n\r\n--b--\r\n"
    ).encode()


def netease(letter: UUID | str) -> bytes:
    """As 163.com and QQ write it: a page, the mail that came back attached whole."""
    returned = Letter(subject=b"x", message_id=f"{letter}@163.com").bytes()
    text = "抱歉，您的邮件被退回来了……\n退信原因：550 Mailbox not found"
    mail = Letter(
        subject=word("系统退信/The email is returned").encode(), sender=b"Postmaster@163.com", text=text
    )
    return mail.attach_as("original.eml", returned).bytes()


def netease_in_words(letter: UUID | str) -> bytes:
    text = f"邮件退信。\nMessage-ID: <{letter}@163.com>\n原因：554 DT:SUM"
    return Letter(subject=word("退信通知").encode(), sender=b"mailer-daemon@qq.com", text=text).bytes()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (report(MINE), "550 5.1.1 User unknown 13800002345"),
        (netease_in_words(MINE), "554 DT:SUM"),
    ],
)
def test_a_bounce_names_our_mail_and_the_reason(raw: bytes, words: str) -> None:
    mail = parse(raw)

    assert (mail.bounced, mail.bounce_words, mail.automatic) == ((MINE,), words, True)


@pytest.mark.parametrize(
    "raw",
    [
        report(MINE, action="delayed", status="4.4.1"),
        report(MINE, action="delivered", status="2.0.0"),
        Letter(
            subject=word("自动回复：请办理").encode(),
            extra=f"Auto-Submitted: auto-replied\r\nIn-Reply-To: <{MINE}@163.com>\r\n".encode(),
        ).bytes(),
        Letter(
            subject=b"Delivery Status Notification (Delay)", sender=b"postmaster@qq.com", text=MINE
        ).bytes(),
        Letter(subject=word("退信的申报材料").encode(), text=f"<{MINE}@163.com>").bytes(),
        Letter(
            subject=word("退信").encode(), sender=b"postmaster@qq.com", text=f"case.{MINE}@163.com"
        ).bytes(),
    ],
)
def test_delays_answers_and_what_people_write_are_no_bounce(raw: bytes) -> None:
    assert parse(raw).bounced == ()


def test_all_that_went_in_the_letter_is_marked_and_nothing_is_sent(
    outbox: Outbox, server: MailServer
) -> None:
    queue_tasks(outbox, LI, 2)
    other = outbox.queue("wei@example.org")
    send_all(outbox)
    [letter] = {m.letter_id for m in outbox.messages() if m.address == LI}
    assert letter is not None
    sent = len(server.received)

    first, second = (take(outbox, raw) for raw in (report(letter), netease(letter)))
    forged = take(outbox, report(uuid4()))

    states = {(m.state, m.error) for m in outbox.messages() if m.address == LI}
    why = "对方邮件系统退回：550 5.1.1 User unknown ＊＊＊。请核对收件地址，更正后重发，或电话通知。"
    assert states == {(MessageState.BOUNCED, why)}
    assert outbox.message(other).state == MessageState.SENT
    assert [first.note, second.note, forged.note] == [
        "退信：发出的2封邮件没有送达，已在“邮件发送记录”中标明。",
        "",
        "",
    ]
    assert (first.automatic, len(server.received)) == (True, sent)


def take(outbox: Outbox, raw: bytes) -> Incoming:
    with transaction() as session:
        mail = take_in(session, session.get_one(Season, outbox.season_id), raw, "upload")
        assert mail is not None
        return mail
