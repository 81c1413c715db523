"""What of a dossier may people outside see, and is what they get free of personal data?

Numbers, mailboxes, addresses, ID scans and the papers that the notice file calls sensitive are left out, and so is
every picture: no program can read what stands on it. What remains is looked into by the scanner that guards
publications (七（二）); if it finds anything, nothing goes out.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from documents.file_texts import NEVER, texts_in
from models.attachment import Attachment
from models.case import Case
from models.casefile import CaseFile, read_casefile
from models.checklist import documents_of, kept_files
from models.filestore import FileGone, get
from models.leaks import leaks
from models.releasing import own_values
from models.verdict import Reason, Refused
from models.viewer import Viewer
from models.words import AttachmentKind
from tasks.archive import DOCUMENTS, Archive, Entry, about, as_json, case_parts, record_entries
from tasks.record_export import record_json
from tasks.record_texts import Chain, of_case

CLAUSE = "七（二）"
# Hashes, salts, identifiers and moments are no text that anybody wrote.
MADE = re.compile(
    r"[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00"
)
MOST_TOLD = 10
Known = list[tuple[str, str]]


def redacted_case(viewer: Viewer, case: Case) -> Archive:
    """The dossier of a case for people outside; refused, naming every place, when something personal is left in it."""
    file = read_casefile(viewer, case)
    chain = of_case(file)
    archive = Archive(case.number, about=about(viewer, "case", chain, redacted=True))
    known = own_values(file.notice, case)
    _add_documents(archive, viewer, file, known)
    archive.entries += case_parts(viewer, file, redacted=True)
    require_clean(archive, known, record_json(viewer, chain, redacted=True))
    archive.entries += record_entries(viewer, chain, redacted=True)
    return archive


def require_clean(archive: Archive, known: Known, record: Any) -> None:
    """Look into everything that is to go out."""
    data = [e for e in archive.entries if e.document == "data"]
    found = [leak for e in data for leak in _in_json(e.name, e.read(), known)]
    found += _in_json("流转记录", as_json(record), known)
    if found:
        more = f"等{len(found)}处" if len(found) > MOST_TOLD else ""
        text = f"脱密版中仍有个人信息，没有生成：{'；'.join(found[:MOST_TOLD])}{more}。请更正所指的文字后再生成。"
        raise Refused(Reason("leak_found", text, CLAUSE))


def redacted_chain(viewer: Viewer, chain: Chain, archive: Archive) -> None:
    """The record of the season itself, looked into as well."""
    require_clean(archive, [], record_json(viewer, chain, redacted=True))
    archive.entries += record_entries(viewer, chain, redacted=True)


# --- documents ----------------------------------------------------------------------------------------------------


def _add_documents(archive: Archive, viewer: Viewer, file: CaseFile, known: Known) -> None:
    documents = {d.key: d for d in documents_of(file.notice, file.case)}
    for kept in kept_files(viewer.session, file.case):
        document = documents.get(kept.document)
        code = "personal_document" if document is None or document.sensitive else _stands_against(kept, known)
        if code:
            archive.left_out.append({"document": kept.document, "code": code})
            continue
        name = f"{DOCUMENTS}/{kept.document}/{len(archive.entries) + 1}.{kept.kind}"
        archive.entries.append(Entry(name, kept.document, partial(get, kept.id)))


def _stands_against(kept: Attachment, known: Known) -> str:
    """Why a document stays inside; empty when a program has read all of it and found nothing."""
    try:
        content = get(kept.id)
    except FileGone:
        return "file_gone"
    if not _is_readable(AttachmentKind(kept.kind), content):
        return "picture_not_read"
    for where, text in texts_in(f"x.{kept.kind}", content):
        if (where in NEVER and text.strip()) or leaks(text, known):
            return "personal_data"
    return ""


def _is_readable(kind: AttachmentKind, content: bytes) -> bool:
    """Whether everything in the file is text."""
    if kind is AttachmentKind.DOCX:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return not any("/media/" in name or "/embeddings/" in name for name in package.namelist())
    return kind is AttachmentKind.PDF and _pdf_is_text(content)


def _pdf_is_text(content: bytes) -> bool:
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            drawn = {o.type for o in page.get_objects()}
            words = page.get_textpage().get_text_bounded().strip()
            if not words or drawn - {pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH}:
                return False
    return True


# --- looking for what must not be there ----------------------------------------------------------------------------


def _in_json(name: str, content: bytes, known: Known) -> list[str]:
    """Where in a file of data something personal stands, and what."""
    return [
        f"“{name}”的“{where}”含有{leak.what}（{leak.shown}）"
        for where, text in _texts(json.loads(content))
        for leak in leaks(text, known)
    ]


def _texts(told: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text of plain values, with the nearest name or label above it."""
    if isinstance(told, dict):
        label = str(told.get("label") or "")
        for key, value in told.items():
            yield from _texts(value, label or str(key))
    elif isinstance(told, list):
        for value in told:
            yield from _texts(value, where)
    elif isinstance(told, str) and not MADE.fullmatch(told):
        yield where, told
