"""How is a title taken back (C18)? The body that decides has decided on paper; the office records it with the scan."""

from uuid import UUID

from sqlmodel import Session, select

from models.case import Case
from models.honours import Revocation
from models.notice import Notice
from models.people import Person
from models.progress import final_step
from models.season import Season, notice_of, now
from models.seats import is_office
from models.text import tidy_line, tidy_text
from models.verdict import OPEN, Reason, Verdict, require
from models.words import EventKind, FilePurpose, Outcome
from tasks.joint import read_past_day
from tasks.record import lock_cases, lock_season, record
from tasks.season_files import file_paper
from tasks.telling import tell_title_revoked


def deciding_body(notice: Notice) -> str:
    """Who takes a title back: whoever makes the last list."""
    step = final_step(notice)
    return notice.body(step.deciders[0].body).label if step else notice.authority


def check_revoke(session: Session, season: Season, case: Case, person: Person) -> Verdict:
    """The office records it, of a title that is held."""
    if not is_office(session, season, notice_of(session, season), person):
        return (Reason("office_only", "撤销称号由办公室登记。", "—", "forbidden"),)
    if case.outcome != Outcome.RECOGNISED:
        return (Reason("no_title", "该人选没有获得称号，不能撤销。"),)
    if session.exec(select(Revocation.id).where(Revocation.case_id == case.id)).first():
        return (Reason("already_revoked", "该人选的称号已经撤销。"),)
    return OPEN


def revoke_title(
    session: Session,
    case_id: UUID,
    person: Person,
    *,
    paper: str,
    decided_on: str,
    reason: str,
    filename: str,
    content: bytes,
) -> Revocation:
    """Record that the title was taken back: by which paper, on which day, why, with its scan.

    The certificate is shown as revoked, the reserve leaves the person out, and whoever heard of the title hears of
    this. What was paid and published stays on record.
    """
    season = lock_season(session, session.get_one(Case, case_id).season_id)
    [case] = lock_cases(session, [case_id])
    require(check_revoke(session, season, case, person))
    said = {"paper": tidy_line(paper), "reason": tidy_text(reason), "file": content}
    labels = {"paper": "决定文件的编号", "reason": "撤销的理由", "file": "决定文件的扫描件"}
    require(
        tuple(
            Reason("field_missing", f"请填写或选择{labels[name]}。", "—", "invalid", name)
            for name, value in said.items()
            if not value
        )
    )
    day = read_past_day(season, decided_on, "decided_on", "决定日期")
    kept = Revocation(
        season_id=season.id,
        case_id=case.id,
        paper=tidy_line(paper)[:200],
        decided_on=day,
        reason=tidy_text(reason),
        recorded_by=person.id,
        recorded_at=now(season),
    )
    session.add(kept)
    record(
        session,
        EventKind.TITLE_REVOKED,
        season=season,
        case=case,
        actor=person,
        body=deciding_body(notice_of(session, season)),
        paper=kept.paper,
        decided_on=day.isoformat(),
        reason=kept.reason,
    )
    file_paper(session, season, FilePurpose.REVOCATION, str(case.id), filename, content, person)
    tell_title_revoked(session, season, notice_of(session, season), case)
    session.flush()
    return kept
