"""Does one command tell what it does, refuse in words, and end without a trace?"""

import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from processes.errors import CannotStart
from processes.leftovers import leftovers
from processes.up import refuse_full_disk
from settings import Settings

PATIENCE = 60.0


def started(settings: Settings, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.processes.small_up"],
        env=dict(os.environ) | settings.environment() | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def lines_until(process: subprocess.Popen[str], last: str) -> list[str]:
    """What the program prints up to this line, with every number of seconds made the same."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(re.sub(r"\d+\.\d 秒", "N 秒", line.strip()))
        if lines[-1] == last:
            break
    return lines


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_up_tells_each_part_and_ends_cleanly(installation: Settings, asked: signal.Signals) -> None:
    program = started(installation)

    assert lines_until(program, "经办人账号：样例") == [
        "数据库：就绪（N 秒）",
        "数据准备：完成（N 秒）",
        "小服务：就绪（N 秒）",
        "全部就绪，用时 N 秒。按 Ctrl-C 停止。",
        f"网址：{installation.base_url}",
        "经办人账号：样例",
    ]
    program.send_signal(asked)
    rest, errors = program.communicate(timeout=PATIENCE)

    assert (program.returncode, rest, errors) == (0, "正在停止……\n已全部停止。\n", "")
    assert leftovers(installation) == []


def test_an_interrupt_while_starting_ends_cleanly_too(installation: Settings) -> None:
    program = started(installation)
    lines_until(program, "数据库：就绪（N 秒）")

    program.send_signal(signal.SIGINT)
    _, errors = program.communicate(timeout=PATIENCE)

    assert (program.returncode, errors) == (0, "")
    assert leftovers(installation) == []


def test_a_taken_port_is_named_with_its_setting(installation: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", installation.web_port))
        taken.listen()
        program = started(installation)
        _, errors = program.communicate(timeout=PATIENCE)

    assert program.returncode == 2
    assert errors == (
        f"端口 {installation.web_port} 已被别的程序占用，小服务无法启动。"
        "请停用那个程序，或用 GONGJIANG_WEB_PORT 另设端口后再启动。\n"
    )
    assert leftovers(installation) == []


def test_a_full_disk_is_refused_before_anything_starts(installation: Settings) -> None:
    with pytest.raises(CannotStart) as refusal:
        refuse_full_disk(installation, needed=10**9)

    assert re.sub(r"\d+ MB", "N MB", str(refusal.value)) == (
        f"磁盘空间不足：{installation.home} 所在磁盘只剩 N MB，至少需要 N MB。"
        "请清理磁盘，或用 GONGJIANG_HOME 另设目录。"
    )


def test_an_unreachable_database_is_named_without_its_password(installation: Settings) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        address = f"postgresql+psycopg://office:hunter2@127.0.0.1:{port}/office"
        program = started(installation, GONGJIANG_DATABASE_URL=address)
        _, errors = program.communicate(timeout=PATIENCE)

    assert program.returncode == 2
    first, *_, last = errors.splitlines()
    shown = f"postgresql+psycopg://office:***@127.0.0.1:{port}/office"
    assert first.startswith(f"无法连接数据库 {shown}（设置 GONGJIANG_DATABASE_URL）：")
    assert last == "请确认数据库已启动、地址与口令无误，且该数据库已建立。"
    assert "hunter2" not in errors


def test_a_second_start_goes_on_with_the_same_data(installation: Settings) -> None:
    for _ in range(2):
        program = started(installation)
        lines_until(program, "经办人账号：样例")
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=PATIENCE)
        assert program.returncode == 0
