"""How does a task go from one colleague to another: handed over, delegated, taken back (转办、委派、收回)?

Both names are on record; the colleague gets a mail. The links of everybody else end by themselves (`models.links`).
"""

from uuid import UUID

from sqlmodel import Session

from models.actions import Task, check_task
from models.handing import check_hand, colleagues
from models.people import Person
from models.season import now
from models.seats import people_for
from models.verdict import Reason, Refused, require
from models.words import EventKind, Handing
from tasks.decide import lock_task
from tasks.mail import queue_handed
from tasks.record import record

BARRED = {
    "recused": "{name}应当回避本案，请另选一人。",
    "exclusive": "{name}已办理按规定须由另一人办理的环节，请另选一人。",
}


def hand_over(session: Session, assignment_id: UUID, to: UUID, by: Person, reason: str) -> Person:
    """转办: the task is a colleague's from now on. Refused when the colleague may not answer it."""
    return _hand(session, assignment_id, to, by, reason, Handing.HANDED_OVER)


def delegate(session: Session, assignment_id: UUID, to: UUID, by: Person, reason: str) -> Person:
    """委派: a colleague answers on behalf of who gave the task, who may take it back until it is answered."""
    return _hand(session, assignment_id, to, by, reason, Handing.DELEGATED)


def take_back(session: Session, assignment_id: UUID, by: Person) -> None:
    """收回: the task is its whole body's again; by who delegated it, or by the office."""
    task = lock_task(session, assignment_id)
    require(check_hand(session, task, by))
    if task.assignment.person_id is None:
        raise Refused(Reason("not_handed", "这项任务没有转交给个人，不需要收回。", task.step.clause))
    had = session.get_one(Person, task.assignment.person_id)
    task.assignment.person_id, task.assignment.given_by = None, None
    session.add(task.assignment)
    session.flush()
    _record(session, task, by, Handing.TAKEN_BACK, had, None, "")
    for person in people_for(session, task.assignment, now(task.season), notified=True):
        queue_handed(session, task, person, by, Handing.TAKEN_BACK)


def _hand(session: Session, assignment_id: UUID, to: UUID, by: Person, reason: str, how: Handing) -> Person:
    task = lock_task(session, assignment_id)
    require(check_hand(session, task, by))
    clause = task.step.clause
    if not reason.strip():
        raise Refused(
            Reason("reason_missing", "请写明转交的原因，如“外出学习”。", clause, "invalid", "reason")
        )
    free = colleagues(session, task.season, task.assignment.body, task.assignment.organisation_id)
    taker = next((p for p in free if p.id == to), None)
    if taker is None or to in (by.id, task.assignment.person_id):
        text = "请选择本单位的另一位办理人；名单里没有的，请联系办公室补入名录。"
        raise Refused(Reason("not_a_colleague", text, clause, "invalid", "to"))
    giver = task.assignment.given_by or by.id
    task.assignment.person_id = taker.id
    task.assignment.given_by = giver if how is Handing.DELEGATED else None
    session.add(task.assignment)
    session.flush()
    _fits(session, task, taker)
    _record(session, task, by, how, by, taker, reason)
    queue_handed(session, task, taker, by, how, reason)
    return taker


def _fits(session: Session, task: Task, taker: Person) -> None:
    """The colleague could answer as things stand: neither recused nor barred by another step."""
    for standing in check_task(session, task, taker):
        text = BARRED.get(standing.code, "{name}不能办理这项任务：" + standing.text).format(name=taker.name)
        raise Refused(Reason(standing.code, text, task.step.clause, "conflict", "to"))


def _record(
    session: Session, task: Task, by: Person, how: Handing, left: Person, to: Person | None, reason: str
) -> None:
    record(
        session,
        EventKind.TASK_HANDED,
        season=task.season,
        case=task.case,
        actor=by,
        step=task.gate.step,
        round=task.gate.round,
        body=task.assignment.body,
        how=how,
        left=left.name,
        to=to.name if to else "",
        reason=reason.strip(),
    )
