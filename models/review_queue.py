"""Which cases wait for the office's review (三（二）), and which are still on their way to it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.case import Case
from models.gates import Assignment, Gate
from models.listed import PAGE, offset_of, pages_of, total_of
from models.narrowing import Filters, narrowed
from models.people import Organisation
from models.queries import CaseRow, case_rows
from models.review_matters import Matter, read_matters
from models.reviewing import Line, review_lines
from models.season import notice_by_digest
from models.viewer import Viewer
from models.words import AssignmentState, GateState


@dataclass(frozen=True)
class ReviewRow:
    """One case at the office's review, with the task of its answer and everything that should be looked at."""

    case: Case
    unit: str | None
    gate: Gate
    task_id: UUID
    lines: Sequence[Line]

    @property
    def noted(self) -> list[Line]:
        return [line for line in self.lines if line.grade != "good"]


@dataclass(frozen=True)
class Queue:
    """One page of either list, and how many there are in both."""

    here: Sequence[ReviewRow]
    coming: Sequence[CaseRow]
    here_total: int
    coming_total: int
    page: int
    pages: int


def read_queue(viewer: Viewer, filters: Filters, page: int, *, coming: bool) -> Queue:
    """The rows of one page, in as many statements for fifty rows as for one.

    What should be looked at is computed, not kept: to find the cases with one problem, all that wait are read.
    """
    keys = [s.key for s in viewer.notice.office_reviews]
    here, later = _here(viewer, keys, filters), _coming(viewer, keys, filters)
    if coming:
        found = case_rows(viewer, later, page)
        return Queue([], found.rows, _count(viewer, here), found.total, found.page, found.pages)
    rows, total = _here_page(viewer, here, keys, filters.problem, page)
    number, _ = offset_of(page, total)
    return Queue(rows, [], total, _count(viewer, later), number, pages_of(total))


def _count(viewer: Viewer, wanted: SelectOfScalar[Case]) -> int:
    return total_of(viewer.session, wanted.with_only_columns(col(Case.id)))


def _here_page(
    viewer: Viewer, here: SelectOfScalar[Case], keys: Sequence[str], problem: str, page: int
) -> tuple[list[ReviewRow], int]:
    if problem:
        found = [r for r in _rows(viewer, here, keys) if problem in {n.key for n in r.noted}]
        _, offset = offset_of(page, len(found))
        return found[offset : offset + PAGE], len(found)
    total = _count(viewer, here)
    _, offset = offset_of(page, total)
    return _rows(viewer, here.limit(PAGE).offset(offset), keys), total


def _at(viewer: Viewer, keys: Sequence[str], *states: GateState) -> SelectOfScalar[Any]:
    return select(Gate.case_id).where(
        Gate.season_id == viewer.season.id,
        col(Gate.step).in_(keys),
        col(Gate.state).in_(states),
        col(Gate.case_id).is_not(None),
    )


def _here(viewer: Viewer, keys: Sequence[str], filters: Filters) -> SelectOfScalar[Case]:
    at = col(Case.id).in_(_at(viewer, keys, GateState.OPEN))
    return narrowed(viewer, viewer.cases().where(col(Case.outcome).is_(None), at), filters)


def _coming(viewer: Viewer, keys: Sequence[str], filters: Filters) -> SelectOfScalar[Case]:
    there = col(Case.id).in_(_at(viewer, keys, GateState.OPEN, GateState.CLEARED))
    return narrowed(viewer, viewer.cases().where(col(Case.outcome).is_(None), ~there), filters)


def _rows(viewer: Viewer, here: SelectOfScalar[Case], keys: Sequence[str]) -> list[ReviewRow]:
    rows = viewer.session.execute(
        here.join(Gate, (col(Gate.case_id) == col(Case.id)) & (col(Gate.state) == GateState.OPEN))
        .join(Assignment, col(Assignment.gate_id) == col(Gate.id))
        .outerjoin(Organisation, col(Organisation.id) == col(Case.unit_id))
        .where(col(Gate.step).in_(keys), col(Assignment.state) == AssignmentState.OPEN)
        .add_columns(col(Organisation.name), Gate, col(Assignment.id))
        .order_by(col(Gate.due_at), col(Case.number))
    ).all()
    matters = read_matters(viewer.session, viewer.notice, [case for case, *_ in rows])
    return [
        ReviewRow(case, unit, gate, task_id, _lines(viewer, case, matters))
        for case, unit, gate, task_id in rows
    ]


def _lines(viewer: Viewer, case: Case, matters: Mapping[UUID, Matter]) -> list[Line]:
    notice = notice_by_digest(viewer.session, case.notice_digest)
    return review_lines(viewer, notice, case, matters[case.id])
