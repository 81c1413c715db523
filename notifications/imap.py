"""How are the mails of the office's mailbox fetched? The only module that speaks IMAP.

The mailbox is opened for reading only: nothing in it is marked, moved or deleted, so that whoever reads it elsewhere
finds it as it was. What has been fetched is remembered on our side, by UID and UIDVALIDITY.
"""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientError, LoginError

from notifications.incoming import LARGEST_MAIL
from notifications.plaintext import one_line

SECONDS = SocketTimeout(connect=15, read=60)
MOST_AT_ONCE = 200
# 163.com lets nobody open a folder who has not said what program this is (RFC 2971).
WHO_WE_ARE = {"name": "gongjiang", "version": "1", "vendor": "gongjiang"}
LONGEST_ANSWER = 200


class Cause(StrEnum):
    """Why the mailbox could not be read."""

    UNREACHABLE = "unreachable"
    UNTRUSTED = "untrusted"
    LOGIN = "login"
    UNSAFE = "unsafe"
    FOLDER = "folder"
    BROKEN = "broken"


class MailboxTrouble(Exception):
    """The mailbox could not be read; the text says why and what to do, and never holds the password."""

    def __init__(self, cause: Cause, text: str) -> None:
        super().__init__(text)
        self.cause, self.text = cause, text


@dataclass(frozen=True)
class Mailbox:
    """A mailbox, as its address names it."""

    host: str
    port: int
    tls: bool
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    @classmethod
    def at(cls, url: str) -> Self:
        parts = urlsplit(url)
        tls = parts.scheme == "imaps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (993 if tls else 143),
            tls=tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )

    def __str__(self) -> str:
        return f"{self.user}（{self.host}:{self.port}，{self.folder}）"


@dataclass(frozen=True)
class Fetched:
    """One mail of the mailbox. Of one larger than allowed `raw` is the header alone, and `whole` is false."""

    validity: int
    uid: int
    raw: bytes
    size: int
    arrived: datetime
    whole: bool


def fetch(mailbox: Mailbox, validity: int, last_uid: int, since: date) -> Iterator[Fetched]:
    """The mails after `last_uid`, the oldest first; all since a day if the mailbox is another than last time.

    At most `MOST_AT_ONCE` of them. Raises `MailboxTrouble`.
    """
    try:
        with _logged_in(mailbox) as client:
            yield from _new_mails(client, _opened(client, mailbox), validity, last_uid, since)
    except ssl.SSLCertVerificationError as error:
        raise _untrusted(mailbox, error) from None
    except OSError as error:
        raise _unreachable(mailbox, error) from None
    except IMAPClientError as error:
        raise _broken(mailbox, error) from None


def _logged_in(mailbox: Mailbox) -> IMAPClient:
    """A conversation with the server, encrypted before the password is sent."""
    context = ssl.create_default_context()
    client = IMAPClient(mailbox.host, mailbox.port, ssl=mailbox.tls, ssl_context=context, timeout=SECONDS)
    with ExitStack() as unless_let_in:
        unless_let_in.callback(client.shutdown)
        if not mailbox.tls:
            client.starttls(ssl_context=context)
        try:
            client.login(mailbox.user, mailbox.password)
        except (LoginError, UnicodeError) as error:
            raise _not_let_in(mailbox, error) from None
        with suppress(CapabilityError):
            client.id_(WHO_WE_ARE)
        unless_let_in.pop_all()
    return client


def _opened(client: IMAPClient, mailbox: Mailbox) -> int:
    """Open the folder for reading; its UIDVALIDITY."""
    try:
        answer: dict[bytes, Any] = client.select_folder(mailbox.folder, readonly=True)
    except (IMAPClient.AbortError, OSError):
        raise
    except IMAPClientError as error:
        raise _not_opened(mailbox, error) from None
    return int(answer.get(b"UIDVALIDITY", 0))


def _new_mails(
    client: IMAPClient, now_valid: int, validity: int, last_uid: int, since: date
) -> Iterator[Fetched]:
    if now_valid == validity:
        found = client.search(["UID", f"{last_uid + 1}:*"])
        uids = sorted(u for u in found if u > last_uid)
    else:
        uids = sorted(client.search(["SINCE", since]))
    for uid in uids[:MOST_AT_ONCE]:
        facts = client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid)
        if facts is None:
            continue
        size = int(facts[b"RFC822.SIZE"])
        whole = size <= LARGEST_MAIL
        part = b"BODY[]" if whole else b"BODY[HEADER]"
        raw = client.fetch([uid], [part.replace(b"[", b".PEEK[")]).get(uid, {}).get(part)
        if not raw:  # deleted a moment ago, by somebody who reads the mailbox elsewhere
            continue
        arrived: datetime = facts[b"INTERNALDATE"]
        yield Fetched(now_valid, uid, raw, size, arrived.astimezone(), whole)


# --- what went wrong, in whole sentences -------------------------------------------------------------------------


def _words(mailbox: Mailbox, error: BaseException) -> str:
    """What the server said, as one line and without the password."""
    said = one_line(str(error)).removeprefix("b'").removesuffix("'")
    if mailbox.password:
        said = said.replace(mailbox.password, "＊＊＊")
    return said[:LONGEST_ANSWER].rstrip(". ")


def _untrusted(mailbox: Mailbox, error: ssl.SSLCertVerificationError) -> MailboxTrouble:
    text = f"收信服务器 {mailbox.host} 的证书没有通过验证（{error.verify_message}），没有登录。请核对地址。"
    return MailboxTrouble(Cause.UNTRUSTED, text)


def _unreachable(mailbox: Mailbox, error: OSError) -> MailboxTrouble:
    reason = "没有应答" if isinstance(error, TimeoutError) else _words(mailbox, error)
    where = f"{mailbox.host}:{mailbox.port}"
    text = f"暂时连不上收信服务器 {where}：{reason}。系统会自动再试；一直如此请核对地址和网络。"
    return MailboxTrouble(Cause.UNREACHABLE, text)


def _not_let_in(mailbox: Mailbox, error: LoginError | UnicodeError) -> MailboxTrouble:
    said = (
        "账号或授权码里有英文字母、数字以外的字符"
        if isinstance(error, UnicodeError)
        else _words(mailbox, error)
    )
    cure = "请核对邮箱账号和授权码（不是网页登录密码），并在网页邮箱里开启 IMAP 服务。"
    text = f"收信邮箱 {mailbox.user} 登录失败：{said}。{cure}"
    return MailboxTrouble(Cause.LOGIN, text)


def _not_opened(mailbox: Mailbox, error: IMAPClientError) -> MailboxTrouble:
    said = _words(mailbox, error)
    if "unsafe login" in said.lower():
        text = f"收信服务器 {mailbox.host} 认为登录不安全：{said}。请登录网页邮箱，按提示允许客户端收信。"
        return MailboxTrouble(Cause.UNSAFE, text)
    text = f"打不开邮箱文件夹“{mailbox.folder}”：{said}。请核对地址最后的文件夹名。"
    return MailboxTrouble(Cause.FOLDER, text)


def _broken(mailbox: Mailbox, error: IMAPClientError) -> MailboxTrouble:
    text = f"收信服务器 {mailbox.host} 中断了应答：{_words(mailbox, error)}。系统会自动再试。"
    return MailboxTrouble(Cause.BROKEN, text)
