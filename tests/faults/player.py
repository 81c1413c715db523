"""How is a season played to its end, while things break around it?

Everybody answers what waits for them, with the first answer of the notice; when nothing waits any more, the clock moves
to the next date.
"""

import time
from collections.abc import Callable
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.database import reading
from models.gates import Assignment, Gate
from models.season import notice_of
from models.words import AssignmentState, GateState, StepKind
from tasks.decide import find_task
from tests.world import World

PATIENCE = 120.0
QUIET = 0.7


class Player:
    """Counts the decisions; `after` is called with that number after each, and may break something."""

    def __init__(self, world: World, after: Callable[[int], None]) -> None:
        self.world, self.after = world, after
        self.decisions = 0

    def play(self) -> None:
        """Decide until the season is closed."""
        quiet_since = last_sign = time.monotonic()
        while self.world.season.closed_at is None:
            if waiting := self.answerable():
                self.answer(waiting)
                quiet_since = last_sign = time.monotonic()
            elif time.monotonic() - quiet_since > QUIET and self.is_settled():
                self.world.next_date()
                quiet_since = time.monotonic()
            elif time.monotonic() - last_sign > PATIENCE:
                raise AssertionError(
                    f"nothing has moved for {PATIENCE:.0f} s after {self.decisions} decisions"
                )
            else:
                time.sleep(0.05)

    def answer(self, waiting: list[UUID]) -> None:
        for assignment_id in waiting:
            with reading() as session:
                task = find_task(session, assignment_id)
            if task.step.kind is StepKind.FORM and task.case is not None:
                self.world.supply(task.case)
            self.press(task.assignment, task.step.answers[0].key)
            self.decisions += 1
            self.after(self.decisions)

    def press(self, assignment: Assignment, key: str) -> None:
        self.world.answer_as(None, assignment, key)

    def answerable(self) -> list[UUID]:
        """The open assignments, without lists that wait for cases and windows that are not over."""
        with reading() as session:
            rows = session.exec(
                select(Assignment, Gate)
                .join(Gate, col(Gate.id) == col(Assignment.gate_id))
                .where(Gate.season_id == self.world.season_id, Gate.state == GateState.OPEN)
                .where(Assignment.state == AssignmentState.OPEN)
                .order_by(col(Gate.opened_at))
            ).all()
            return [assignment.id for assignment, gate in rows if self.may_answer(session, gate)]

    def may_answer(self, session: Session, gate: Gate) -> bool:
        if gate.case_id is not None:
            return True
        step = notice_of(session, self.world.season).step(gate.step)
        if step.kind is StepKind.WINDOW:
            return self.world.now() >= gate.due_at
        return not step.cases_wait or self.everyone_waits_at(session, step.key)

    def everyone_waits_at(self, session: Session, step: str) -> bool:
        """Whether the run of every live case has arrived at the season's step."""
        live = set(
            session.exec(
                select(Case.id).where(Case.season_id == self.world.season_id, col(Case.closed_at).is_(None))
            )
        )
        there = session.exec(
            select(Gate.case_id).where(
                Gate.season_id == self.world.season_id, Gate.step == step, Gate.state == GateState.OPEN
            )
        )
        return live <= set(there)

    def is_settled(self) -> bool:
        """Whether every live case has an open gate."""
        with reading() as session:
            has_gate = select(Gate.id).where(Gate.case_id == Case.id, Gate.state == GateState.OPEN).exists()
            bare = select(Case.id).where(
                Case.season_id == self.world.season_id, col(Case.closed_at).is_(None)
            )
            return session.exec(bare.where(~has_gate)).first() is None
