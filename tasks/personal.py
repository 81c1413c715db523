"""How does somebody get to see ID, telephone and address in full? With a reason, which goes on record."""

from uuid import UUID

from sqlmodel import Session

from models.account_words import AccountEventKind
from models.case import Case
from models.people import Person
from models.reading import may_read_numbers
from models.season import Season, notice_by_digest
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import Viewer, read_viewer
from models.words import EventKind
from tasks.account_log import note
from tasks.record import lock_cases, record


def check_see_numbers(viewer: Viewer, case: Case) -> Verdict:
    """The filler, the office, and who reviews for the case's own unit or county."""
    if may_read_numbers(viewer, case):
        return OPEN
    text = "身份证号、手机号等个人号码只有填报人、推荐单位、县（区）总工会和办公室可以查看。"
    return (Reason("numbers_hidden", text, "", "forbidden"),)


def see_numbers(session: Session, case_id: UUID, person: Person, reason: str) -> Case:
    """Put on record that this person looks at the personal numbers of the case, and why."""
    [case] = lock_cases(session, [case_id])
    season = session.get_one(Season, case.season_id)
    viewer = read_viewer(session, person, season, notice_by_digest(session, case.notice_digest))
    require(check_see_numbers(viewer, case))
    if not reason.strip():
        raise Refused(Reason("reason_missing", "查看个人号码须写明理由。", "", "invalid", "numbers_reason"))
    record(
        session, EventKind.NUMBERS_SEEN, season=season, case=case, actor=person, reason=reason.strip()[:200]
    )
    kind = AccountEventKind.NUMBERS_SEEN
    note(session, kind, person, about=case.number, season=season.title, case=str(case.id))
    return case
