"""How does each recognised person get one certificate, numbered once and printed as often as needed (五)?"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, func, select

from documents.layouts.certificate import certificate_sheet
from models.honours import Certificate, Honoured, honoured
from models.joint import number_in_force
from models.notice import Notice, day_of
from models.people import Person
from models.season import Season, notice_of, now
from models.seats import is_office
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import EventKind
from tasks.printing import Format, Printed, rendered
from tasks.record import lock_cases, lock_season, record


def check_certificates(session: Session, season: Season, person: Person) -> Verdict:
    """The office numbers certificates once the document that recognises has its number and date."""
    notice = notice_of(session, season)
    if notice.certificate is None:
        return (Reason("no_certificates", "本年度的通知没有证书。"),)
    clause = notice.certificate.clause
    if not is_office(session, season, notice, person):
        return (Reason("office_only", "证书由办公室编号和打印。", clause, "forbidden"),)
    if notice.joint_document and number_in_force(session, season) is None:
        text = "联合发文的文号和日期还没有登记，请先在“联合发文”中登记，证书日期与发文日期一致。"
        return (Reason("document_number_missing", text, clause),)
    if not honoured(session, season, notice):
        return (Reason("nobody_recognised", "还没有获得认定的人。", clause),)
    return OPEN


def number_certificates(session: Session, season_id: UUID, person: Person) -> list[Certificate]:
    """Number everybody who has none yet, in the order of the list; whoever has a number keeps it."""
    season = lock_season(session, season_id)
    require(check_certificates(session, season, person))
    notice = notice_of(session, season)
    waiting = [h.case for h in honoured(session, season, notice) if not h.certificate and not h.revocation]
    lock_cases(session, [c.id for c in waiting])
    issued = number_in_force(session, season)
    dated = issued.dated if issued else day_of(now(season))
    last = select(func.max(col(Certificate.sequence))).where(Certificate.season_id == season.id)
    first = (session.exec(last).one() or 0) + 1
    made = []
    for sequence, case in enumerate(waiting, first):
        number = _numbered(notice, sequence)
        made.append(
            Certificate(
                season_id=season.id,
                case_id=case.id,
                sequence=sequence,
                number=number,
                dated=dated,
                numbered_by=person.id,
                numbered_at=now(season),
            )
        )
        record(session, EventKind.CERTIFICATE_NUMBERED, season=season, case=case, actor=person, number=number)
    session.add_all(made)
    session.flush()
    return made


def _numbered(notice: Notice, sequence: int) -> str:
    assert notice.certificate is not None
    return notice.certificate.number.format(n=sequence)


def print_certificates(
    session: Session, season: Season, form: Format, case_id: UUID | None = None
) -> Printed:
    """The certificates of everybody who holds the title, or of one person, as Word or PDF."""
    notice = notice_of(session, season)
    found = [
        h
        for h in honoured(session, season, notice)
        if h.certificate and not h.revocation and case_id in (None, h.case.id)
    ]
    if not found or notice.certificate is None:
        raise Refused(Reason("no_certificate", "没有可以打印的证书：请先编号；撤销了称号的不再打印。", "五"))
    issued = number_in_force(session, season)
    paper = issued.number if issued else notice.number
    sheets = [
        certificate_sheet(notice, h.case.name, h.certificate, paper, practice=season.practice)
        for h in found
        if h.certificate
    ]
    return Printed(f"{_whose(notice, found, case_id)}.{form}", rendered(sheets, form))


def _whose(notice: Notice, found: Sequence[Honoured], case_id: UUID | None) -> str:
    return f"{notice.title}证书" + (f"（{found[0].case.name}）" if case_id else "")
