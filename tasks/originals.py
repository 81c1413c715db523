"""How is it noted that the paper original of a document has arrived at the office, or was given back (四)?"""

from uuid import UUID

from sqlmodel import Session, select

from models.attachment import PaperReceipt
from models.case import Case
from models.checklist import documents_of
from models.people import Person
from models.season import Season, notice_by_digest, now
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import EventKind
from tasks.attachment_checks import Standing, standing
from tasks.record import lock_cases, record


def check_paper(standing: Standing) -> Verdict:
    """Paper originals are sent to the office (四), which notes them."""
    if not standing.is_office:
        return (Reason("office_only", "纸质原件由办公室登记。", "四", "forbidden"),)
    return OPEN


def receive_paper(
    session: Session, case_id: UUID, document: str, person: Person, note: str = ""
) -> PaperReceipt:
    """The paper original of a document has arrived at the office."""
    season, case, receipt = _paper(session, case_id, document, person)
    if receipt is not None and receipt.returned_at is None:
        raise Refused(Reason("already_received", "这份纸质原件已经登记过。", "四"))
    receipt = receipt or PaperReceipt(
        case_id=case.id, document=document, received_by=person.id, received_at=now(season)
    )
    receipt.received_by, receipt.received_at, receipt.returned_at = person.id, now(season), None
    receipt.note = note.strip()[:200]
    session.add(receipt)
    _record_paper(session, season, case, document, person, received=True)
    return receipt


def undo_paper(session: Session, case_id: UUID, document: str, person: Person) -> PaperReceipt:
    """The paper original was noted by mistake, or has been given back."""
    season, case, receipt = _paper(session, case_id, document, person)
    if receipt is None or receipt.returned_at is not None:
        raise Refused(Reason("not_received", "这份纸质原件还没有登记收到。", "四"))
    receipt.returned_at = now(season)
    session.add(receipt)
    _record_paper(session, season, case, document, person, received=False)
    return receipt


def _paper(
    session: Session, case_id: UUID, document: str, person: Person
) -> tuple[Season, Case, PaperReceipt | None]:
    [case] = lock_cases(session, [case_id])
    season = session.get_one(Season, case.season_id)
    notice = notice_by_digest(session, case.notice_digest)
    require(check_paper(standing(session, season, notice, case, person)))
    if document not in {d.key for d in documents_of(notice, case) if d.paper}:
        raise Refused(Reason("unknown_document", "这份材料没有纸质原件。", "四", "invalid", "document"))
    held = select(PaperReceipt).where(PaperReceipt.case_id == case.id, PaperReceipt.document == document)
    return season, case, session.exec(held).first()


def _record_paper(
    session: Session, season: Season, case: Case, document: str, person: Person, *, received: bool
) -> None:
    record(
        session,
        EventKind.PAPER_RECEIVED,
        season=season,
        case=case,
        actor=person,
        document=document,
        received=received,
    )
