"""Who has looked at a task, who was asked for it again, and who may ask?

That someone looked is a read log: all that a page writes by being looked at. A reminder is once a day for each
assignment, which the database says too.
"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.case import Case
from models.database import Instant
from models.gates import Assignment, Gate
from models.notice import SHANGHAI, Step, day_of
from models.verdict import OPEN, Reason, Verdict
from models.viewer import Viewer
from models.words import AssignmentState, GateState, Relation


class TaskOpening(SQLModel, table=True):
    """A person first looked at a task that waited for him, by a login or by the mailed link that he entered."""

    __tablename__ = "task_opening"

    assignment_id: UUID = Field(primary_key=True, foreign_key="assignment.id")
    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    opened_at: datetime = Field(sa_type=Instant, description="the season's time")


class Reminder(SQLModel, table=True):
    """催办: an assignment was asked for again, at most once on each of the season's days."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("assignment_id", "day"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    assignment_id: UUID = Field(foreign_key="assignment.id")
    day: date
    asked_by: UUID = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=Instant, description="the season's time")


def may_remind(viewer: Viewer, step: Step, case: Case | None) -> bool:
    """Whether this person stands above those who answer at a step: the office above all, others as the notice says."""
    if viewer.is_office:
        return True
    if step.superior is None or step.superior not in viewer.bodies:
        return False
    if viewer.notice.body(step.superior).relation is not Relation.OWN_COUNTY:
        return True
    counties = {u.id: u.county for u in viewer.units}
    return case is not None and any(
        s.body == step.superior and s.organisation_id and counties.get(s.organisation_id) == case.county
        for s in viewer.seats
    )


def check_remind(
    viewer: Viewer,
    step: Step,
    case: Case | None,
    gate: Gate,
    assignment: Assignment,
    reminded_at: datetime | None,
) -> Verdict:
    """Reasons against this person asking for this answer again now; `reminded_at` is when that was done last."""
    if not may_remind(viewer, step, case):
        text = f"“{step.label}”由其上级或办公室催办，您不能催办。"
        return (Reason("not_superior", text, step.clause, "forbidden"),)
    if assignment.state == AssignmentState.ANSWERED:
        return (Reason("already_answered", f"“{step.label}”已经答复，不需要催办。", step.clause),)
    if gate.state != GateState.OPEN or assignment.state != AssignmentState.OPEN:
        return (Reason("gate_closed", f"“{step.label}”已经办结，不需要催办。", step.clause),)
    if viewer.answers(assignment):
        return (Reason("own_task", "这项任务由您自己办理，请直接办理。", step.clause),)
    if reminded_at is not None and day_of(reminded_at) == day_of(viewer.moment):
        text = f"今天已于{reminded_at.astimezone(SHANGHAI):%H:%M}催办过，同一项任务一天只能催办一次。"
        return (Reason("reminded_today", text, step.clause),)
    return OPEN
