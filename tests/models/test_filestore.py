"""Do a file's bytes live exactly as long as its row, sealed, even when a process is killed in between?"""

import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from models.checklist import kept_files
from models.crypto import Unreadable
from models.database import reading, transaction
from models.filestore import FileGone, FileSpoilt, drop, get, path_of, put, put_with, stored
from models.orphans import lost_files, orphans, sweep_orphans
from models.verdict import Refused
from processes.supervise import Stack
from settings import settings
from simulation.papers import pdf
from tests.world import World

CONTENT = "样例：身份证复印件".encode() * 100

KILLED = """
import os, sys
from uuid import UUID
from models.database import transaction
from models.filestore import put_with
with transaction() as session:
    put_with(session, UUID(sys.argv[1]), b"x" * 1000)
    print("put", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _keys(database: Stack) -> None:
    """The record's keys are there."""


def files() -> set[Path]:
    return {path for path, _ in stored()}


def test_what_was_put_is_got_and_lies_sealed() -> None:
    file_id = uuid4()
    put(file_id, CONTENT)

    assert get(file_id) == CONTENT
    assert CONTENT[:30] not in path_of(file_id).read_bytes()
    assert path_of(file_id).stat().st_mode & 0o777 == 0o600
    drop(file_id)
    with pytest.raises(FileGone):
        get(file_id)


def test_a_file_put_in_anothers_place_is_not_opened() -> None:
    mine, other = uuid4(), uuid4()
    put(mine, CONTENT)
    path_of(other).parent.mkdir(parents=True, exist_ok=True)
    path_of(mine).rename(path_of(other))

    with pytest.raises(Unreadable):
        get(other)
    drop(other)


def test_rollback_takes_the_file_away() -> None:
    file_id = uuid4()
    with reading() as session:
        session.begin()
        put_with(session, file_id, CONTENT)
        session.rollback()

    assert not path_of(file_id).exists()


def test_closing_without_a_word_takes_the_file_away() -> None:
    file_id = uuid4()
    with reading() as session:
        session.connection()
        put_with(session, file_id, CONTENT)

    assert not path_of(file_id).exists()


def test_commit_keeps_the_file_and_a_later_rollback_leaves_it() -> None:
    file_id = uuid4()
    with reading() as session:
        put_with(session, file_id, CONTENT)
        session.commit()
        session.connection()
        session.rollback()

    assert get(file_id) == CONTENT
    drop(file_id)


def test_a_killed_process_leaves_an_orphan_that_is_swept(database: Stack) -> None:
    file_id = uuid4()
    before = files()
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(file_id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **settings().environment()},
        cwd=Path(__file__).resolve().parents[2],
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"put\n"
    child.send_signal(signal.SIGKILL)
    child.wait()

    assert path_of(file_id).exists()
    with transaction() as session:
        assert path_of(file_id) not in orphans(session)
        assert path_of(file_id) in orphans(session, seconds=0)
        _make_old(path_of(file_id))
        assert sweep_orphans(session) == 1
    assert files() == before


def test_half_written_files_are_swept_too(database: Stack) -> None:
    folder = path_of(uuid4()).parent
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{uuid4().hex}.new"
    draft.write_bytes(b"half")
    _make_old(draft)

    with reading() as session:
        assert sweep_orphans(session) == 1
    assert not draft.exists()


def test_files_of_a_case_are_no_orphans_and_a_lost_one_is_named(world: World) -> None:
    case = world.enter()
    world.supply(case)
    with reading() as session:
        mine = [path_of(file.id) for file in kept_files(session, case)]
        assert mine
        for path in mine:
            _make_old(path)
        assert not set(orphans(session)) & set(mine)
        assert lost_files(session, world.season_id) == []

        lost = mine[0]
        content = lost.read_bytes()
        lost.unlink()
        [(number, _)] = lost_files(session, world.season_id) or [("", "")]
        lost.write_bytes(content)
    assert number == case.number


def test_very_many_orphans_are_left_alone(database: Stack, caplog: pytest.LogCaptureFixture) -> None:
    made = [uuid4() for _ in range(30 + sum(1 for _ in stored()) // 5)]
    for file_id in made:
        put(file_id, pdf())
        _make_old(path_of(file_id))

    with reading() as session:
        assert sweep_orphans(session) == 0
    assert "right database" in caplog.text
    for file_id in made:
        drop(file_id)


def _make_old(path: Path) -> None:
    before = time.time() - 2 * 3600
    os.utime(path, (before, before))


def test_names_are_spread_over_folders() -> None:
    path = path_of(UUID("0123456789abcdef0123456789abcdef"))
    assert path.parts[-3:] == ("01", "23", "0123456789abcdef0123456789abcdef")


def test_an_undone_savepoint_takes_no_other_file_away(database: Stack) -> None:
    kept, undone = uuid4(), uuid4()
    with transaction() as session:
        put_with(session, kept, pdf())
        with suppress(LookupError), session.begin_nested():
            put_with(session, undone, pdf("another sample"))
            raise LookupError
    assert path_of(kept).exists()
    for file_id in (kept, undone):
        drop(file_id)


@pytest.mark.parametrize("left", [0, 2, 10, 30, -1])
def test_a_file_that_was_cut_short_is_told(left: int) -> None:
    file_id = uuid4()
    put(file_id, CONTENT)
    path_of(file_id).write_bytes(path_of(file_id).read_bytes()[:left])

    with pytest.raises(FileSpoilt):
        get(file_id)
    drop(file_id)


def test_a_disk_that_takes_no_more_is_told_and_nothing_is_left() -> None:
    before, file_id = files(), uuid4()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, hard))
    try:
        with pytest.raises(Refused, match="联系管理员腾出空间"):
            put(file_id, CONTENT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert files() == before
