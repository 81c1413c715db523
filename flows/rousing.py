"""How is the run of a case or a season brought to read the record again, whatever has happened to it in Prefect?

Whoever has no run gets one. A suspended run is resumed. A run that was cancelled, failed, paused with a time limit or
left behind by a killed engine starts anew; one that was deleted is replaced. Every way ends at the same place: the
flow reads the record from its start.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from flows.claims import Claims
from flows.runs import ACTIVE, CREATED_AT_ONCE, RESUMED_AT_ONCE, Runs, RunState
from models.database import transaction
from tasks.waking import Due, mark_done, remember_run, tell_workers

Item = TypeVar("Item")


class Rouser:
    """Wakes subjects; one at a time, however many ask."""

    def __init__(self, runs: Runs, claims: Claims) -> None:
        self._runs, self._claims = runs, claims
        self._one_at_a_time = asyncio.Lock()

    async def rouse(self, dues: Sequence[Due]) -> bool:
        """Wake the runs of these subjects. Returns whether all are awake; for the others, ask again shortly."""
        async with self._one_at_a_time:
            settled = [await self._rouse_some(some) for some in portions(dues, RESUMED_AT_ONCE)]
        return all(settled)

    async def free(self, run: RunState, subject_id: UUID) -> bool:
        """Start a run anew that claims to be at work although nobody works on it."""
        with self._claims.held(subject_id) as mine:
            if not mine:
                return False
            now = (await self._runs.states([run.id])).get(run.id)
            if now is not None and now.type in ACTIVE:
                await self._runs.reschedule(run.id)
        await asyncio.to_thread(_in_transaction, tell_workers)
        return True

    # --- inside

    async def _rouse_some(self, dues: Sequence[Due]) -> bool:
        born = await self.give_runs([due for due in dues if due.live and due.run_id is None])
        walking = [due for due in dues if due.run_id is not None] + born
        gone = [due for due in dues if not due.live and due.run_id is None]
        woken = await self._runs.resume([due.run_id for due in walking if due.run_id]) if walking else set()
        others = [due for due in walking if due.run_id not in woken]
        settled = gone + [due for due in walking if due.run_id in woken] + await self._mend_all(others)
        await asyncio.to_thread(finish, settled)
        return len(settled) == len(dues)

    async def give_runs(self, dues: Sequence[Due]) -> list[Due]:
        """A new run for each. The key names the run it replaces, so that a repeated call makes no second one."""
        born: list[Due] = []
        for kind in ("season", "case"):
            for some in portions([due for due in dues if due.subject.kind == kind], CREATED_AT_ONCE):
                keys = [f"{due.subject.id}:{due.run_id or ''}" for due in some]
                run_ids = await self._runs.create(kind, [due.subject.id for due in some], keys)
                await asyncio.to_thread(_remember, some, run_ids)
                born += [replace(due, run_id=run_id) for due, run_id in zip(some, run_ids, strict=True)]
        return born

    async def _mend_all(self, dues: Sequence[Due]) -> list[Due]:
        states = await self._runs.states([due.run_id for due in dues if due.run_id]) if dues else {}
        return [due for due in dues if due.run_id and await self._mend(due, states.get(due.run_id))]

    async def _mend(self, due: Due, run: RunState | None) -> bool:
        """Bring one run back on its way; True when nothing more has to be done for this wake-up."""
        if run is None or run.deployment_id not in await self._runs.ours():
            return await self._replace(due, run)
        if run.type in ACTIVE:
            return await self.free(run, due.subject.id)
        if run.type == "PAUSED":
            return False
        if not run.starts_now and (due.live or run.type == "SCHEDULED"):
            await self._runs.reschedule(run.id)
        return True

    async def _replace(self, due: Due, run: RunState | None) -> bool:
        """The run, or its deployment, was deleted: whoever is still alive gets another."""
        if run is not None:
            await self._runs.cancel(run.id)
        if not due.live:
            return True
        [born] = await self.give_runs([due])
        return born.run_id in await self._runs.resume([born.run_id] if born.run_id else [])


def portions(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[first : first + size] for first in range(0, len(items), size))


def finish(settled: Sequence[Due]) -> None:
    rows = [row for due in settled for row in due.rows]
    with transaction() as session:
        if rows:
            mark_done(session, rows)
        if settled:
            tell_workers(session)


def _remember(dues: Sequence[Due], run_ids: Sequence[UUID]) -> None:
    with transaction() as session:
        for due, run_id in zip(dues, run_ids, strict=True):
            remember_run(session, due.subject, due.run_id, run_id)


def _in_transaction(verb: Callable[..., None]) -> None:
    with transaction() as session:
        verb(session)
