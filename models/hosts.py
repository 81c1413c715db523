"""How far is each host with the joint document (五): not reached, reached, signed, sent back?"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.gates import Assignment, Decision, Gate
from models.mail import Message
from models.notice import Notice, Step
from models.people import Person
from models.progress import Progress
from models.season import Season
from models.season_file import SeasonFile, season_files
from models.viewer import Viewer
from models.words import AssignmentState, Countersigning, FilePurpose, MessageState


@dataclass(frozen=True)
class HostRow:
    """One host in the latest round: its state, when that was reached, and its sealed copy."""

    body: str
    label: str
    state: Countersigning
    sent_at: datetime | None
    decision: Decision | None
    decided_by: str
    copy: SeasonFile | None


@dataclass(frozen=True)
class Returned:
    """One return: which host, when, why, and of which version."""

    label: str
    decision: Decision


def signing_step(notice: Notice) -> Step | None:
    return notice.step(notice.joint_document.sign) if notice.joint_document else None


def drafting_step(notice: Notice) -> Step | None:
    return notice.step(notice.joint_document.draft) if notice.joint_document else None


def concerns_document(viewer: Viewer) -> bool:
    """Whether this person drafts, signs or keeps watch over the joint document."""
    steps = [s for s in (drafting_step(viewer.notice), signing_step(viewer.notice)) if s]
    bodies = {d.body for s in steps for d in s.deciders}
    return bool(steps) and (viewer.sees_all or bool(viewer.bodies & bodies))


def host_rows(session: Session, season: Season, notice: Notice) -> list[HostRow]:
    """Every host in the notice's order; all of them not reached before the document goes out."""
    step = signing_step(notice)
    if step is None:
        return []
    gate = Progress(session, season, notice, None).gates.get(step.key)
    asked = _asked(session, gate) if gate else {}
    sent = _sent(session, gate) if gate else {}
    copies = {f.about: f for f in season_files(session, season, FilePurpose.HOST_COPY)}
    rows = []
    for decider in step.deciders:
        assignment, decision, name = asked.get(decider.body, (None, None, ""))
        reached = sent.get(str(assignment.id)) if assignment else None
        rows.append(
            HostRow(
                decider.body,
                notice.body(decider.body).label,
                _state(notice, step, assignment, decision, reached),
                reached,
                decision,
                name,
                copies.get(decider.body),
            )
        )
    return rows


def _asked(session: Session, gate: Gate) -> dict[str, tuple[Assignment | None, Decision | None, str]]:
    rows = session.exec(
        select(Assignment, Decision, Person.name)
        .outerjoin(Decision, col(Decision.assignment_id) == col(Assignment.id))
        .outerjoin(Person, col(Person.id) == col(Decision.decided_by))
        .where(Assignment.gate_id == gate.id)
    )
    return {a.body: (a, d, name or "") for a, d, name in rows}


def _sent(session: Session, gate: Gate) -> dict[str, datetime]:
    """When the first mail of each assignment left: its key names the assignment."""
    rows = session.exec(
        select(Message.unique_key, Message.sent_at)
        .where(Message.gate_id == gate.id, Message.state == MessageState.SENT)
        .order_by(col(Message.sent_at).desc())
    )
    return {key.split(":")[1]: at for key, at in rows if at is not None}


def _state(
    notice: Notice,
    step: Step,
    assignment: Assignment | None,
    decision: Decision | None,
    reached: datetime | None,
) -> Countersigning:
    if decision is not None:
        answer = step.answer(decision.answer)
        return Countersigning.RETURNED if answer and answer.to else Countersigning.SIGNED
    if assignment is not None and assignment.state == AssignmentState.CANCELLED:
        return Countersigning.NOT_NEEDED
    return Countersigning.SENT if reached else Countersigning.NOT_SENT


def returns(session: Session, season: Season, notice: Notice) -> list[Returned]:
    """Every time a host sent the document back, the latest first."""
    step = signing_step(notice)
    if step is None:
        return []
    back = [a.key for a in step.answers if a.to]
    rows = session.exec(
        select(Decision)
        .join(Gate, col(Gate.id) == col(Decision.gate_id))
        .where(Gate.season_id == season.id, Gate.step == step.key, col(Decision.answer).in_(back))
        .order_by(col(Decision.decided_at).desc())
    )
    return [Returned(notice.body(d.body).label, d) for d in rows]
