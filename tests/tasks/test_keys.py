"""Can the keys be changed with nothing lost, even when the command is killed half-way, and are wrong ones refused?"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select
from typer.testing import CliRunner

from cli import app
from models.attachment import Attachment
from models.case import Case
from models.crypto import KeysMissing, blind, key_of, keyring, keys_file, seal_json
from models.database import engine, reading, real_now, transaction
from models.filestore import get, path_of, read_sealed
from models.keys import CipherKey, ensure_keys
from models.personal import whole_form
from models.submission import Submission, Typed, typed_seal
from models.verdict import Refused
from settings import settings
from settings.disk import write_durably
from tasks.keys import check_keys, rotate
from tasks.typing import read_typed
from tests.killed import kill_when_it_speaks
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
STOPS = """
import sys
import models.tables
from tasks.keys import rotate
def stop(line):
    print(line, flush=True)
    sys.stdin.read()
rotate(progress=stop)
"""


def quiet(line: str) -> None:
    """Nobody listens."""


@pytest.fixture
def sealed(world: World) -> Case:
    """A case with everything that is sealed: numbers, a submission, files, and typed text."""
    case = world.bring_to(world.enter(phone="19900000001"), "unit_review")
    person = world.filler()
    with transaction() as session:
        content = seal_json({"name": "样例草稿"}, typed_seal(person.id, f"case:{case.id}"))
        session.add(Typed(person_id=person.id, about=f"case:{case.id}", content=content))
    return case


@contextmanager
def instead_of_keys(text: str | None) -> Iterator[None]:
    """Something else, or nothing, in the place of the key file for a while."""
    right = keys_file().read_text()
    if text is None:
        keys_file().unlink()
    else:
        keys_file().write_text(text)
    try:
        yield
    finally:
        write_durably(keys_file(), right)


def is_readable(world: World, case: Case, number: str) -> bool:
    """Everything that was sealed opens, under the current keys alone, and the person is found by number."""
    with reading() as session:
        now = session.get_one(Case, case.id)
        files = session.exec(select(Attachment).where(Attachment.case_id == case.id)).all()
        [submission] = session.exec(select(Submission).where(Submission.case_id == case.id)).all()
        typed = read_typed(session, world.filler(), f"case:{case.id}")
        found = session.exec(select(Case).where(Case.id_index == blind("id_number", number))).all()
        held = [now.sealed or b"", submission.sealed or b"", *(read_sealed(f.id) for f in files)]
    assert whole_form(now)["id_number"] == number
    assert typed is not None
    assert typed[0] == {"name": "样例草稿"}
    assert all(get(f.id) for f in files)
    assert case.id in {c.id for c in found}
    return {key_of(s) for s in held} == {keyring().data_key}


def test_after_a_change_everything_opens_with_the_new_keys_alone(world: World, sealed: Case) -> None:
    number = str(whole_form(sealed)["id_number"])
    before = dict(keyring().current)

    done = rotate(progress=quiet)

    after = keyring()
    assert set(done.retired) == set(before.values())
    assert list(after.data) == [done.keys["data"]]
    assert list(after.index) == [done.keys["index"]]
    assert done.resealed["材料文件"] >= 5
    assert is_readable(world, sealed, number)
    with reading() as session:
        assert check_keys(session).problems == ()


def test_one_purpose_can_be_changed_alone(world: World, sealed: Case) -> None:
    number = str(whole_form(sealed)["id_number"])
    before = dict(keyring().current)
    done = rotate(("index",), progress=quiet)

    assert keyring().data_key == before["data"]
    assert done.retired == [before["index"]]
    assert is_readable(world, sealed, number)


def test_old_keys_are_refused_loudly(sealed: Case) -> None:
    old = keys_file().read_text()
    rotate(progress=quiet)

    with instead_of_keys(old), reading() as session:
        with pytest.raises(KeysMissing, match="不是加密现有数据所用的那一份"):
            ensure_keys(session)
        with pytest.raises(KeysMissing, match="打不开用它加密的数据"):
            whole_form(session.get_one(Case, sealed.id))


def test_missing_keys_are_refused_loudly(sealed: Case) -> None:
    with instead_of_keys(None), reading() as session, pytest.raises(KeysMissing, match="找不到密钥文件"):
        ensure_keys(session)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"data": 1, "index": 2, "current": 3}',
        '{"data": {"d1": "QUJD"}, "index": {"i1": "QUJD"}, "current": {"data": "d1", "index": "i1"}}',
        '{"data": {}, "index": {}, "current": {"data": "d1", "index": "i1"}}',
        "样例",
    ],
)
def test_a_damaged_key_file_is_told(sealed: Case, text: str) -> None:
    with instead_of_keys(text), pytest.raises(KeysMissing, match="已损坏"):
        keyring()


@pytest.mark.parametrize("text", [None, "样例"])
def test_commands_say_it_in_a_sentence(sealed: Case, text: str | None) -> None:
    for command in (["keys", "check"], ["keys", "rotate"], ["migrate"]):
        with instead_of_keys(text):
            done = CliRunner().invoke(app, command)
        assert done.exit_code == 2
        assert done.stderr.startswith("密钥文件" if text else "找不到密钥文件")
        assert "Traceback" not in done.output


def test_commands_tell_what_was_done(sealed: Case) -> None:
    checked = CliRunner().invoke(app, ["keys", "check"])
    assert "密钥齐全，与现有数据相符。" in checked.stdout
    changed = CliRunner().invoke(app, ["keys", "rotate", "--only", "index", "--json"])
    assert json.loads(changed.stdout)["keys"] == {"index": keyring().index_key}
    assert CliRunner().invoke(app, ["keys", "rotate", "--only", "both"]).exit_code == 2


def test_a_killed_change_is_finished_by_the_next(world: World, sealed: Case) -> None:
    number = str(whole_form(sealed)["id_number"])
    kill_when_it_speaks(STOPS)

    assert len(keyring().data) == 2
    with reading() as session:
        [problem] = check_keys(session).problems
        assert "没有做完" in problem
    assert whole_form(world.case(sealed))["id_number"] == number

    rotate(progress=quiet)
    assert len(keyring().data) == len(keyring().index) == 1
    assert is_readable(world, sealed, number)


def test_a_spoilt_file_does_not_keep_the_others_under_the_old_key(world: World, sealed: Case) -> None:
    old = keyring().data_key
    with reading() as session:
        first, *others = session.exec(select(Attachment).where(Attachment.case_id == sealed.id)).all()
    whole = read_sealed(first.id)
    path_of(first.id).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))

    done = rotate(("data",), progress=quiet)

    assert (done.spoilt, done.retired) == ([first.id.hex], [])
    assert "从备份恢复这些文件" in done.as_text()
    assert {key_of(read_sealed(f.id)) for f in others} == {keyring().data_key}
    path_of(first.id).write_bytes(whole)
    assert rotate(("data",), progress=quiet).retired == [old]
    assert get(first.id)


def test_when_a_transaction_began_is_told_by_the_databases_clock(
    world: World, sealed: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of this machine is behind."""
    monkeypatch.setattr("tasks.keys.WAIT_SECONDS", 0.5)
    monkeypatch.setattr("tasks.keys.real_now", lambda: real_now() - timedelta(hours=1))
    with Session(engine()) as other:
        other.exec(select(Case.id).where(Case.id == sealed.id)).one()
        with pytest.raises(Refused, match="还有早先开始的操作"):
            rotate(("data",), progress=quiet)
    rotate(("data",), progress=quiet)


def test_a_change_waits_for_who_began_before(
    world: World, sealed: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.keys.WAIT_SECONDS", 0.5)
    with Session(engine()) as other:
        other.exec(select(Case.id).where(Case.id == sealed.id)).one()
        with pytest.raises(Refused, match="还有早先开始的操作"):
            rotate(("data",), progress=quiet)
        assert len(keyring().data) == 2
    rotate(("data",), progress=quiet)
    assert len(keyring().data) == 1


def test_only_one_change_at_a_time(world: World) -> None:
    def again(line: str) -> None:
        with pytest.raises(Refused, match="正在运行"):
            rotate(progress=quiet)

    world.enter()
    rotate(progress=again)


def test_the_record_keeps_fingerprints_and_no_key(database: object) -> None:
    with reading() as session:
        rows = session.exec(select(CipherKey).where(col(CipherKey.retired_at).is_(None))).all()
    told = json.loads(keys_file().read_text())
    assert {r.name for r in rows} == set(told["data"]) | set(told["index"])
    assert not {r.fingerprint for r in rows} & {*told["data"].values(), *told["index"].values()}
    assert keys_file().stat().st_mode & 0o777 == 0o600
    assert not keys_file().is_relative_to(settings().home)


def test_keys_with_which_something_is_sealed_are_missed(sealed: Case) -> None:
    with Session(engine()) as session:
        case = session.get_one(Case, sealed.id)
        assert case.sealed is not None
        case.sealed = case.sealed.replace(keyring().data_key.encode(), b"d0", 1)
        session.add(case)
        session.flush()
        problems = check_keys(session).problems
        session.rollback()
    assert problems == ("有1项数据是用密钥d0加密的，密钥文件里却没有它。",)
