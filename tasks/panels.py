"""How does the office change who inspects or judges a case (三（三）、三（四）)?

The first panel is proposed when the gate opens (`tasks.assigning`). As long as the gate is open the office replaces,
adds and takes away those who have not answered. Who leaves a panel does not come back to it.
"""

from uuid import UUID

from sqlmodel import Session, select

from models.actions import Task
from models.gates import Assignment
from models.notice import Decider
from models.people import Person
from models.seats import is_office
from models.verdict import Reason, Refused, Verdict, require
from models.words import AssignmentState, EventKind, GateState, Relation
from tasks.advance import clear_gate
from tasks.assigning import candidates
from tasks.decide import is_answered, lock_task
from tasks.mail import queue_tasks
from tasks.record import record

LEAVES = (AssignmentState.OPEN, AssignmentState.RECUSED)


def replace_member(session: Session, assignment_id: UUID, person_id: UUID, by: Person) -> Assignment:
    """Somebody else takes the task over: of one who is recused, or of one who has not answered yet."""
    task = lock_task(session, assignment_id)
    require(check_leaves(session, task, by))
    substitute = _fitting(session, task, person_id)
    task.assignment.state = AssignmentState.RELEASED
    session.add(task.assignment)
    left = _name(session, task.assignment.person_id)
    return _joins(session, task, substitute, by, left=left)


def add_member(session: Session, assignment_id: UUID, person_id: UUID, by: Person) -> Assignment:
    """One more joins the panel to which this assignment belongs."""
    task = lock_task(session, assignment_id)
    require(check_panel(session, task, by))
    return _joins(session, task, _fitting(session, task, person_id), by, left="")


def take_away(session: Session, assignment_id: UUID, by: Person, reason: str) -> None:
    """One leaves without a substitute; with fewer than the notice's number only for a recorded reason.

    If everybody else has answered, the gate is passed with this.
    """
    task = lock_task(session, assignment_id)
    require(check_take_away(session, task, by, reason))
    task.assignment.state = AssignmentState.RELEASED
    session.add(task.assignment)
    _record(
        session, task, by, left=_name(session, task.assignment.person_id), joined="", reason=reason.strip()
    )
    session.flush()
    if is_answered(session, task):
        clear_gate(session, task.season, task.case, task.gate, "answered", by)


# --- what may be done --------------------------------------------------------------------------------------------


def check_panel(session: Session, task: Task, by: Person) -> Verdict:
    """The office changes the panel of an open gate at which people are asked by name."""
    clause = task.step.clause
    if not is_office(session, task.season, task.notice, by):
        return (Reason("office_only", "办理人员由办公室指派和调整。", clause, "forbidden"),)
    if task.notice.body(task.assignment.body).relation is not Relation.ASSIGNED:
        text = "这一环节由机构办理，不指派到个人。"
        return (Reason("not_assigned", text, clause),)
    if task.gate.state != GateState.OPEN:
        return (Reason("gate_closed", f"“{task.step.label}”已经办结，不能再调整人员。", clause),)
    return ()


def check_leaves(session: Session, task: Task, by: Person) -> Verdict:
    """Only who has not answered can leave."""
    if standing := check_panel(session, task, by):
        return standing
    if task.assignment.state not in LEAVES:
        text = "已经答复的不能更换；答复一经提交不能更改。"
        return (Reason("already_answered", text, task.step.clause),)
    return ()


def check_take_away(session: Session, task: Task, by: Person, reason: str) -> Verdict:
    if standing := check_leaves(session, task, by):
        return standing
    left = len(_panel(session, task)) - 1
    asked = _decider(task).assign or 1
    if left == 0:
        text = "这是最后一名办理人员，不能只撤不补；请更换为其他人。"
        return (Reason("last_member", text, task.step.clause),)
    if left < asked and not reason.strip():
        text = f"撤下后只剩{left}人，少于规定的{asked}人，请写明理由。"
        return (Reason("reason_missing", text, task.step.clause, "invalid", "reason"),)
    return ()


def _panel(session: Session, task: Task) -> list[Assignment]:
    """Those of the same body who count at the gate."""
    rows = session.exec(
        select(Assignment).where(
            Assignment.gate_id == task.gate.id,
            Assignment.body == task.assignment.body,
            Assignment.state != AssignmentState.RELEASED,
        )
    )
    return list(rows)


def _decider(task: Task) -> Decider:
    return next(d for d in task.step.deciders if d.body == task.assignment.body)


def _fitting(session: Session, task: Task, person_id: UUID) -> Person:
    """The person, if he holds a seat of the body, is not recused from the case and never was on this panel."""
    assert task.case is not None
    free = {p.id: p for p, _ in candidates(session, task.season, task.case, task.assignment.body)}
    was = session.exec(select(Assignment.person_id).where(Assignment.gate_id == task.gate.id)).all()
    if person_id not in free:
        text = "所选的人不在名录里，或应当回避本案，请另选一人。"
        raise Refused(Reason("not_eligible", text, task.step.clause, "conflict", "person"))
    if person_id in was:
        text = f"{free[person_id].name}已在或曾在本案的名单里，请另选一人。"
        raise Refused(Reason("already_assigned", text, task.step.clause, "conflict", "person"))
    return free[person_id]


# --- what is done ------------------------------------------------------------------------------------------------


def _joins(session: Session, task: Task, person: Person, by: Person, *, left: str) -> Assignment:
    joined = Assignment(
        season_id=task.season.id, gate_id=task.gate.id, body=task.assignment.body, person_id=person.id
    )
    session.add(joined)
    session.flush()
    queue_tasks(session, task.season, task.notice, task.case, task.step, task.gate, [joined])
    _record(session, task, by, left=left, joined=person.name, reason="")
    return joined


def _record(session: Session, task: Task, by: Person, *, left: str, joined: str, reason: str) -> None:
    record(
        session,
        EventKind.PANEL_CHANGED,
        season=task.season,
        case=task.case,
        actor=by,
        step=task.gate.step,
        round=task.gate.round,
        left=left,
        joined=joined,
        reason=reason,
    )


def _name(session: Session, person_id: UUID | None) -> str:
    return session.get_one(Person, person_id).name if person_id else ""
