"""Is a backup whole, without keys, and never half there, while people go on working?"""

import json
import resource
import subprocess
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from cli import app
from models.attachment import Attachment
from models.case import Case
from models.crypto import keys_file
from models.database import reading, transaction
from models.filestore import drop, nothing_dropped, path_of, put
from models.heartbeat import BACKUP, Heartbeat
from models.keys import CipherKey
from models.orphans import sweep_orphans
from models.personal import whole_form
from models.verdict import Refused
from processes.postgres import ENVIRONMENT, program
from tasks.backup import back_up, back_up_daily
from tasks.keys import keys_at_rest
from tests.elsewhere import set_to
from tests.killed import kill_when_it_speaks
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
STOPS = """
import sys
from pathlib import Path
import models.tables
from tasks.backup import back_up
def stop(line):
    if line.startswith("数据库"):
        print(line, flush=True)
        sys.stdin.read()
back_up(Path(sys.argv[1]), stop)
"""


def gongjiang(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def quiet(line: str) -> None:
    """Nobody listens."""


@pytest.fixture
def submitted(world: World) -> Case:
    return world.bring_to(world.enter(), "unit_review")


def file_of(case: Case) -> Attachment:
    with reading() as session:
        return session.exec(select(Attachment).where(Attachment.case_id == case.id)).all()[0]


def test_a_backup_holds_the_record_and_every_file_and_no_key(submitted: Case, tmp_path: Path) -> None:
    target = tmp_path / "今天.zip"

    done = gongjiang("backup", str(target), "--json")

    told = json.loads(done.stdout)
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        content = b"".join(archive.read(name) for name in names)
    keys = json.loads(keys_file().read_text())
    assert done.exit_code == 0
    assert "record.dump" in names
    assert f"files/{file_of(submitted).id.hex}" in names
    assert told["files"] == len(names) - 2
    assert not [k for k in [*keys["data"].values(), *keys["index"].values()] if k.encode() in content]
    assert target.stat().st_mode & 0o777 == 0o600
    assert str(whole_form(submitted)["id_number"]) not in readable(target, tmp_path)
    assert "数据库：" in done.stderr


def readable(backup: Path, folder: Path) -> str:
    """What whoever holds the backup can read of the record."""
    with zipfile.ZipFile(backup) as archive:
        archive.extract("record.dump", folder)
    command = [program("pg_restore"), "--file=-", str(folder / "record.dump")]
    text = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout
    assert "COPY public.event " in text
    return text


def test_the_status_page_learns_of_it(submitted: Case, tmp_path: Path) -> None:
    done = back_up(tmp_path / "one.zip", quiet)

    with reading() as session:
        beaten = session.get_one(Heartbeat, (BACKUP, ""))
    assert beaten.facts["bytes"] == done.file.stat().st_size


@pytest.mark.parametrize(("name", "said"), [("there.zip", "已经存在"), ("nowhere/one.zip", "没有文件夹")])
def test_nothing_is_overwritten(database: object, tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "there.zip").write_text("样例")

    done = gongjiang("backup", str(tmp_path / name))

    assert (done.exit_code, said in done.stderr) == (2, True)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("there.zip", "样例")]


def test_a_killed_backup_leaves_nothing_under_its_name_and_the_next_is_whole(
    submitted: Case, tmp_path: Path
) -> None:
    target = tmp_path / "one.zip"
    kill_when_it_speaks(STOPS, str(target))

    assert [p.name for p in tmp_path.iterdir()] == ["one.zip.part"]
    back_up(target, quiet)
    assert [p.name for p in tmp_path.iterdir()] == ["one.zip"]


def test_a_full_disk_is_told_and_no_half_backup_stays(submitted: Case, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        done = gongjiang("backup", str(tmp_path / "one.zip"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (done.exit_code, "备份没有做成" in done.stderr, list(tmp_path.iterdir())) == (2, True, [])


def test_no_file_is_taken_away_meanwhile(database: object) -> None:
    file_id = uuid4()
    put(file_id, "样例".encode())
    with nothing_dropped(), transaction() as session:
        drop(file_id)
        assert sweep_orphans(session, seconds=0) == 0
        assert path_of(file_id).exists()

    drop(file_id)
    assert not path_of(file_id).exists()


def test_keys_are_not_changed_meanwhile(database: object, tmp_path: Path) -> None:
    with keys_at_rest(), pytest.raises(Refused, match="另一个更换密钥或备份的命令"):
        back_up(tmp_path / "one.zip", quiet)


def test_keys_that_were_changed_all_the_same_are_noticed(database: object, tmp_path: Path) -> None:
    """The database was restarted, and with it went the lock."""

    def change(line: str) -> None:
        if line.startswith("数据库"):
            with transaction() as session:
                session.add(CipherKey(name="d999", purpose="data", fingerprint="0" * 32))

    with pytest.raises(Refused, match="备份期间更换了密钥"):
        back_up(tmp_path / "one.zip", change)

    with transaction() as session:
        session.delete(session.get_one(CipherKey, "d999"))
    assert list(tmp_path.iterdir()) == []


def test_what_was_lost_before_is_named(submitted: Case, tmp_path: Path) -> None:
    lost = file_of(submitted).id
    sealed = path_of(lost).read_bytes()
    path_of(lost).unlink()

    done = back_up(tmp_path / "one.zip", quiet)

    path_of(lost).write_bytes(sealed)
    assert lost.hex in done.manifest.lost
    assert "在备份之前就已不在" in done.as_text()


def test_of_the_daily_backups_the_newest_are_kept(database: object, tmp_path: Path) -> None:
    assert back_up_daily() is None
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("gongjiang-20260101-030000.zip", "gongjiang-20260102-030000.zip", "other.zip"):
        (folder / name).touch()
    (folder / "gongjiang-20260103-030000.zip.part").touch()

    with set_to(BACKUP_FOLDER=str(folder), BACKUP_KEEP="2"):
        done = back_up_daily()

    assert done is not None
    assert sorted(p.name for p in folder.iterdir()) == [
        "gongjiang-20260102-030000.zip",
        done.file.name,
        "other.zip",
    ]
