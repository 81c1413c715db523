"""A real SMTP server that does what a test tells it: refuse, put off, hang up, at any point of the conversation."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from processes.probes import free_port
from settings import LOOPBACK

DROP = "drop"


@dataclass(frozen=True)
class Received:
    """A mail that the server has taken, with the port of its connection."""

    recipient: str
    content: bytes
    connection: str

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)


@dataclass
class Script:
    """What to answer, by recipient, first to last; then all is well. `DROP` hangs up instead."""

    sender: list[str] = field(default_factory=list)
    recipient: Mapping[str, list[str]] = field(default_factory=dict)
    middle: Mapping[str, list[str]] = field(default_factory=dict)
    end: Mapping[str, list[str]] = field(default_factory=dict)
    password: str | None = None
    seconds: float = 0.0


class Conversation(SMTP):
    """A connection; it can also be dropped in the middle of a mail."""

    script: Script

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 -- the name is aiosmtpd's
        assert self.envelope is not None
        to = self.envelope.rcpt_tos[0] if self.envelope.rcpt_tos else ""
        if next_of(self.script.middle.get(to)) == DROP:
            await self.push("354 go on")
            await self._reader.readline()
            hang_up(self)
            return
        await super().smtp_DATA(arg)


class MailServer(Controller):
    """Runs in a thread; may be stopped and started again at the same port."""

    def __init__(self, script: Script | None = None, port: int | None = None) -> None:
        self.script = script or Script()
        self.received: list[Received] = []
        self.offers: list[tuple[float, str]] = []
        self.logins: list[tuple[str, str]] = []
        super().__init__(self, hostname=LOOPBACK, port=port or free_port())

    @property
    def url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"

    def recipients(self) -> list[str]:
        return [mail.recipient for mail in self.received]

    def start(self) -> None:
        if self.loop.is_closed():
            self.loop = asyncio.new_event_loop()
        super().start()

    def factory(self) -> SMTP:
        options: dict[str, Any] = {}
        if self.script.password is not None:
            options = {"authenticator": self._authenticate, "auth_require_tls": False}
        conversation = Conversation(self, hostname=LOOPBACK, **options)
        conversation.script = self.script
        return conversation

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        login = (data.login.decode(), data.password.decode())
        self.logins.append(login)
        return AuthResult(success=login[1] == self.script.password, handled=False)

    # --- called by aiosmtpd

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := next_of(self.script.sender):
            return _reply(server, reply)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.offers.append((time.monotonic(), address))
        if reply := next_of(self.script.recipient.get(address)):
            return _reply(server, reply)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        [to] = envelope.rcpt_tos
        reply = next_of(self.script.end.get(to))
        if reply and reply != DROP:
            return reply
        self.received.append(Received(to, envelope.original_content or b"", str(session.peer)))
        if self.script.seconds:
            await asyncio.sleep(self.script.seconds)
        return _reply(server, reply or "250 OK")


def next_of(replies: list[str] | None) -> str | None:
    return replies.pop(0) if replies else None


def hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


def _reply(server: SMTP, reply: str) -> str:
    if reply == DROP:
        hang_up(server)
    return reply
