"""How do runs get from Prefect's work pool into this process?

A worker of Prefect's, so that the pool shows its health and several engines share the work. It differs in what a run
costs: flows run in warm threads, and a run goes from Scheduled straight to Running. What Prefect's Pending state is
for, keeping two workers from one run, the claim on the subject does for certain.
"""

import asyncio
import logging
from typing import Any
from uuid import UUID

import anyio
import anyio.abc
from prefect.client.schemas.objects import FlowRun, State
from prefect.client.schemas.responses import WorkerFlowRunResponse
from prefect.states import Failed
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from flows.bell import Bell, listen
from flows.claims import Claims, connection_string
from flows.quiet import Patience
from flows.threads import FLOWS, THREADS, Bodies
from flows.warm import AnyFlow
from settings import settings
from tasks.waking import RUNS_CHANNEL

POOL = "gongjiang"
POLL_SECONDS = 3.0

log = logging.getLogger("gongjiang.worker")


class GongjiangWorker(BaseWorker[BaseJobConfiguration, BaseVariables, BaseWorkerResult]):
    """Fetches what is scheduled and runs it in threads. Fetches one at a time: a notification shortens its wait."""

    type = POOL
    job_configuration = BaseJobConfiguration
    _description = "Runs the flows of the season in warm threads of one process."

    def __init__(self, work_pool_name: str = POOL, bodies: Bodies | None = None, **options: Any) -> None:
        options["prefetch_seconds"] = options.get("prefetch_seconds") or 0
        options["limit"] = options.get("limit") or THREADS
        super().__init__(work_pool_name, **options)
        url = settings().database_url
        self.bodies = bodies or Bodies(Claims(url), options["limit"])
        self._address, self._bell, self._stop = connection_string(url), Bell(), asyncio.Event()
        self._left_over = False
        self._known_flows: dict[UUID, AnyFlow | None] = {}

    async def start(
        self, run_once: bool = False, with_healthcheck: bool = False, printer: Any = print
    ) -> None:
        """Fetch and run until told to stop. A server that is away is waited for."""
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
        self.bodies.close()

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

    async def _submit_scheduled_flow_runs(
        self, flow_run_response: list[WorkerFlowRunResponse]
    ) -> list[FlowRun]:
        """Start what was fetched, as far as threads are free; the rest is fetched when one becomes free."""
        fetched = [entry.flow_run for entry in flow_run_response]
        fresh = [run for run in fetched if not self.bodies.works_on(run.id)]
        started = fresh[: self.bodies.room]
        self._left_over = len(started) < len(fetched)
        if self._runs_task_group is not None:
            for run in started:
                self._runs_task_group.start_soon(self.run, run)
        return started

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration | None = None,
        task_status: anyio.abc.TaskStatus[Any] | None = None,
    ) -> BaseWorkerResult:
        """Run one run until it has ended or is suspended. One that breaks off is mended by the reconciler."""
        with Patience(log, "starting a run"):
            if flow := await self._flow_of(flow_run):
                await self.bodies.run(flow, flow_run)
            else:
                state: State[Any] = Failed(message="本执行器不认识这个流程")
                await self.client.set_flow_run_state(flow_run.id, state, force=True)
        if self._left_over:
            self._bell.ring()
        return BaseWorkerResult(identifier=str(flow_run.id), status_code=0)

    async def _flow_of(self, run: FlowRun) -> AnyFlow | None:
        if run.flow_id not in self._known_flows:
            self._known_flows[run.flow_id] = FLOWS.get((await self.client.read_flow(run.flow_id)).name)
        return self._known_flows[run.flow_id]
