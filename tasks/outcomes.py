"""When does a unit hear how its candidate's case ended? When the office has looked at the mail and released it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.database import real_now
from models.mail import Message
from models.people import Person
from models.season import Season, notice_of
from models.seats import is_office
from models.text import count_characters, tidy_text
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import EventKind, MessageState
from tasks.record import lock_cases, record

LONGEST_REASON = 300


def check_outcomes(session: Session, season: Season, person: Person) -> Verdict:
    if is_office(session, season, notice_of(session, season), person):
        return OPEN
    return (Reason("office_only", "结果通知由办公室放行。", kind="forbidden"),)


def release_results(
    session: Session, season_id: UUID, person: Person, case_ids: Collection[UUID] | None = None
) -> tuple[int, int]:
    """Send what waits about these cases, or about all of them; of how many cases, and how many mails, that is.

    Refused when nothing of it waits any longer, so that two clerks can't both think they sent it.
    """
    season, cases, mails = _waiting(session, season_id, person, case_ids)
    for message in mails:
        message.state, message.next_at = MessageState.QUEUED, real_now()
        session.add(message)
    for case in cases:
        record(
            session,
            EventKind.RESULT_RELEASED,
            season=season,
            case=case,
            actor=person,
            mails=sum(m.case_id == case.id for m in mails),
        )
    return len(cases), len(mails)


def withhold_results(
    session: Session, season_id: UUID, person: Person, case_ids: Collection[UUID], reason: str
) -> tuple[int, int]:
    """These mails are not sent, for a reason that is recorded: the unit was told otherwise, or the result changed."""
    reason = tidy_text(reason)
    require(_reason_is_given(reason))
    season, cases, mails = _waiting(session, season_id, person, case_ids)
    for message in mails:
        message.state, message.error = MessageState.SKIPPED, f"办公室决定不发送：{reason}"
        session.add(message)
    for case in cases:
        count = sum(m.case_id == case.id for m in mails)
        kind = EventKind.RESULT_WITHHELD
        record(session, kind, season=season, case=case, actor=person, mails=count, reason=reason)
    return len(cases), len(mails)


def _reason_is_given(reason: str) -> Verdict:
    if not reason:
        return (Reason("reason_missing", "请写明不发送的理由。", "", "invalid", "reason"),)
    if count_characters(reason) > LONGEST_REASON:
        text = f"理由最多{LONGEST_REASON}字，请删减。"
        return (Reason("too_long", text, "", "invalid", "reason"),)
    return OPEN


def _waiting(
    session: Session, season_id: UUID, person: Person, case_ids: Collection[UUID] | None
) -> tuple[Season, Sequence[Case], Sequence[Message]]:
    """The cases concerned, locked, with the mails about them that are held back."""
    season = session.get_one(Season, season_id)
    require(check_outcomes(session, season, person))
    held = select(Message).where(Message.season_id == season.id, Message.state == MessageState.HELD)
    if case_ids is not None:
        if not case_ids:
            raise Refused(Reason("nothing_chosen", "还没有选择人选，请先勾选。", kind="invalid"))
        held = held.where(col(Message.case_id).in_(case_ids))
    about = {m.case_id for m in session.exec(held) if m.case_id}
    cases = lock_cases(session, about)
    mails = session.exec(held.execution_options(populate_existing=True)).all()
    mails = [m for m in mails if m.case_id in about]
    if not mails:
        text = "所选的结果通知已经放行或者不再发送，请刷新页面。"
        raise Refused(Reason("nothing_held", text))
    return season, [c for c in cases if any(m.case_id == c.id for m in mails)], mails
