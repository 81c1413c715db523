"""What is in a backup, and is it whole?

One .zip file: the dump of the record, every sealed file under its own id, and a list with the SHA-256 of each. It holds
no key: the list names the keys by their fingerprints, with which nothing can be opened.
"""

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel

from models.verdict import Reason, Refused
from models.zips import DAMAGED

RECORD, LIST, FILES = "record.dump", "manifest.json", "files/"
NAME = re.compile(r"record\.dump|files/[0-9a-f]{32}")
BLOCK = 1 << 20
EVERY = 500
# When the clock of a file in a .zip begins.
EPOCH = (1980, 1, 1, 0, 0, 0)

Progress = Callable[[str], None]


class Kept(BaseModel):
    """One file of the archive."""

    name: str
    bytes: int
    sha256: str


class KeyNote(BaseModel):
    """A key that is needed to open what the backup holds."""

    name: str
    purpose: str
    fingerprint: str


class Heads(BaseModel):
    """Where a season's chains of events stood; `heads` is one digest over all of them."""

    season: str
    title: str
    cases: int
    events: int
    heads: str


class Manifest(BaseModel):
    """The list. `tables`: the version of the tables; `lost`: ids of files that the record names and nobody has."""

    format: Literal[1] = 1
    made_at: datetime
    program: str
    tables: str
    keys: list[KeyNote]
    seasons: list[Heads]
    record: Kept
    files: list[Kept]
    lost: list[str]

    @property
    def bytes(self) -> int:
        return self.record.bytes + sum(f.bytes for f in self.files)

    @property
    def cases(self) -> int:
        return sum(s.cases for s in self.seasons)


# --- writing -----------------------------------------------------------------------------------------------------


def add(archive: zipfile.ZipFile, name: str, source: IO[bytes]) -> Kept:
    """Put a stream into the archive as it is: neither the dump nor sealed files get smaller."""
    digest, size = hashlib.sha256(), 0
    with archive.open(zipfile.ZipInfo(name, EPOCH), "w", force_zip64=True) as member:
        while block := source.read(BLOCK):
            digest.update(block)
            size += len(block)
            member.write(block)
    return Kept(name=name, bytes=size, sha256=digest.hexdigest())


def add_list(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    archive.writestr(zipfile.ZipInfo(LIST, EPOCH), manifest.model_dump_json(indent=1))


# --- reading -----------------------------------------------------------------------------------------------------


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Refuses what is no backup, or only the beginning of one."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise _refusal(f"没有这个备份文件：{path}。") from None
    except DAMAGED as error:
        raise _refusal(
            f"打不开备份 {path}：它不是本系统的备份，或者不完整（{error}）。请换另一份备份。"
        ) from None
    with archive:
        yield archive


def read_list(archive: zipfile.ZipFile) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(archive.read(LIST))
    except (KeyError, *DAMAGED):
        raise _refusal(f"备份里的清单 {LIST} 不在或已损坏，不能用来恢复。请换另一份备份。") from None
    listed = [manifest.record.name, *(f.name for f in manifest.files)]
    strange = [name for name in listed if not NAME.fullmatch(name)]
    others = sorted({*archive.namelist()} ^ {LIST, *listed})
    if strange or others:
        raise _refusal(f"备份与它的清单不符：{'、'.join((strange + others)[:5])}。请换另一份备份。")
    return manifest


def check_archive(archive: zipfile.ZipFile, manifest: Manifest, progress: Progress) -> None:
    """Read everything once and compare it with the list; names the first file that is not as it was written."""
    for number, kept in enumerate([manifest.record, *manifest.files]):
        if number % EVERY == 0:
            progress(f"核对备份：{number}/{len(manifest.files)}")
        if _digest(archive, kept) != kept.sha256:
            raise _refusal(f"备份已损坏：{kept.name} 与清单中的 SHA-256 不符。请换另一份备份。")


def copy_out(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with archive.open(name) as source, target.open("wb") as file:
        while block := source.read(BLOCK):
            file.write(block)


def _digest(archive: zipfile.ZipFile, kept: Kept) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(kept.name) as source:
            while block := source.read(BLOCK):
                digest.update(block)
    except DAMAGED:
        return ""
    return digest.hexdigest()


def _refusal(text: str) -> Refused:
    return Refused(Reason("backup_unusable", text))
