"""Does a mailed link still open its task; which codes and wrong tokens are counted; what else waits for its person?

A link is as good as its task is its person's: it ends with the task, and with the person's seat, assignment or
account. Nothing has to remember to revoke it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.actions import Task, check_task, decision_of
from models.attention import may_remind
from models.case import Case
from models.database import Instant, real_now
from models.gates import Assignment, Gate
from models.mail import TaskLink
from models.notice import Notice, Step
from models.people import Person
from models.verdict import OPEN, Reason, Verdict
from models.viewer import Viewer
from models.words import AssignmentState, GateState

CODE_DIGITS = 6
CODE_LASTS = timedelta(hours=1)
CODE_TRIES = 5
GUESSES_ALLOWED = 30
GUESSES_WITHIN = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)
# Why a task is no longer this person's, whatever has become of the task itself.
TAKEN_AWAY = {"not_your_task", "recused", "released", "giver_recused"}


class LinkCode(SQLModel, table=True):
    """A code by which a person proves himself over the telephone, once; only its keyed digest is kept."""

    __tablename__ = "link_code"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    digest: str = Field(max_length=64)
    issued_by: UUID = Field(foreign_key="person.id")
    issued_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    tries: int = 0
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    replaced_at: datetime | None = Field(default=None, sa_type=Instant)


class LinkGuess(SQLModel, table=True):
    """How many tokens that open nothing came from one network address, since when; and until when it is shut out."""

    __tablename__ = "link_guess"

    address: str = Field(primary_key=True, max_length=64)
    since: datetime = Field(default_factory=real_now, sa_type=Instant)
    wrong: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=Instant)


class Standing(StrEnum):
    """What a link serves for now."""

    WAITS = "waits"
    ANSWERED = "answered"
    ENDED = "ended"
    GONE = "gone"


def standing_of(session: Session, task: Task, person: Person) -> Standing:
    """Gone: the account, the seat or the assignment is no longer this person's."""
    if not person.active:
        return Standing.GONE
    if decision_of(session, task, person) is not None:
        return Standing.ANSWERED
    codes = {r.code for r in check_task(session, task, person)}
    if codes & TAKEN_AWAY:
        return Standing.GONE
    return Standing.ENDED if codes & {"already_answered", "gate_closed"} else Standing.WAITS


def needs_code(task: Task) -> bool:
    """附件3: whose opinion weighs so much that a forwarded mail must not be enough to give it."""
    return task.notice.body(task.assignment.body).second_factor


def code_tellers(notice: Notice, step: Step, body: str) -> str:
    """Who reads the code out over the telephone, as 县（区）总工会或办公室; empty where the link asks for none."""
    if not notice.body(body).second_factor:
        return ""
    superior = step.superior if step.superior not in (None, notice.office) else None
    return f"{notice.body(superior).label}或办公室" if superior else "办公室"


def check_code(
    viewer: Viewer, notice: Notice, case: Case | None, gate: Gate, assignment: Assignment
) -> Verdict:
    """Reasons against this person telling the one who is to answer a code: who may ask for the answer may do so.

    Whether the case is seen is for the caller to ask.
    """
    step = notice.step(gate.step)
    if case is None or not notice.body(assignment.body).second_factor:
        return (Reason("unknown_task", "没有找到这项任务。", kind="missing"),)
    if not may_remind(viewer, step, case) or viewer.answers(assignment):
        text = "验证码由上级机构或办公室打电话告知，您不能生成。"
        return (Reason("not_superior", text, step.clause, "forbidden"),)
    if gate.state != GateState.OPEN or assignment.state != AssignmentState.OPEN:
        return (Reason("gate_closed", f"“{step.label}”已经答复或办结，不需要验证码。", step.clause),)
    return OPEN


def live_code(session: Session, season_id: UUID, person: Person) -> LinkCode | None:
    """The code that this person may still use, its row locked."""
    return session.exec(
        select(LinkCode)
        .where(LinkCode.season_id == season_id, LinkCode.person_id == person.id)
        .where(col(LinkCode.used_at).is_(None), col(LinkCode.replaced_at).is_(None))
        .where(LinkCode.expires_at > real_now(), LinkCode.tries < CODE_TRIES)
        .order_by(col(LinkCode.issued_at).desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


# --- what else waits ---------------------------------------------------------------------------------------------


def others_waiting(viewer: Viewer, done: UUID) -> tuple[int, Sequence[UUID]]:
    """How many other mailed tasks of the season wait for this person, and the most urgent of them."""
    session, waiting = viewer.session, _waiting(viewer).where(Assignment.id != done)
    count = session.exec(select(func.count()).select_from(waiting.subquery())).one()
    soonest = waiting.order_by(col(Gate.due_at), col(Case.number), col(Assignment.id)).limit(1)
    return count, session.exec(soonest).all()


def waits_for(viewer: Viewer, assignment_id: UUID) -> TaskLink | None:
    """This person's link to a task that waits for him."""
    session = viewer.session
    if session.exec(_waiting(viewer).where(Assignment.id == assignment_id)).first() is None:
        return None
    wanted = select(TaskLink).where(TaskLink.assignment_id == assignment_id)
    return session.exec(wanted.where(TaskLink.person_id == viewer.person.id)).first()


def _waiting(viewer: Viewer) -> SelectOfScalar[UUID]:
    return (
        select(Assignment.id)
        .join(TaskLink, col(TaskLink.assignment_id) == col(Assignment.id))
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .join(Case, col(Case.id) == col(Gate.case_id), isouter=True)
        .where(TaskLink.person_id == viewer.person.id)
        .where(Gate.state == GateState.OPEN, Assignment.state == AssignmentState.OPEN)
        .where(viewer.answerable())
    )
