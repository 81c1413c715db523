"""Where do the bytes of an uploaded file lie? Sealed, one file each, named by the id of the row that describes it.

Bytes are written before their row is committed: `put_with` ties them to the transaction, so that a rollback takes
them away again. What a killed process leaves behind is an orphan, which `models.orphans` finds and sweeps.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import event
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

from models.crypto import Unreadable, seal, unseal
from models.database import reading
from models.file_scan import forget_held, held_state
from models.verdict import Reason, Refused
from models.words import ScanState
from settings import settings
from settings.disk import sync_folder

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_CASE = 200 * 1024 * 1024
DRAFT = ".new"
PENDING = "files_put"
DOOMED = "files_dropped"

log = logging.getLogger("gongjiang.files")


class FileGone(Exception):
    """The record names a file whose bytes are not in the files folder."""


class FileSpoilt(FileGone, Unreadable):
    """They are there, and no longer what they were."""


class FileHeld(FileGone):
    """They are there, and nobody may open them: no scanner has looked at them yet, or one has found a virus."""

    def __init__(self, state: ScanState) -> None:
        super().__init__(state)
        self.state = state

    @property
    def reason(self) -> Reason:
        return Reason("file_held", HELD_TEXTS[self.state])


HELD_TEXTS = {
    ScanState.WAITING: "这份文件还没有查毒（病毒扫描程序没有应答），暂时打不开。查过以后即可打开，请稍后再试。",
    ScanState.FOUND: "这份文件查出病毒，已经隔离，不能打开。请移除后，重新上传一份干净的。",
}


def refusal(error: FileGone, gone: Reason) -> Refused:
    """Why a file can't be opened: it is held, or else what is said of one that is gone."""
    return Refused(error.reason if isinstance(error, FileHeld) else gone)


def path_of(file_id: UUID) -> Path:
    return place_in(settings().files_folder, file_id)


def place_in(folder: Path, file_id: UUID) -> Path:
    """Where a file lies in a files folder."""
    name = file_id.hex
    return folder / name[:2] / name[2:4] / name


def about(file_id: UUID) -> str:
    return f"file:{file_id}"


def put(file_id: UUID, content: bytes) -> None:
    """Keep the bytes, sealed; they are on the disk when this returns. Refused when the disk takes no more."""
    try:
        write_sealed(file_id, seal(content, about(file_id)))
    except OSError as error:
        log.error("a file could not be kept: %s", error.strerror)
        text = "存放材料的磁盘写不进去，可能已满，这份材料没有收下。请联系管理员腾出空间后再上传。"
        raise Refused(Reason("not_stored", text)) from None


def write_sealed(file_id: UUID, sealed: bytes) -> None:
    path = path_of(file_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{uuid4().hex}{DRAFT}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def read_sealed(file_id: UUID) -> bytes:
    try:
        return path_of(file_id).read_bytes()
    except FileNotFoundError:
        raise FileGone(str(file_id)) from None


def get(file_id: UUID) -> bytes:
    """The bytes as they were given, to be opened by somebody.

    Raises `FileGone` when they are not there, `FileSpoilt` when they were changed, `FileHeld` when none may open them.
    """
    with reading() as session:
        state = held_state(session, file_id)
    if state is not None:
        raise FileHeld(state)
    return read_plain(file_id)


def read_plain(file_id: UUID) -> bytes:
    """The same without asking whether the file is held: for the scanner alone."""
    try:
        return unseal(read_sealed(file_id), about(file_id))
    except Unreadable as error:
        raise FileSpoilt(str(error)) from None


def drop(file_id: UUID) -> None:
    """Let the bytes go. While a backup is made they stay, as an orphan that is swept later."""
    with may_drop() as free:
        if free:
            path_of(file_id).unlink(missing_ok=True)


@contextmanager
def may_drop() -> Iterator[bool]:
    """Whether files may be taken away now; as long as this is open no backup begins."""
    with _lock_file().open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def nothing_dropped() -> Iterator[None]:
    """Meanwhile every file stays that is there when its row can be read."""
    with _lock_file().open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lock_file() -> Path:
    settings().home.mkdir(parents=True, exist_ok=True)
    return settings().home / "files.lock"


def stored() -> Iterator[tuple[Path, UUID | None]]:
    """Everything in the files folder; None for what is no file of ours, such as one only half written."""
    for path in settings().files_folder.glob("*/*/*"):
        try:
            yield path, UUID(path.name)
        except ValueError:
            yield path, None


# --- with a transaction ------------------------------------------------------------------------------------------


def put_with(session: Session, file_id: UUID, content: bytes) -> None:
    """Keep the bytes if the transaction is committed, and no longer than that if it is not."""
    _watch(session)
    session.info[PENDING].add(file_id)
    put(file_id, content)


def drop_with(session: Session, file_id: UUID) -> None:
    """Let the bytes go once the transaction is committed; nothing of them is held any longer."""
    _watch(session)
    forget_held(session, file_id)
    session.info[DOOMED].add(file_id)


def _watch(session: Session) -> None:
    if PENDING in session.info:
        return
    session.info[PENDING], session.info[DOOMED] = set(), set()
    event.listen(session, "before_commit", _committing)
    event.listen(session, "after_commit", _committed)
    event.listen(session, "after_rollback", _rolled_back)
    event.listen(session, "after_transaction_end", _ended)


def _committing(session: Session) -> None:
    """From here on the row may be there even when no answer comes back: the bytes stay, at worst as an orphan."""
    if not session.in_nested_transaction():
        session.flush()
        session.info[PENDING].clear()


def _committed(session: Session) -> None:
    if not session.in_nested_transaction():
        for file_id in session.info[DOOMED]:
            drop(file_id)
        session.info[DOOMED].clear()


def _rolled_back(session: Session) -> None:
    """A savepoint that is undone may have left other files of the transaction standing: they wait for its end."""
    if session.in_nested_transaction():
        return
    for file_id in session.info[PENDING]:
        drop(file_id)
    session.info[PENDING].clear()
    session.info[DOOMED].clear()


def _ended(session: Session, transaction: SessionTransaction) -> None:
    """A session that is closed without a word rolls back as well, and tells it only here."""
    if transaction.parent is None:
        _rolled_back(session)
