"""How are the mails of one route carried to its server, one after the other, whatever the server does?"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from models.database import real_now
from notifications import claims, standing
from notifications.answers import Answer, Fate
from notifications.claims import Claim
from notifications.pace import DAY, MINUTE, Pace, Throttle, day_began, rung
from notifications.smtp import Connection, NotConnected, Server

P = ParamSpec("P")
T = TypeVar("T")
logger = logging.getLogger("gongjiang.mail")

# The server serves nobody now: the next mail would fare no better, and the office hears of it.
TROUBLE = {Fate.HELD, Fate.STOPPED, Fate.UNREACHABLE, Fate.UNKNOWN}
STOPPING = TROUBLE | {Fate.ABANDONED}


@dataclass
class Route:
    """Where the mails of the real seasons go, or those of the practice seasons, and how fast."""

    practice: bool
    server: Server
    throttle: Throttle
    per_connection: int
    per_day: int = 0
    gather: float = 0.0

    @property
    def name(self) -> str:
        return "演练邮箱" if self.practice else "邮件服务器"


class Carrier:
    """Carries one route's mails until `stop` is set; `bell` says that there may be something to do."""

    def __init__(self, route: Route, pace: Pace, stop: asyncio.Event) -> None:
        self.bell = asyncio.Event()
        self._route, self._pace, self._stop = route, pace, stop
        self._line: Connection | None = None
        self._failures = 0
        self._held_until = 0.0
        self._delivered = 0
        self._suspects: dict[UUID, int] = {}
        self._trouble = ""
        # What an earlier sender has written down may no longer be true.
        self._is_noted = True
        self._alive_until = 0.0

    async def run(self) -> None:
        while not self._stop.is_set():
            self.bell.clear()
            try:
                rest = await self._round()
            except SQLAlchemyError as error:
                self._complain(f"数据库暂时不可用（{type(error).__name__}），邮件稍后再发")
                self._hang_up_at_once()
                rest = self._pace.sweep
            await self._rest(rest)
        await self._hang_up()

    async def _round(self) -> float:
        """Carry what is due; the answer is how many seconds to rest before looking again."""
        await self._in_thread(claims.settle_lost)
        paced = max(self._route.throttle.wait(), await self._until_tomorrow())
        await self._heartbeat(paced)
        if (wait := max(self._held_until - time.monotonic(), paced)) > 0:
            if wait > self._pace.sweep:
                await self._hang_up()
            return min(wait, self._pace.sweep)
        if not await self._in_thread(standing.may_send, self._route.practice, self._route.server.mark):
            await self._hang_up()
            return self._pace.sweep
        taken = await self._in_thread(
            claims.claim,
            self._route.practice,
            None if self._route.practice else self._route.server.login,
            self._batch(),
            self._pace,
            timedelta(seconds=self._route.gather),
        )
        if not taken:
            await self._hang_up()
            return self._pace.sweep
        await self._carry(taken)
        return 0.0

    async def _until_tomorrow(self) -> float:
        """Seconds until the provider counts from nought again, if the day's mails are sent."""
        if not self._route.per_day or await self._in_thread(claims.sent_today) < self._route.per_day:
            return 0.0
        return DAY - (real_now() - day_began(real_now())).total_seconds()

    async def _heartbeat(self, paced: float) -> None:
        """Say now and then that a sender is there, and how long it has to wait because enough was sent."""
        if time.monotonic() < self._alive_until:
            return
        self._alive_until = time.monotonic() + self._pace.heartbeat
        until = real_now() + timedelta(seconds=paced) if paced > MINUTE else None
        await self._in_thread(standing.note_alive, self._route.practice, until)

    def _batch(self) -> int:
        """One mail until the server has let us in, or while mails are counted."""
        if self._line is None or self._route.per_day or not self._route.throttle.unlimited:
            return 1
        return self._pace.batch

    async def _carry(self, taken: list[Claim]) -> None:
        while taken and not self._stop.is_set():
            held = taken.pop(0)
            answer = await self._attempt(held)
            if answer.fate in STOPPING:
                break
        if taken:
            await self._in_thread(claims.release, taken)

    async def _attempt(self, held: Claim) -> Answer:
        """Offer one mail and record what became of it."""
        begun = held

        async def before_end() -> bool:
            nonlocal begun
            mine = await self._in_thread(claims.begin, held, self._pace)
            begun = mine or held
            return mine is not None

        try:
            line = await self._connected()
        except NotConnected as reason:
            answer = reason.answer
        else:
            self._route.throttle.count()
            answer = await line.send(held.letter, before_end)
        answer = self._considered(held, answer)
        explained = self._explained(answer)
        if answer.fate is not Fate.ABANDONED:
            await self._settled(begun, answer, explained)
        await self._learn(answer, explained)
        return answer

    async def _connected(self) -> Connection:
        if self._line is not None and (
            not self._line.is_open or self._line.offered >= self._route.per_connection
        ):
            await self._hang_up()
        if self._line is None:
            self._line = await Connection.open(self._route.server, self._pace)
        return self._line

    def _considered(self, held: Claim, answer: Answer) -> Answer:
        """“Suspended” may mean us or the recipient: the recipient, if others' mails went through since.

        Us, if the next one's mail is refused in the same way.
        """
        if answer.fate is not Fate.SUSPENDED:
            return answer
        seen = self._suspects.get(held.message_id)
        if seen is not None and seen < self._delivered:
            del self._suspects[held.message_id]
            return Answer(Fate.REFUSED, answer.words)
        alike = any(n == self._delivered for i, n in self._suspects.items() if i != held.message_id)
        self._suspects[held.message_id] = self._delivered
        return Answer(Fate.STOPPED if alike else Fate.HELD, answer.words)

    async def _settled(self, held: Claim, answer: Answer, explained: str) -> None:
        """What became of a mail is not forgotten because the database is away for a while."""
        while True:
            try:
                return await self._in_thread(claims.settle, held, answer, explained, self._pace)
            except SQLAlchemyError:
                if self._stop.is_set():
                    raise
                await asyncio.sleep(min(1.0, self._pace.sweep))

    async def _learn(self, answer: Answer, explained: str) -> None:
        """Go on, slow down or stop for a while, as the answer teaches."""
        match answer.fate:
            case Fate.HELD:
                self._stop_for(self._pace.hold)
                self._route.throttle.slower()
            case Fate.STOPPED:
                route = self._route
                await self._in_thread(standing.stop_by_server, route.practice, route.server.mark, explained)
            case Fate.UNREACHABLE | Fate.UNKNOWN:
                self._stop_for(self._pace.soon)
            case Fate.LATER:
                self._route.throttle.slower()
            case Fate.SENT:
                await self._recovered()
                self._delivered += 1
        if answer.fate in TROUBLE:
            self._complain(f"{self._route.name} {self._route.server}：{answer.fate}")
            await self._hang_up()
            self._is_noted = True
            about_all = self._silent(answer) if answer.fate is Fate.UNKNOWN else explained
            await self._in_thread(standing.note_trouble, self._route.practice, about_all)

    async def _recovered(self) -> None:
        if self._is_noted:
            await self._in_thread(standing.note_trouble, self._route.practice, "")
        self._failures, self._trouble, self._is_noted = 0, "", False

    def _stop_for(self, ladder: tuple[float, ...]) -> None:
        self._failures += 1
        self._held_until = time.monotonic() + rung(ladder, self._failures)

    def _explained(self, answer: Answer) -> str:
        """What the outbox shows, in whole sentences."""
        server, words = self._route.server, answer.words
        match answer.fate:
            case Fate.UNREACHABLE if self._route.practice:
                return f"演练邮箱（{server}）没有应答：{words}。邮件暂存，邮箱进程（mailbox）启动后自动发出。"
            case Fate.UNREACHABLE:
                return f"暂时连不上邮件服务器 {server}：{words}。邮件暂存，系统会自动重试。"
            case Fate.HELD:
                minutes = rung(self._pace.hold, self._failures + 1) / MINUTE
                cure = "请检查邮箱账号、授权码和发信限额，系统会自动重试。"
                return f"邮件服务器暂不接受本系统发信：{words}。全部邮件暂停约{minutes:.0f}分钟；{cure}"
            case Fate.STOPPED:
                cure = "请检查邮箱账号、授权码和发信限额；改好设置后自动恢复，也可由办公室点“恢复发送”。"
                return f"邮件服务器不允许本系统发信：{words}。全部邮件已停发，以免账号被锁；{cure}"
            case Fate.LATER:
                return f"邮件服务器要求稍后再发：{words}。系统会自动重试，一天仍不成功即停止。"
            case Fate.REFUSED:
                return f"邮件服务器拒收：{words}。请核对收件地址，更正后重发。"
            case Fate.UNKNOWN:
                return f"{claims.LOST}（{words}）"
        return ""

    def _silent(self, answer: Answer) -> str:
        """What those hear that wait behind a mail of unknown fate."""
        server = f"{self._route.name} {self._route.server}"
        return f"{server}收下邮件后没有应答：{answer.words}。没有得到确认的标为“结果不明”，其余暂存，系统会自动重试。"

    def _complain(self, trouble: str) -> None:
        """Say it once in the log, without addresses or names."""
        if trouble != self._trouble:
            logger.warning("%s", trouble)
        self._trouble = trouble

    async def _hang_up(self) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            await line.close()

    def _hang_up_at_once(self) -> None:
        if self._line is not None:
            self._line.abort()
            self._line = None

    async def _rest(self, seconds: float) -> None:
        """Until the bell rings, but not longer; a server that asked for patience gets it all the same."""
        if seconds <= 0:
            return
        try:
            await asyncio.wait_for(self.bell.wait(), seconds)
        except TimeoutError:
            return

    async def _in_thread(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(partial(call, *args, **kwargs))
