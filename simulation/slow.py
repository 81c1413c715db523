"""How does a season go in which people have other things to do, and some let their tasks lie?

Every holder has a pace of his own and every task its own luck: it is looked at only some working days after it came.
The clock goes on day by day.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from math import log
from uuid import UUID

from sqlmodel import col, select

from models.board.days import Days
from models.case import Case
from models.database import reading, transaction
from models.gates import Assignment, Gate
from models.notice import SHANGHAI, day_of
from models.season import Season, notice_of, now
from models.words import AssignmentState, GateState, Relation
from models.workdays import last_date
from simulation.engine import Engine
from simulation.season import Play
from tasks.seasons import move_clock

MORNING = time(9)
# How many of a hundred holders are of each kind, and how many working days a task of theirs waits on average.
KINDS = ((55, 0.7), (30, 2.5), (15, 9.0))


class SlowPlay(Play):
    """`lying` is the share of the tasks that nobody looks at on his own account, whoever holds them."""

    def __init__(
        self,
        season_id: UUID,
        count: int,
        seed: int,
        engine: Engine,
        progress: Callable[[str], None],
        *,
        lying: float = 0.0,
    ) -> None:
        super().__init__(season_id, count, seed, engine, progress)
        self.lying = lying
        self.holders: dict[str, int] = {}
        with reading() as session:
            notice = notice_of(session, session.get_one(Season, season_id))
        # Applications and corrections are handed in on their last day at the latest: after it they are refused.
        self.filler = next(b.key for b in notice.bodies if b.relation is Relation.FILLER)

    def run_days(self, days: int) -> None:
        """The applications, and so many days of the calendar; the season stays open."""
        self._enter()
        for _ in range(days):
            self._live_a_day()

    def run(self) -> None:
        self._enter()
        while not self._is_closed():
            self._live_a_day()
        self.engine.finish(self.season_id)

    def _live_a_day(self) -> None:
        self.engine.settle(self.season_id)
        while self._everybody_acts():
            self.engine.settle(self.season_id)
        if not self._is_closed():
            self._next_day()

    def _next_day(self) -> None:
        """The next morning."""
        with transaction() as session:
            season = session.get_one(Season, self.season_id)
            to = datetime.combine(day_of(now(season)) + timedelta(days=1), MORNING, SHANGHAI)
            move_clock(session, season, to, self._office(session))

    def _open(self, of_season: bool) -> Sequence[UUID]:
        """The open tasks that somebody looks at today."""
        with reading() as session:
            season = session.get_one(Season, self.season_id)
            days = Days(session, now(season))
            rows = session.execute(
                select(Assignment, Gate, col(Case.number))
                .join(Gate, col(Gate.id) == col(Assignment.gate_id))
                .outerjoin(Case, col(Case.id) == col(Gate.case_id))
                .where(Gate.season_id == self.season_id, Gate.state == GateState.OPEN)
                .where(Assignment.state == AssignmentState.OPEN)
                .where(col(Gate.case_id).is_(None) == of_season)
                .order_by(col(Gate.opened_at), col(Gate.id), col(Assignment.body), col(Assignment.id))
            ).all()
            return [
                task.id
                for task, gate, number in rows
                if days.waited(day_of(gate.opened_at)) >= self._looked_at(task, gate, number or "")
                or (task.body == self.filler and days.today >= last_date(gate.due_at))
            ]

    def _looked_at(self, task: Assignment, gate: Gate, number: str) -> float:
        """After how many working days the task is looked at; a season's own step waits as long as two tasks."""
        holder = str(task.organisation_id or task.person_id or "")
        kind = self.dice.of("kind", task.body, self._name_of(holder)).random() * 100
        mean = next(m for n, (_, m) in enumerate(KINDS) if kind < sum(s for s, _ in KINDS[: n + 1]))
        throw = self.dice.of("look", number, gate.step, gate.round, task.body, self._name_of(holder))
        if number and task.body != self.filler and throw.random() < self.lying:
            return float("inf")
        return float(int(-log(1.0 - throw.random()) * (mean if number else 1.0)))

    def _name_of(self, holder: str) -> str:
        """Holders are numbered as they come up: their ids differ from one play to the next."""
        return str(self.holders.setdefault(holder, len(self.holders)))
