"""Where do mails go while there is no mail server, and those of practice seasons always?

A small SMTP server on this machine keeps each mail as a file; nothing ever leaves it.
"""

import asyncio
import errno
import logging
import os
import signal
import sys
from collections import deque
from functools import partial

from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications import caught
from processes.logs import write_logs
from settings import LOOPBACK, settings

GREETING = "gongjiang mailbox"
# The index holds lines of dropped mails; it is rewritten after so many.
STALE_LINES = 5_000
MOST_BYTES = 10_000_000
NO_SPACE = "452 Insufficient storage on this machine"

logger = logging.getLogger("gongjiang.mailbox")


class Keeper:
    """Keeps what arrives, at most `caught.KEPT` mails: the oldest go first."""

    def __init__(self, most: int = caught.KEPT) -> None:
        self._kept = deque(caught.rebuild_index())
        self._most, self._stale = most, 0
        self._trim()

    async def handle_DATA(  # noqa: N802 -- the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Called by aiosmtpd for each mail."""
        try:
            self._kept.append(caught.keep(envelope.original_content or b""))
            self._trim()
        except OSError as error:
            logger.error("邮件无法写入 %s：%s", settings().mail_folder, error.strerror)
            return NO_SPACE
        return "250 OK"

    def _trim(self) -> None:
        surplus = [self._kept.popleft() for _ in range(len(self._kept) - self._most)]
        caught.drop(surplus)
        self._stale += len(surplus)
        if self._stale > STALE_LINES:
            caught.rebuild_index()
            self._stale = 0


async def serve(stop: asyncio.Event) -> None:
    """Catch mails until `stop` is set."""
    keeper = Keeper()
    made = partial(SMTP, keeper, hostname=LOOPBACK, ident=GREETING, data_size_limit=MOST_BYTES)
    server = await asyncio.get_running_loop().create_server(made, LOOPBACK, settings().mail_port)
    try:
        await stop.wait()
    finally:
        server.close()


def run_mailbox() -> None:
    """The process `mailbox`; ends on SIGTERM or Ctrl-C. Mails hold links to tasks: nobody else may read them."""
    os.umask(0o077)
    write_logs()
    try:
        asyncio.run(_serve_until_signalled())
    except OSError as error:
        sys.exit(_refusal(error))


async def _serve_until_signalled() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(stop)


def _refusal(error: OSError) -> str:
    port = settings().mail_port
    if error.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被别的程序占用，演练邮箱无法启动。请用 GONGJIANG_MAIL_PORT 另设端口后再启动。"
    return f"演练邮箱无法启动：{error.strerror or error}（端口 {port}，目录 {settings().mail_folder}）。"


if __name__ == "__main__":
    run_mailbox()
