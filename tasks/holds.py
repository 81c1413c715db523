"""How is something kept from being erased for a reason, and let go again?"""

from uuid import UUID

from sqlmodel import Session

from models.case import Case
from models.database import real_now
from models.people import Person
from models.retention import Hold
from models.season import Season, notice_of
from models.seats import is_office
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import EventKind
from tasks.record import lock_cases, lock_season, record


def check_hold(session: Session, season: Season, person: Person) -> Verdict:
    if is_office(session, season, notice_of(session, season), person):
        return OPEN
    return (Reason("office_only", "暂缓清除由办公室登记和解除。", "", "forbidden"),)


def set_hold(session: Session, season_id: UUID, case: Case | None, person: Person, reason: str) -> Hold:
    """Keep a case, or without one the whole season, from being erased until it is lifted."""
    season = lock_season(session, season_id)
    require(check_hold(session, season, person))
    if not reason.strip():
        text = "暂缓清除须写明原因，如诉讼、复议、纪检调查。"
        raise Refused(Reason("reason_missing", text, "", "invalid", "hold_reason"))
    chain = lock_cases(session, [case.id])[0] if case else None
    hold = Hold(
        season_id=season.id,
        case_id=case.id if case else None,
        reason=reason.strip()[:500],
        set_by=person.id,
    )
    session.add(hold)
    record(session, EventKind.HOLD_SET, season=season, case=chain, actor=person, reason=hold.reason)
    session.flush()
    return hold


def lift_hold(session: Session, hold_id: UUID, person: Person) -> Hold:
    """Let it be erased again when its time is over."""
    hold = session.get(Hold, hold_id)
    if hold is None:
        raise Refused(Reason("unknown_hold", "没有这项暂缓清除。", kind="missing"))
    season = lock_season(session, hold.season_id)
    session.refresh(hold)
    require(check_hold(session, season, person))
    if hold.lifted_at is not None:
        raise Refused(Reason("already_lifted", "这项暂缓清除已经解除。"))
    chain = lock_cases(session, [hold.case_id])[0] if hold.case_id else None
    hold.lifted_by, hold.lifted_at = person.id, real_now()
    session.add(hold)
    record(session, EventKind.HOLD_LIFTED, season=season, case=chain, actor=person, reason=hold.reason)
    session.flush()
    return hold
