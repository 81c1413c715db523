"""How is a flow run inside this process, without a new one for each run?

Prefect's own engine runs the flow, short of two things: for every run it starts a thread, an event loop and a
websocket that watch whether somebody suspends the run from outside, and a thread that says the run is still alive. Our
runs last a tenth of a second and look at the record anyway; whether one is alive, the claim on its subject tells.
"""

import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from prefect import Flow
from prefect._flow_run_suspension import FlowRunSuspensionRequest, register_flow_run_suspension_request
from prefect.client.schemas.objects import FlowRun
from prefect.context import SyncClientContext
from prefect.exceptions import Pause
from prefect.flow_engine import FlowRunEngine

AnyFlow = Flow[Any, Any]


@dataclass
class WarmEngine(FlowRunEngine[Any, Any]):
    """Prefect's engine without the observer of suspensions and without heartbeats."""

    @property
    def heartbeat_seconds(self) -> int | None:
        return None

    @contextmanager
    def setup_flow_run_suspension_request(self) -> Generator[FlowRunSuspensionRequest, None, None]:
        if self.flow_run is None:
            raise ValueError("Flow run not set")
        request = self._get_flow_run_suspension_request()
        with register_flow_run_suspension_request(self.flow_run.id, request):
            yield request


def run_warm(flow: AnyFlow, flow_run: FlowRun) -> None:
    """Run the flow until it ends or is suspended. Whatever its code raises is Prefect's to record, not the caller's."""
    engine = WarmEngine(flow=flow, parameters=dict(flow_run.parameters), flow_run=flow_run)
    try:
        with engine.start():
            while engine.is_running():
                with engine.run_context():
                    engine.call_flow_fn()
    except Pause:
        return


def warm_threads(count: int) -> ThreadPoolExecutor:
    """Threads that each keep one open client of Prefect's API."""
    return ThreadPoolExecutor(count, thread_name_prefix="run", initializer=_open_client)


_open_clients = threading.local()


def _open_client() -> None:
    _open_clients.context = SyncClientContext().__enter__()
