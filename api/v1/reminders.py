"""How does a program ask again for answers that are owed (催办)?"""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel import Session, col, select

from api.v1.caller import Calling
from api.v1.gates import seen_gate
from api.v1.problems import ProblemRoute, documented
from api.v1.requests import ReminderIn
from api.v1.schemas import ReminderOut
from models.gates import Assignment, Gate
from models.verdict import Reason, Refused
from models.words import AssignmentState
from tasks.attention import remind

router = APIRouter(route_class=ProblemRoute, tags=["关口"])


@router.post(
    "/gates/{gate_id}/reminders", status_code=201, responses=documented(400, 401, 403, 404, 409, 422)
)
def remind_gate(caller: Calling, gate_id: UUID, given: ReminderIn) -> list[ReminderOut]:
    """催办一个关口：不写 task 的，催办还没有答复的全部任务；有一项不能催办的，都不催办。"""
    with caller.changing() as viewer:
        gate = seen_gate(viewer, gate_id)
        tasks = _owed(viewer.session, gate, given.task)
        return [
            ReminderOut(task=t.id, body=t.body, day=remind(viewer.session, t.id, viewer.person).day)
            for t in tasks
        ]


def _owed(session: Session, gate: Gate, named: UUID | None) -> list[Assignment]:
    tasks = session.exec(
        select(Assignment).where(Assignment.gate_id == gate.id).order_by(col(Assignment.id))
    ).all()
    if named is not None:
        tasks = [t for t in tasks if t.id == named]
        if not tasks:
            text = "这个关口没有这项任务。"
            raise Refused(Reason("unknown_task", text, kind="invalid", field="task"))
        return list(tasks)
    owed = [t for t in tasks if t.state == AssignmentState.OPEN]
    if not owed:
        raise Refused(Reason("nothing_owed", "这个关口没有待答复的任务，不需要催办。"))
    return owed
