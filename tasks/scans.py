"""How do sealed and signed papers come back as scans, each to its case?

The mark printed on a sheet says which document of which case it is. A pile of several candidates' papers is cut where
the marks change; what carries no mark of its own is never guessed: it is shown, to be put somewhere by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from uuid import UUID

from sqlmodel import Session, col, or_

from documents.limits import TooMuch, Unreadable
from documents.marks import COVER, Mark, parse_mark
from documents.problems import Refusal
from documents.scanning import PDF_HEAD, cut, read_marks
from models.attachment import Attachment
from models.case import Case
from models.checklist import documents_of
from models.people import Person
from models.season import Season, notice_by_digest
from models.verdict import OPEN, Reason, Refused, Verdict
from models.viewer import read_viewer
from models.words import AttachmentKind
from tasks.attachments import attach
from tasks.taking import inspect_upload

SCANNED = (AttachmentKind.PDF, AttachmentKind.JPG, AttachmentKind.PNG)
MOST_FOUND = 20
CHOICE_MISSING = {"no_mark", "which_document", "which_case", "unknown_case", "several_cases"}


@dataclass(frozen=True)
class Part:
    """Pages of one file that belong together, or all of it; without a mark there is no document, perhaps no case."""

    pages: tuple[int, ...]
    case_id: UUID | None = None
    document: str = ""


@dataclass(frozen=True)
class Filed:
    """What became of one part: attached, refused, or waiting to be put somewhere by hand."""

    filename: str
    pages: tuple[int, ...] = ()
    case: Case | None = None
    document: str = ""
    attachment: Attachment | None = None
    reasons: Verdict = OPEN

    @property
    def codes(self) -> set[str]:
        return {r.code for r in self.reasons}

    @property
    def to_choose(self) -> bool:
        """Whether a person can still say where it belongs."""
        return not CHOICE_MISSING.isdisjoint(self.codes)


def file_scan(
    session: Session, filename: str, content: bytes, person: Person, only: Case | None = None
) -> list[Filed]:
    """Attach each part of a scanned file to the case that its mark names; `only` for somebody who has one case.

    What can't be attached comes back with the reason and nothing is written for it.
    """
    try:
        parts = _parts(filename, content)
    except Refused as refused:
        return [Filed(filename, case=only, reasons=refused.reasons)]
    if not parts:
        text = "文件里只有封面或空白页，没有材料。请把材料放在封面下面一起扫描。"
        return [Filed(filename, case=only, reasons=(Reason("only_cover", text, "四", "invalid"),))]
    return [_file(session, filename, content, part, person, only) for part in parts]


def file_by_hand(
    session: Session,
    filename: str,
    content: bytes,
    person: Person,
    case: Case,
    document: str,
    pages: Sequence[int] = (),
) -> Filed:
    """Attach a scan, or some pages of it, where a person says that it belongs."""
    try:
        name, kept = (_named(filename, pages), _cut(content, pages)) if pages else (filename, content)
        attachment = attach(session, case.id, document, name, kept, person, sealed_and_signed=True)
    except Refused as refused:
        return Filed(filename, tuple(pages), case, document, None, refused.reasons)
    return Filed(filename, tuple(pages), case, document, attachment)


def find_by_hand(session: Session, season: Season, person: Person, wanted: str) -> Sequence[Case]:
    """Cases in view by number or name; `2026-0012 样例甲` as a list suggests it is taken by its number."""
    viewer = read_viewer(session, person, season, notice_by_digest(session, season.notice_digest))
    number, _, _ = wanted.strip().partition(" ")
    if not number:
        return []
    found = viewer.cases().where(or_(Case.number == number, Case.name == wanted.strip()))
    return session.exec(found.order_by(col(Case.number)).limit(MOST_FOUND)).all()


# --- which pages belong together ---------------------------------------------------------------------------------


def _parts(filename: str, content: bytes) -> list[Part]:
    try:
        kind = inspect_upload(filename, content).kind
        if kind not in SCANNED:
            text = "扫描件应是 PDF、JPG 或 PNG；Word、Excel 文件请在案件页的“材料清单”上传。"
            raise Refused(Reason("not_a_scan", text, "四", "invalid"))
        return parted([(parse_mark(code), blank) for code, blank in read_marks(content)])
    except Refusal as refusal:
        raise Refused(Reason(refusal.problem.code, refusal.problem.message, "四", "invalid")) from None
    except (TooMuch, Unreadable):
        text = "这个文件读不了：页数太多或已损坏。请拆成几个文件，或重新扫描。"
        raise Refused(Reason("unreadable_scan", text, "四", "invalid")) from None


def parted(pages: Sequence[tuple[Mark | None, bool]]) -> list[Part]:
    """The parts of a file; one that is the whole file names no pages, and stays as it was scanned."""
    parts = gathered(pages)
    if len(parts) == 1 and len(parts[0].pages) == len(pages):
        return [replace(parts[0], pages=())]
    return parts


def gathered(pages: Sequence[tuple[Mark | None, bool]]) -> list[Part]:
    """The parts of a pile, page by page.

    Pages with the same mark are one part, wherever they lie. A blank page goes with what it is the back of. A page
    without a mark belongs to the case above it, as an unknown document. The cover itself is no document.
    """
    parts: dict[tuple[UUID | None, str, int], list[int]] = {}
    key: tuple[UUID | None, str, int] = (None, "", 0)
    unmarked = 0
    for number, (mark, blank) in enumerate(pages, 1):
        if mark is not None:
            key = (mark.case_id, mark.document, 0)
        elif blank:
            if key in parts and key[1] != COVER:
                parts[key].append(number)
            continue
        elif key[1] or key not in parts:
            unmarked += 1
            key = (key[0], "", unmarked)
        parts.setdefault(key, []).append(number)
    return [
        Part(tuple(found), case_id, document)
        for (case_id, document, _), found in parts.items()
        if document != COVER
    ]


# --- where they go -----------------------------------------------------------------------------------------------


def _file(
    session: Session, filename: str, content: bytes, part: Part, person: Person, only: Case | None
) -> Filed:
    pages = part.pages
    case = _seen(session, person, part.case_id) if part.case_id else only
    if part.case_id and (case is None or (only is not None and case.id != only.id)):
        return Filed(filename, pages, only, reasons=(_not_in_view(only),))
    if case is None:
        return Filed(filename, pages, reasons=(_no_mark(),))
    if part.document not in {
        d.key for d in documents_of(notice_by_digest(session, case.notice_digest), case)
    }:
        return Filed(filename, pages, case, reasons=(_which_document(),))
    return file_by_hand(session, filename, content, person, case, part.document, pages)


def _seen(session: Session, person: Person, case_id: UUID) -> Case | None:
    case = session.get(Case, case_id)
    if case is None:
        return None
    season = session.get_one(Season, case.season_id)
    viewer = read_viewer(session, person, season, notice_by_digest(session, case.notice_digest))
    return viewer.sees_case(case_id)


def _not_in_view(only: Case | None) -> Reason:
    text = (
        "二维码指向的不是本案，请核对是否拿错了材料。"
        if only
        else "二维码指向的人选不在您的可见范围内，请核对。"
    )
    return Reason("other_case", text, "四", "invalid")


def _no_mark() -> Reason:
    text = "没有找到本系统打印的二维码。请选择它属于哪一案、哪一份材料；或重新扫描，不要裁掉右上角。"
    return Reason("no_mark", text, "四", "invalid")


def _which_document() -> Reason:
    return Reason("which_document", "找到了人选，但这几页没有二维码。请选择是哪一份材料。", "四", "invalid")


def _cut(content: bytes, pages: Sequence[int]) -> bytes:
    if not content.startswith(PDF_HEAD):
        return content
    try:
        return cut(content, list(pages))
    except (TooMuch, Unreadable):
        text = "从这个文件里取不出这几页。请核对选择的是不是同一个文件，或把每一份材料分别扫描成一个文件。"
        raise Refused(Reason("unreadable_scan", text, "四", "invalid")) from None


def _named(filename: str, pages: Sequence[int]) -> str:
    """材料.pdf → 材料（第3-4页）.pdf"""
    path = PurePath(filename)
    span = f"{pages[0]}-{pages[-1]}" if len(pages) > 1 else f"{pages[0]}"
    return f"{path.stem}（第{span}页）{path.suffix or '.pdf'}"
