"""How does the same flow run under Prefect's own process worker, with its default settings?

Runs are created in a work pool of type `process` and resumed, one by one, as soon as the decision is recorded, by the
call that Prefect's documentation gives for it. Everything else is Prefect's.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.exceptions import ObjectAlreadyExists

from bench.apart import PROJECT
from flows.case import case_flow
from models.database import transaction
from processes.supervise import Stack
from tasks.waking import remember_run
from tasks.walk import Subject

POOL = "stock"


class Stock:
    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        chosen = stack.settings
        self.client = SyncPrefectClient(chosen.prefect_api_url, auth_string=chosen.prefect_auth)
        self.deployment_id = self._deploy()

    def _deploy(self) -> UUID:
        with suppress(ObjectAlreadyExists):
            self.client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        return self.client.create_deployment(
            flow_id=self.client.create_flow(case_flow),
            name=POOL,
            entrypoint="flows/case.py:case_flow",
            work_pool_name=POOL,
            pull_steps=[{"prefect.deployments.steps.set_working_directory": {"directory": str(PROJECT)}}],
        )

    @contextmanager
    def worker(self) -> Iterator[int]:
        """The worker at work; its process id."""
        command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--type", "process"]
        process = subprocess.Popen(
            command,
            env=self.stack.environment,
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait(30)

    def start(self, case_ids: Sequence[UUID]) -> list[UUID]:
        """A run for each case."""
        runs = [
            self.client.create_flow_run_from_deployment(
                self.deployment_id, parameters={"case_id": str(case_id)}
            ).id
            for case_id in case_ids
        ]
        with transaction() as session:
            for case_id, run_id in zip(case_ids, runs, strict=True):
                remember_run(session, Subject("case", case_id), None, run_id)
        return runs

    def resume(self, run_id: UUID) -> None:
        self.client.resume_flow_run(run_id)

    def suspended(self, run_ids: Sequence[UUID]) -> int:
        """How many of the runs are suspended."""
        wanted = FlowRunFilter(id=FlowRunFilterId(any_=list(run_ids)))
        return sum(
            run.state_name == "Suspended" for run in self.client.read_flow_runs(flow_run_filter=wanted)
        )
