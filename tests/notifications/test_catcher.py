"""Does the local catcher keep every mail, and can they be read?"""

import os
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from notifications import caught
from notifications.catcher import Keeper
from notifications.caught import caught_count, caught_mail
from processes.probes import mailbox_answers
from settings import LOOPBACK, settings
from tests.notifications.outboxes import Outbox, send_all, until
from tests.notifications.servers import MailServer

PROJECT = Path(__file__).resolve().parents[2]
RUN = [sys.executable, "-c", "from notifications.catcher import run_mailbox; run_mailbox()"]


@pytest.fixture
def mailbox(server: MailServer) -> Iterator[subprocess.Popen[bytes]]:
    with running() as process:
        yield process


@contextmanager
def running() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(RUN, cwd=PROJECT, env=dict(os.environ))
    try:
        until(lambda: mailbox_answers(settings(), process.pid))
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_practice_mail_can_be_read(mailbox: object, practice: Outbox) -> None:
    practice.queue("li@example.org", "task_arrived")
    send_all(practice)
    [listed] = caught.caught()
    read = caught_mail(listed.id)

    assert read is not None
    assert listed.subject == "【柳州工匠】【演练】请办理“办公室资格初审”：2026-0012（3月13日前）"
    assert listed.sender == "柳州市“柳州工匠”认定工作领导小组办公室 <office@example.org>"
    assert listed.to == "样例收件人 <li@example.org>"
    assert (listed.text, listed.html) == ("", "")
    assert "样例收件人，您好：" in read.text
    assert read.html.startswith("<!DOCTYPE html>")
    assert read.date == listed.date
    assert (settings().mail_folder / f"{listed.id}.eml").stat().st_mode & 0o777 == 0o600


def test_the_newest_comes_first_and_words_find_mails(mailbox: object) -> None:
    for number in range(5):
        _send(f"第{number}封", to="qin@example.org" if number % 2 else "li@example.org")

    assert [mail.subject for mail in caught.caught(limit=2)] == ["第4封", "第3封"]
    assert [mail.subject for mail in caught.caught(limit=2, offset=2)] == ["第2封", "第1封"]
    assert [mail.subject for mail in caught.caught(query="QIN 封")] == ["第3封", "第1封"]
    assert (caught_count(), caught_count("li@"), caught_count("没有")) == (5, 3, 0)


def test_a_restart_keeps_the_mails_and_mends_the_index(mailbox: subprocess.Popen[bytes]) -> None:
    _send("先前的")
    mailbox.kill()
    mailbox.wait()
    folder = settings().mail_folder
    (folder / "index.jsonl").write_text('{"id": "cut sho')
    (folder / "20260101T000000000000-0123abcd.new").write_bytes(b"half")
    with running():
        _send("后来的")
        found = [mail.subject for mail in caught.caught()]

    assert found == ["后来的", "先前的"]
    assert list(folder.glob("*.new")) == []


def test_the_oldest_go_when_there_are_too_many(server: MailServer) -> None:
    settings().mail_folder.mkdir()
    ids = [caught.keep(_mail(f"第{number}封").as_bytes()) for number in range(5)]

    Keeper(most=3)

    assert caught.ids() == ids[2:]
    assert [caught_mail(one) is None for one in ids] == [True, True, False, False, False]
    Keeper(most=3)
    assert [mail.id for mail in caught.caught()] == ids[:1:-1]


@pytest.mark.parametrize("name", ["../secrets", "20260101T000000000000-0123abcd", "", "index.jsonl", "\x00"])
def test_an_unknown_name_is_not_found(server: MailServer, name: str) -> None:
    assert caught_mail(name) is None


def test_an_unreadable_mail_is_shown_as_it_is(server: MailServer) -> None:
    settings().mail_folder.mkdir()
    content = (
        b"Subject: =?x-unknown?B?AAAA?=\r\nContent-Type: text/plain; charset=x-unknown\r\n\r\n\xff\xfe\r\n"
    )

    read = caught_mail(caught.keep(content))

    assert read is not None
    assert read.html == ""
    assert caught_count() == 1


def test_nothing_caught_is_an_empty_list(server: MailServer) -> None:
    assert caught.caught() == []


def test_a_taken_port_is_said_in_one_sentence(mailbox: object) -> None:
    second = subprocess.run(
        RUN, cwd=PROJECT, env=dict(os.environ), capture_output=True, text=True, timeout=30
    )

    assert second.returncode == 1
    assert second.stderr == (
        f"端口 {settings().mail_port} 已被别的程序占用，演练邮箱无法启动。"
        "请用 GONGJIANG_MAIL_PORT 另设端口后再启动。\n"
    )


def _mail(subject: str, to: str = "li@example.org") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "office@example.org", to
    mail.set_content("样例正文")
    return mail


def _send(subject: str, to: str = "li@example.org") -> None:
    with smtplib.SMTP(LOOPBACK, settings().mail_port) as client:
        client.send_message(_mail(subject, to))
