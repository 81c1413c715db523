"""How does a run learn that the record has moved on?

The transaction that changes what comes next leaves a wake-up. The waker hears of it by NOTIFY, or finds it in the
sweep, once its time has come by the season's clock; it wakes the run and marks exactly the rows it had read before.
With Prefect's server away the rows wait; nobody who decides notices.
"""

import asyncio
import logging

from flows.bell import Bell
from flows.claims import Claims, lock_number
from flows.quiet import Patience
from flows.rousing import Rouser
from models.database import transaction
from tasks.waking import Due, due_subjects, mark_done, season_stirs

SWEEP_SECONDS = 1.0
# A run that is at work can't be woken: soon it is suspended.
SOON_SECONDS = 0.1
READ_AT_ONCE = 200

log = logging.getLogger("gongjiang.waker")


class Waker:
    def __init__(self, rouser: Rouser, claims: Claims, bell: Bell, after_outage: Bell) -> None:
        self._rouser, self._claims, self._bell, self._after_outage = rouser, claims, bell, after_outage
        self._patience = Patience(log, "waking runs")

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
        dues, resting = await asyncio.to_thread(self._read)
        return await self._rouser.rouse(dues) and resting if dues else resting

    def _read(self) -> tuple[list[Due], bool]:
        """Those to be woken now, and whether there is nobody besides who is at work or beyond the portion."""
        with transaction() as session:
            dues = due_subjects(session, READ_AT_ONCE)
            idle = [due for due in dues if due.subject.kind == "season" and due.run_id and due.live]
            idle = [due for due in idle if not season_stirs(session, due.subject.id)]
            if rows := [row for due in idle for row in due.rows]:
                mark_done(session, rows)
        at_work = self._claims.all_held() if dues else set()
        ready = [d for d in dues if d not in idle and lock_number(d.subject.id) not in at_work]
        return ready, len(ready) + len(idle) == len(dues) < READ_AT_ONCE
