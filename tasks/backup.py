"""How is everything that can't be made again put into one file, while people go on working?

The record is dumped from one snapshot, and the files are copied after it: a file lies on the disk before its row is
committed, and none is taken away while a backup is made, so every file that the dump names is there. Prefect's database
is left out, since it is made again from the record; the keys are left out, since a backup must not open itself.
"""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import Session, col, select

from models.chain import heads_in_short
from models.database import engine, reading, real_now, transaction
from models.filestore import nothing_dropped, stored
from models.heartbeat import BACKUP
from models.keys import CipherKey
from models.notice import SHANGHAI
from models.orphans import named_files
from models.season import Season
from models.verdict import Reason, Refused
from processes.dumping import DumpFailed, dumping
from settings import settings
from settings.disk import sync_folder
from tasks.backup_archive import EVERY, FILES, RECORD, Heads, Kept, KeyNote, Manifest, Progress, add, add_list
from tasks.beating import beat
from tasks.keys import keys_at_rest

PART = ".part"
DAILY = "gongjiang-*.zip"


@dataclass(frozen=True)
class BackedUp:
    """A backup that was made."""

    file: Path
    manifest: Manifest

    def as_json(self) -> dict[str, Any]:
        made = self.manifest
        return {
            "file": str(self.file),
            "made_at": made.made_at,
            "tables": made.tables,
            "bytes": self.file.stat().st_size,
            "files": len(made.files),
            "lost": made.lost,
            "keys": [k.name for k in made.keys],
            "seasons": [s.model_dump() for s in made.seasons],
        }

    def as_text(self) -> str:
        made = self.manifest
        size = self.file.stat().st_size / 1_000_000
        lines = [
            f"备份完成：{self.file}（{size:.1f} MB，{len(made.seasons)}个年度，{made.cases}名人选，"
            f"{len(made.files)}个材料文件）。",
            f"备份里没有密钥。恢复时要用现在的密钥文件（{'、'.join(k.name for k in made.keys)}），请另行保管。",
        ]
        if made.lost:
            lines.append(f"注意：记录中有{len(made.lost)}个材料文件在备份之前就已不在，见 gongjiang doctor。")
        return "\n".join(lines)


def back_up(target: Path, progress: Progress) -> BackedUp:
    """Write a backup under this name, which must be new. Until it is whole it has another name."""
    target = target.expanduser().absolute()
    draft = target.with_name(target.name + PART)
    _refuse_taken(target)
    with keys_at_rest(), nothing_dropped(), _cleared_away(draft):
        manifest = _written(draft, progress)
        _refuse_changed_keys(manifest)
        _refuse_taken(target)
        draft.replace(target)
        sync_folder(target.parent)
    done = BackedUp(target, manifest)
    with transaction() as session:
        beat(session, BACKUP, bytes=target.stat().st_size, files=len(manifest.files), lost=len(manifest.lost))
    return done


def back_up_daily() -> BackedUp | None:
    """The backup of the day in the folder that is set for it; of the older ones the newest are kept."""
    folder = settings().backup_folder
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    moment = real_now().astimezone(SHANGHAI)
    done = back_up(folder / f"gongjiang-{moment:%Y%m%d-%H%M%S}.zip", lambda line: None)
    for old in sorted(folder.glob(DAILY), reverse=True)[settings().backup_keep :]:
        old.unlink()
    for broken_off in folder.glob(DAILY + PART):
        broken_off.unlink()
    return done


def _refuse_taken(target: Path) -> None:
    if target.exists():
        raise Refused(Reason("backup_exists", f"{target} 已经存在，备份不会覆盖它。请换一个文件名。"))
    if not target.parent.is_dir():
        raise Refused(Reason("no_folder", f"没有文件夹 {target.parent}，请先建立，或换一个位置。"))


def _refuse_changed_keys(manifest: Manifest) -> None:
    """The lock on the keys is gone when the database was restarted meanwhile."""
    with reading() as session:
        if _keys(session) != manifest.keys:
            raise _failure("备份期间更换了密钥")


@contextmanager
def _cleared_away(draft: Path) -> Iterator[None]:
    """What goes wrong is said in a sentence, and no half file stays."""
    try:
        yield
    except OSError as error:
        raise _failure(f"{draft.parent} 写不进去（{error.strerror}）") from None
    except DumpFailed as error:
        raise _failure(f"数据库没有导出完整（{error}）") from None
    finally:
        draft.unlink(missing_ok=True)


def _failure(why: str) -> Refused:
    text_ = f"备份没有做成：{why}。没有留下半个文件，现有数据没有变化。请处理后再备份一次。"
    return Refused(Reason("backup_failed", text_))


def _written(draft: Path, progress: Progress) -> Manifest:
    with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
        with zipfile.ZipFile(file, "w") as archive:
            manifest = _filled(archive, progress)
            add_list(archive, manifest)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _filled(archive: zipfile.ZipFile, progress: Progress) -> Manifest:
    with engine().connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        snapshot = connection.execute(text("select pg_export_snapshot()")).scalar_one()
        with Session(connection) as session:
            tables = _tables(connection)
            keys, seasons, named = _keys(session), _heads(session), {i.hex for i in named_files(session)}
        progress("导出数据库……")
        with dumping(settings().database_url, snapshot) as dump:
            record = add(archive, RECORD, dump)
        moment = real_now()
    progress(f"数据库：{record.bytes / 1_000_000:.1f} MB")
    files = list(_files(archive, progress))
    lost = sorted(named - {f.name.removeprefix(FILES) for f in files})
    return Manifest(
        made_at=moment,
        program=version("gongjiang"),
        tables=tables,
        keys=keys,
        seasons=seasons,
        record=record,
        files=files,
        lost=lost,
    )


def _files(archive: zipfile.ZipFile, progress: Progress) -> Iterator[Kept]:
    found = sorted((path, file_id.hex) for path, file_id in stored() if file_id is not None)
    for number, (path, name) in enumerate(found, 1):
        with path.open("rb") as source:
            yield add(archive, FILES + name, source)
        if number % EVERY == 0 or number == len(found):
            progress(f"材料文件：{number}/{len(found)}")


def _tables(connection: Connection) -> str:
    found: str = connection.execute(text("select version_num from alembic_version")).scalar_one()
    return found


def _keys(session: Session) -> list[KeyNote]:
    rows = session.exec(
        select(CipherKey).where(col(CipherKey.retired_at).is_(None)).order_by(col(CipherKey.name))
    )
    return [KeyNote(name=k.name, purpose=k.purpose, fingerprint=k.fingerprint) for k in rows]


def _heads(session: Session) -> list[Heads]:
    return [heads_of(session, s) for s in session.exec(select(Season).order_by(col(Season.opened_at)))]


def heads_of(session: Session, season: Season) -> Heads:
    """Where the chains of a season stand now."""
    cases, events, digest = heads_in_short(session, season)
    return Heads(season=season.key, title=season.title, cases=cases, events=events, heads=digest)


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
