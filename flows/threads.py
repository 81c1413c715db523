"""Where do the bodies of runs work?

In a fixed number of threads of this process, each body under the claim on its subject. Both ways to a body end here:
the short one, on which the waker hands a run over, and the long one by way of Prefect's work pool.
"""

import asyncio
import logging
from enum import Enum, auto
from uuid import UUID

from prefect.client.schemas.objects import FlowRun

from flows.backup import back_up
from flows.case import case_flow
from flows.claims import Claims
from flows.clockwork import sweep
from flows.inbox import fetch_mails
from flows.morning import tell_everybody
from flows.retention import remind
from flows.season import season_flow
from flows.warm import AnyFlow, run_warm, warm_threads

THREADS = 16
FLOWS: dict[str, AnyFlow] = {
    flow.name: flow for flow in (case_flow, season_flow, sweep, tell_everybody, fetch_mails, back_up, remind)
}

log = logging.getLogger("gongjiang.threads")


class Outcome(Enum):
    """What became of an attempt to run a body."""

    RAN = auto()
    CLAIMED_BY_ANOTHER = auto()
    REFUSED = auto()
    BROKE_OFF = auto()


class Bodies:
    """The threads of this process and who is in them."""

    def __init__(self, claims: Claims, count: int = THREADS) -> None:
        self.claims, self.count = claims, count
        self._threads = warm_threads(count)
        self._at_work: set[UUID] = set()

    @property
    def room(self) -> int:
        return self.count - len(self._at_work)

    def works_on(self, run_id: UUID) -> bool:
        return run_id in self._at_work

    async def run(self, flow: AnyFlow, run: FlowRun) -> Outcome:
        """Run one body to its end; the caller has seen that there is room."""
        self._at_work.add(run.id)
        try:
            work = asyncio.get_running_loop().run_in_executor(self._threads, self._run, flow, run)
            [outcome] = await asyncio.gather(work, return_exceptions=True)
        finally:
            self._at_work.discard(run.id)
        if isinstance(outcome, Outcome):
            return outcome
        log.info("run %s broke off: %s", run.id, type(outcome).__name__)
        return Outcome.BROKE_OFF

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.claims.close()

    def _run(self, flow: AnyFlow, run: FlowRun) -> Outcome:
        with self.claims.held(subject_of(run)) as mine:
            if not mine:
                return Outcome.CLAIMED_BY_ANOTHER
            return Outcome.RAN if run_warm(flow, run) else Outcome.REFUSED


def subject_of(run: FlowRun) -> UUID:
    """The id of the case or season that the run walks; a run without one stands for itself."""
    given = run.parameters.get("case_id") or run.parameters.get("season_id")
    try:
        return UUID(str(given))
    except ValueError:
        return run.id
