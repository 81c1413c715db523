"""How do runs in Prefect come to be tagged as late, and cease to be, while they wait and nobody wakes them?

A run tags itself when it arrives at a gate. Afterwards a deadline may pass, or be moved: the leading engine compares
the record with the tags once in a while and changes those runs only that differ.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from uuid import UUID

from flows.claims import Claims
from flows.quiet import Patience
from flows.reconcile import subject_of
from flows.rousing import portions
from flows.runs import Runs
from models.database import reading
from tasks.runs import LATE, overdue_runs

LOOK_SECONDS = 60.0
# Looks that trust what was tagged before, until the tags are read again from Prefect.
TRUSTED = 10
# Their subjects are held meanwhile, so that no run tags itself at the same moment.
TAGGED_AT_ONCE = 20
# With more runs to change the rest is left to the next look.
CHANGED_IN_A_LOOK = 400

log = logging.getLogger("gongjiang.lateness")


class Lateness:
    def __init__(self, runs: Runs, claims: Claims) -> None:
        self._runs, self._claims = runs, claims
        self._tagged: set[UUID] | None = None
        self._looks = 0

    async def run(self) -> None:
        """Look for ever."""
        patience = Patience(log, "tagging late runs")
        while True:
            with patience:
                await self.look()
            await asyncio.sleep(patience.pause or LOOK_SECONDS)

    async def look(self) -> int:
        """Make the tags say what the record says; returns how many runs were changed."""
        late = await asyncio.to_thread(_read_overdue)
        self._looks += 1
        if set(late) == self._tagged and self._looks % TRUSTED:
            return 0
        tagged = {run.id: subject_of(run) async for run in self._runs.tagged(LATE)}
        to_change = {
            run_id: subject
            for run_id, subject in (late | tagged).items()
            if (run_id in late) != (run_id in tagged)
        }
        chosen = list(to_change.items())[:CHANGED_IN_A_LOOK]
        changed = sum([await self._change(some, set(late)) for some in portions(chosen, TAGGED_AT_ONCE)])
        self._tagged = set(late) if changed == len(to_change) else None
        return changed

    async def _change(self, some: Sequence[tuple[UUID, UUID]], late: set[UUID]) -> int:
        """Change those of the runs at which nobody works; one that is gone needs no tag."""
        with ExitStack() as claims:
            free = [run_id for run_id, subject in some if claims.enter_context(self._claims.held(subject))]
            states = await self._runs.states(free)
            for run_id, run in states.items():
                wanted = run.tags | {LATE} if run_id in late else run.tags - {LATE}
                if wanted != run.tags:
                    await self._runs.set_tags(run_id, wanted)
        return len(free)


def _read_overdue() -> dict[UUID, UUID]:
    with reading() as session:
        return overdue_runs(session)
