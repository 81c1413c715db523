"""Are mails fetched from a real IMAP server, 163.com's refusals included, and is its mailbox left as it was?"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest

from notifications.imap import Cause, Fetched, Mailbox, MailboxTrouble, _new_mails, fetch
from notifications.incoming import LARGEST_MAIL
from processes.probes import free_port
from settings import LOOPBACK
from tests.mails import Letter
from tests.notifications.mailboxes import PASSWORD, USER, Door163, Dovecot

TODAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def server(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Dovecot:
    """An empty mailbox, on a server that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
    dovecot.empty()
    return dovecot


@pytest.fixture
def door(server: Dovecot) -> Iterator[Door163]:
    door = Door163(server)
    yield door
    door.close()


def mailbox(port: int, password: str = PASSWORD, scheme: str = "imaps", folder: str = "") -> Mailbox:
    account = f"{quote(USER, safe='')}:{quote(password, safe='')}"
    return Mailbox.at(f"{scheme}://{account}@{LOOPBACK}:{port}{folder}")


def fetched(at: Mailbox, validity: int = 0, last_uid: int = 0, since: date = TODAY) -> list[Fetched]:
    return list(fetch(at, validity, last_uid, since))


def trouble(at: Mailbox) -> MailboxTrouble:
    with pytest.raises(MailboxTrouble) as error:
        fetched(at)
    assert PASSWORD not in error.value.text
    assert error.value.text.endswith("。")
    return error.value


@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_mails_are_fetched_whole_over_an_encrypted_line(server: Dovecot, scheme: str) -> None:
    raws = [Letter().attach_as("样例.pdf", bytes(range(256)) * 40).bytes() for _ in range(3)]
    for raw in raws:
        server.put(raw)

    found = fetched(mailbox(server.port if scheme == "imaps" else server.plain_port, scheme=scheme))

    assert [(f.raw, f.whole) for f in found] == [(raw, True) for raw in raws]
    assert abs(found[0].arrived - datetime.now(UTC)) < timedelta(minutes=5)


def test_only_what_is_new_is_fetched(server: Dovecot) -> None:
    server.put(Letter().bytes())
    [first] = fetched(mailbox(server.port))
    assert fetched(mailbox(server.port), first.validity, first.uid) == []

    later = Letter().bytes()
    server.put(later)

    assert [f.raw for f in fetched(mailbox(server.port), first.validity, first.uid)] == [later]


def test_everything_is_fetched_again_from_a_mailbox_that_is_another(server: Dovecot) -> None:
    server.put(Letter().bytes())
    [first] = fetched(mailbox(server.port))

    assert len(fetched(mailbox(server.port), first.validity + 1, first.uid)) == 1


def test_mails_from_long_before_the_season_are_left(server: Dovecot) -> None:
    server.put(Letter().bytes(), when=datetime(2020, 3, 1, tzinfo=UTC))
    recent = Letter().bytes()
    server.put(recent)

    assert [f.raw for f in fetched(mailbox(server.port))] == [recent]


def test_mailbox_is_left_as_it_was(server: Dovecot) -> None:
    server.put(Letter().bytes())

    fetched(mailbox(server.port))

    assert server.flags() == [()]


def test_who_we_are_is_told_after_the_login(server: Dovecot) -> None:
    fetched(mailbox(server.port))

    assert "ID sent: name=gongjiang" in server.log


def test_a_server_like_163_lets_us_in(server: Dovecot, door: Door163) -> None:
    server.put(Letter().bytes())

    found = fetched(mailbox(door.port))

    assert len(found) == 1
    told = [c for c in door.commands if c in ("LOGIN", "ID", "SELECT", "EXAMINE")]
    assert told == ["LOGIN", "ID", "EXAMINE"]


def test_the_door_keeps_out_who_does_not_tell(server: Dovecot, door: Door163) -> None:
    """The same door before a server that does not offer ID: nobody gets in, and the page says why."""
    door.hides_id = True

    assert trouble(mailbox(door.port)).cause is Cause.UNSAFE


def test_of_a_mail_that_is_too_large_only_the_header_is_fetched(server: Dovecot) -> None:
    server.put(Letter().bytes() + b"\r\n" + b"x" * LARGEST_MAIL)

    [found] = fetched(mailbox(server.port))

    assert not found.whole
    assert found.size > LARGEST_MAIL
    assert b"Subject: " in found.raw
    assert len(found.raw) < 2000


def test_wrong_password_is_told_without_it(server: Dovecot) -> None:
    with pytest.raises(MailboxTrouble) as error:
        fetched(mailbox(server.port, "secret-of-the-office"))

    assert error.value.cause is Cause.LOGIN
    assert "授权码" in error.value.text
    assert "secret" not in error.value.text


def test_password_that_no_server_takes_is_told(server: Dovecot) -> None:
    assert trouble(mailbox(server.port, "样例口令")).cause is Cause.LOGIN


def test_folder_that_is_not_there_is_told(server: Dovecot) -> None:
    found = trouble(mailbox(server.port, folder="/%E5%B7%A5%E5%8C%A0"))

    assert found.cause is Cause.FOLDER
    assert "“工匠”" in found.text


def test_server_that_is_away_is_told() -> None:
    assert trouble(mailbox(free_port())).cause is Cause.UNREACHABLE


def test_server_that_nobody_vouches_for_gets_no_password(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    door = Door163(dovecot)

    assert trouble(mailbox(door.port)).cause is Cause.UNTRUSTED
    assert door.commands == []
    door.close()


def test_server_that_hangs_up_in_the_middle_is_told(server: Dovecot) -> None:
    server.put(Letter().bytes())
    door = Door163(server, hangs_up_at=b"EXAMINE")

    assert trouble(mailbox(door.port)).cause in (Cause.BROKEN, Cause.UNREACHABLE)
    door.close()


def test_address_is_shown_without_the_password() -> None:
    shown = mailbox(993)

    assert PASSWORD not in f"{shown} {shown!r}"
    assert f"{USER}（{LOOPBACK}:993，INBOX）" == str(shown)


class Deleting:
    """A server on which somebody deletes a mail between the two questions about it."""

    def search(self, words: list[object]) -> list[int]:
        return [7]

    def fetch(self, uids: list[int], words: list[str | bytes]) -> dict[int, dict[bytes, object]]:
        facts: dict[bytes, object] = {b"RFC822.SIZE": 900, b"INTERNALDATE": datetime.now()}
        return {7: facts} if "RFC822.SIZE" in words else {}


def test_mail_that_is_deleted_meanwhile_is_passed_over() -> None:
    assert list(_new_mails(Deleting(), 1, 0, 0, TODAY)) == []
