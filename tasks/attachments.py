"""How does a file come to a case, leave it, and get read (四)?

A file is looked into before anything is locked. Its bytes go with the transaction: rolled back, they are gone.
"""

import hashlib
from uuid import UUID, uuid4

from sqlmodel import Session

from documents.problems import Refusal
from documents.sniff import Inspected
from models.attachment import Attachment
from models.case import Case
from models.checklist import kept_files
from models.filestore import LARGEST_CASE, LARGEST_FILE, FileGone, drop_with, get, refusal
from models.notice import Document, Notice
from models.people import Person
from models.reading import may_read_file
from models.season import Season, notice_by_digest, now
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import Viewer
from models.words import EventKind
from tasks.attachment_checks import check_attach, check_document, check_remove, safe_name, standing
from tasks.record import lock_cases, record
from tasks.taking import inspect_upload, keep_upload

MEGABYTE = 1024 * 1024


def attach(
    session: Session,
    case_id: UUID,
    document: str,
    filename: str,
    content: bytes,
    person: Person,
    *,
    sealed_and_signed: bool = False,
) -> Attachment:
    """Keep a file with a document of the case; `sealed_and_signed` for the scan of a printed form."""
    season, notice, case = _known(session, case_id)
    signed = {"sealed_and_signed": sealed_and_signed}
    require(check_attach(notice, case, standing(session, season, notice, case, person), document, **signed))
    wanted = notice.document(document)
    found = look_into(wanted, filename, content)
    [case] = lock_cases(session, [case_id])
    require(check_attach(notice, case, standing(session, season, notice, case, person), document, **signed))
    return keep_file(
        session, season, case, wanted, filename, content, found, person, sealed_and_signed=sealed_and_signed
    )


def keep_file(
    session: Session,
    season: Season,
    case: Case,
    document: Document,
    filename: str,
    content: bytes,
    found: Inspected,
    person: Person,
    *,
    sealed_and_signed: bool,
    decision_id: UUID | None = None,
) -> Attachment:
    """Keep a file that was looked into with a locked case; whether this person may, the caller has asked."""
    digest = hashlib.sha256(content).hexdigest()
    require(_fits(session, case, document, content, digest, decision_id))
    attachment = Attachment(
        id=uuid4(),
        case_id=case.id,
        document=document.key,
        filename=safe_name(filename, found.kind),
        kind=found.kind,
        size=len(content),
        sha256=digest,
        pages=found.pages,
        sealed_and_signed=sealed_and_signed,
        decision_id=decision_id,
        uploaded_by=person.id,
        uploaded_at=now(season),
    )
    keep_upload(session, attachment.id, content)
    session.add(attachment)
    _record(session, EventKind.ATTACHMENT_ADDED, season, case, attachment, person)
    session.flush()
    return attachment


def _known(session: Session, case_id: UUID) -> tuple[Season, Notice, Case]:
    case = session.get(Case, case_id)
    if case is None:
        raise Refused(Reason("unknown_case", "没有找到这个案件。", kind="missing"))
    return session.get_one(Season, case.season_id), notice_by_digest(session, case.notice_digest), case


def look_into(document: Document, filename: str, content: bytes) -> Inspected:
    """What the file is; refused when it is too large, not sound, or not what this document asks for."""
    if len(content) > LARGEST_FILE:
        text = f"“{filename}”超过{LARGEST_FILE // MEGABYTE}MB，请压缩、拆分或降低扫描精度后再上传。"
        raise Refused(Reason("file_too_large", text, "四", "invalid", document.key))
    try:
        found = inspect_upload(filename, content)
    except Refusal as refusal:
        text = f"“{filename}”：{refusal.problem.message}"
        raise Refused(Reason(refusal.problem.code, text, "四", "invalid", document.key)) from None
    require(check_document(document, filename, found))
    return found


def _fits(
    session: Session,
    case: Case,
    document: Document,
    content: bytes,
    digest: str,
    decision_id: UUID | None,
) -> Verdict:
    """Neither there already, nor more than a case holds. Several opinions may stand on one sheet."""
    kept = kept_files(session, case)
    there = (f for f in kept if f.document == document.key and f.decision_id == decision_id)
    same = next((f for f in there if f.sha256 == digest), None)
    if same is not None:
        text = f"“{document.label}”里已经有内容相同的文件“{same.filename}”，不需要再次上传。"
        return (Reason("same_file", text, "四", "invalid", document.key),)
    if sum(f.size for f in kept) + len(content) > LARGEST_CASE:
        text = f"一案的材料合计不能超过{LARGEST_CASE // MEGABYTE}MB，请移除不需要的文件，或降低扫描精度。"
        return (Reason("case_too_large", text, "四", "invalid", document.key),)
    return OPEN


def remove_attachment(session: Session, attachment_id: UUID, person: Person) -> Attachment:
    """Take a file from its case: the row stays listed as removed, the bytes go."""
    attachment = session.get(Attachment, attachment_id)
    if attachment is None:
        raise _no_file()
    season, notice, _ = _known(session, attachment.case_id)
    [case] = lock_cases(session, [attachment.case_id])
    session.refresh(attachment)
    if attachment.removed_at is not None:
        raise Refused(Reason("already_removed", f"“{attachment.filename}”已经移除。"))
    require(check_remove(notice, case, standing(session, season, notice, case, person), attachment))
    attachment.removed_by, attachment.removed_at = person.id, now(season)
    session.add(attachment)
    drop_with(session, attachment.id)
    _record(session, EventKind.ATTACHMENT_REMOVED, season, case, attachment, person)
    return attachment


def read_attachment(session: Session, attachment_id: UUID, viewer: Viewer) -> tuple[Attachment, bytes]:
    """A file for somebody who may open it; for anybody else it does not exist."""
    attachment = session.get(Attachment, attachment_id)
    if attachment is None or attachment.removed_at is not None:
        raise _no_file()
    case = viewer.sees_case(attachment.case_id)
    if case is None:
        raise _no_file()
    notice = notice_by_digest(session, case.notice_digest)
    if not may_read_file(viewer, case, notice, attachment):
        raise _no_file()
    try:
        return attachment, get(attachment.id)
    except FileGone as error:
        text = (
            f"“{attachment.filename}”的内容不在文件夹里，或者已损坏，可能恢复数据时漏了文件。请联系管理员。"
        )
        raise refusal(error, Reason("file_gone", text)) from None


def _no_file() -> Refused:
    return Refused(Reason("unknown_file", "没有找到这份材料。", kind="missing"))


def _record(
    session: Session, kind: EventKind, season: Season, case: Case, attachment: Attachment, person: Person
) -> None:
    record(
        session,
        kind,
        season=season,
        case=case,
        actor=person,
        document=attachment.document,
        filename=attachment.filename,
        sha256=attachment.sha256,
        sealed_and_signed=attachment.sealed_and_signed,
    )
