"""How does a scan or clipping come to the season's papers, and how is it read again?"""

import hashlib
from uuid import UUID, uuid4

from sqlmodel import Session

from documents.problems import Refusal
from models.filestore import LARGEST_FILE, FileGone, get, refusal
from models.labels import label
from models.people import Person
from models.season import Season
from models.season_file import SeasonFile
from models.verdict import Reason, Refused
from models.words import AttachmentKind, EventKind, FilePurpose
from tasks.attachment_checks import safe_name
from tasks.record import lock_season, record
from tasks.taking import inspect_upload, keep_upload

MEGABYTE = 1024 * 1024
KINDS = (AttachmentKind.PDF, AttachmentKind.JPG, AttachmentKind.PNG)


def file_paper(
    session: Session,
    season: Season,
    purpose: FilePurpose,
    about: str,
    filename: str,
    content: bytes,
    person: Person,
) -> SeasonFile:
    """Keep a PDF or picture, sealed, and put on record that it was filed. Refused when it is not sound or too large."""
    kind, pages = _looked_into(filename, content)
    kept = SeasonFile(
        id=uuid4(),
        season_id=season.id,
        purpose=purpose,
        about=about,
        filename=safe_name(filename, kind),
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        pages=pages,
        uploaded_by=person.id,
    )
    session.add(kept)
    keep_upload(session, kept.id, content)
    record(
        session,
        EventKind.PAPER_FILED,
        season=lock_season(session, season.id),
        actor=person,
        purpose=purpose,
        about=about,
        filename=kept.filename,
        sha256=kept.sha256,
    )
    session.flush()
    return kept


def _looked_into(filename: str, content: bytes) -> tuple[AttachmentKind, int | None]:
    if len(content) > LARGEST_FILE:
        text = f"“{filename}”超过{LARGEST_FILE // MEGABYTE}MB，请压缩或降低扫描精度后再上传。"
        raise Refused(Reason("file_too_large", text, "", "invalid", "file"))
    try:
        found = inspect_upload(filename, content)
    except Refusal as refusal:
        text = f"“{filename}”：{refusal.problem.message}"
        raise Refused(Reason(refusal.problem.code, text, "", "invalid", "file")) from None
    if found.kind not in KINDS:
        text = f"“{filename}”不是PDF、JPG或PNG，请扫描或另存为PDF后再上传。"
        raise Refused(Reason("wrong_kind", text, "", "invalid", "file"))
    return found.kind, found.pages


def read_paper(session: Session, season: Season, file_id: UUID) -> tuple[SeasonFile, bytes]:
    """A file of this season with its bytes."""
    found = session.get(SeasonFile, file_id)
    if found is None or found.season_id != season.id:
        raise Refused(Reason("unknown_file", "没有找到这份文件。", kind="missing"))
    try:
        return found, get(found.id)
    except FileGone as error:
        text = f"“{found.filename}”（{label(FilePurpose(found.purpose))}）的内容不在文件夹里，请联系管理员。"
        raise refusal(error, Reason("file_gone", text)) from None
