"""How does a whole case leave the system in one file? Its printed papers, the documents kept with it, and a manifest.

The zip is written while it is sent: one document at a time is in memory, and nothing lies on the disk in between.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from sqlmodel import Session

from models.case import Case
from models.checklist import documents_of, kept_files
from models.filestore import FileGone, get
from models.reading import may_read_file
from models.season import notice_by_digest
from models.viewer import Viewer
from tasks.personal import see_numbers
from tasks.printing import Format, check_print, print_form, printables

MANIFEST = "manifest.json"
FORMS, DOCUMENTS = "表格", "材料"
REASON = "导出全案材料"


@dataclass(frozen=True)
class Entry:
    """One file of the archive; `read` gives its bytes when its turn comes."""

    name: str
    document: str
    read: Callable[[], bytes]


@dataclass
class Archive:
    """What goes into the file, and what this person may not have."""

    number: str
    entries: list[Entry] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)


def case_archive(session: Session, viewer: Viewer, case: Case) -> Archive:
    """All of a case in view that this person may read. Somebody else's numbers going out is put on record."""
    archive = Archive(case.number)
    notice = notice_by_digest(session, case.notice_digest)
    if check_print(viewer, case):
        archive.left_out += [{"document": key, "code": "numbers_hidden"} for key in printables(notice, case)]
    else:
        if case.entered_by != viewer.person.id:
            see_numbers(session, case.id, viewer.person, REASON)
        archive.entries += _papers(session, viewer, case)
    known = {d.key for d in documents_of(notice, case)}
    for kept in kept_files(session, case):
        if kept.document in known and may_read_file(viewer, case, notice, kept):
            name = _unused(archive, f"{DOCUMENTS}/{kept.document}/{kept.filename}")
            archive.entries.append(Entry(name, kept.document, partial(get, kept.id)))
        else:
            archive.left_out.append({"document": kept.document, "code": "document_hidden"})
    return archive


def _papers(session: Session, viewer: Viewer, case: Case) -> Iterator[Entry]:
    notice = notice_by_digest(session, case.notice_digest)
    for key in printables(notice, case):
        for form in Format:
            made = print_form(session, viewer, case, key, form)
            yield Entry(f"{FORMS}/{made.filename}", key, partial(bytes, made.content))


def _unused(archive: Archive, name: str) -> str:
    """The same name twice gets a number: 证书.pdf, 证书(2).pdf."""
    taken = {e.name for e in archive.entries}
    path, number, wanted = PurePosixPath(name), 1, name
    while wanted in taken:
        number += 1
        wanted = str(path.with_name(f"{path.stem}({number}){path.suffix}"))
    return wanted


# --- sending it --------------------------------------------------------------------------------------------------


class _Outlet:
    """Takes what the zip writer writes, until it is fetched."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, data: bytes) -> int:
        self.held += data
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """What is held can still be fetched."""

    def fetch(self) -> bytes:
        data = bytes(self.held)
        self.held.clear()
        return data


def zipped(archive: Archive) -> Iterator[bytes]:
    """The archive as a stream; its manifest comes last, with the SHA-256 of every file before it."""
    outlet = _Outlet()
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as writer:
        for entry in archive.entries:
            try:
                content = entry.read()
            except FileGone:
                archive.left_out.append({"document": entry.document, "code": "file_gone"})
                continue
            writer.writestr(entry.name, content)
            listed.append(_described(entry, content))
            yield outlet.fetch()
        writer.writestr(MANIFEST, _manifest(archive, listed))
    yield outlet.fetch()


def _described(entry: Entry, content: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    return {"name": entry.name, "document": entry.document, "size": len(content), "sha256": digest}


def _manifest(archive: Archive, listed: list[dict[str, Any]]) -> str:
    told = {"case": archive.number, "files": listed, "left_out": archive.left_out}
    return json.dumps(told, ensure_ascii=False, indent=2)
