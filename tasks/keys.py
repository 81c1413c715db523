"""How are the keys checked, and changed for new ones without losing anything?

A change first writes the new key beside the old one, durably; then everything sealed is sealed anew, in small
transactions; then, when no transaction from before is left and nothing uses the old key, it is retired in the record
and taken out of the file. Killed anywhere in between, the same command goes on from there.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.crypto import Keyring, Unreadable, keyring, keys_file, new_key, write_keys
from models.database import engine, reading, real_now, transaction
from models.filestore import stored
from models.keys import CipherKey, ensure_keys, note_keys
from models.sealed import (
    FILES,
    PLACES,
    data_keys_in_use,
    index_keys_in_use,
    reindex_cases,
    reseal_file,
    reseal_rows,
)
from models.verdict import Reason, Refused

Purpose = Literal["data", "index"]
PURPOSES: tuple[Purpose, ...] = ("data", "index")
BATCH = 100
WAIT_SECONDS = 60.0
LOCK = "select pg_try_advisory_lock(hashtext('gongjiang_keys'))"
OLDER = text(
    "select count(*) from pg_stat_activity where datname = current_database()"
    " and pid <> pg_backend_pid() and backend_type = 'client backend' and xact_start < :moment"
)


@dataclass
class Rotated:
    """What a change of keys has done; `resealed` counts by kind, `spoilt` names the files that can't be opened."""

    keys: dict[str, str] = field(default_factory=dict)
    retired: list[str] = field(default_factory=list)
    resealed: dict[str, int] = field(default_factory=dict)
    spoilt: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def as_text(self) -> str:
        lines = [f"现在使用的密钥：{'、'.join(self.keys.values())}。密钥文件：{keys_file()}"]
        lines += [f"已重新加密{label}{number}项。" for label, number in self.resealed.items() if number]
        if self.retired:
            lines.append(
                f"旧密钥{'、'.join(self.retired)}已停用，并从密钥文件中删去，没有另存副本。"
                "请现在另行保管新的密钥文件；此前的备份只能用备份当时的密钥文件打开，请一并保留。"
            )
        if self.spoilt:
            lines.append(
                f"有{len(self.spoilt)}个文件已损坏，打不开，没有重新加密，它们的旧密钥暂时保留："
                f"{'、'.join(self.spoilt)}。请从备份恢复这些文件后，再运行一次 gongjiang keys rotate。"
            )
        return "\n".join(lines)


def rotate(purposes: tuple[Purpose, ...] = PURPOSES, progress: Callable[[str], None] = print) -> Rotated:
    """Change these keys for new ones, or finish a change that was interrupted."""
    done = Rotated()
    with keys_at_rest():
        began = _begin(purposes)
        done.keys = {p: keyring().current[p] for p in purposes}
        for again in (False, True):
            if again:
                _wait_for_older(began)
            _seal_anew(purposes, done, progress)
        for purpose in purposes:
            done.retired += _retire(purpose)
    return done


@contextmanager
def keys_at_rest() -> Iterator[None]:
    """Only one change of keys, or one backup, at a time in the whole installation."""
    with engine().connect() as connection:
        if not connection.execute(text(LOCK)).scalar():
            raise Refused(Reason("keys_busy", "另一个更换密钥或备份的命令正在运行，请等它结束。"))
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text("select pg_advisory_unlock(hashtext('gongjiang_keys'))"))
            connection.commit()


def _begin(purposes: tuple[Purpose, ...]) -> datetime:
    """The new keys in their file; those of an interrupted change are used again."""
    with transaction() as session:
        ensure_keys(session)
        known = {k.name: k.retired_at for k in session.exec(select(CipherKey))}
    ring = _copy()
    for purpose in purposes:
        held = _of(ring, purpose)
        if len([n for n in held if known.get(n) is None]) < 2:
            name = _next_name(purpose, {*known, *held})
            held[name] = new_key()
            ring.current[purpose] = name
    write_keys(ring)
    with transaction() as session:
        note_keys(session, keyring())
        return _moment(session)


def _moment(session: Session) -> datetime:
    """By the clock that also says when a transaction began: the database's, which may be another machine's."""
    found: datetime = session.connection().execute(text("select clock_timestamp()")).scalar_one()
    return found


def _copy() -> Keyring:
    """The keys to be changed; those at work stay as they are until the file is written."""
    ring = keyring()
    return Keyring(dict(ring.data), dict(ring.index), dict(ring.current))


def _of(ring: Keyring, purpose: Purpose) -> dict[str, bytes]:
    return ring.data if purpose == "data" else ring.index


def _next_name(purpose: Purpose, taken: set[str]) -> str:
    letter = purpose[0]
    numbers = [int(n[1:]) for n in taken if n[0] == letter and n[1:].isdigit()]
    return f"{letter}{max(numbers, default=0) + 1}"


def _seal_anew(purposes: tuple[Purpose, ...], done: Rotated, progress: Callable[[str], None]) -> None:
    if "data" in purposes:
        for place in PLACES:
            key = keyring().data_key
            _in_batches(place.label, done, progress, lambda s, p=place, k=key: reseal_rows(s, p, k, BATCH))  # type: ignore[misc]
        _files_anew(done, progress)
    if "index" in purposes:
        key = keyring().index_key
        _in_batches("查重索引", done, progress, lambda s: reindex_cases(s, key, BATCH))


def _in_batches(
    label: str, done: Rotated, progress: Callable[[str], None], step: Callable[[Session], int]
) -> None:
    """One transaction a batch, so that nobody waits long and a killed command has not worked for nothing."""
    while True:
        with transaction() as session:
            number = step(session)
        done.resealed[label] = done.resealed.get(label, 0) + number
        if not number:
            return
        progress(f"{label}：{done.resealed[label]}")


def _files_anew(done: Rotated, progress: Callable[[str], None]) -> None:
    key = keyring().data_key
    number = 0
    for path, file_id in stored():
        if file_id is not None and _is_sealed_anew(path, file_id, key, done):
            number += 1
            if number % BATCH == 0:
                progress(f"{FILES}：{number}")
    done.resealed[FILES] = done.resealed.get(FILES, 0) + number


def _is_sealed_anew(path: Path, file_id: UUID, key: str, done: Rotated) -> bool:
    """One file that is spoilt does not keep the others under the old key."""
    try:
        return reseal_file(file_id, key)
    except Unreadable:
        if path.name not in done.spoilt:
            done.spoilt.append(path.name)
        return False


def _wait_for_older(moment: datetime) -> None:
    """Who began before the new key was there may still write with the old one."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        with reading() as session:
            left = session.connection().execute(OLDER, {"moment": moment}).scalar()
        if not left:
            return
        if time.monotonic() > deadline:
            text_ = "还有早先开始的操作没有结束，旧密钥暂时保留。请稍后再运行一次 gongjiang keys rotate。"
            raise Refused(Reason("keys_busy", text_))
        time.sleep(0.2)


def _retire(purpose: Purpose) -> list[str]:
    """The old keys of this purpose leave the record's list, then the file; what is still used stays."""
    ring = _copy()
    current = ring.current[purpose]
    with transaction() as session:
        used = _used(session, purpose)
        old = [n for n in _of(ring, purpose) if n != current and n not in used]
        for key in session.exec(select(CipherKey).where(col(CipherKey.name).in_(old))):
            key.retired_at = key.retired_at or real_now()
            session.add(key)
    for name in old:
        del _of(ring, purpose)[name]
    write_keys(ring)
    return old


def _used(session: Session, purpose: Purpose) -> set[str]:
    if purpose == "index":
        return set(index_keys_in_use(session))
    return {name for counted in data_keys_in_use(session).values() for name in counted}


# --- checking ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KeyState:
    name: str
    purpose: str
    current: bool
    in_file: bool
    retired_at: datetime | None
    uses: int


@dataclass(frozen=True)
class Checked:
    """The keys of the installation, and what is wrong with them."""

    file: str
    keys: tuple[KeyState, ...]
    problems: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def as_text(self) -> str:
        lines = [f"密钥文件：{self.file}"]
        lines += [f"{k.name}（{NAMES[k.purpose]}）：{_state(k)}，用于{k.uses}项" for k in self.keys]
        return "\n".join([*lines, *(self.problems or ("密钥齐全，与现有数据相符。",))])


NAMES = {"data": "加密", "index": "查重索引"}


def _state(key: KeyState) -> str:
    if key.retired_at is not None:
        return "已停用"
    return "使用中" if key.current else "待停用"


def check_keys(session: Session) -> Checked:
    """Compare the key file with the record and with what is sealed. Raises `KeysMissing` when it is the wrong one."""
    ensure_keys(session)
    ring = keyring()
    uses = index_keys_in_use(session)
    for counted in data_keys_in_use(session).values():
        uses.update(counted)
    known = {k.name: k for k in session.exec(select(CipherKey).order_by(col(CipherKey.name)))}
    held = ring.data | ring.index
    states = tuple(
        KeyState(
            name=name,
            purpose=key.purpose,
            current=name in ring.current.values(),
            in_file=name in held,
            retired_at=key.retired_at,
            uses=uses.get(name, 0),
        )
        for name, key in known.items()
    )
    lost = sorted(set(uses) - set(held))
    problems = [f"有{uses[n]}项数据是用密钥{n}加密的，密钥文件里却没有它。" for n in lost]
    if any(s.in_file and not s.current for s in states):
        problems.append("上一次更换密钥没有做完，请再运行一次 gongjiang keys rotate。")
    return Checked(str(keys_file()), states, tuple(problems))
