"""How does a test watch a season that the engine walks?"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from sqlmodel import col, select

from models.case import Case
from models.database import reading, transaction
from models.gates import Gate
from tasks.intake import submit_case
from tests.flows.dashboard import Dashboard, Seen, until
from tests.world import NOTICE, World, open_world


@dataclass
class Walked:
    """Decides through the verbs and never opens anything itself."""

    world: World
    dashboard: Dashboard

    @classmethod
    def open(cls, dashboard: Dashboard, notice: Path = NOTICE) -> Self:
        return cls(open_world(notice), dashboard)

    def enter(self, **form: Any) -> Case:
        """A draft of someone who nominates himself: from its application straight to the office."""
        return self.world.enter(channel="self", route="city", person=self.world.applicant(), **form)

    def submit(self, case: Case) -> None:
        self.world.supply(case, self.world.applicant())
        with transaction() as session:
            submit_case(session, case.id, self.world.applicant())

    def at_office(self, **form: Any) -> Case:
        """A case whose run waits at the office's review."""
        case = self.enter(**form)
        self.submit(case)
        self.waits_at(case, "office_review")
        return case

    def run_id(self, case: Case | None = None) -> UUID:
        """The run of the case, or of the season, according to the record."""
        return until(
            lambda: self.world.case(case).flow_run_id if case else self.world.season.flow_run_id, "a run"
        )

    def waits_at(self, case: Case, step: str, after: Seen | None = None) -> Seen:
        """The case's run once it waits, without a time limit, at this gate; in another state than `after`."""
        label = self.world.notice.step(step).label
        return until(lambda: self._waiting(case, f"{case.number}·{label}", after), f"{case.number} at {step}")

    def _waiting(self, case: Case, name: str, after: Seen | None) -> Seen | None:
        run_id = self.world.case(case).flow_run_id
        run = self.dashboard.run(run_id) if run_id else None
        if run is None or run.name != name or run.state != "Suspended" or run.expires:
            return None
        return None if after is not None and run.state_id == after.state_id else run

    def season_waits_at(self, step: str) -> Seen:
        name = f"{self.world.season.title}·{self.world.notice.step(step).label}"

        def found() -> Seen | None:
            run_id = self.world.season.flow_run_id
            run = self.dashboard.run(run_id) if run_id else None
            return run if run and run.name == name and run.state == "Suspended" and not run.expires else None

        return until(found, f"the season at {step}")

    def ended(self, case: Case) -> Seen:
        """The case's run once it has come to its end."""

        def found() -> Seen | None:
            run = self.dashboard.run(self.run_id(case))
            return run if run and run.state == "Completed" else None

        return until(found, f"{case.number} at its end")

    def gates(self, case: Case | None = None) -> list[tuple[str, int, str]]:
        """Step, round and state of every gate there ever was, in the order of their opening."""
        with reading() as session:
            rows = session.exec(
                select(Gate.step, Gate.round, Gate.state)
                .where(Gate.season_id == self.world.season_id)
                .where(col(Gate.case_id).is_not_distinct_from(case.id if case else None))
                .order_by(col(Gate.opened_at))
            )
            return [(step, number, state) for step, number, state in rows]
