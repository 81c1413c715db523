"""How is one mail handed to a mail server? The only module that speaks SMTP.

The mail's end is a step of its own: whatever goes wrong before the final dot, the server has no mail; only
silence after it leaves the fate unknown. So the record is told right before the dot, and not earlier.
"""

import contextlib
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected

from notifications.answers import Answer, Fate, Stage, judge
from notifications.letters import Letter
from notifications.pace import Pace
from notifications.plaintext import one_line
from settings import settings

LOCAL = {"127.0.0.1", "::1", "localhost"}
START_INPUT = 354
GOODBYE_SECONDS = 2.0
# Where the host's own name would tell a stranger of the intranet.
OWN_NAME = "gongjiang.localdomain"


@dataclass(frozen=True)
class Server:
    """A mail server, as its address names it."""

    host: str
    port: int
    tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def at(cls, url: str) -> Self:
        parts = urlsplit(url)
        tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (465 if tls else 25),
            tls=tls,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )

    @property
    def is_local(self) -> bool:
        return self.host in LOCAL

    @property
    def start_tls(self) -> bool | None:
        """A password never travels in the clear to another machine; otherwise as the server offers."""
        if self.tls or self.is_local:
            return False
        return True if self.user else None

    @property
    def login(self) -> str | None:
        """The address that such a server insists on as the sender."""
        return self.user if self.user and "@" in self.user else None

    @property
    def mark(self) -> str:
        """Tells another server, account or password from this one, and nothing about it."""
        said = "\0".join((str(self), self.user or "", self.password or ""))
        return hmac.new(settings().secret("mail_mark").encode(), said.encode(), hashlib.sha256).hexdigest()

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class NotConnected(Exception):
    """There is no connection to the server; the answer says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.words)
        self.answer = answer


class Connection:
    """A conversation with the server, for several mails."""

    def __init__(self, client: SMTP) -> None:
        self._client = client
        self.offered = 0

    @classmethod
    async def open(cls, server: Server, pace: Pace) -> Self:
        """Greet the server and log in."""
        client = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls,
            start_tls=server.start_tls,
            timeout=pace.connecting,
            local_hostname=OWN_NAME,
        )
        try:
            await client.connect()
            await _log_in(client, server)
        except SMTPResponseException as refusal:
            client.close()
            raise NotConnected(judge(Stage.CONNECT, refusal.code, refusal.message)) from refusal
        except OSError as error:
            client.close()
            raise NotConnected(Answer(Fate.UNREACHABLE, _words(error))) from error
        except (SMTPException, ValueError) as error:
            client.close()
            raise NotConnected(Answer(Fate.HELD, _words(error))) from error
        client.timeout = pace.answering
        return cls(client)

    @property
    def is_open(self) -> bool:
        return self._client.is_connected

    async def send(self, letter: Letter, before_end: Callable[[], Awaitable[bool]]) -> Answer:
        """Hand over one mail; `before_end` is asked right before its end and may still forbid it."""
        self.offered += 1
        try:
            refused = await self._offer(letter)
            if refused is not None:
                return refused
        except (SMTPException, OSError) as error:
            self.abort()
            return Answer(Fate.UNREACHABLE, _words(error))
        allowed = False
        try:
            allowed = await before_end()
        finally:
            if not allowed:
                self.abort()
        if not allowed:
            return Answer(Fate.ABANDONED)
        if not self.is_open:
            return Answer(Fate.UNREACHABLE, "Connection lost")
        return await self._end()

    async def _offer(self, letter: Letter) -> Answer | None:
        """Everything up to the final dot; None when the server has taken it so far."""
        stage = Stage.SENDER
        try:
            await self._client.mail(letter.sender)
            stage = Stage.RECIPIENT
            await self._client.rcpt(letter.recipient)
        except SMTPResponseException as refusal:
            return await self._refused(stage, refusal.code, refusal.message)
        reply = await self._client.execute_command(b"DATA")
        if reply.code != START_INPUT:
            return await self._refused(Stage.DATA, reply.code, reply.message)
        if self._client.protocol is None:
            raise SMTPServerDisconnected("Connection lost")
        self._client.protocol.write(_dotted(letter.content))
        return None

    async def _refused(self, stage: Stage, code: int, text: str) -> Answer:
        """Forget the refused mail, so that the connection serves the next one."""
        with contextlib.suppress(SMTPException, OSError):
            await self._client.rset()
        return judge(stage, code, text)

    async def _end(self) -> Answer:
        try:
            reply = await self._client.execute_command(b".")
        except (SMTPException, OSError) as error:
            self.abort()
            return Answer(Fate.UNKNOWN, _words(error))
        return judge(Stage.END, reply.code, reply.message)

    def abort(self) -> None:
        """Leave without a word: a mail that has not ended is none."""
        self._client.close()

    async def close(self) -> None:
        """Say goodbye, briefly."""
        with contextlib.suppress(SMTPException, OSError):
            await self._client.quit(timeout=GOODBYE_SECONDS)
        self._client.close()


async def _log_in(client: SMTP, server: Server) -> None:
    """One attempt in one way: a provider locks an account that fails too often."""
    if server.user is None:
        return
    await client.ehlo()
    offered = client.supported_auth_methods
    if "plain" in offered or "login" not in offered:
        await client.auth_plain(server.user, server.password or "")
    else:
        await client.auth_login(server.user, server.password or "")


def _dotted(content: bytes) -> bytes:
    """The content as DATA wants it: whole lines, a leading dot doubled."""
    lines = content.replace(b"\r\n", b"\n").split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


def _words(error: BaseException) -> str:
    return one_line(str(error)) or type(error).__name__
