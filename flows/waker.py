"""How does a run learn that the record has moved on?

The transaction that changes what comes next leaves a wake-up. The waker hears of it by NOTIFY, or finds it in the
sweep, once its time has come by the season's clock. It hands the run to a free thread of its own process, which
needs no more of Prefect than that the run may go on; with other engines about, what finds no thread here goes by way of
the work pool. The rows it had read before are done when the run has been at work. With Prefect's server away they
wait; nobody who decides notices.
"""

import asyncio
import logging
from uuid import UUID

from prefect.client.schemas.objects import FlowRun

from flows.bell import Bell
from flows.claims import lock_number
from flows.quiet import Patience
from flows.rousing import Rouser, finish
from flows.runs import Runs
from flows.threads import FLOWS, Bodies, Outcome
from models.database import transaction
from tasks.waking import Due, due_subjects, mark_done, season_stirs

SWEEP_SECONDS = 1.0
# A run that is at work can't be woken: soon it is suspended.
SOON_SECONDS = 0.1
READ_AT_ONCE = 200

log = logging.getLogger("gongjiang.waker")


class Waker:
    """`after_outage` is rung when Prefect's server has come back."""

    def __init__(self, runs: Runs, rouser: Rouser, bodies: Bodies, bell: Bell, after_outage: Bell) -> None:
        self._runs, self._rouser, self._bodies = runs, rouser, bodies
        self._bell, self._after_outage = bell, after_outage
        self._patience = Patience(log, "waking runs")
        self._walking: dict[UUID, asyncio.Task[None]] = {}
        self._broken_off: set[UUID] = set()

    async def run(self) -> None:
        """Wake runs for ever."""
        while True:
            settled = True
            with self._patience:
                settled = await self.wake_due()
            if self._patience.recovered:
                self._after_outage.ring()
            await self._bell.wait(self._patience.pause or (SWEEP_SECONDS if settled else SOON_SECONDS))

    async def wake_due(self) -> bool:
        """Wake everybody whose time has come; whether nobody is left who has to be asked again shortly."""
        if self._broken_off:
            await self._runs.check_server()
        dues, resting = await asyncio.to_thread(self._read)
        fit = [due for due in dues if (due.live or due.run_id) and due.subject.id not in self._broken_off]
        born = await self._rouser.give_runs([due for due in fit if due.run_id is None])
        ready = [due for due in fit if due.run_id is not None] + born
        here, waiting = ready[: self._bodies.room], ready[self._bodies.room :]
        for due in here:
            self._walking[due.subject.id] = asyncio.create_task(self._walk(due))
        others = [due for due in dues if due not in fit]
        shared: bool = await asyncio.to_thread(self._bodies.claims.others_about) if waiting else False
        if shared:
            others, waiting = [*others, *waiting], []
        roused = await self._rouser.rouse(others) if others else True
        self._broken_off.difference_update(due.subject.id for due in others)
        return resting and roused and not waiting

    async def _walk(self, due: Due) -> None:
        """Let the run work here and now; what Prefect would not let begin, the rouser mends the next time."""
        [outcome] = await asyncio.gather(self._work(due), return_exceptions=True)
        if outcome is not Outcome.RAN and outcome is not Outcome.CLAIMED_BY_ANOTHER:
            self._broken_off.add(due.subject.id)
        del self._walking[due.subject.id]
        self._bell.ring()

    async def _work(self, due: Due) -> Outcome:
        outcome = await self._bodies.run(FLOWS[due.subject.kind], await self._flow_run(due))
        if outcome is Outcome.RAN:
            await asyncio.to_thread(finish, [due])
        return outcome

    async def _flow_run(self, due: Due) -> FlowRun:
        kind, subject_id = due.subject.kind, due.subject.id
        return FlowRun(
            id=due.run_id,
            flow_id=await self._runs.flow(kind),
            deployment_id=await self._runs.deployment(kind),
            parameters={f"{kind}_id": str(subject_id)},
        )

    def _read(self) -> tuple[list[Due], bool]:
        """Those to be woken now, and whether there is nobody besides who is at work or beyond the portion."""
        with transaction() as session:
            dues = due_subjects(session, READ_AT_ONCE)
            idle = [due for due in dues if due.subject.kind == "season" and due.run_id and due.live]
            idle = [due for due in idle if not season_stirs(session, due.subject.id)]
            if rows := [row for due in idle for row in due.rows]:
                mark_done(session, rows)
        at_work = self._bodies.claims.all_held() if dues else set()
        free = [due for due in dues if due not in idle and due.subject.id not in self._walking]
        ready = [due for due in free if lock_number(due.subject.id) not in at_work]
        return ready, len(ready) + len(idle) == len(dues) < READ_AT_ONCE
