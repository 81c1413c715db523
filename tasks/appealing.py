"""How is an appeal against a refusal heard (C18)? Registered with its text, and answered in time, either way."""

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from models.appeal import REFUSALS, Appeal, Said, appeal_about
from models.case import Case
from models.crypto import seal_json
from models.notice import day_end, day_of
from models.people import Person
from models.season import Season, notice_of, now
from models.seats import is_office
from models.text import tidy_line, tidy_text
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import EventKind
from tasks.record import lock_cases, lock_season, record

LONGEST = {"appellant": 80, "contact": 200, "text": 5000}


def check_appeal(session: Session, season: Season, case: Case, person: Person) -> Verdict:
    """The office registers appeals against a case that was refused."""
    notice = notice_of(session, season)
    if notice.appeals is None:
        return (Reason("no_appeals", "本年度的通知没有申诉的安排。"),)
    if not is_office(session, season, notice, person):
        return (Reason("office_only", "申诉由办公室登记。", notice.appeals.clause, "forbidden"),)
    if case.outcome not in REFUSALS:
        text = "只有审核不通过、未入选、取消资格、逾期失效的，才能登记申诉。"
        return (Reason("not_refused", text, notice.appeals.clause),)
    return OPEN


def register_appeal(session: Session, case_id: UUID, person: Person, said: Said) -> Appeal:
    """Put an appeal on record; it is to be answered within the days that the notice file gives."""
    season = lock_season(session, session.get_one(Case, case_id).season_id)
    [case] = lock_cases(session, [case_id])
    require(check_appeal(session, season, case, person))
    notice = notice_of(session, season)
    assert notice.appeals is not None
    said = Said(tidy_line(said.appellant), tidy_line(said.contact), tidy_text(said.text))
    labels = {"appellant": "申诉人", "contact": "联系方式", "text": "申诉内容"}
    require(
        tuple(
            Reason("field_wrong", f"请填写{label}，最多{LONGEST[name]}字。", "—", "invalid", name)
            for name, label in labels.items()
            if not 0 < len(getattr(said, name)) <= LONGEST[name]
        )
    )
    last = day_of(now(season)) + timedelta(days=notice.appeals.days)
    appeal = Appeal(
        season_id=season.id,
        case_id=case.id,
        content=b"",
        registered_by=person.id,
        registered_at=now(season),
        due_at=day_end(last),
    )
    appeal.content = seal_json(asdict(said), appeal_about(appeal))
    session.add(appeal)
    record(
        session,
        EventKind.APPEAL_REGISTERED,
        season=season,
        case=case,
        actor=person,
        appeal=str(appeal.id),
        due=last.isoformat(),
    )
    session.flush()
    return appeal


def answer_appeal(session: Session, appeal_id: UUID, person: Person, *, upheld: bool, answer: str) -> Appeal:
    """Answer an appeal once. Upheld or not, the case stays as it ended: what follows from it the answer says."""
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        raise Refused(Reason("unknown_appeal", "没有找到这件申诉。", "—", "missing"))
    season = lock_season(session, appeal.season_id)
    [case] = lock_cases(session, [appeal.case_id])
    session.refresh(appeal)
    if not is_office(session, season, notice_of(session, season), person):
        raise Refused(Reason("office_only", "申诉由办公室答复。", "—", "forbidden"))
    if appeal.answered_at is not None:
        raise Refused(Reason("already_answered", "这件申诉已经答复。"))
    if not tidy_text(answer):
        raise Refused(Reason("answer_missing", "请填写答复的内容和依据。", "—", "invalid", "answer"))
    appeal.upheld, appeal.answer = upheld, tidy_text(answer)
    appeal.answered_by, appeal.answered_at = person.id, now(season)
    session.add(appeal)
    record(
        session,
        EventKind.APPEAL_ANSWERED,
        season=season,
        case=case,
        actor=person,
        appeal=str(appeal.id),
        upheld=upheld,
    )
    return appeal
