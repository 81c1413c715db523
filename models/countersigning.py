"""How far has each one come who is asked at the gates of a case (会签): sent, opened, answered, or late?

Only those who may read the opinions are told; everybody else sees who has answered.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, cast, func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from models.attachment import Attachment
from models.attention import Reminder, TaskOpening, check_remind, may_remind
from models.call_list import CallRow, calls_about, is_told
from models.casefile import Answered, CaseFile, Opened
from models.gates import Assignment
from models.links import check_code
from models.mail import Message, TaskLink
from models.notice import Step
from models.verdict import Verdict
from models.viewer import Viewer
from models.words import AssignmentState, GateState, MessageState, Reached

STANDING = (GateState.OPEN, GateState.CLEARED)
ARRIVALS = ("task_arrived", "returned", "handed")


@dataclass(frozen=True)
class Post:
    """The mail by which a task arrived: in which state it is, and when it was sent, in the season's time."""

    state: MessageState
    sent_at: datetime | None


@dataclass(frozen=True)
class Asked:
    """One row: a body or person who answers, or a body that this case does not concern (`answered` is None)."""

    body: str
    reached: Reached | None
    answered: Answered | None = None
    post: Post | None = None
    opened_at: datetime | None = None
    reminded_at: datetime | None = None
    call: CallRow | None = None
    remind: Verdict | None = None
    scans: Sequence[Attachment] = ()
    code: bool = False


@dataclass(frozen=True)
class Countersigned:
    """One gate at which several are asked, with a row for each."""

    opened: Opened
    rows: list[Asked]
    told: bool


@dataclass(frozen=True)
class Signing:
    """The gates of a case at which several are asked, and what may be asked for again at any of its gates."""

    sheets: list[Countersigned]
    remind: Mapping[UUID, Verdict]
    objected: list[tuple[Step, Answered]]


@dataclass
class _Seen:
    """What is known of the tasks of one case, by assignment."""

    posts: dict[UUID, Post] = field(default_factory=dict)
    openings: dict[UUID, datetime] = field(default_factory=dict)
    reminders: dict[UUID, datetime] = field(default_factory=dict)
    calls: dict[UUID, list[CallRow]] = field(default_factory=dict)
    scans: dict[UUID, list[Attachment]] = field(default_factory=dict)


def read_signing(viewer: Viewer, file: CaseFile) -> Signing:
    """The whole of it in five statements, however many are asked."""
    session = viewer.session
    tasks = {a.assignment.id: a.assignment for g in file.gates for a in g.asked}
    seen = _Seen(reminders=last_reminders(session, tasks), scans=_scans(session, file))
    if file.readable:
        seen.posts, seen.openings = _posts(session, file), _openings(session, tasks)
        seen.calls = calls_about(session, tasks)
    remind = {
        a.assignment.id: check_remind(
            viewer, g.step, file.case, g.gate, a.assignment, seen.reminders.get(a.assignment.id)
        )
        for g in file.open
        if may_remind(viewer, g.step, file.case)
        for a in g.waiting
    }
    sheets = [_sheet(viewer, file, opened, seen, remind) for opened in file.parallel]
    return Signing(sheets, remind, objections_in(file))


def objections_in(file: CaseFile) -> list[tuple[Step, Answered]]:
    """Answers that object, in gates that stand or wait, as far as the viewer may read them."""
    return [
        (g.step, a)
        for g in file.parallel
        if g.gate.state in STANDING
        for a in g.answered
        if a.readable and a.decision and (given := g.step.answer(a.decision.answer)) and given.objects
    ]


def _sheet(
    viewer: Viewer, file: CaseFile, opened: Opened, seen: _Seen, remind: Mapping[UUID, Verdict]
) -> Countersigned:
    rows: dict[str, list[Asked]] = {a.assignment.body: [] for a in opened.asked}
    for answered in opened.asked:
        rows[answered.assignment.body].append(_row(viewer, file, opened, answered, seen, remind))
    found: list[Asked] = []
    for decider in opened.step.deciders:
        label = file.notice.body(decider.body).label
        found += rows.get(decider.body) or [Asked(label, Reached.NOT_CONCERNED)]
    return Countersigned(opened, found, file.readable)


def _row(
    viewer: Viewer,
    file: CaseFile,
    opened: Opened,
    answered: Answered,
    seen: _Seen,
    remind: Mapping[UUID, Verdict],
) -> Asked:
    task = answered.assignment
    post, opened_at = seen.posts.get(task.id), seen.openings.get(task.id)
    late = opened.is_open and viewer.moment >= opened.gate.due_at
    call = next(iter(seen.calls.get(task.id, ())), None)
    told = (post is not None and post.state is MessageState.SENT) or is_told(call)
    return Asked(
        body=answered.body,
        reached=_reached(task, told, opened_at, late) if file.readable else None,
        answered=answered,
        post=post,
        opened_at=opened_at,
        reminded_at=seen.reminders.get(task.id),
        call=call,
        remind=remind.get(task.id),
        scans=seen.scans.get(answered.decision.id, ()) if answered.decision and answered.readable else (),
        code=task.id in remind and not check_code(viewer, file.notice, file.case, opened.gate, task),
    )


def _reached(task: Assignment, told: bool, opened_at: datetime | None, late: bool) -> Reached | None:
    if task.state == AssignmentState.ANSWERED:
        return Reached.ANSWERED
    if task.state in (AssignmentState.CANCELLED, AssignmentState.RELEASED):
        return Reached.NOT_NEEDED
    if task.state == AssignmentState.RECUSED:
        return None
    if late:
        return Reached.LATE
    if opened_at is not None:
        return Reached.OPENED
    return Reached.SENT if told else Reached.UNSENT


# --- what is read ------------------------------------------------------------------------------------------------


def _posts(session: Session, file: CaseFile) -> dict[UUID, Post]:
    """The mails by which the tasks arrived; of several to one body the one that went best.

    Mails are sent in real time. Queued when the gate opened, each was sent as long after that as after its queueing.
    """
    opened = {g.gate.id: g.gate.opened_at for g in file.gates}
    rows = session.execute(
        rows_of(col(TaskLink.assignment_id), Message)
        .join(Message, cast(TaskLink.id, Text) == col(Message.context)["link"].astext)
        .where(col(Message.gate_id).in_(opened), col(Message.template).in_(ARRIVALS))
    )
    found: dict[UUID, Post] = {}
    for assignment_id, mail in rows:
        gone = mail.sent_at if mail.state == MessageState.SENT else None
        sent = opened[mail.gate_id] + (gone - mail.queued_at) if gone else None
        if assignment_id not in found or sent is not None:
            found[assignment_id] = Post(MessageState(mail.state), sent)
    return found


def _openings(session: Session, tasks: Iterable[UUID]) -> dict[UUID, datetime]:
    rows = session.execute(
        rows_of(col(TaskOpening.assignment_id), func.min(TaskOpening.opened_at))
        .where(col(TaskOpening.assignment_id).in_(tasks))
        .group_by(col(TaskOpening.assignment_id))
    )
    return dict(rows.all())


def last_reminders(session: Session, tasks: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each of these assignments was asked for again last."""
    rows = session.execute(
        rows_of(col(Reminder.assignment_id), func.max(Reminder.asked_at))
        .where(col(Reminder.assignment_id).in_(tasks))
        .group_by(col(Reminder.assignment_id))
    )
    return dict(rows.all())


def _scans(session: Session, file: CaseFile) -> dict[UUID, list[Attachment]]:
    """The sealed papers of the opinions, by decision."""
    found: dict[UUID, list[Attachment]] = {}
    for kept in session.exec(
        select(Attachment)
        .where(Attachment.case_id == file.case.id, col(Attachment.decision_id).is_not(None))
        .where(col(Attachment.removed_at).is_(None))
        .order_by(col(Attachment.uploaded_at))
    ):
        if kept.decision_id is not None:
            found.setdefault(kept.decision_id, []).append(kept)
    return found
