"""How does somebody come to stay away from a case, and what becomes of the answer he was to give (三（三）、三（四）)?

Whoever is recused leaves no answer to be waited for: his task waits for a substitute, whom the office assigns
(`tasks.panels`). A sheet that he has handed in before stays on record, but is counted no longer.
"""

from uuid import UUID

from sqlmodel import Session, col, select

from models.actions import Task
from models.case import Case
from models.gates import Assignment, Decision, Gate
from models.notice import Notice
from models.people import Person
from models.recusal import Recusal, Relative
from models.season import Season, notice_by_digest, notice_of, now
from models.seats import bodies_of, is_office
from models.verdict import Reason, Refused, Verdict, require
from models.words import AssignmentState, Effect, EventKind, GateState, RecusalGround, Relation, StepKind
from tasks.decide import lock_task
from tasks.mail import queue_substitute_wanted
from tasks.record import lock_cases, lock_season, record
from tasks.shortlists import redraft

CLAUSE = "三（三）、三（四）"


def apply_for_recusal(session: Session, assignment_id: UUID, person: Person, reason: str) -> Recusal:
    """An expert or inspector asks, before he has answered, to stay away from the case; the office is told."""
    task = lock_task(session, assignment_id)
    require(check_apply(task, person, reason))
    case = session.get_one(Case, task.gate.case_id)
    recusal = _declare(session, task.season, case, person, person, reason)
    _vacate(session, task.season, task.notice, case, person, RecusalGround.DECLARED)
    queue_substitute_wanted(session, task.season, task.notice, case, task.gate)
    return recusal


def check_apply(task: Task, person: Person, reason: str) -> Verdict:
    """Only by name, and only while the answer is still to be given."""
    named = task.notice.body(task.assignment.body).relation is Relation.ASSIGNED
    if not named or task.assignment.person_id != person.id:
        return (
            Reason("not_your_task", "只有被指派到本案的本人可以申请回避。", task.step.clause, "forbidden"),
        )
    if task.gate.state != GateState.OPEN or task.assignment.state != AssignmentState.OPEN:
        text = "这项任务已经答复、回避或办结，不能再申请回避；确须回避的，请联系办公室。"
        return (Reason("gate_closed", text, task.step.clause),)
    return _reason_given(reason, "recusal_reason")


def recuse(session: Session, case_id: UUID, person_id: UUID, by: Person, reason: str) -> Recusal:
    """The office puts on record that somebody stays away from a case, whatever he sits in."""
    [case] = lock_cases(session, [case_id])
    season, notice = session.get_one(Season, case.season_id), notice_by_digest(session, case.notice_digest)
    require(check_recuse(session, season, notice, case, by))
    require(_reason_given(reason, "reason"))
    person = session.get(Person, person_id)
    if person is None or not bodies_of(session, season.id, person, now(season)):
        raise Refused(Reason("unknown_person", "请选择本年度名录里的人员。", CLAUSE, "invalid", "person"))
    if _declared(session, case, person):
        text = f"{person.name}已经登记回避{case.number}，不需要再登记。"
        raise Refused(Reason("already_recused", text, CLAUSE))
    recusal = _declare(session, season, case, person, by, reason)
    _vacate(session, season, notice, case, person, RecusalGround.DECLARED)
    return recusal


def check_recuse(session: Session, season: Season, notice: Notice, case: Case, by: Person) -> Verdict:
    """Recusals are put on record by the office, as long as something can still be decided about the case."""
    if not is_office(session, season, notice, by):
        return (Reason("office_only", "回避由本人申请，或由办公室登记。", CLAUSE, "forbidden"),)
    if case.closed_at is not None:
        return (Reason("case_ended", "案件已经终结，不需要再登记回避。", CLAUSE),)
    return ()


def name_relative(session: Session, season_id: UUID, person: Person, name: str, kinship: str) -> Relative:
    """Somebody names a relative: from a candidate of that name he stays away, now and later."""
    season = lock_season(session, season_id)
    require(check_name_relative(session, season, person, name, kinship))
    relative = Relative(
        season_id=season.id,
        person_id=person.id,
        name=name.strip(),
        kinship=kinship.strip(),
        declared_at=now(season),
    )
    session.add(relative)
    session.flush()
    same = select(Case.id).where(Case.season_id == season.id, Case.name == relative.name)
    for case in lock_cases(session, session.exec(same.where(col(Case.closed_at).is_(None))).all()):
        _vacate(session, season, notice_of(session, season), case, person, RecusalGround.RELATIVE)
    return relative


def check_name_relative(session: Session, season: Season, person: Person, name: str, kinship: str) -> Verdict:
    if not bodies_of(session, season.id, person, now(season)):
        text = "只有本年度的办理人员需要申报亲属。"
        return (Reason("no_seat", text, CLAUSE, "forbidden"),)
    found = []
    if not name.strip():
        found.append(Reason("name_missing", "请填写亲属姓名。", CLAUSE, "invalid", "relative_name"))
    if not kinship.strip():
        found.append(Reason("kinship_missing", "请填写亲属关系，如“配偶”。", CLAUSE, "invalid", "kinship"))
    standing = select(Relative.id).where(
        Relative.season_id == season.id, Relative.person_id == person.id, Relative.name == name.strip()
    )
    if session.exec(standing.where(col(Relative.struck_at).is_(None))).first():
        text = "这个姓名您已经申报过了。"
        found.append(Reason("already_named", text, CLAUSE, "conflict", "relative_name"))
    return tuple(found)


def strike_relative(session: Session, relative_id: UUID, by: Person) -> Relative:
    """The office strikes out a name that was given by mistake; the row stays, with who struck it out and when."""
    relative = session.get(Relative, relative_id, with_for_update=True)
    if relative is None:
        raise Refused(Reason("unknown_relative", "没有找到这条申报。", kind="missing"))
    season = session.get_one(Season, relative.season_id)
    if not is_office(session, season, notice_of(session, season), by):
        raise Refused(Reason("office_only", "填错的亲属姓名由办公室撤销。", CLAUSE, "forbidden"))
    relative.struck_by, relative.struck_at = by.id, now(season)
    session.add(relative)
    return relative


def note_attempt(session: Session, assignment_id: UUID, person: Person) -> None:
    """Somebody who is recused has tried to answer: the refusal is put on record in a transaction of its own."""
    task = lock_task(session, assignment_id)
    if task.case is not None:
        record(
            session,
            EventKind.RECUSED_REFUSED,
            season=task.season,
            case=task.case,
            actor=person,
            step=task.gate.step,
            round=task.gate.round,
        )


# --- what follows ------------------------------------------------------------------------------------------------


def _reason_given(reason: str, field: str) -> Verdict:
    if reason.strip():
        return ()
    return (Reason("reason_missing", "请写明回避的理由，如“与人选是近亲属”。", CLAUSE, "invalid", field),)


def _declared(session: Session, case: Case, person: Person) -> bool:
    wanted = select(Recusal.id).where(Recusal.case_id == case.id, Recusal.person_id == person.id)
    return session.exec(wanted).first() is not None


def _declare(
    session: Session, season: Season, case: Case, person: Person, by: Person, reason: str
) -> Recusal:
    """The words stay beside the event, which only says whose recusal it is."""
    recusal = Recusal(
        season_id=season.id,
        case_id=case.id,
        person_id=person.id,
        declared_by=by.id,
        reason=reason.strip(),
        declared_at=now(season),
    )
    session.add(recusal)
    record(
        session,
        EventKind.RECUSAL_DECLARED,
        season=season,
        case=case,
        actor=by,
        person=person.name,
        recusal=str(recusal.id),
        ground=RecusalGround.DECLARED,
    )
    session.flush()
    return recusal


def _vacate(
    session: Session, season: Season, notice: Notice, case: Case, person: Person, ground: RecusalGround
) -> None:
    """His open tasks of the case wait for a substitute; a sheet of his leaves the ranking that is in draft."""
    waiting = session.exec(
        select(Assignment)
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .where(Gate.case_id == case.id, Gate.state == GateState.OPEN)
        .where(Assignment.person_id == person.id, Assignment.state == AssignmentState.OPEN)
    ).all()
    named = [a for a in waiting if notice.body(a.body).relation is Relation.ASSIGNED]
    for assignment in named:
        assignment.state = AssignmentState.RECUSED
        session.add(assignment)
    if named and ground is not RecusalGround.DECLARED:
        record(
            session,
            EventKind.RECUSAL_DECLARED,
            season=season,
            case=case,
            actor=None,
            person=person.name,
            ground=ground,
        )
    session.flush()
    if _has_scored(session, case, person):
        for step in notice.season_steps:
            if step.kind is StepKind.RANKING:
                redraft(session, season, notice, step)


def _has_scored(session: Session, case: Case, person: Person) -> bool:
    scored = (
        select(Decision.id)
        .join(Gate, col(Gate.id) == col(Decision.gate_id))
        .where(Gate.case_id == case.id, Decision.decided_by == person.id, Decision.effect == Effect.SCORE)
    )
    return session.exec(scored.limit(1)).first() is not None
