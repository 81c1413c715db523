"""Through which one door do strangers' files come in? What they are, whether there is a virus in them, and then kept.

A file is looked into before anything is locked, and what carries a virus is refused and put on record. A file that the
scanner could not look at is kept, and held until it was (`models.file_scan`); the regular round asks again.
"""

import hashlib
import logging
from uuid import UUID

from sqlmodel import Session, col, select

from documents import sniff
from documents.problems import Problem, Refusal
from documents.sniff import Inspected
from documents.virus import look
from models.account_words import AccountEventKind, Result
from models.asking import asker
from models.database import reading, real_now, transaction
from models.file_scan import FileScan
from models.filenames import safe_filename
from models.filestore import FileGone, put_with, read_plain
from models.people import Person
from models.verdict import Reason, Refused
from models.words import ScanState
from tasks.account_log import note

VIRUS = "virus"
FOUND = "里查出病毒（{virus}），系统没有接收。请用杀毒软件清理电脑后，重新扫描或另存一份再上传。"

log = logging.getLogger("gongjiang.virus")


def inspect_upload(filename: str, content: bytes) -> Inspected:
    """What a stranger's file is, and that there is no virus in it. Raises `Refusal`."""
    found = sniff.inspect_upload(filename, content)
    refuse_virus(filename, content)
    return found


def inspect_sheet(filename: str, content: bytes) -> str:
    """The same for 附件2: `xlsx` or `xls`. Raises `Refusal`."""
    kind = sniff.inspect_sheet(filename, content)
    refuse_virus(filename, content)
    return kind


def refuse_virus(filename: str, content: bytes) -> None:
    """Raises `Refusal`, and puts on record who sent it, when the scanner finds something."""
    looked = look(content)
    if looked.state is ScanState.FOUND:
        _note_virus(safe_filename(filename), content, looked.virus, asker().person_id)
        raise Refusal(Problem("", VIRUS, f"文件{FOUND.format(virus=looked.virus)}"))


def keep_upload(session: Session, file_id: UUID, content: bytes) -> None:
    """Keep a stranger's file with the transaction; one that nobody could scan yet is held."""
    looked = look(content)
    if looked.state is ScanState.FOUND:
        _note_virus(str(file_id), content, looked.virus, asker().person_id)
        raise Refused(Reason(VIRUS, f"文件{FOUND.format(virus=looked.virus)}", kind="invalid"))
    if looked.state is not ScanState.UNSCANNED:
        scanned_at = real_now() if looked.state is ScanState.CLEAN else None
        by = asker().person_id
        session.add(FileScan(file_id=file_id, state=looked.state, put_by=by, scanned_at=scanned_at))
    put_with(session, file_id, content)


def scan_waiting() -> int:
    """Ask again about every file that waits; how many were scanned. Ends when the scanner does not answer."""
    with reading() as session:
        wanted = select(FileScan.file_id).where(FileScan.state == ScanState.WAITING)
        waiting = session.exec(wanted.order_by(col(FileScan.put_at))).all()
    done = 0
    for file_id in waiting:
        if not _scan(file_id):
            break
        done += 1
    return done


def _scan(file_id: UUID) -> bool:
    """One file that waits, in a transaction of its own; a file that was taken away meanwhile waits no longer."""
    with transaction() as session:
        row = session.exec(select(FileScan).where(FileScan.file_id == file_id).with_for_update()).first()
        if row is None or row.state != ScanState.WAITING:
            return True
        try:
            content = read_plain(file_id)
        except FileGone:
            session.delete(row)
            return True
        looked = look(content, patiently=True)
        if looked.state not in (ScanState.CLEAN, ScanState.FOUND):
            return False
        row.state, row.virus, row.scanned_at = looked.state, looked.virus, real_now()
        session.add(row)
        by = row.put_by
    if looked.state is ScanState.FOUND:
        _note_virus(str(file_id), content, looked.virus, by)
    return True


def _note_virus(about: str, content: bytes, virus: str, person_id: UUID | None) -> None:
    """In a transaction of its own: what is refused leaves nothing else behind."""
    digest = hashlib.sha256(content).hexdigest()
    log.warning("a virus was found in a file: %s", virus)
    with transaction() as session:
        person = session.get(Person, person_id) if person_id else None
        facts = {"virus": virus, "sha256": digest, "size": len(content)}
        note(session, AccountEventKind.VIRUS_FOUND, person, about=about, result=Result.REFUSED, **facts)
