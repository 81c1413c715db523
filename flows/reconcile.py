"""Does every live case and season have a run that waits or works, and who puts it right if not?

People may press any button in Prefect's dashboard, engines and servers are killed, Prefect's database may be lost.
The reconciler compares the record with Prefect at the start and in regular rounds, and has the rouser wake whoever is
not well. With many cases a round looks at a part of them, and at all as soon as the numbers don't agree.
"""

import asyncio
import logging
from uuid import UUID

from flows.bell import Bell
from flows.claims import Claims, lock_number
from flows.quiet import Patience
from flows.rousing import Rouser
from flows.runs import Runs, RunState
from models.database import reading, transaction
from tasks.waking import Due, live_subjects, wake_stuck

LOOKED_AT_IN_A_ROUND = 200

log = logging.getLogger("gongjiang.reconcile")


class Reconciler:
    def __init__(
        self,
        runs: Runs,
        rouser: Rouser,
        claims: Claims,
        bell: Bell,
        seconds: float,
        portion: int = LOOKED_AT_IN_A_ROUND,
    ) -> None:
        self._runs, self._rouser, self._claims, self._bell = runs, rouser, claims, bell
        self._seconds, self._portion = seconds, portion
        self._patience = Patience(log, "comparing runs with the record")
        self._next = 0
        self._look_at_all = True

    async def run(self) -> None:
        """Compare and mend for ever, at once after an outage."""
        while True:
            with self._patience:
                await self.round()
            await self._bell.wait(self._patience.pause or self._seconds)

    async def round(self) -> int:
        """One comparison; returns how many subjects or runs had to be put right."""
        subjects = await asyncio.to_thread(_read_subjects)
        freed = await self._free_abandoned()
        unwell = await self._unwell(await self._part_of(subjects))
        if unwell:
            log.info("waking %d subjects whose run was not well", len(unwell))
            await self._rouser.rouse(unwell)
        self._look_at_all = False
        return freed + len(unwell)

    async def _free_abandoned(self) -> int:
        """Runs that claim to be at work while nobody holds their subject."""
        active = [run async for run in self._runs.active()]
        at_work = await asyncio.to_thread(self._claims.all_held) if active else set()
        abandoned = [run for run in active if lock_number(subject_of(run)) not in at_work]
        return sum([await self._rouser.free(run, subject_of(run)) for run in abandoned])

    async def _part_of(self, subjects: list[Due]) -> list[Due]:
        """The subjects to look at in this round."""
        with_run = sum(due.run_id is not None for due in subjects)
        if self._look_at_all or len(subjects) <= self._portion:
            return subjects
        if await self._runs.count_unfinished() != with_run or with_run < len(subjects):
            return subjects
        start = self._next if self._next < len(subjects) else 0
        self._next = start + self._portion
        return subjects[start : self._next]

    async def _unwell(self, subjects: list[Due]) -> list[Due]:
        states = await self._runs.states([due.run_id for due in subjects if due.run_id])
        ours = await self._runs.ours()
        at_work = await asyncio.to_thread(self._claims.all_held)
        return [
            due
            for due in subjects
            if lock_number(due.subject.id) not in at_work
            and not (due.run_id and is_well(states.get(due.run_id), ours))
        ]


def is_well(run: RunState | None, ours: list[UUID]) -> bool:
    """Whether the run waits for its subject's next wake-up, or is about to start."""
    return run is not None and run.deployment_id in ours and (run.waits or run.starts_now)


def subject_of(run: RunState) -> UUID:
    given = run.parameters.get("case_id") or run.parameters.get("season_id")
    try:
        return UUID(str(given))
    except ValueError:
        return run.id


def _read_subjects() -> list[Due]:
    with transaction() as session:
        wake_stuck(session)
    with reading() as session:
        return live_subjects(session)
