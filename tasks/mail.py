"""Which mails does a happening cause? They are queued in its own transaction and sent by the engine."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from models.case import Case
from models.database import real_now
from models.gates import Assignment, Gate
from models.mail import Message, TaskLink
from models.notice import SHANGHAI, Notice, Step
from models.objection import Objection
from models.people import Person, Seat
from models.season import Season, now
from models.seats import gets_mail, people_for, seat_is_held
from models.words import Handing, MessageState, Need, Outcome, Scope, StepKind, label
from notifications.links import link_digest


def queue(
    session: Session,
    template: str,
    person: Person,
    *,
    unique_key: str,
    season: Season,
    case: Case | None = None,
    gate: Gate | None = None,
    **context: Any,
) -> Message:
    """Put one mail into the outbox. A person without an address is skipped, which the outbox shows."""
    message = Message(
        season_id=season.id,
        case_id=case.id if case else None,
        gate_id=gate.id if gate else None,
        person_id=person.id,
        address=person.email,
        template=template,
        context={"person": person.name, "season": season.title, "practice": season.practice, **context},
        unique_key=unique_key,
        queued_at=real_now(),
    )
    if not person.email:
        message.state, message.error = MessageState.SKIPPED, "没有电子邮箱"
    session.add(message)
    return message


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
        for person in people_for(session, assignment, now(season), notified=True):
            _queue_task(session, season, notice, case, gate, assignment, person, template)


def queue_handed_over(
    session: Session, season: Season, notice: Notice, case: Case, gate: Gate, assignment: Assignment
) -> None:
    """Tell the filler of an application that somebody else has entered it for them to fill in."""
    for person in people_for(session, assignment, now(season)):
        _queue_task(session, season, notice, case, gate, assignment, person, "task_arrived")


def queue_reminder(
    session: Session,
    season: Season,
    notice: Notice,
    case: Case | None,
    gate: Gate,
    assignment: Assignment,
    person: Person,
) -> None:
    """Ask once more for an answer that is still owed; once on each of the season's days."""
    once = f":{now(season).astimezone(SHANGHAI):%Y%m%d}"
    _queue_task(session, season, notice, case, gate, assignment, person, "reminded", once=once)


def queue_handed(
    session: Session,
    season: Season,
    notice: Notice,
    case: Case | None,
    gate: Gate,
    assignment: Assignment,
    person: Person,
    by: Person,
    how: Handing,
    reason: str,
) -> None:
    """Tell a colleague that a task is his now, who gave it to him, and why."""
    _queue_task(
        session,
        season,
        notice,
        case,
        gate,
        assignment,
        person,
        "handed",
        once=f":{uuid4()}",
        by=by.name,
        how=how,
        reason=reason.strip(),
    )


def queue_paper_entered(
    session: Session,
    season: Season,
    notice: Notice,
    case: Case,
    gate: Gate,
    assignment: Assignment,
    person: Person,
    by: Person,
    answer: str,
) -> None:
    """Tell whoever answered on paper what was entered in his name, and by whom."""
    queue(
        session,
        "paper_entered",
        person,
        unique_key=f"paper_entered:{assignment.id}",
        season=season,
        case=case,
        gate=gate,
        link=str(task_link(session, assignment, person).id),
        step=notice.step(gate.step).label,
        answer=answer,
        by=by.name,
        **_about(notice, case),
    )


def queue_substitute_wanted(session: Session, season: Season, notice: Notice, case: Case, gate: Gate) -> None:
    """Tell the office that somebody stays away from a case and a substitute is to be assigned."""
    step = notice.step(gate.step)
    office = Assignment(season_id=season.id, gate_id=gate.id, body=notice.office)
    for person in people_for(session, office, now(season), notified=True):
        queue(
            session,
            "substitute_wanted",
            person,
            unique_key=f"substitute_wanted:{uuid4()}",
            season=season,
            case=case,
            step=step.label,
            due=gate.due_at.astimezone(SHANGHAI).isoformat(),
            **_about(notice, case),
        )


def _queue_task(
    session: Session,
    season: Season,
    notice: Notice,
    case: Case | None,
    gate: Gate,
    assignment: Assignment,
    person: Person,
    template: str,
    *,
    once: str = "",
    **context: Any,
) -> None:
    step = notice.step(gate.step)
    link = task_link(session, assignment, person)
    queue(
        session,
        template,
        person,
        unique_key=f"{template}:{assignment.id}:{person.id}{once}",
        season=season,
        case=case,
        gate=gate,
        link=str(link.id),
        step=step.label,
        clause=step.clause,
        due=gate.due_at.astimezone(SHANGHAI).isoformat(),
        **context,
        **_about(notice, case),
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
        **_about(notice, None),
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
                **_about(notice, None),
            },
            unique_key=f"objection_received:{objection.id}",
            queued_at=real_now(),
        )
    )


def _about(notice: Notice, case: Case | None) -> dict[str, Any]:
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


def queue_case_ended(session: Session, season: Season, notice: Notice, case: Case, outcome: Outcome) -> None:
    """Whoever entered the case, its unit and its county union hear how it ended."""
    _queue_result(session, season, notice, case, outcome, label(outcome))


def queue_title_revoked(session: Session, season: Season, notice: Notice, case: Case) -> None:
    """The same people hear that the title was taken back."""
    _queue_result(session, season, notice, case, "revoked", "称号已撤销")


def _queue_result(
    session: Session, season: Season, notice: Notice, case: Case, key: str, result: str
) -> None:
    for person in _concerned(session, season, notice, case):
        queue(
            session,
            "decided",
            person,
            unique_key=f"decided:{case.id}:{key}:{person.id}",
            season=season,
            case=case,
            outcome=result,
            **_about(notice, case),
        )


def _concerned(session: Session, season: Season, notice: Notice, case: Case) -> list[Person]:
    """Who entered the case, and the seats of the bodies that alone passed it on (its unit, its county union)."""
    single = [s.key for s in notice.steps if s.scope is Scope.CASE and s.need is Need.ONE]
    seated = (
        select(Person)
        .join(Seat, col(Seat.person_id) == col(Person.id))
        .join(
            Assignment,
            (col(Assignment.organisation_id) == col(Seat.organisation_id))
            & (col(Assignment.body) == col(Seat.body)),
        )
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .where(Gate.case_id == case.id, col(Gate.step).in_(single), Seat.season_id == season.id)
        .where(seat_is_held(now(season)), gets_mail(now(season)))
        .distinct()
    )
    people: dict[UUID, Person] = {p.id: p for p in session.exec(seated)}
    people[case.entered_by] = session.get_one(Person, case.entered_by)
    return list(people.values())
