"""How do mails get to us by themselves: from the office's mailbox, and from a folder of .eml files?

The shells that commands, flows and the page's button call. Each mail is a transaction of its own, and only after it is
a mail counted as fetched, or a file moved away: a kill in between costs nothing, since the same mail comes in once.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import Session

from models.database import engine, real_now, transaction
from models.filenames import safe_filename
from models.incoming import Incoming, Source
from models.season import Season
from models.verdict import Refused
from notifications.imap import Fetched, Mailbox, MailboxTrouble, fetch
from notifications.incoming import LARGEST_MAIL, not_a_mail
from notifications.words import decoded
from settings import settings
from tasks.inbox import season_for_mail, take_in, take_in_head

IMAP, FOLDER = "imap", "folder"
DONE = "已收取"
ENDING = ".eml"
# A file that was written to a moment ago may not be whole yet.
SETTLED_SECONDS = 2.0
HEAD_BYTES = 1024 * 1024
# Mails from before the season opened are none of its, but for those that came a little early.
EARLY = timedelta(days=30)
LONGEST_TROUBLE = 500
LOCK = "select pg_try_advisory_lock(20260303, 11)"
UNLOCK = "select pg_advisory_unlock(20260303, 11)"


@dataclass(frozen=True)
class Taken:
    """What became of one mail: `mail` is None when it was here already, or when `problem` says why not."""

    name: str
    mail: UUID | None = None
    problem: str = ""


@dataclass(frozen=True)
class Round:
    """What one look at a source brought."""

    taken: tuple[Taken, ...] = ()
    trouble: str = ""

    @property
    def new(self) -> int:
        return sum(t.mail is not None for t in self.taken)


def configured() -> bool:
    """Whether there is anything to look at by the clock."""
    return bool(settings().given_imap_url or settings().inbox_folder)


def collect() -> Round | None:
    """Look at the mailbox and the folder that are set; None while another process does."""
    with _alone() as mine:
        if not mine:
            return None
        rounds = [collect_mailbox(), collect_folder()]
    troubles = [r.trouble for r in rounds if r.trouble]
    return Round(tuple(t for r in rounds for t in r.taken), "".join(troubles))


@contextmanager
def _alone() -> Iterator[bool]:
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = bool(connection.execute(text(LOCK)).scalar_one())
        try:
            yield mine
        finally:
            if mine:
                connection.execute(text(UNLOCK))


# --- the mailbox -------------------------------------------------------------------------------------------------


def collect_mailbox() -> Round:
    """Fetch what is new in the mailbox that is set."""
    url = settings().given_imap_url
    if not url:
        return Round()
    mailbox = Mailbox.at(url)
    with transaction() as session:
        season = season_for_mail(session)
        source = _source(session, IMAP, str(mailbox))
        validity, last_uid = source.validity, source.last_uid
    if season is None:
        return Round()
    taken: list[Taken] = []
    trouble = ""
    try:
        for fetched in fetch(mailbox, validity, last_uid, _since(season)):
            taken.append(_take_fetched(season.id, fetched))
    except MailboxTrouble as error:
        trouble = error.text
    except Refused as refused:
        trouble = str(refused)
    _note(IMAP, str(mailbox), trouble)
    return Round(tuple(taken), trouble)


def _since(season: Season) -> date:
    return (season.opened_at - EARLY).date()


def _take_fetched(season_id: UUID, fetched: Fetched) -> Taken:
    """One mail, and that it has been fetched."""
    with transaction() as session:
        season = session.get_one(Season, season_id)
        if fetched.whole:
            mail = take_in(session, season, fetched.raw, IMAP, arrived=fetched.arrived)
        else:
            mail = take_in_head(session, season, fetched.raw, fetched.size, IMAP, arrived=fetched.arrived)
        source = session.get_one(Source, IMAP)
        source.validity, source.last_uid = fetched.validity, fetched.uid
        session.add(source)
        return Taken(str(fetched.uid), mail.id if mail else None)


def _source(session: Session, name: str, address: str) -> Source:
    """What is remembered of a source; of another one at its place, nothing."""
    source = session.get(Source, name, with_for_update=True)
    if source is None or source.address != address:
        source = session.merge(Source(name=name, address=address))
    return source


def _note(name: str, address: str, trouble: str) -> None:
    with transaction() as session:
        source = _source(session, name, address)
        source.looked_at, source.trouble = real_now(), trouble[:LONGEST_TROUBLE]
        session.add(source)


# --- files -------------------------------------------------------------------------------------------------------


def collect_folder() -> Round:
    """Take in the files of the folder that is set, and move each to a folder beside them when it is kept."""
    folder = settings().inbox_folder
    if folder is None:
        return Round()
    with transaction() as session:
        season = season_for_mail(session)
    if season is None:
        return Round()
    taken: list[Taken] = []
    trouble = ""
    try:
        for path in _mail_files(folder):
            if time.time() - path.stat().st_mtime >= SETTLED_SECONDS:
                taken.append(take_file(season.id, path, FOLDER))
                if not taken[-1].problem:
                    _move_away(path, folder / DONE)
    except OSError as error:
        trouble = f"收信文件夹 {folder} 读写不了：{why(error)}。请检查路径和权限。"
    except Refused as refused:
        trouble = str(refused)
    problems = [t.problem for t in taken if t.problem]
    _note(FOLDER, str(folder), trouble or "".join(problems))
    return Round(tuple(taken), trouble or "".join(problems))


def read_path(season_id: UUID, path: Path) -> list[Taken]:
    """Take in one file, or all .eml files of a folder, and leave them where they are. Raises `OSError`."""
    path.stat()
    files = _mail_files(path) if path.is_dir() else [path]
    return [take_file(season_id, file, "command") for file in files]


def why(error: OSError) -> str:
    """What stood in the way of a file, in words that a clerk knows."""
    if isinstance(error, FileNotFoundError):
        return "没有这个文件或文件夹"
    return "没有读写它的权限" if isinstance(error, PermissionError) else "读写出错，磁盘可能已满或损坏"


def _mail_files(folder: Path) -> list[Path]:
    return sorted(
        p for p in folder.iterdir() if p.suffix.lower() == ENDING and p.is_file() and not p.is_symlink()
    )


def take_file(season_id: UUID, path: Path, source: str) -> Taken:
    """One .eml file."""
    name = _shown(path)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            raw = file.read(LARGEST_MAIL if size <= LARGEST_MAIL else HEAD_BYTES)
        arrived = datetime.fromtimestamp(os.path.getmtime(path), UTC)
    except OSError as error:
        return Taken(name, None, f"读不了文件“{name}”：{why(error)}。")
    if reason := not_a_mail(raw):
        return Taken(name, None, f"“{name}”{reason}")
    with transaction() as session:
        season = session.get_one(Season, season_id)
        mail: Incoming | None
        if size <= LARGEST_MAIL:
            mail = take_in(session, season, raw, source, arrived=arrived)
        else:
            mail = take_in_head(session, season, raw, size, source, arrived=arrived)
        return Taken(name, mail.id if mail else None)


def _shown(path: Path) -> str:
    """The name as it may be told and kept: Chinese Windows writes it in GBK, which is then not text to this machine."""
    return safe_filename(decoded(os.fsencode(path.name)))


def _move_away(path: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    if target.exists():
        target = folder / f"{path.stem}-{uuid4().hex[:8]}{path.suffix}"
    path.replace(target)
