"""Does the embedded database hold what it was given, whatever happens to it?"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from processes.environment import environment
from processes.folders import make_folders
from processes.postgres import asyncpg_url, url
from processes.probes import connect, database_answers
from settings import Settings

PATIENCE = 30.0


@contextmanager
def database_server(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The database run alone, as `run database` does it."""
    command = [sys.executable, "-m", "processes.postgres"]
    server = subprocess.Popen(command, env=environment(settings), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE
    while not database_answers(settings, server.pid):
        assert server.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield server
    server.send_signal(signal.SIGINT)
    server.wait(PATIENCE)


def asked(settings: Settings, statement: str, database: str = "gongjiang") -> list[tuple[Any, ...]]:
    with connect(url(settings, database)) as connection:
        return connection.execute(statement.encode()).fetchall()


def told(settings: Settings, statement: str) -> None:
    with connect(url(settings)) as connection:
        connection.execute(statement.encode())


def test_both_databases_are_made_for_chinese_text_and_similarity_search(installation: Settings) -> None:
    with database_server(installation):
        for database in ("gongjiang", "prefect"):
            rows = asked(
                installation,
                "select pg_encoding_to_char(encoding), datlocale, similarity('柳州工匠', '柳州工匠')"
                " from pg_database where datname = current_database()",
                database,
            )
            assert rows == [("UTF8", "C.UTF-8", 1.0)]
        assert asked(installation, "show synchronous_commit") == [("on",)]
        assert asked(installation, "select rolsuper from pg_roles where rolname = current_user") == [(False,)]


def test_a_new_database_of_its_own_can_be_made(installation: Settings) -> None:
    with database_server(installation):
        with connect(url(installation)) as connection:
            connection.autocommit = True
            connection.execute("create database simulation")

        assert asked(installation, "select similarity('工匠', '工匠')", "simulation") == [(1.0,)]


def test_asyncpg_is_given_the_same_socket(installation: Settings) -> None:
    assert asyncpg_url(installation, "prefect") == installation.prefect_database_url
    assert installation.prefect_database_url == url(installation, "prefect").replace("psycopg", "asyncpg")


def test_data_outlives_a_kill_of_every_process(installation: Settings) -> None:
    with database_server(installation) as server:
        told(installation, "create table kept (word text)")
        told(installation, "insert into kept values ('认定')")
        processes = [server_process := psutil.Process(server.pid), *server_process.children(recursive=True)]
        for process in processes:
            process.kill()
        server.wait(PATIENCE)
    assert (installation.database_folder / "postmaster.pid").exists()

    with database_server(installation):
        assert asked(installation, "select word from kept") == [("认定",)]


def test_a_stale_lock_whose_number_belongs_to_another_process_does_not_keep_it_down(
    installation: Settings,
) -> None:
    with database_server(installation) as server:
        server.kill()
        server.wait(PATIENCE)
    for lock in (
        installation.database_folder / "postmaster.pid",
        installation.database_socket_folder / ".s.PGSQL.5432.lock",
    ):
        rest = lock.read_text().split("\n", 1)[1]
        lock.write_text(f"{os.getpid()}\n{rest}")

    with database_server(installation):
        assert asked(installation, "select 1") == [(1,)]


def test_an_interrupted_first_start_is_begun_anew(installation: Settings) -> None:
    make_folders(installation)
    draft = installation.home / "pg.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")

    with database_server(installation):
        assert asked(installation, "select 1") == [(1,)]
    assert not draft.exists()


def test_a_deep_home_works_although_sockets_need_short_paths(home: Path) -> None:
    deep = Settings(home=home / "/".join(["柳州工匠认定工作领导小组办公室"] * 4))

    with database_server(deep):
        assert asked(deep, "select 1") == [(1,)]
    shutil.rmtree(deep.socket_folder)


def test_no_port_is_opened_and_no_other_account_gets_in(installation: Settings) -> None:
    with database_server(installation) as server:
        assert psutil.Process(server.pid).net_connections("inet") == []
        rules = (installation.database_folder / "pg_hba.conf").read_text()
        assert rules == "local all all peer map=installation\n"


def test_data_of_another_version_is_refused_by_both_numbers(installation: Settings) -> None:
    with database_server(installation):
        pass
    (installation.database_folder / "PG_VERSION").write_text("17\n")

    refused = subprocess.run(
        [sys.executable, "-m", "processes.postgres"],
        env=environment(installation),
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 1
    assert refused.stderr == (
        f"数据库目录 {installation.database_folder} 由 PostgreSQL 17 建立，现在的程序是 PostgreSQL 18，"
        "不能直接打开。请用原来的版本备份，再在新目录中恢复。\n"
    )


def test_root_lends_it_an_account_of_its_own_and_anybody_else_theirs(installation: Settings) -> None:
    me = pwd.getpwuid(os.geteuid()).pw_name
    with database_server(installation) as server:
        assert psutil.Process(server.pid).username() == {"root": "gongjiang-db"}.get(me, me)
