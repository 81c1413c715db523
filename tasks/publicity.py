"""How is an objection to a published name heard (三（七）)?

It is registered, verified and concluded; upheld it costs the place.
"""

from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.gates import Gate
from models.objection import Objection
from models.people import Person
from models.season import Season, notice_by_digest, notice_of, now
from models.seats import is_office
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import EventKind, GateState, ObjectionState, Outcome, StepKind
from tasks.advance import end_case
from tasks.recognition import free_place
from tasks.record import lock_cases, lock_season, record, wake

CLAUSE = "三（七）"


def check_objection(session: Session, season: Season, case: Case, person: Person) -> Verdict:
    """The office registers objections, while a public notice is open, against someone who is still in it."""
    if not is_office(session, season, notice_of(session, season), person):
        return (Reason("office_only", "异议由办公室登记。", CLAUSE, "forbidden"),)
    if not case.live:
        return (Reason("case_ended", "该人选的案件已经终结，不能再登记异议。", CLAUSE),)
    if open_window(session, season) is None:
        return (Reason("no_window", "现在不在公示期内，不能登记异议。", CLAUSE),)
    return OPEN


def open_window(session: Session, season: Season) -> Gate | None:
    """The public notice that is open now."""
    notice = notice_of(session, season)
    windows = [s.key for s in notice.steps if s.kind is StepKind.WINDOW]
    return session.exec(
        select(Gate).where(
            Gate.season_id == season.id,
            col(Gate.case_id).is_(None),
            col(Gate.step).in_(windows),
            Gate.state == GateState.OPEN,
        )
    ).first()


def register_objection(
    session: Session, case_id: UUID, person: Person, *, objector: str, contact: str, text: str
) -> Objection:
    """Register an objection with its real name, contact and text; it then has to be concluded by someone."""
    [case] = lock_cases(session, [case_id])
    season = session.get_one(Season, case.season_id)
    require(check_objection(session, season, case, person))
    required = {
        "objector": (objector, "异议人姓名或单位"),
        "contact": (contact, "联系方式"),
        "text": (text, "异议内容"),
    }
    require(
        tuple(
            Reason("field_missing", f"请填写{label}。", CLAUSE, "invalid", name)
            for name, (value, label) in required.items()
            if not value.strip()
        )
    )
    objection = Objection(
        season_id=season.id,
        case_id=case.id,
        objector=objector.strip(),
        contact=contact.strip(),
        text=text.strip(),
        registered_by=person.id,
        registered_at=now(season),
    )
    session.add(objection)
    record(
        session,
        EventKind.OBJECTION_REGISTERED,
        season=season,
        case=case,
        actor=person,
        objection=str(objection.id),
    )
    return objection


def verify_objection(session: Session, objection_id: UUID, person: Person, finding: str) -> Objection:
    """Put down what the verification found; the conclusion is a step of its own."""
    season, case, objection = _locked(session, objection_id, person)
    if objection.state != ObjectionState.REGISTERED:
        raise Refused(Reason("already_verified", "这件异议已经核实过。", CLAUSE))
    if not finding.strip():
        raise Refused(Reason("finding_missing", "请填写核实情况。", CLAUSE, "invalid", "finding"))
    objection.state, objection.finding, objection.verified_by = (
        ObjectionState.VERIFIED,
        finding.strip(),
        person.id,
    )
    session.add(objection)
    record(
        session,
        EventKind.OBJECTION_VERIFIED,
        season=season,
        case=case,
        actor=person,
        objection=str(objection.id),
    )
    return objection


def conclude_objection(
    session: Session, objection_id: UUID, person: Person, *, upheld: bool, conclusion: str
) -> Objection:
    """Uphold (the candidate is disqualified and the place falls free) or dismiss; only what was verified."""
    season, case, objection = _locked(session, objection_id, person)
    if objection.state != ObjectionState.VERIFIED:
        text = (
            "请先核实再作结论。" if objection.state == ObjectionState.REGISTERED else "这件异议已经有结论。"
        )
        raise Refused(Reason("not_verified", text, CLAUSE))
    if not conclusion.strip():
        raise Refused(Reason("reason_missing", "请写明结论的理由。", CLAUSE, "invalid", "conclusion"))
    objection.state = ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED
    objection.conclusion, objection.concluded_by, objection.concluded_at = (
        conclusion.strip(),
        person.id,
        now(season),
    )
    session.add(objection)
    record(
        session,
        EventKind.OBJECTION_CONCLUDED,
        season=season,
        case=case,
        actor=person,
        objection=str(objection.id),
        upheld=upheld,
    )
    if upheld and case.live:
        notice = notice_by_digest(session, case.notice_digest)
        end_case(
            session,
            season,
            notice,
            case,
            Outcome.DISQUALIFIED,
            actor=person,
            step="objection",
            reason=conclusion.strip(),
        )
        free_place(session, season, notice, case, actor=person)
    wake(session, season)
    return objection


def _locked(session: Session, objection_id: UUID, person: Person) -> tuple[Season, Case, Objection]:
    objection = session.get(Objection, objection_id)
    if objection is None:
        raise Refused(Reason("unknown_objection", "没有找到这件异议。", CLAUSE, "missing"))
    season = lock_season(session, objection.season_id)
    [case] = lock_cases(session, [objection.case_id])
    session.refresh(objection)
    if not is_office(session, season, notice_of(session, season), person):
        raise Refused(Reason("office_only", "异议由办公室办理。", CLAUSE, "forbidden"))
    return season, case, objection
