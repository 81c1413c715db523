"""How does a whole case, or a season, leave the system in one file: its dossier?

Of a case: its printed papers, the documents kept with it, opinions, scores, lists, mails, its record, and a manifest.
The zip is written while it is sent: one document at a time is in memory, and nothing lies on the disk in between.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from sqlmodel import Session

from models.anchor import anchor_body, newest_anchor
from models.case import Case
from models.casefile import CaseFile, read_casefile
from models.checklist import documents_of, kept_files
from models.filestore import FileGone, get
from models.inspection import reports
from models.reading import may_read_file
from models.season import notice_by_digest, now
from models.viewer import Viewer
from tasks.dossier_data import (
    case_data,
    hearings_data,
    mails_data,
    meetings_data,
    opinions_data,
    places_data,
)
from tasks.inspection_report import print_inspection
from tasks.personal import see_numbers
from tasks.printing import Format, check_print, print_form, printables
from tasks.record_export import record_json, record_pdf
from tasks.record_texts import Chain, of_case

SCHEMA = "gongjiang-dossier/1"
MANIFEST = "manifest.json"
FORMS, DOCUMENTS, INSPECTION, DATA, RECORD = "表格", "材料", "现场查验", "数据", "流转记录"
REASON = "导出全案材料"


@dataclass(frozen=True)
class Entry:
    """One file of the archive; `read` gives its bytes when its turn comes."""

    name: str
    document: str
    read: Callable[[], bytes]


@dataclass
class Archive:
    """What goes into the file, and what this person may not have; `about` stands at the head of the manifest."""

    number: str
    entries: list[Entry] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)


def case_archive(session: Session, viewer: Viewer, case: Case) -> Archive:
    """All of a case in view that this person may read. Somebody else's numbers going out is put on record."""
    if not check_print(viewer, case) and case.entered_by != viewer.person.id:
        see_numbers(session, case.id, viewer.person, REASON)
    return whole_case(viewer, case)


def whole_case(viewer: Viewer, case: Case) -> Archive:
    """The same for who has put on record already that it goes out."""
    session, file = viewer.session, read_casefile(viewer, case)
    notice, chain = file.notice, of_case(file)
    archive = Archive(case.number, about=about(viewer, "case", chain, redacted=False))
    if check_print(viewer, case):
        archive.left_out += [{"document": key, "code": "numbers_hidden"} for key in printables(notice, case)]
    else:
        archive.entries += _papers(session, viewer, case)
    known = {d.key for d in documents_of(notice, case)}
    for kept in kept_files(session, case):
        if kept.document in known and may_read_file(viewer, case, notice, kept):
            name = _unused(archive, f"{DOCUMENTS}/{kept.document}/{kept.filename}")
            archive.entries.append(Entry(name, kept.document, partial(get, kept.id)))
        else:
            archive.left_out.append({"document": kept.document, "code": "document_hidden"})
    archive.entries += _inspections(viewer, file)
    archive.entries += case_parts(viewer, file, redacted=False)
    archive.entries += record_entries(viewer, chain, redacted=False)
    return archive


def _inspections(viewer: Viewer, file: CaseFile) -> Iterator[Entry]:
    """The reports of those who went to see, and each photo as it was taken in (三（三）)."""
    found = reports(viewer, file)
    if not found:
        return
    for form in Format:
        made = print_inspection(viewer, file.case, form)
        yield Entry(f"{INSPECTION}/{made.filename}", "inspection", partial(bytes, made.content))
    for n, photo in enumerate((p for report in found for p in report.photos), 1):
        yield Entry(f"{INSPECTION}/照片{n:03}.{photo.kind}", "inspection_photo", partial(get, photo.id))


def case_parts(viewer: Viewer, file: CaseFile, *, redacted: bool) -> list[Entry]:
    """The case as data."""
    parts = {
        "申报": case_data(viewer, file, redacted=redacted),
        "意见与评分": opinions_data(file, redacted=redacted),
        "名单": places_data(viewer, file),
        "会议": meetings_data(viewer, file),
    }
    if viewer.is_office:
        parts["异议与申诉"] = hearings_data(viewer, file.case, redacted=redacted)
        parts["邮件"] = mails_data(viewer, file.case, redacted=redacted)
    return [data_entry(name, told) for name, told in parts.items()]


def data_entry(name: str, told: Any) -> Entry:
    return Entry(f"{DATA}/{name}.json", "data", partial(as_json, told))


def record_entries(viewer: Viewer, chain: Chain, *, redacted: bool) -> list[Entry]:
    """The record, to be read and to be verified."""
    told = record_json(viewer, chain, redacted=redacted)
    paper = record_pdf(viewer, chain, redacted=redacted)
    return [
        Entry(f"{RECORD}/{RECORD}.json", "record", partial(as_json, told)),
        Entry(f"{RECORD}/{RECORD}.pdf", "record_paper", partial(bytes, paper)),
    ]


def about(viewer: Viewer, kind: str, chain: Chain, *, redacted: bool) -> dict[str, Any]:
    """The head of the manifest: of what, made when, and by which hashes its record can be checked."""
    anchor = newest_anchor(viewer.session, viewer.season.id)
    return {
        "schema": SCHEMA,
        "kind": kind,
        "season": viewer.season.key,
        "title": viewer.season.title,
        "practice": viewer.season.practice,
        "redacted": redacted,
        "made_at": now(viewer.season).astimezone(UTC).isoformat(),
        "head": {"seq": chain.seq, "hash": chain.head},
        "anchor": {**anchor_body(anchor, viewer.season.key), "hash": anchor.hash} if anchor else None,
    }


def as_json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


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
    told = {**archive.about, "case": archive.number, "files": listed, "left_out": archive.left_out}
    return json.dumps(told, ensure_ascii=False, indent=2)
