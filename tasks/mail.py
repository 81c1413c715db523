"""Which mails does a happening cause? They are queued in its own transaction and sent by the engine."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from models.actions import Task
from models.case import Case
from models.database import real_now
from models.gates import Assignment, Gate
from models.links import code_tellers
from models.mail import Message, TaskLink
from models.notice import SHANGHAI, Notice, Step
from models.objection import Objection
from models.people import Person
from models.season import Season, now
from models.seats import mailed_of, people_for
from models.words import Handing, MessageState, StepKind
from notifications.links import link_digest

NO_ADDRESS = "没有电子邮箱"


def queue(
    session: Session,
    template: str,
    person: Person,
    *,
    unique_key: str,
    season: Season,
    case: Case | None = None,
    gate: Gate | None = None,
    held: bool = False,
    **context: Any,
) -> Message:
    """Put one mail into the outbox; `held`, it waits there for the office's release.

    A person without an address is skipped, which the outbox shows.
    """
    message = Message(
        season_id=season.id,
        case_id=case.id if case else None,
        gate_id=gate.id if gate else None,
        person_id=person.id,
        address=person.email,
        template=template,
        context={"person": person.name, "season": season.title, "practice": season.practice, **context},
        unique_key=unique_key,
        state=MessageState.HELD if held else MessageState.QUEUED,
        queued_at=real_now(),
    )
    if not person.email:
        message.state, message.error = MessageState.SKIPPED, NO_ADDRESS
    session.add(message)
    return message


def tell_office_once(
    session: Session, season: Season, notice: Notice, template: str, key: str, **facts: Any
) -> int:
    """One mail to each of the office who has had none under this key; how many mails that were."""
    keyed = [(p, f"{key}:{p.id}") for p in mailed_of(session, season, [notice.office])]
    sent = select(Message.unique_key).where(col(Message.unique_key).in_([k for _, k in keyed]))
    known = set(session.exec(sent))
    new = [(p, k) for p, k in keyed if k not in known]
    for person, unique_key in new:
        queue(
            session,
            template,
            person,
            unique_key=unique_key,
            season=season,
            award=notice.title,
            contact=notice.contact.name,
            contact_phone=notice.contact.phone,
            **facts,
        )
    return len(new)


def queue_tasks(
    session: Session,
    season: Season,
    notice: Notice,
    case: Case | None,
    step: Step,
    gate: Gate,
    assignments: Sequence[Assignment],
) -> None:
    """Tell everyone who may answer that a task has arrived; for the filler a gate opened again is a return."""
    if step.kind is StepKind.FORM and gate.round == 1:
        return
    template = "returned" if step.kind is StepKind.FORM else "task_arrived"
    for assignment in assignments:
        task = Task(season, notice, case, gate, assignment)
        for person in people_for(session, assignment, now(season), notified=True):
            _queue_task(session, task, person, template)


def queue_entered(session: Session, task: Task) -> None:
    """Tell the filler of an application that somebody else has entered it for them to fill in."""
    for person in people_for(session, task.assignment, now(task.season)):
        _queue_task(session, task, person, "task_arrived")


def queue_reminder(session: Session, task: Task, person: Person) -> None:
    """Ask once more for an answer that is still owed; once on each of the season's days."""
    once = f":{now(task.season).astimezone(SHANGHAI):%Y%m%d}"
    _queue_task(session, task, person, "reminded", once=once)


def queue_handed(
    session: Session, task: Task, person: Person, by: Person, how: Handing, reason: str = ""
) -> None:
    """Tell a colleague that a task is his now, who gave it to him, and why."""
    said = {"by": by.name, "how": how, "reason": reason.strip()}
    _queue_task(session, task, person, "handed", once=f":{uuid4()}", **said)


def queue_paper_entered(session: Session, task: Task, person: Person, by: Person, answer: str) -> None:
    """Tell whoever answered on paper what was entered in his name, and by whom."""
    queue(
        session,
        "paper_entered",
        person,
        unique_key=f"paper_entered:{task.assignment.id}",
        season=task.season,
        case=task.case,
        gate=task.gate,
        link=str(task_link(session, task.assignment, person).id),
        step=task.step.label,
        answer=answer,
        by=by.name,
        **about(task.notice, task.case),
    )


def queue_substitute_wanted(session: Session, season: Season, notice: Notice, case: Case, gate: Gate) -> None:
    """Tell the office that somebody stays away from a case and a substitute is to be assigned."""
    step = notice.step(gate.step)
    for person in mailed_of(session, season, [notice.office]):
        queue(
            session,
            "substitute_wanted",
            person,
            unique_key=f"substitute_wanted:{uuid4()}",
            season=season,
            case=case,
            step=step.label,
            due=gate.due_at.astimezone(SHANGHAI).isoformat(),
            **about(notice, case),
        )


def _queue_task(
    session: Session, task: Task, person: Person, template: str, *, once: str = "", **context: Any
) -> None:
    queue(
        session,
        template,
        person,
        unique_key=f"{template}:{task.assignment.id}:{person.id}{once}",
        season=task.season,
        case=task.case,
        gate=task.gate,
        link=str(task_link(session, task.assignment, person).id),
        step=task.step.label,
        clause=task.step.clause,
        due=task.gate.due_at.astimezone(SHANGHAI).isoformat(),
        code_by=code_tellers(task.notice, task.step, task.assignment.body),
        **context,
        **about(task.notice, task.case),
    )


def queue_invitation(
    session: Session, season: Season, notice: Notice, person: Person, *, invitation_id: UUID, late: bool
) -> None:
    """The link by which someone without an account nominates himself; asked for again, it is sent again."""
    form = next(s for s in notice.steps if s.kind is StepKind.FORM)
    queue(
        session,
        "invitation",
        person,
        unique_key=f"invitation:{invitation_id}:{uuid4()}",
        season=season,
        link=str(invitation_id),
        step=form.label,
        clause=form.clause,
        due=notice.due(form.due).isoformat(),
        late=late,
        **about(notice, None),
    )


def queue_objection_received(session: Session, season: Season, notice: Notice, objection: Objection) -> None:
    """Whoever objected hears that it has come in. The outbox keeps neither name nor address: both lie sealed."""
    session.add(
        Message(
            season_id=season.id,
            template="objection_received",
            context={
                "person": "异议反映人",
                "season": season.title,
                "practice": season.practice,
                "objection": str(objection.id),
                "receipt": objection.receipt,
                "due": objection.due_at.astimezone(SHANGHAI).isoformat(),
                **about(notice, None),
            },
            unique_key=f"objection_received:{objection.id}",
            queued_at=real_now(),
        )
    )


def about(notice: Notice, case: Case | None) -> dict[str, Any]:
    """What every mail says of its award and, if there is one, of its case."""
    contact = {"contact": notice.contact.name, "contact_phone": notice.contact.phone, "award": notice.title}
    if case is None:
        return contact
    return contact | {
        "number": case.number,
        "candidate": case.name,
        "employer": case.form.get("employer", ""),
    }


def task_link(session: Session, assignment: Assignment, person: Person) -> TaskLink:
    """The one link of this person to this task; made once, its token kept nowhere."""
    found = session.exec(
        select(TaskLink).where(TaskLink.assignment_id == assignment.id, TaskLink.person_id == person.id)
    ).first()
    if found is None:
        found = TaskLink(assignment_id=assignment.id, person_id=person.id, digest="")
        found.digest = link_digest(found.id)
        session.add(found)
    return found
