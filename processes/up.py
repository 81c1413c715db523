"""How does one command bring the whole system up, tell what it does, and take it down again?"""

import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

import psycopg
from sqlalchemy import make_url

from processes.errors import CannotStart
from processes.folders import make_folders
from processes.plan import PREFECT_WAVE, Part
from processes.probes import connect, port_is_free
from processes.supervise import Stack
from settings import Settings

NEEDED_MEGABYTES = 500
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ENDED_AS_ASKED = 0
BROKE = 1
CANNOT_START = 2
TICK = 0.5

# Makes the application's database ready and gives back the lines to print when all is up.
Prepare = Callable[[], Sequence[str]]


class Ended(BaseException):
    """Somebody asked for the end: Ctrl-C, or a signal."""


def up(settings: Settings, prepare: Prepare, parts: Sequence[Part] | None = None) -> int:
    """Run everything, or only these parts, until Ctrl-C; the answer is the exit code."""
    for number in ENDING_SIGNALS:
        signal.signal(number, _end)
    stack = Stack(settings, parts)
    try:
        _run(stack, prepare)
    except Ended:
        return ENDED_AS_ASKED
    except CannotStart as refusal:
        print(refusal, file=sys.stderr, flush=True)
        return CANNOT_START
    finally:
        for number in ENDING_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        _close(stack)
    print("进程管理器意外停止。日志见", settings.log_folder, file=sys.stderr, flush=True)
    return BROKE


def _run(stack: Stack, prepare: Prepare) -> None:
    began = time.monotonic()
    lines: list[str] = []
    stack.before = {
        PREFECT_WAVE: lambda: _timed("数据准备", lambda: lines.extend(prepare())),
    }
    refuse_half_restored(stack.settings)
    make_folders(stack.settings)
    refuse_full_disk(stack.settings)
    stack.start()
    refuse_taken_ports(stack.parts)
    refuse_unreachable_database(stack.settings)
    stack.wait_ready(_tell)
    _say(f"全部就绪，用时 {time.monotonic() - began:.1f} 秒。按 Ctrl-C 停止。")
    for line in (f"网址：{stack.settings.base_url}", *lines):
        _say(line)
    while stack.runs:
        time.sleep(TICK)


def refuse_half_restored(settings: Settings) -> None:
    """The record and the files may belong to different moments."""
    if settings.restoring_folder.exists():
        raise CannotStart(
            "上一次恢复没有做完，系统不能启动。请再运行一次同样的 gongjiang restore 命令，它会从头做完。"
        )


def refuse_full_disk(settings: Settings, needed: int = NEEDED_MEGABYTES) -> None:
    """A database that runs out of disk stops in the middle of the day; rather don't start."""
    free = shutil.disk_usage(settings.home).free // 1_000_000
    if free < needed:
        raise CannotStart(
            f"磁盘空间不足：{settings.home} 所在磁盘只剩 {free} MB，至少需要 {needed} MB。"
            "请清理磁盘，或用 GONGJIANG_HOME 另设目录。"
        )


def refuse_taken_ports(parts: Sequence[Part]) -> None:
    for part in parts:
        if part.port is not None and not port_is_free(part.port):
            raise CannotStart(
                f"端口 {part.port} 已被别的程序占用，{part.label}无法启动。"
                f"请停用那个程序，或用 {part.port_setting} 另设端口后再启动。"
            )


def refuse_unreachable_database(settings: Settings) -> None:
    """Only for a server that somebody else runs; the text never holds the password."""
    if settings.given_database_url is None:
        return
    prefect = make_url(settings.prefect_database_url).database
    same_server = make_url(settings.database_url).set(database=prefect).render_as_string(hide_password=False)
    _refuse_unreachable("GONGJIANG_DATABASE_URL", settings.database_url)
    _refuse_unreachable("GONGJIANG_PREFECT_DATABASE_URL", settings.given_prefect_url or same_server)


def _refuse_unreachable(setting: str, url: str) -> None:
    try:
        connect(url).close()
    except psycopg.OperationalError as error:
        shown = make_url(url).set(query={}).render_as_string(hide_password=True)
        reason = str(error).strip().splitlines()[-1]
        raise CannotStart(
            f"无法连接数据库 {shown}（设置 {setting}）：{reason}\n"
            "请确认数据库已启动、地址与口令无误，且该数据库已建立。"
        ) from None


def _tell(part: Part, seconds: float) -> None:
    _say(f"{part.label}：就绪（{seconds:.1f} 秒）")


def _timed(label: str, step: Callable[[], None]) -> None:
    began = time.monotonic()
    step()
    _say(f"{label}：完成（{time.monotonic() - began:.1f} 秒）")


def _close(stack: Stack) -> None:
    if stack.started:
        _say("正在停止……")
        stack.close()
        _say("已全部停止。")


def _say(text: str) -> None:
    print(text, flush=True)


def _end(number: int, frame: FrameType | None) -> None:
    raise Ended
