"""How does a candidate leave before the end: withdrawn, or disqualified by the office, at every stage?"""

from uuid import UUID

from sqlmodel import Session

from models.case import Case
from models.notice import Notice
from models.people import Person
from models.season import Season, notice_by_digest, notice_of
from models.seats import is_office
from models.verdict import Reason, Refused, Verdict, require
from models.viewer import Viewer, read_viewer
from models.words import Outcome
from tasks.advance import end_case
from tasks.recognition import free_place
from tasks.record import lock_cases, lock_season

WHAT = {Outcome.WITHDRAWN: "撤回申报", Outcome.DISQUALIFIED: "取消参评资格"}


def check_withdraw(session: Session, season: Season, notice: Notice, case: Case, person: Person) -> Verdict:
    """The filler or the office may withdraw a case that has not ended."""
    if not case.live:
        return (Reason("case_ended", "案件已经终结，不能撤回。"),)
    if person.id != case.entered_by and not is_office(session, season, notice, person):
        return (Reason("not_yours", "只有填报人或办公室可以撤回申报。", "", "forbidden"),)
    return ()


def check_disqualify(viewer: Viewer, case: Case) -> Verdict:
    """The office alone, as long as the candidate may still be recognised (三（七）、七（二）)."""
    if not viewer.is_office:
        return (Reason("office_only", "取消参评资格由办公室办理。", "三（七）", "forbidden"),)
    if not case.live:
        return (Reason("case_ended", "案件已经终结或已经认定，不能取消参评资格。", "三（七）"),)
    return ()


def withdraw(session: Session, case_id: UUID, person: Person, reason: str) -> Case:
    """Withdraw at any time; a place on the selected list falls free."""
    season, notice, case = _locked(session, case_id)
    require(check_withdraw(session, season, notice, case, person))
    return _leave(session, season, notice, case, person, reason, Outcome.WITHDRAWN)


def disqualify(session: Session, case_id: UUID, person: Person, reason: str) -> Case:
    """Disqualify at any stage, without an objection having been made; a place on the selected list falls free."""
    season, notice, case = _locked(session, case_id)
    require(check_disqualify(read_viewer(session, person, season, notice_of(session, season)), case))
    return _leave(session, season, notice, case, person, reason, Outcome.DISQUALIFIED)


def _locked(session: Session, case_id: UUID) -> tuple[Season, Notice, Case]:
    season = lock_season(session, session.get_one(Case, case_id).season_id)
    [case] = lock_cases(session, [case_id])
    return season, notice_by_digest(session, case.notice_digest), case


def _leave(
    session: Session,
    season: Season,
    notice: Notice,
    case: Case,
    person: Person,
    reason: str,
    outcome: Outcome,
) -> Case:
    if not reason.strip():
        text = f"{WHAT[outcome]}须写明理由。"
        raise Refused(Reason("reason_missing", text, "", "invalid", "reason"))
    end_case(session, season, notice, case, outcome, actor=person, reason=reason.strip())
    free_place(session, season, notice, case, actor=person)
    return case
