"""How is a backup put back, on this machine or another?

First everything is asked that could forbid it, and nothing is touched; then the files are laid beside those of the
installation, the record is loaded in one transaction, and the files change places. Broken off anywhere, the
same command does it again: the folder `restoring` tells that it was begun, and the system does not start meanwhile.
"""

import os
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, delete, select

from models.crypto import KeysMissing, keyring, keys_file
from models.database import engine, transaction
from models.filestore import place_in
from models.migrate import known_versions, upgrade
from models.people import LoginSession
from models.season import Season
from models.verdict import Reason, Refused
from processes.dumping import DumpFailed, count_rows, load, make_empty, others_connected
from settings import settings
from settings.disk import sync_folder
from tasks.backup import heads_of
from tasks.backup_archive import (
    EVERY,
    FILES,
    RECORD,
    Manifest,
    Progress,
    check_archive,
    copy_out,
    opened,
    read_list,
)
from tasks.practice import renew_practice_passwords

# The tables take about so many times the room of their dump, and a new database and its log so many megabytes.
UNPACKED, NEW_DATABASE = 8, 200


@dataclass(frozen=True)
class Present:
    """What an installation holds that is to be replaced."""

    seasons: int
    cases: int
    files: int

    @property
    def is_empty(self) -> bool:
        return not (self.seasons or self.cases or self.files)

    @property
    def word(self) -> str:
        """What has to be typed before it is replaced."""
        return f"替换{self.cases}名"


def check_backup(path: Path, progress: Progress) -> Manifest:
    """Everything that can be known of a backup before it is put back: whole, not too new, and openable here."""
    with opened(path) as archive:
        manifest = read_list(archive)
        _refuse_newer(manifest)
        _refuse_other_keys(manifest)
        check_archive(archive, manifest, progress)
    _refuse_little_room(manifest)
    return manifest


def put_back(path: Path, manifest: Manifest, confirmed: str, progress: Progress) -> list[str]:
    """Replace what is here by the backup; `confirmed` is the word without which only emptiness is replaced.

    The database must answer, and nobody else may use it. The answer names the seasons that are not as they were.
    """
    _refuse_company()
    _refuse_unasked(confirmed)
    folder = settings().restoring_folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        with opened(path) as archive:
            _lay_out(archive, manifest, folder, progress)
        progress("载入数据库……")
        load(settings().database_url, folder / RECORD)
    except (OSError, DumpFailed) as error:
        shutil.rmtree(folder, ignore_errors=True)
        why = error.strerror if isinstance(error, OSError) else error
        text = f"恢复没有做成：{why}。现有数据没有变化。请处理后再恢复一次。"
        raise Refused(Reason("restore_failed", text)) from None
    _change_places(folder)
    return _bring_up_to_date(manifest, progress)


def present() -> Present:
    """What is here now; the leftovers of a restore that was broken off count for nothing."""
    if settings().restoring_folder.exists():
        return Present(0, 0, 0)
    url = settings().database_url
    files = sum(1 for _ in settings().files_folder.glob("*/*/*"))
    return Present(count_rows(url, "season"), count_rows(url, "case"), files)


# --- what may forbid it ------------------------------------------------------------------------------------------


def _refuse_newer(manifest: Manifest) -> None:
    if manifest.tables not in known_versions():
        text = (
            f"这份备份由更新的版本作出（数据表 {manifest.tables}）。请先把程序升级到作出备份的版本，再恢复。"
        )
        raise Refused(Reason("backup_too_new", text))


def _refuse_other_keys(manifest: Manifest) -> None:
    """Asked of the list alone: a wrong key must be noticed before anything is touched."""
    try:
        held = keyring().fingerprints()
    except KeysMissing as error:
        raise KeysMissing(f"{error}恢复没有开始，现有数据没有变化。") from None
    wrong = [k.name for k in manifest.keys if held.get(k.name) != k.fingerprint]
    if wrong:
        raise KeysMissing(
            f"密钥文件 {keys_file()} 不是这份备份所用的那一份（{'、'.join(wrong)}），用它打不开备份里的号码和材料。"
            "请换上作出备份时保管的密钥文件。恢复没有开始，现有数据没有变化。"
        )


def _refuse_little_room(manifest: Manifest) -> None:
    home = settings().home
    home.mkdir(parents=True, exist_ok=True)
    needed = NEW_DATABASE + (manifest.bytes + UNPACKED * manifest.record.bytes) // 1_000_000
    free = shutil.disk_usage(home).free // 1_000_000
    if free < needed:
        text = f"磁盘空间不足：{home} 所在磁盘只剩 {free} MB，恢复需要约 {needed} MB。恢复没有开始。"
        raise Refused(Reason("disk_full", text))


def _refuse_company() -> None:
    """Whoever reads the old record would go on with the new one in the middle of what he does."""
    addresses = (settings().database_url, settings().prefect_database_address)
    if number := sum(others_connected(address) for address in addresses):
        text = f"还有{number}个程序连着数据库。请先停止系统（网页服务、流程引擎等），再恢复。"
        raise Refused(Reason("in_use", text))


def _refuse_unasked(confirmed: str) -> None:
    here = present()
    if here.is_empty or confirmed == here.word:
        return
    text = (
        f"这里已有{here.seasons}个年度、{here.cases}名人选、{here.files}个材料文件，恢复会把它们全部换掉。"
        f"请先备份一份；确要替换的，加上 --replace --confirm {here.word}。"
    )
    raise Refused(Reason("not_empty", text))


# --- doing it ----------------------------------------------------------------------------------------------------


def _lay_out(archive: zipfile.ZipFile, manifest: Manifest, folder: Path, progress: Progress) -> None:
    copy_out(archive, RECORD, folder / RECORD)
    files = folder / "files"
    files.mkdir(mode=0o700)
    for number, kept in enumerate(manifest.files, 1):
        copy_out(archive, kept.name, place_in(files, UUID(kept.name.removeprefix(FILES))))
        if number % EVERY == 0 or number == len(manifest.files):
            progress(f"材料文件：{number}/{len(manifest.files)}")


def _change_places(folder: Path) -> None:
    """From here on the record is the backup's, and so must the files be, also after a power cut."""
    os.sync()
    here = settings().files_folder
    if here.exists():
        here.rename(folder / "former")
    (folder / "files").rename(here)
    sync_folder(here.parent)


def _bring_up_to_date(manifest: Manifest, progress: Progress) -> list[str]:
    """Newer tables, the practice password of here, no login that may have been ended since, an empty Prefect."""
    progress("升级数据表……")
    engine().dispose()
    upgrade()
    with transaction() as session:
        renew_practice_passwords(session)
        session.exec(delete(LoginSession))
        changed = _changed(session, manifest)
    make_empty(settings().prefect_database_address)
    shutil.rmtree(settings().restoring_folder)
    return changed


def _changed(session: Session, manifest: Manifest) -> list[str]:
    """The seasons that are missing, or whose chains do not stand where the list says."""
    now = [heads_of(session, season) for season in session.exec(select(Season))]
    return [listed.title for listed in manifest.seasons if listed not in now]
