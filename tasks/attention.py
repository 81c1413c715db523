"""How is it noted that somebody looked at a task, and how is an answer asked for again (催办)?"""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from models.attention import Reminder, TaskOpening, check_remind
from models.countersigning import last_reminders
from models.notice import Step, day_of
from models.people import Person
from models.season import notice_of, now
from models.seats import people_for
from models.verdict import Reason, Refused, require
from models.viewer import read_viewer
from models.words import EventKind
from tasks.decide import find_task, lock_task
from tasks.mail import queue_reminder
from tasks.record import record


def was_opened(session: Session, assignment_id: UUID, person: Person) -> bool:
    """Whether it is noted already that this person looked at the task."""
    return session.get(TaskOpening, (assignment_id, person.id)) is not None


def note_opened(session: Session, assignment_id: UUID, person: Person) -> None:
    """Note, once, that this person looked at the task that waits for him."""
    task = find_task(session, assignment_id)
    row = {"assignment_id": assignment_id, "person_id": person.id, "opened_at": now(task.season)}
    session.execute(insert(TaskOpening).values(row).on_conflict_do_nothing())


def remind(session: Session, assignment_id: UUID, person: Person) -> Reminder:
    """Ask again for an answer that is still owed: one event, and a mail to each who gets the tasks of that body.

    Refused when the person is not above those who answer, when nothing is owed, when it was done today already, and
    when nobody there has an address.
    """
    task = lock_task(session, assignment_id)
    viewer = read_viewer(session, person, task.season, notice_of(session, task.season))
    if task.case is not None and viewer.sees_case(task.case.id) is None:
        raise Refused(Reason("unknown_task", "没有找到这项任务。", kind="missing"))
    last = last_reminders(session, [assignment_id]).get(assignment_id)
    require(check_remind(viewer, task.step, task.case, task.gate, task.assignment, last))
    reached = [p for p in people_for(session, task.assignment, viewer.moment, notified=True) if p.email]
    if not reached:
        body = task.notice.body(task.assignment.body).label
        raise Refused(nobody_to_write_to(body, task.step))
    reminder = Reminder(
        assignment_id=assignment_id,
        day=day_of(viewer.moment),
        asked_by=person.id,
        asked_at=viewer.moment,
    )
    session.add(reminder)
    for someone in reached:
        queue_reminder(session, task, someone)
    record(
        session,
        EventKind.TASK_REMINDED,
        season=task.season,
        case=task.case,
        actor=person,
        step=task.gate.step,
        round=task.gate.round,
        body=task.assignment.body,
    )
    session.flush()
    return reminder


def nobody_to_write_to(body: str, step: Step) -> Reason:
    text = f"{body}没有登记电子邮箱，发不出催办邮件，请打电话联系。"
    return Reason("no_address", text, step.clause)
