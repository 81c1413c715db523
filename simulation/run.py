"""How is a simulation started? In a process and an installation of its own, so that it touches nothing else."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from notices.reader import read_notice
from processes.environment import environment
from processes.errors import CannotStart
from processes.supervise import with_free_ports
from settings import Settings
from simulation.report import Report

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0


def simulate(
    cases: int, seed: int, notice_path: Path, progress: Callable[[str], None], *, keep: bool = False
) -> Report:
    """Play a whole season of `cases` made-up people by the notice; `progress` hears a line now and then.

    The same seed makes up the same people and answers. With `keep` the installation's folder stays and is
    named.
    """
    read_notice(notice_path)
    home = Path(tempfile.mkdtemp(prefix="gongjiang-simulate-"))
    progress(f"模拟{cases}名样例人选，种子{seed}，通知文件{notice_path}")
    try:
        return _played(home, cases, seed, notice_path, progress)
    finally:
        if keep:
            progress(f"数据保留在 {home}")
        else:
            shutil.rmtree(home, ignore_errors=True)


def _played(home: Path, cases: int, seed: int, notice_path: Path, progress: Callable[[str], None]) -> Report:
    chosen = with_free_ports(
        Settings(
            home=home,
            given_keys=home / "keys",
            web_port=0,
            prefect_port=0,
            mail_port=0,
            mail_gather_seconds=0,
        )
    )
    result = home / "report.json"
    words = [str(cases), str(seed), str(notice_path.resolve()), str(result)]
    command = [sys.executable, "-m", "processes.child", sys.executable, "-m", "simulation.child", *words]
    with (
        subprocess.Popen(
            command, env=environment(chosen), cwd=PROJECT, stdout=subprocess.PIPE, text=True
        ) as child,
        ExitStack() as if_broken_off,
    ):
        if_broken_off.callback(_stop, child)
        last = _relay(child, progress)
        if_broken_off.pop_all()
    if child.returncode:
        raise CannotStart(f"模拟没有走完：{last or '没有说明原因'}")
    return Report.read(json.loads(result.read_text(encoding="utf-8")))


def _stop(child: "subprocess.Popen[str]") -> None:
    child.terminate()
    child.wait(PATIENCE)


def _relay(child: "subprocess.Popen[str]", progress: Callable[[str], None]) -> str:
    """Pass every line on; the last one says why, if the season was not played to its end."""
    last = ""
    for line in child.stdout or ():
        last = line.strip()
        progress(last)
    return last
