"""Does a backup made while people decide come back on an empty machine, whole, and go on? Is a wrong one refused?"""

import json
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select
from typer.testing import CliRunner, Result

from cli import app
from models.case import Case
from models.crypto import Keyring, keyring, new_key, write_keys
from models.database import engine, reading, transaction
from models.filestore import get, stored
from models.migrate import upgrade
from models.season import Season, notice_of
from models.tables import metadata
from processes.dumping import count_rows
from processes.errors import CannotStart
from processes.up import refuse_half_restored
from settings import Settings, settings
from tasks.accounts import open_login
from tasks.backup import BackedUp, back_up
from tasks.backup_archive import LIST, RECORD, Manifest, add, add_list
from tasks.logging_in import authenticate
from tasks.practice import practice_password
from tests.documents.made_files import METHOD, VERSION, every_entry_says
from tests.elsewhere import its_database, living_in, new_home
from tests.flows.dashboard import until
from tests.world import World, open_world

ROOT = Path(__file__).resolve().parents[2]
STOPS = """
import sys
import cli.safekeeping
def stop(line):
    if line.startswith(sys.argv[2]):
        print(line, flush=True)
        sys.stdin.read()
cli.safekeeping._tell = stop
cli.app(["restore", sys.argv[1]])
"""


def gongjiang(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def quiet(line: str) -> None:
    """Nobody listens."""


@dataclass
class Origin:
    """An installation that is lost: what was saved of it, and what it then held."""

    home: Settings
    live: BackedUp
    still: Path
    cases: int
    season_id: Any
    tables: dict[str, str]
    files: set[str]

    def lend_keys(self, to: Settings) -> None:
        shutil.copytree(self.home.keys_folder, to.keys_folder)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origin]:
    """One backup is made in the middle of decisions, another when all is quiet."""
    folder = tmp_path_factory.mktemp("backups")
    with new_home() as home:
        with living_in(home), its_database():
            upgrade()
            world = open_world()
            cases = [world.bring_to(world.enter(), "unit_review") for _ in range(2)]
            live = saved_while_deciding(world, cases, folder / "live.zip")
            with transaction() as session:
                open_login(session, world.person("office"))
            still = back_up(folder / "still.zip", quiet)
            files = {path.name for path, _ in stored()}
            found = Origin(home, live, still.file, still.manifest.cases, world.season_id, digests(), files)
        yield found


def saved_while_deciding(world: World, cases: list[Case], target: Path) -> BackedUp:
    begun, deciding = threading.Event(), True

    def decide() -> None:
        while deciding:
            world.enter()
            for case in cases:
                for step in world.open_steps(case)[:1]:
                    world.pass_step(step, case)
            begun.set()

    person = threading.Thread(target=decide)
    person.start()
    begun.wait()
    try:
        return back_up(target, quiet)
    finally:
        deciding = False
        person.join()


def digests() -> dict[str, str]:
    """What each table holds, in short; passwords, logins and signs of life are of the installation."""
    found = {}
    with engine().connect() as connection:
        for name in sorted(set(metadata.tables) - {"heartbeat", "login_session"}):
            row = "to_jsonb(t) - 'password_hash'" if name == "person" else "to_jsonb(t)"
            query = (
                f"select md5(coalesce(string_agg(md5(({row})::text), '' order by ({row})::text), '')) from"
            )
            found[name] = connection.execute(text(f'{query} "{name}" t')).scalar_one()
    return found


@pytest.fixture
def empty(origin: Origin) -> Iterator[Settings]:
    """An installation on another machine, with the keys that were kept."""
    with new_home() as home:
        origin.lend_keys(home)
        with living_in(home):
            yield home


def test_what_was_saved_while_people_decided_is_whole_and_goes_on(origin: Origin, empty: Settings) -> None:
    done = gongjiang("restore", str(origin.live.file), "--json")

    told = json.loads(done.stdout)
    assert (done.exit_code, told["doctor"]["broken"], told["audit"]["ok"], told["changed"]) == (
        0,
        [],
        True,
        [],
    )
    with its_database() as stack:
        with reading() as session:
            season = session.get_one(Season, origin.season_id)
            world = World(origin.season_id, notice_of(session, season))
            live = session.exec(select(Case).where(Case.season_id == season.id)).all()
            assert authenticate(session, "office", practice_password())
        assert {path.name for path, _ in stored()} == {
            f.name.removeprefix("files/") for f in origin.live.manifest.files
        }
        assert all(get(i) for _, i in stored() if i)
        stack.start_one("prefect")
        stack.start_one("engine")
        new = world.enter()
        until(lambda: all(world.case(case).flow_run_id for case in (*live, new)), "a run for every case")
        world.supply(new)
        before = world.open_steps(new)
        world.answer(before[0], new)
        until(lambda: world.open_steps(new) not in ([], before), "the next step")


def test_everything_is_as_it_was_also_after_replacing_and_after_a_load_that_failed(
    origin: Origin, empty: Settings, tmp_path: Path
) -> None:
    gongjiang("restore", str(origin.live.file))

    unasked = gongjiang("restore", str(origin.still))
    word = unasked.stderr.rpartition("--confirm ")[2].rstrip("。\n")
    replaced = gongjiang("restore", str(origin.still), "--replace", "--confirm", word)

    torn = with_torn_dump(origin.live.file, tmp_path / "torn.zip")
    failed = gongjiang("restore", str(torn), "--replace", "--confirm", f"替换{origin.cases}名")

    assert [r.exit_code for r in (unasked, replaced, failed)] == [2, 0, 2]
    assert "恢复没有做成" in failed.stderr
    assert "现有数据没有变化" in failed.stderr
    assert "确要替换的，加上 --replace --confirm" in unasked.stderr
    assert "未发现改动" in replaced.stdout
    with its_database():
        assert count_rows(settings().database_url, "login_session") == 0
        assert digests() == origin.tables
        assert {path.name for path, _ in stored()} == origin.files


def with_torn_dump(backup: Path, target: Path) -> Path:
    """A backup whose dump breaks off, and whose list says that it should."""
    with zipfile.ZipFile(backup) as archive, zipfile.ZipFile(target, "w") as torn:
        manifest = Manifest.model_validate_json(archive.read(LIST))
        dump = archive.read(RECORD)[: manifest.record.bytes * 9 // 10]
        manifest.record = add(torn, RECORD, BytesIO(dump))
        for kept in manifest.files:
            add(torn, kept.name, BytesIO(archive.read(kept.name)))
        add_list(torn, manifest)
    return target


def test_a_killed_restore_is_told_and_can_be_repeated(
    origin: Origin, empty: Settings, tmp_path: Path
) -> None:
    for stop in ("材料文件", "升级数据表"):
        kill_restore(origin.still, stop)
        with pytest.raises(CannotStart, match="上一次恢复没有做完"):
            refuse_half_restored(settings())

    assert gongjiang("restore", str(origin.still)).exit_code == 0
    refuse_half_restored(settings())
    assert gongjiang("backup", str(tmp_path / "at-rest.zip")).exit_code == 0
    with its_database():
        running = gongjiang("restore", str(origin.still))
        assert (running.exit_code, "系统已经在运行" in running.stderr) == (2, True)
        assert digests() == origin.tables
        assert {path.name for path, _ in stored()} == origin.files


def kill_restore(backup: Path, stop: str) -> None:
    """Start a restore and kill it when it says this."""
    child = subprocess.Popen(
        [sys.executable, "-c", STOPS, str(backup), stop],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert child.stdout is not None
    assert child.stdout.readline()
    child.kill()
    child.wait()


# --- what is refused, before anything is touched -----------------------------------------------------------------


def untouched(home: Settings) -> bool:
    return not home.database_folder.exists() and not home.files_folder.exists()


def test_a_wrong_key_is_refused_and_a_missing_one_too(origin: Origin, empty: Settings) -> None:
    right = keyring()
    checked = gongjiang("restore", str(origin.still), "--check")
    write_keys(Keyring({"d1": new_key()}, right.index, right.current))
    wrong = gongjiang("restore", str(origin.still))
    shutil.rmtree(empty.keys_folder)
    missing = gongjiang("restore", str(origin.still))

    assert (checked.exit_code, wrong.exit_code, missing.exit_code) == (0, 2, 2)
    assert "备份完好，密钥相符" in checked.stdout
    assert "不是这份备份所用的那一份（d1）" in wrong.stderr
    assert "找不到密钥文件" in missing.stderr
    assert "恢复没有开始" in missing.stderr
    assert untouched(empty)


def damaged(backup: Path, name: str, target: Path) -> Path:
    """A copy in which one byte of this file of the archive is another."""
    with zipfile.ZipFile(backup) as archive:
        info = archive.getinfo(name)
    content = bytearray(backup.read_bytes())
    content[info.header_offset + 200] ^= 1
    target.write_bytes(content)
    return target


def test_a_damaged_file_is_named(origin: Origin, empty: Settings, tmp_path: Path) -> None:
    for name in ("record.dump", f"files/{sorted(origin.files)[0]}"):
        refused = gongjiang("restore", str(damaged(origin.still, name, tmp_path / "bad.zip")))
        assert (refused.exit_code, f"备份已损坏：{name} " in refused.stderr) == (2, True)
    assert untouched(empty)


def test_what_is_no_backup_is_refused(origin: Origin, empty: Settings, tmp_path: Path) -> None:
    half, newer, more = tmp_path / "half.zip", tmp_path / "newer.zip", tmp_path / "more.zip"
    odd, later = tmp_path / "odd.zip", tmp_path / "later.zip"
    whole = origin.still.read_bytes()
    half.write_bytes(whole[: len(whole) // 2])
    odd.write_bytes(every_entry_says(whole, METHOD, 8))
    later.write_bytes(every_entry_says(whole, VERSION, 255))
    with zipfile.ZipFile(origin.still) as archive, zipfile.ZipFile(newer, "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            changed.writestr(
                name, content.replace(b'"tables": "', b'"tables": "9') if name == LIST else content
            )
    shutil.copy(origin.still, more)
    with zipfile.ZipFile(more, "a") as archive:
        archive.writestr("../outside", "样例")

    bad = (half, newer, more, odd, later, tmp_path / "none.zip")
    said = {f.name: gongjiang("restore", str(f)).stderr for f in bad}

    assert "不完整" in said["half.zip"]
    assert "由更新的版本作出" in said["newer.zip"]
    assert "与它的清单不符：../outside" in said["more.zip"]
    assert "已损坏" in said["odd.zip"]
    assert "打不开备份" in said["later.zip"]
    assert "没有这个备份文件" in said["none.zip"]
    assert untouched(empty)
