"""Which files are in a zip that came with a mail? One level only, and never more than an honest sender packs."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from models.filestore import LARGEST_FILE
from models.zips import DAMAGED, has_password
from notifications.words import decoded

MEGABYTE = 1024 * 1024
MOST_ENTRIES = 200
# Of one archive, and of all archives of a mail together.
LARGEST_WHOLE = 60 * MEGABYTE
MOST_RATIO = 200
OFFICE = "[Content_Types].xml"
UTF8_NAME = 0x800
IGNORED = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
OTHER_ARCHIVES = {b"Rar!": "rar", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gz"}


@dataclass(frozen=True)
class Part:
    """One attachment; `code` and `problem` say why it can't be taken in, and then it has no content."""

    filename: str
    content: bytes
    size: int
    sha256: str = ""
    code: str = ""
    problem: str = ""


def refused(filename: str, size: int, code: str, problem: str) -> Part:
    return Part(filename, b"", size, "", code, problem)


def archive_kind(content: bytes) -> str:
    """`zip`, `rar`, …; empty when it is no archive. The files of Word and Excel are none."""
    for magic, kind in OTHER_ARCHIVES.items():
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK\x03\x04") and not is_office(content):
        return "zip"
    return ""


def is_office(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return OFFICE in packed.namelist()
    except DAMAGED:
        return False


def unpacked(filename: str, content: bytes) -> list[Part]:
    """The files of a zip; of one that can't be opened, itself with the reason."""

    def whole(code: str, problem: str) -> list[Part]:
        return [refused(filename, len(content), code, problem)]

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = [e for e in packed.infolist() if not e.is_dir() and not _ignored(e.filename)]
            if len(entries) > MOST_ENTRIES:
                text = f"压缩包里的文件超过{MOST_ENTRIES}个，系统没有打开。请对方分几次、以普通附件发送。"
                return whole("zip_many", text)
            if _too_large(entries):
                return [too_much(filename, len(content))]
            return [_entry(packed, e) for e in entries]
    except DAMAGED:
        return whole("zip_damaged", "压缩包已损坏，打不开。请对方重新压缩，或以普通附件发送。")


def _ignored(name: str) -> bool:
    return any(part in name for part in IGNORED)


def _too_large(entries: list[zipfile.ZipInfo]) -> bool:
    unpacked_size = sum(e.file_size for e in entries)
    packed_size = sum(e.compress_size for e in entries)
    return unpacked_size > LARGEST_WHOLE or unpacked_size > max(packed_size, 4096) * MOST_RATIO


def _entry(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Part:
    name = entry_name(entry)
    if has_password(entry):
        text = "压缩包设有密码，系统打不开。请对方去掉密码，或以普通附件发送。"
        return refused(name, entry.file_size, "zip_encrypted", text)
    if entry.file_size > LARGEST_FILE:
        return too_large(name, entry.file_size)
    try:
        with packed.open(entry) as file:
            content = file.read(LARGEST_FILE + 1)
    except DAMAGED:
        text = "压缩包里的这个文件已损坏，取不出来。请对方以普通附件重发。"
        return refused(name, entry.file_size, "zip_damaged", text)
    if len(content) > LARGEST_FILE:
        return too_large(name, len(content))
    if archive_kind(content):
        text = "压缩包里还有压缩包，系统只打开一层。请对方把里面的文件直接作为附件发送。"
        return refused(name, len(content), "zip_nested", text)
    return Part(name, content, len(content))


def too_much(name: str, size: int) -> Part:
    return refused(name, size, "zip_large", "压缩包解开后过大，系统没有打开。请对方以普通附件、分几封发送。")


def too_large(name: str, size: int) -> Part:
    limit = LARGEST_FILE // MEGABYTE
    return refused(name, size, "file_large", f"文件超过{limit}MB，系统没有接收。请对方压缩或拆分后重发。")


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The last part of the name; Chinese Windows writes it in GBK and says nothing of it."""
    name = entry.filename
    if not entry.flag_bits & UTF8_NAME:
        try:
            name = decoded(name.encode("cp437"))
        except UnicodeError:
            name = entry.filename
    return PurePosixPath(name.replace("\\", "/")).name
