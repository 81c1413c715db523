"""Which documents does a case need, which are there, and whose paper originals have arrived (四)?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from models.attachment import Attachment, PaperReceipt
from models.case import Case
from models.file_scan import FileScan
from models.notice import Document, Notice, Step
from models.people import Person
from models.words import ScanState


@dataclass(frozen=True)
class ChecklistRow:
    """One document of a case: its files as they are kept now, what the virus scanner said of each, and the receipt."""

    document: Document
    files: tuple[Attachment, ...]
    receipt: PaperReceipt | None
    receiver: str
    asked: bool
    scans: Mapping[UUID, ScanState]

    @property
    def required(self) -> bool:
        """Whether the application can't be handed in without it."""
        return self.asked and self.document.required

    @property
    def missing(self) -> bool:
        return self.required and all(self.scans[f.id] is ScanState.FOUND for f in self.files)

    @property
    def received(self) -> bool:
        """Whether the paper original lies at the office."""
        return self.receipt is not None and self.receipt.returned_at is None


def documents_of(notice: Notice, case: Case) -> list[Document]:
    """What the case's channel asks for, then what its steps make, each once."""
    asked = notice.channel(case.channel).documents
    made = [key for s in notice.case_steps(case.channel, case.route) for key in s.makes_documents]
    return [notice.document(key) for key in dict.fromkeys([*asked, *made])]


def kept_files(session: Session, case: Case) -> Sequence[Attachment]:
    """The files of a case that were not removed, in the order in which they came."""
    return session.exec(
        select(Attachment)
        .where(Attachment.case_id == case.id, col(Attachment.removed_at).is_(None))
        .order_by(col(Attachment.uploaded_at), col(Attachment.id))
    ).all()


def file_hashes(session: Session, case: Case) -> dict[str, list[str]]:
    """The hashes of the files kept with each document."""
    found: dict[str, list[str]] = {}
    for file in kept_files(session, case):
        found.setdefault(file.document, []).append(file.sha256)
    return found


def checklist(session: Session, notice: Notice, case: Case) -> list[ChecklistRow]:
    """Every document of the case with its files and receipts, in two statements."""
    found = session.exec(
        select(Attachment, FileScan.state)
        .outerjoin(FileScan, col(FileScan.file_id) == col(Attachment.id))
        .where(Attachment.case_id == case.id, col(Attachment.removed_at).is_(None))
        .order_by(col(Attachment.uploaded_at), col(Attachment.id))
    ).all()
    files = [file for file, _ in found]
    scans = {file.id: ScanState(state or ScanState.UNSCANNED) for file, state in found}
    receipts = session.exec(
        select(PaperReceipt, Person.name)
        .join(Person, col(Person.id) == col(PaperReceipt.received_by))
        .where(PaperReceipt.case_id == case.id)
    ).all()
    by_document = {receipt.document: (receipt, name) for receipt, name in receipts}
    asked = set(notice.channel(case.channel).documents)
    rows: list[ChecklistRow] = []
    for document in documents_of(notice, case):
        receipt, name = by_document.get(document.key, (None, ""))
        rows.append(
            ChecklistRow(
                document=document,
                files=tuple(f for f in files if f.document == document.key),
                receipt=receipt,
                receiver=name,
                asked=document.key in asked,
                scans=scans,
            )
        )
    return rows


def missing_documents(session: Session, notice: Notice, case: Case) -> list[Document]:
    """What the channel requires and no file has been uploaded for."""
    shut_away = select(FileScan.file_id).where(FileScan.state == ScanState.FOUND)
    there = session.exec(
        select(Attachment.document)
        .where(Attachment.case_id == case.id, col(Attachment.removed_at).is_(None))
        .where(col(Attachment.id).not_in(shut_away))
    ).all()
    asked = (notice.document(key) for key in notice.channel(case.channel).documents)
    return [d for d in asked if d.required and d.key not in there]


def not_yet_there(session: Session, notice: Notice, case: Case, step: Step) -> list[Document]:
    """What a step is to look at and neither a file nor a paper original shows: said to who decides, no refusal."""
    needed = set(step.needs_documents)
    rows = [r for r in checklist(session, notice, case) if r.document.key in needed]
    return [r.document for r in rows if not r.files and not r.received]
