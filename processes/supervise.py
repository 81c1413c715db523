"""How are all processes of one installation started together, asked about and ended without a trace?"""

import fcntl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import IO, Any, Self
from xmlrpc.client import Fault

from processes import supervisord
from processes.child import SUPERVISED
from processes.environment import environment
from processes.errors import CannotStart
from processes.folders import make_folders
from processes.leftovers import end_leftovers
from processes.plan import Part, plan
from processes.probes import free_port
from settings import Settings

TICK = 0.05
# Restarts in a row after which a part that never became ready counts as broken.
RESTARTS_ALLOWED = 3
TIME_TO_STOP = 30.0
ENDED = ("STOPPED", "EXITED", "FATAL", "UNKNOWN")

Progress = Callable[[Part, float], None]
Step = Callable[[], None]


class Stack:
    """All processes of one installation, under one supervisord that ends together with this process.

    `before` holds work to be done before a wave starts, when all earlier ones are ready. A port of 0 becomes
    a free one: read `settings` of the stack, not those given.
    """

    def __init__(
        self,
        settings: Settings,
        parts: Sequence[Part] | None = None,
        before: Mapping[int, Step] | None = None,
    ) -> None:
        self.settings = with_free_ports(settings)
        self.parts = tuple(plan(self.settings) if parts is None else parts)
        self.before = dict(before or {})
        self._supervisord: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def environment(self) -> dict[str, str]:
        """What every process of the stack, and any command that shall speak with it, is started with."""
        return environment(self.settings)

    def start(self) -> None:
        """Start supervisord, with every part still at rest."""
        make_folders(self.settings)
        self._take_lock()
        end_leftovers(self.settings)
        supervisord.write_configuration(self.settings, self.parts)
        supervisord.socket_path(self.settings).unlink(missing_ok=True)
        command = supervisord.command(self.settings)
        if threading.current_thread() is threading.main_thread():
            command = [sys.executable, "-m", "processes.child", *command]
        self._supervisord = subprocess.Popen(
            command,
            env=self.environment | {SUPERVISED: "1"},
            cwd=supervisord.PROJECT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._until(self._answers, TIME_TO_STOP)

    def wait_ready(self, progress: Progress | None = None) -> None:
        """Start the parts wave by wave and wait for all; `progress` hears of each and its seconds."""
        done = 0
        for wave in sorted({part.wave for part in self.parts}):
            together = [part for part in self.parts if part.wave == wave]
            for due in sorted(due for due in self.before if done < due <= wave):
                self.before[due]()
            done = wave
            for part in together:
                self._call_unless("startProcess", supervisord.ALREADY_STARTED, part.name, False)
            self._until_ready(together, progress)

    def start_one(self, name: str) -> None:
        """Start one part and return when it is ready; one that runs already is only waited for."""
        self._call_unless("startProcess", supervisord.ALREADY_STARTED, name, False)
        self._until_ready([self._part(name)], None)

    def stop(self, name: str) -> None:
        """End one part and leave it at rest."""
        self._call_unless("stopProcess", supervisord.NOT_RUNNING, name, True)

    def pid(self, name: str) -> int:
        """The process id of a part; 0 while it is not running."""
        return int(self._call("getProcessInfo", name)["pid"])

    def state(self, name: str) -> str:
        """supervisord's word: RUNNING, STARTING, BACKOFF, STOPPED…"""
        return str(self._call("getProcessInfo", name)["statename"])

    @property
    def started(self) -> bool:
        """Whether there is anything to close."""
        return self._lock is not None

    @property
    def runs(self) -> bool:
        return self._supervisord is not None and self._supervisord.poll() is None

    def close(self) -> None:
        """End everything, the last wave first, and whatever would not end by force. May be called again."""
        if self._lock is None:
            return
        if self.runs:
            self._stop_by_waves()
        end_leftovers(self.settings)
        if self._supervisord is not None:
            self._supervisord.wait()
        self._supervisord = None
        self._lock.close()
        self._lock = None

    # --- inside

    def _answers(self) -> bool:
        """Its socket is there a moment before it listens."""
        try:
            supervisord.call(self.settings, "getState")
        except OSError:
            return False
        return True

    def _take_lock(self) -> None:
        lock = (self.settings.run_folder / "up.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise CannotStart(
                f"系统已经在运行（数据目录 {self.settings.home}），不能再启动一次。"
                "请先停止它，或用 GONGJIANG_HOME 另设目录。"
            ) from None
        self._lock = lock

    def _until_ready(self, parts: Sequence[Part], progress: Progress | None) -> None:
        began = time.monotonic()
        waiting = list(parts)
        seen: dict[str, set[int]] = {part.name: set() for part in parts}
        while waiting:
            for part in tuple(waiting):
                pid = self.pid(part.name)
                seconds = time.monotonic() - began
                seen[part.name].add(pid)
                if pid and part.ready(self.settings, pid):
                    waiting.remove(part)
                    if progress is not None:
                        progress(part, seconds)
                elif seconds > part.patience or len(seen[part.name] - {0}) > RESTARTS_ALLOWED:
                    raise CannotStart(self._did_not_start(part))
            time.sleep(TICK)

    def _did_not_start(self, part: Part) -> str:
        path = supervisord.log_path(self.settings, part)
        lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
        last = f"日志的最后一行是：{lines[-1].strip()}" if lines else "日志是空的。"
        return f"{part.label}（{part.name}）没有启动成功。{last}\n完整日志见 {path}"

    def _stop_by_waves(self) -> None:
        """Best effort: what this leaves is ended by force afterwards."""
        try:
            for wave in sorted({part.wave for part in self.parts}, reverse=True):
                self._stop_together([part.name for part in self.parts if part.wave == wave])
            self._call("shutdown")
            self._until(lambda: not self.runs, TIME_TO_STOP)
        except (CannotStart, Fault):
            return

    def _stop_together(self, names: Sequence[str]) -> None:
        for name in names:
            self._call_unless("stopProcess", supervisord.NOT_RUNNING, name, False)
        self._until(lambda: all(self.state(name) in ENDED for name in names), TIME_TO_STOP)

    def _until(self, holds: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                raise CannotStart(f"进程管理器没有及时响应。日志见 {self.settings.log_folder}")
            time.sleep(TICK)

    def _part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    def _call_unless(self, call: str, fault: int, *arguments: str | bool) -> None:
        """Make a call, content also with the one fault that says it was not needed."""
        try:
            self._call(call, *arguments)
        except Fault as refusal:
            if refusal.faultCode != fault:
                raise

    def _call(self, call: str, *arguments: str | bool) -> Any:
        try:
            return supervisord.call(self.settings, call, *arguments)
        except OSError as error:
            raise CannotStart(f"进程管理器已经停止。日志见 {self.settings.log_folder}") from error


def with_free_ports(settings: Settings) -> Settings:
    """The same installation with a free port wherever 0 was asked for."""
    ports = {name: getattr(settings, name) for name in ("web_port", "prefect_port", "mail_port")}
    chosen = {name: free_port() for name, port in ports.items() if port == 0}
    return settings.model_copy(update=chosen)
