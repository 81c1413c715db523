"""When the upgrade of a full record is killed half-way, is everything as before, and can it be done again?"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from models.database import engine
from models.migrate import check, downgrade, upgrade
from processes.dumping import dumping, load
from settings import settings
from settings.urls import rendered
from tests.flows.dashboard import until
from tests.models.test_migrate import empty
from tests.world import World

__all__ = ["empty"]

ROOT = Path(__file__).resolve().parents[2]
OLDER = "0011"
# The last step changes this table, so that everything before it is done when somebody holds it.
HELD = "LOCK TABLE task_link IN ACCESS SHARE MODE"
WAITING = "select count(*) from pg_stat_activity where datname = :name and wait_event_type = 'Lock'"
OTHERS = "select count(*) from pg_stat_activity where datname = :name and pid <> pg_backend_pid()"
MIGRATE = "import sys; from models.migrate import upgrade; upgrade(sys.argv[1])"


@pytest.fixture
def full(world: World, empty: str, tmp_path: Path) -> str:
    """A record with cases in it, as an older version of the program left it."""
    world.bring_to(world.enter(), "office_review")
    with engine().connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ")
        snapshot = connection.execute(text("select pg_export_snapshot()")).scalar_one()
        with dumping(settings().database_url, snapshot) as dump:
            (tmp_path / "record.dump").write_bytes(dump.read())
    load(empty, tmp_path / "record.dump")
    downgrade(empty, OLDER)
    return empty


def columns(url: str) -> dict[str, list[str]]:
    server = create_engine(url)
    found = inspect(server)
    result = {name: [c["name"] for c in found.get_columns(name)] for name in found.get_table_names()}
    server.dispose()
    return result


def contents(url: str, of: dict[str, list[str]]) -> dict[str, str]:
    """What these columns hold, in short."""
    server, result = create_engine(url), {}
    with server.connect() as connection:
        for table, names in of.items():
            row = "row(" + ", ".join(f'"{name}"' for name in names) + ")::text"
            query = f"select md5(coalesce(string_agg({row}, '' order by {row}), '')) from \"{table}\""
            result[table] = connection.execute(text(query)).scalar_one()
    server.dispose()
    return result


def kill_upgrade(url: str) -> None:
    """Kill the upgrade when nearly all of it is done."""
    name, watcher = make_url(url).database, create_engine(rendered(make_url(settings().database_url)))
    holder = create_engine(url)
    with watcher.connect().execution_options(isolation_level="AUTOCOMMIT") as watching:
        with holder.connect() as holding:
            holding.execute(text(HELD))
            child = subprocess.Popen([sys.executable, "-c", MIGRATE, url], env=os.environ, cwd=ROOT)
            until(lambda: watching.execute(text(WAITING), {"name": name}).scalar(), "the last step")
            child.kill()
            child.wait()
        holder.dispose()
        until(lambda: not watching.execute(text(OTHERS), {"name": name}).scalar(), "its end")
    watcher.dispose()


def test_a_killed_upgrade_changes_nothing_and_the_next_is_whole(full: str) -> None:
    before = columns(full)
    old = contents(full, before)

    kill_upgrade(full)

    assert columns(full) == before
    assert contents(full, before) == old

    upgrade(full)

    check(full)
    after = columns(full)
    kept = {t: [c for c in names if c in after[t]] for t, names in before.items() if t != "alembic_version"}
    assert [t for t, names in kept.items() if len(names) < len(before[t])] == ["person", "task_link"]
    # Everybody logs in anew after an upgrade.
    same = {t for t in kept if kept[t] == before[t]} - {"login_session"}
    assert {t: v for t, v in contents(full, kept).items() if t in same} == {t: old[t] for t in same}
