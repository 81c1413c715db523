"""What is known about cases that are to be reviewed, beside what their applications say: read for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from models.attachment import Attachment, PaperReceipt
from models.case import Case
from models.doubles import unsettled
from models.gates import Assignment, Decision, Gate
from models.notice import Notice, Step
from models.words import GateState, Ground, Scope

Row = TypeVar("Row")


@dataclass
class Matter:
    """One case's papers, opinions and doubles; `asked` are the latest opinions, unanswered ones without a decision."""

    files: list[Attachment] = field(default_factory=list)
    receipts: list[PaperReceipt] = field(default_factory=list)
    asked: list[tuple[Assignment, Gate, Decision | None]] = field(default_factory=list)
    doubles: list[tuple[Ground, ...]] = field(default_factory=list)


def opinion_steps(notice: Notice) -> list[Step]:
    """The steps at which one may object without deciding."""
    return [s for s in notice.steps if s.scope is Scope.CASE and any(a.objects for a in s.answers)]


def read_matters(session: Session, notice: Notice, cases: Sequence[Case]) -> dict[UUID, Matter]:
    """Everything for so many cases of one season, in as many statements as for one."""
    found = {c.id: Matter() for c in cases}
    if not cases:
        return found
    for file in session.exec(
        select(Attachment)
        .where(col(Attachment.case_id).in_(found), col(Attachment.removed_at).is_(None))
        .order_by(col(Attachment.uploaded_at), col(Attachment.id))
    ):
        found[file.case_id].files.append(file)
    received = select(PaperReceipt).where(
        col(PaperReceipt.case_id).in_(found), col(PaperReceipt.returned_at).is_(None)
    )
    for receipt in session.exec(received):
        found[receipt.case_id].receipts.append(receipt)
    _add_opinions(session, notice, found)
    one = cases[0] if len(cases) == 1 else None
    for pair, grounds in unsettled(session, cases[0].season_id, one).items():
        for case_id in pair:
            if case_id in found:
                found[case_id].doubles.append(grounds)
    return found


def _add_opinions(session: Session, notice: Notice, found: dict[UUID, Matter]) -> None:
    """The answers of the latest round of each step where one may object."""
    rows = session.execute(
        rows_of(Assignment, Gate, Decision)
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .outerjoin(Decision, col(Decision.assignment_id) == col(Assignment.id))
        .where(col(Gate.case_id).in_(found), col(Gate.step).in_([s.key for s in opinion_steps(notice)]))
        .where(col(Gate.state).in_((GateState.OPEN, GateState.CLEARED)))
        .order_by(col(Gate.round), col(Assignment.body))
    )
    for assignment, gate, decision in rows:
        if gate.case_id is not None:
            found[gate.case_id].asked.append((assignment, gate, decision))
