"""Do the processes come back when killed, and is nothing left when they are ended?"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest

from processes.errors import CannotStart
from processes.leftovers import leftovers
from processes.plan import Part, plan
from processes.probes import connect
from processes.supervise import Stack
from settings import Settings
from tests.processes.parts import crasher, database, listener

PATIENCE = 30.0


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def small_stack(settings: Settings) -> Stack:
    return Stack(settings, [database(settings), listener(settings)])


def test_killed_parts_come_back_and_keep_their_data(installation: Settings) -> None:
    with small_stack(installation) as stack:
        stack.start()
        stack.wait_ready()
        with connect(installation.database_url) as connection:
            connection.execute("create table kept (word text)")
        before = {name: stack.pid(name) for name in ("database", "listener")}

        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        for name in before:
            until(lambda name=name: stack.pid(name) not in (0, before[name]))  # type: ignore[misc]
            stack.start_one(name)

        with connect(installation.database_url) as connection:
            assert connection.execute("select count(*) from kept").fetchall() == [(0,)]


def test_progress_names_each_part_in_its_order(installation: Settings) -> None:
    heard: list[str] = []
    with small_stack(installation) as stack:
        stack.before = {2: lambda: heard.append("second wave"), 3: lambda: heard.append("third wave")}
        stack.start()
        stack.wait_ready(lambda part, seconds: heard.append(part.name))

    assert heard == ["database", "second wave", "third wave", "listener"]


def test_one_part_can_be_stopped_and_started(installation: Settings) -> None:
    with small_stack(installation) as stack:
        stack.start()
        stack.wait_ready()

        stack.stop("listener")
        stack.stop("listener")
        assert (stack.pid("listener"), stack.state("listener")) == (0, "STOPPED")

        stack.start_one("listener")
        assert stack.state("listener") in ("STARTING", "RUNNING")


def test_nothing_is_left_after_close(installation: Settings) -> None:
    with small_stack(installation) as stack:
        stack.start()
        stack.wait_ready()
        assert len(leftovers(installation)) == 3

    assert leftovers(installation) == []
    assert not stack.started
    stack.close()


def test_two_installations_run_side_by_side(installation: Settings, home: Path) -> None:
    other = Settings(home=home / "other", web_port=0, prefect_port=0, mail_port=0)
    with small_stack(installation) as one:
        two = Stack(other)
        two.parts = (database(two.settings), listener(two.settings))
        with two:
            for stack in (one, two):
                stack.start()
                stack.wait_ready()

            assert one.settings.web_port != two.settings.web_port
            assert one.pid("database") != two.pid("database")
        assert leftovers(other) == []
        assert one.state("database") == "RUNNING"


def test_a_home_in_use_is_refused(installation: Settings) -> None:
    with small_stack(installation) as stack:
        stack.start()

        with pytest.raises(CannotStart) as refusal, small_stack(installation) as second:
            second.start()

        assert str(refusal.value) == (
            f"系统已经在运行（数据目录 {installation.home}），不能再启动一次。"
            "请先停止它，或用 GONGJIANG_HOME 另设目录。"
        )
        assert stack.runs


def test_a_part_that_keeps_ending_is_reported_with_its_last_words(installation: Settings) -> None:
    with Stack(installation, [crasher()]) as stack:
        stack.start()
        with pytest.raises(CannotStart) as refusal:
            stack.wait_ready()

    log = installation.log_folder / "crasher.log"
    assert str(refusal.value) == (
        f"坏进程（crasher）没有启动成功。日志的最后一行是：配置不完整\n完整日志见 {log}"
    )


def test_a_killed_supervisor_leaves_no_orphans(installation: Settings) -> None:
    with small_stack(installation) as stack:
        stack.start()
        stack.wait_ready()
        supervisor = psutil.Process(stack.pid("listener")).parent()
        assert supervisor is not None

        supervisor.kill()

        until(lambda: leftovers(installation) == [])


def test_a_killed_owner_leaves_no_orphans(installation: Settings) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-m", "tests.processes.small_up"],
        env=dict(os.environ) | installation.environment(),
        stdout=subprocess.DEVNULL,
    )
    until(lambda: len(leftovers(installation)) == 3)

    owner.kill()
    owner.wait()

    until(lambda: leftovers(installation) == [])


def test_the_supervisor_is_not_told_off_for_running_as_root(installation: Settings) -> None:
    with small_stack(installation) as stack:
        stack.start()

    log = (installation.log_folder / "supervisord.log").read_text()
    assert "running as root" not in log


def answers(api: httpx.Client) -> bool:
    """Whether the server answers again; a connection that breaks in the middle is no answer."""
    try:
        return api.post("/deployments/filter", json={}).is_success
    except httpx.TransportError:
        return False


def test_prefect_starts_closed_and_outlives_its_database(installation: Settings) -> None:
    parts: list[Part] = [part for part in plan(installation) if part.name in ("database", "prefect")]
    with Stack(installation, parts) as stack:
        stack.start()
        stack.wait_ready()
        user, password = installation.prefect_auth.split(":")
        api = httpx.Client(base_url=installation.prefect_api_url, auth=(user, password))
        assert httpx.post(f"{installation.prefect_api_url}/deployments/filter", json={}).status_code == 401
        assert api.post("/deployments/filter", json={}).json() == []

        os.kill(stack.pid("database"), signal.SIGKILL)

        until(lambda: answers(api))
        assert (installation.log_folder / "prefect.log").exists()
