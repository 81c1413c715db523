"""How is a flow run inside this process, at the price of three calls to Prefect's server?

Prefect's own engine runs the flow. What it does around it for runs that last for hours is left out, since ours last a
tenth of a second and read the record anyway: watching whether somebody suspends the run from outside (a thread, an
event loop and a websocket each), heartbeats (the claim on the subject tells who is alive), and reading and writing the
run before it starts. The version of Prefect is pinned, and the tests run against the real server.
"""

import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from prefect import Flow, State
from prefect._flow_run_suspension import FlowRunSuspensionRequest, register_flow_run_suspension_request
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext, SyncClientContext
from prefect.exceptions import Abort, Pause
from prefect.flow_engine import FlowRunEngine
from prefect.results import ResultStore, get_result_store
from prefect.states import Failed

AnyFlow = Flow[Any, Any]


@dataclass
class WarmEngine(FlowRunEngine[Any, Any]):
    """Prefect's engine for runs that are short and many."""

    @property
    def heartbeat_seconds(self) -> int | None:
        return None

    @contextmanager
    def initialize_run(self) -> Generator[Self, None, None]:
        with SyncClientContext.get_or_create() as context:
            self._client, self._is_started = context.client, True
            try:
                yield self
            finally:
                self._client, self._is_started = None, False

    @contextmanager
    def setup_flow_run_suspension_request(self) -> Generator[FlowRunSuspensionRequest, None, None]:
        request = self._get_flow_run_suspension_request()
        with register_flow_run_suspension_request(self._run.id, request):
            yield request

    @contextmanager
    def setup_run_context(self, client: SyncPrefectClient | None = None) -> Generator[None, None, None]:
        with (
            self.flow.task_runner.duplicate() as task_runner,
            FlowRunContext(
                flow=self.flow,
                flow_run=self._run,
                parameters=self.parameters,
                client=client or self.client,
                result_store=get_result_store(),
                task_runner=task_runner,
                persist_result=False,
                flow_run_suspension_request=self._get_flow_run_suspension_request(),
            ),
        ):
            yield

    def handle_exception(
        self, exc: Exception, msg: str | None = None, result_store: ResultStore | None = None
    ) -> State[Any]:
        """The kind of fault is enough for the dashboard: its text might quote the record."""
        self._raised = exc
        return self.set_state(Failed(message=f"{type(exc).__name__}；详见流程引擎的日志"))

    @property
    def _run(self) -> FlowRun:
        if self.flow_run is None:
            raise ValueError("Flow run not set")
        return self.flow_run


def run_warm(flow: AnyFlow, flow_run: FlowRun) -> bool:
    """Run the flow until it ends or is suspended; whether Prefect let it begin.

    What the flow's own code raises is noted in the run's state and not raised here; a server that is away is.
    """
    _open_client()
    engine = WarmEngine(flow=flow, parameters=dict(flow_run.parameters), flow_run=flow_run)
    began = False
    try:
        with engine.start():
            while engine.is_running():
                began = True
                with engine.run_context():
                    engine.call_flow_fn()
    except (Pause, Abort):
        return began
    return began


def warm_threads(count: int) -> ThreadPoolExecutor:
    """Threads that each keep one open client of Prefect's API, from their first run on."""
    return ThreadPoolExecutor(count, thread_name_prefix="run")


_open_clients = threading.local()


def _open_client() -> None:
    """Not while the thread starts: a server that is away then would leave the pool broken for ever."""
    if not hasattr(_open_clients, "context"):
        _open_clients.context = SyncClientContext().__enter__()
