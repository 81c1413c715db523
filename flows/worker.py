"""How do runs get from Prefect's work pool into this process?

A worker of Prefect's, so that the pool shows its health and several engines share the work. It differs in what a run
costs: flows run in warm threads, and a run goes from Scheduled straight to Running. What Prefect's Pending state is
for, keeping two workers from one run, the claim on the subject does for certain.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import anyio
import anyio.abc
from prefect.client.schemas.objects import FlowRun
from prefect.states import Failed
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from flows.bell import Bell, listen
from flows.case import case_flow
from flows.claims import Claims, connection_string
from flows.clockwork import sweep
from flows.quiet import Patience
from flows.season import season_flow
from flows.warm import AnyFlow, run_warm, warm_threads
from settings import settings
from tasks.waking import RUNS_CHANNEL

POOL = "gongjiang"
THREADS = 16
POLL_SECONDS = 3.0
FETCHED_AT_ONCE = 50
FLOWS: dict[str, AnyFlow] = {flow.name: flow for flow in (case_flow, season_flow, sweep)}

log = logging.getLogger("gongjiang.worker")


class GongjiangWorker(BaseWorker[BaseJobConfiguration, BaseVariables, BaseWorkerResult]):
    """Runs the flows of this project in threads."""

    type = POOL
    job_configuration = BaseJobConfiguration
    _description = "Runs the flows of the season in warm threads of one process."

    def __init__(self, work_pool_name: str = POOL, **options: Any) -> None:
        options["prefetch_seconds"] = options.get("prefetch_seconds") or 0
        options["limit"] = options.get("limit") or THREADS
        super().__init__(work_pool_name, **options)
        self._room: int = options["limit"]
        address = settings().database_url
        self.claims = Claims(address)
        self._address, self._bell = connection_string(address), Bell()
        self._stop = asyncio.Event()
        self._at_work: set[UUID] = set()
        self._left_over = False
        self._known_flows: dict[UUID, AnyFlow | None] = {}
        self._threads: ThreadPoolExecutor = warm_threads(self._room)

    # --- the loops

    async def start(
        self, run_once: bool = False, with_healthcheck: bool = False, printer: Any = print
    ) -> None:
        """Poll until told to stop. A server that is away is waited for."""
        async with self:
            if run_once:
                await self.get_and_submit_flow_runs()
                return
            async with anyio.create_task_group() as loops:
                loops.start_soon(listen, self._address, RUNS_CHANNEL, self._bell)
                loops.start_soon(self._keep_in_touch)
                loops.start_soon(self._poll)
                await self._stop.wait()
                loops.cancel_scope.cancel()

    def stop(self) -> None:
        self._stop.set()

    async def teardown(self, *exc_info: Any) -> None:
        await super().teardown(*exc_info)
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.claims.close()

    async def _poll(self) -> None:
        patience = Patience(log, "fetching runs")
        while True:
            with patience:
                await self.get_and_submit_flow_runs()
            await self._bell.wait(patience.pause or POLL_SECONDS)

    async def _keep_in_touch(self) -> None:
        patience = Patience(log, "reporting to Prefect")
        while True:
            with patience:
                await self._sync_and_initialize()
            await asyncio.sleep(patience.pause or self.heartbeat_interval_seconds)

    # --- one run

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        """Start what is scheduled, as far as threads are free; the rest is fetched when one becomes free."""
        scheduled = [entry.flow_run for entry in await self._fetch()]
        fresh = [run for run in scheduled if run.id not in self._at_work]
        started = fresh[: self._room - len(self._at_work)]
        self._left_over = len(started) < len(scheduled)
        for run in started:
            self._at_work.add(run.id)
            self._group.start_soon(self._work_on, run)
        return started

    async def _fetch(self) -> list[Any]:
        return await self._get_scheduled_flow_runs()

    @property
    def _group(self) -> anyio.abc.TaskGroup:
        if self._runs_task_group is None:
            raise RuntimeError("the worker has not been set up")
        return self._runs_task_group

    async def _work_on(self, run: FlowRun) -> None:
        try:
            await self.run(run)
        finally:
            self._at_work.discard(run.id)
            if self._left_over:
                self._bell.ring()

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration | None = None,
        task_status: anyio.abc.TaskStatus[Any] | None = None,
    ) -> BaseWorkerResult:
        """Run one run in a thread, until it has ended or is suspended."""
        flow = await self._flow_of(flow_run)
        if task_status is not None:
            task_status.started(str(flow_run.id))
        if flow is None:
            await self.client.set_flow_run_state(
                flow_run.id, Failed(message="本执行器不认识这个流程"), force=True
            )
        else:
            await self._in_thread(flow, flow_run)
        return BaseWorkerResult(identifier=str(flow_run.id), status_code=0)

    async def _flow_of(self, run: FlowRun) -> AnyFlow | None:
        if run.flow_id not in self._known_flows:
            self._known_flows[run.flow_id] = FLOWS.get((await self.client.read_flow(run.flow_id)).name)
        return self._known_flows[run.flow_id]

    async def _in_thread(self, flow: AnyFlow, run: FlowRun) -> None:
        """A run that breaks off, its server gone or it deleted, is found and mended by the reconciler."""
        work = asyncio.get_running_loop().run_in_executor(self._threads, self._work, flow, run)
        [outcome] = await asyncio.gather(work, return_exceptions=True)
        if isinstance(outcome, BaseException):
            log.warning("run %s broke off: %s: %s", run.id, type(outcome).__name__, outcome)

    def _work(self, flow: AnyFlow, run: FlowRun) -> None:
        with self.claims.held(subject_of(run)) as mine:
            if mine:
                run_warm(flow, run)


def subject_of(run: FlowRun) -> UUID:
    """The id of the case or season that the run walks; a run without one stands for itself."""
    given = run.parameters.get("case_id") or run.parameters.get("season_id")
    try:
        return UUID(str(given))
    except ValueError:
        return run.id
