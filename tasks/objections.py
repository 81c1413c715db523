"""How is an objection to a published name heard (三（七）)?

It is registered, by the office or by the objector himself on the public page, verified and concluded; upheld it costs
the place. One that comes after the public notice is heard only if the office so decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session, select

from models.case import Case
from models.filestore import FileGone, get, refusal
from models.hearing import last_window, open_window
from models.notice import Notice, day_end, day_of
from models.objection import Account, Objection, ObjectionFile, keep_account, read_account
from models.people import Person
from models.season import Season, notice_by_digest, notice_of, now
from models.seats import is_office
from models.text import tidy_text
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import EventKind, ObjectionSource, ObjectionState, Outcome
from tasks.advance import end_case
from tasks.mail import queue_objection_received
from tasks.objection_checks import (
    CLAUSE,
    check_account,
    evidence_of,
    inspect_evidence,
    keep_evidence,
    new_receipt,
    tidied,
)
from tasks.recognition import free_place
from tasks.record import lock_cases, lock_season, record, wake

UPHELD_REASON = "公示期间的异议经核实成立。"


@dataclass(frozen=True)
class Objecting:
    """How an objection came: by whom it is registered, when and how it was received, with which evidence."""

    source: ObjectionSource = ObjectionSource.LETTER
    received_on: date | None = None
    asked_from: str = ""
    evidence: Sequence[tuple[str, bytes]] = field(default=())


# --- registering -------------------------------------------------------------------------------------------------


def check_objection(session: Session, season: Season, case: Case, person: Person) -> Verdict:
    """The office registers objections, once a public notice has opened, against someone who is still in it."""
    notice = notice_of(session, season)
    if not is_office(session, season, notice, person):
        return (Reason("office_only", "异议由办公室登记。", CLAUSE, "forbidden"),)
    if case.outcome not in (None, Outcome.RECOGNISED):
        return (Reason("case_ended", "该人选的案件已经终结，不能再登记异议。", CLAUSE),)
    if last_window(session, season, notice) is None:
        return (Reason("no_window", "还没有公示，不能登记异议。", CLAUSE),)
    return OPEN


def register_objection(
    session: Session, case_id: UUID, person: Person, account: Account, how: Objecting | None = None
) -> Objection:
    """The office registers what came by letter, call or visit; after the public notice it is registered as late."""
    how = how or Objecting()
    inspect_evidence(how.evidence)
    season, case = _locked_case(session, case_id)
    require(check_objection(session, season, case, person))
    return register(session, season, case, account, how, person)


def register(
    session: Session, season: Season, case: Case, account: Account, how: Objecting, person: Person | None
) -> Objection:
    """Keep an objection, sealed; the season's and the case's rows are locked, and it may be registered."""
    notice = notice_of(session, season)
    account = tidied(account)
    today = day_of(now(season))
    received = how.received_on or today
    require((*check_account(account), *_not_of_the_future(received, today)))
    objection = Objection(
        id=uuid4(),
        season_id=season.id,
        case_id=case.id,
        receipt=new_receipt(notice),
        source=how.source,
        received_on=received,
        late=_is_late(session, season, notice, received),
        asked_from=how.asked_from,
        registered_by=person.id if person else None,
        registered_at=now(season),
        due_at=day_end(today + timedelta(days=_days(session, season, notice))),
        sealed=b"",
    )
    keep_account(objection, account)
    session.add(objection)
    session.flush()
    keep_evidence(session, objection, how.evidence)
    _record(session, EventKind.OBJECTION_REGISTERED, season, case, objection, person, late=objection.late)
    if account.email:
        queue_objection_received(session, season, notice, objection)
    return objection


def _not_of_the_future(received: date, today: date) -> Verdict:
    if received <= today:
        return OPEN
    return (Reason("received_later", "收到日期不能晚于今天，请核对。", CLAUSE, "invalid", "received_on"),)


def _is_late(session: Session, season: Season, notice: Notice, received: date) -> bool:
    """After the last public notice had ended; a letter that came in time is not late because it is entered later."""
    gate = last_window(session, season, notice)
    if gate is None or open_window(session, season, notice) is not None:
        return False
    return day_end(received) > gate.due_at


def _days(session: Session, season: Season, notice: Notice) -> int:
    gate = last_window(session, season, notice)
    return notice.step(gate.step).publishing.objection_days if gate else 0


# --- hearing -----------------------------------------------------------------------------------------------------


def admit_objection(
    session: Session, objection_id: UUID, person: Person, *, heard: bool, reason: str
) -> Objection:
    """The office decides whether one that came late is heard; if not, it ends here."""
    season, case, objection = _locked(session, objection_id, person)
    if not objection.waits_for_admission:
        raise Refused(Reason("not_late", "这件异议不须决定是否受理。", CLAUSE))
    if not reason.strip():
        raise Refused(
            Reason("reason_missing", "请写明受理或不予受理的理由。", CLAUSE, "invalid", "admission")
        )
    objection.heard = heard
    _note(objection, admission=tidy_text(reason))
    if not heard:
        _close(objection, ObjectionState.DECLINED, season, person)
    session.add(objection)
    _record(session, EventKind.OBJECTION_ADMITTED, season, case, objection, person, heard=heard)
    wake(session, season)
    return objection


def verify_objection(session: Session, objection_id: UUID, person: Person, finding: str) -> Objection:
    """Put down what the verification found; the conclusion is a step of its own."""
    season, case, objection = _locked(session, objection_id, person)
    if objection.waits_for_admission:
        raise Refused(Reason("not_admitted", "这件异议逾期提出，请先决定是否受理。", CLAUSE))
    if objection.state != ObjectionState.REGISTERED:
        raise Refused(Reason("already_verified", "这件异议已经核实过。", CLAUSE))
    if not finding.strip():
        raise Refused(Reason("finding_missing", "请填写核实情况。", CLAUSE, "invalid", "finding"))
    objection.state, objection.verified_by = ObjectionState.VERIFIED, person.id
    _note(objection, finding=tidy_text(finding))
    session.add(objection)
    _record(session, EventKind.OBJECTION_VERIFIED, season, case, objection, person)
    return objection


def conclude_objection(
    session: Session, objection_id: UUID, person: Person, *, upheld: bool, conclusion: str
) -> Objection:
    """Uphold (the candidate is disqualified and the place falls free) or dismiss; only what was verified.

    A title that was given already is not taken back by this: that is the hosts' own decision.
    """
    season, case, objection = _locked(session, objection_id, person)
    if objection.state != ObjectionState.VERIFIED:
        text = (
            "请先核实再作结论。" if objection.state == ObjectionState.REGISTERED else "这件异议已经有结论。"
        )
        raise Refused(Reason("not_verified", text, CLAUSE))
    if not conclusion.strip():
        raise Refused(Reason("reason_missing", "请写明结论的理由。", CLAUSE, "invalid", "conclusion"))
    state = ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED
    _note(objection, conclusion=tidy_text(conclusion))
    _close(objection, state, season, person)
    session.add(objection)
    _record(session, EventKind.OBJECTION_CONCLUDED, season, case, objection, person, upheld=upheld)
    if upheld and case.live:
        _disqualify(session, season, case, person)
    wake(session, season)
    return objection


def _disqualify(session: Session, season: Season, case: Case, person: Person) -> None:
    """What was said by whom stays with the objection: the case's record tells only that one was upheld."""
    notice = notice_by_digest(session, case.notice_digest)
    end_case(
        session,
        season,
        notice,
        case,
        Outcome.DISQUALIFIED,
        actor=person,
        step="objection",
        reason=UPHELD_REASON,
    )
    free_place(session, season, notice, case, actor=person)


def _note(objection: Objection, **more: str) -> None:
    keep_account(objection, replace(read_account(objection), **more))


def _close(objection: Objection, state: ObjectionState, season: Season, person: Person) -> None:
    objection.state, objection.concluded_by, objection.concluded_at = state, person.id, now(season)


def _record(
    session: Session,
    kind: EventKind,
    season: Season,
    case: Case,
    objection: Objection,
    person: Person | None,
    **facts: bool,
) -> None:
    record(session, kind, season=season, case=case, actor=person, objection=str(objection.id), **facts)


def _locked_case(session: Session, case_id: UUID) -> tuple[Season, Case]:
    """The season's row first, then the case's."""
    case = session.get(Case, case_id)
    if case is None:
        raise Refused(Reason("unknown_case", "没有找到这名人选。", CLAUSE, "missing"))
    season = lock_season(session, case.season_id)
    [case] = lock_cases(session, [case_id])
    return season, case


def _locked(session: Session, objection_id: UUID, person: Person) -> tuple[Season, Case, Objection]:
    objection = session.get(Objection, objection_id)
    if objection is None:
        raise Refused(Reason("unknown_objection", "没有找到这件异议。", CLAUSE, "missing"))
    season, case = _locked_case(session, objection.case_id)
    session.refresh(objection)
    if not is_office(session, season, notice_of(session, season), person):
        raise Refused(Reason("office_only", "异议由办公室办理。", CLAUSE, "forbidden"))
    return season, case, objection


# --- reading -----------------------------------------------------------------------------------------------------


def read_evidence(session: Session, objection: Objection, file_id: UUID) -> tuple[ObjectionFile, bytes]:
    """One file that came with this objection."""
    found = next((f for f in evidence_of(session, objection.id) if f.id == file_id), None)
    if found is None:
        raise Refused(Reason("unknown_file", "没有找到这份材料。", CLAUSE, "missing"))
    try:
        return found, get(found.id)
    except FileGone as error:
        gone = Reason("file_gone", "这份材料的内容不在文件夹里，请联系管理员。", CLAUSE)
        raise refusal(error, gone) from None


def find_receipt(session: Session, receipt: str) -> Objection | None:
    return session.exec(select(Objection).where(Objection.receipt == receipt)).first()
