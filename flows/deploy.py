"""How does Prefect come to know our flows?

The deployments stand in `prefect.yaml`; registering them again under the same names changes nothing for the runs that
wait. `python -m flows.deploy` does it by hand.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import yaml
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.schedules import CronSchedule
from prefect.utilities.callables import parameter_schema

from flows.automations import automate
from flows.runs import api_client
from flows.threads import FLOWS
from flows.worker import POOL, GongjiangWorker
from settings import Settings, settings

PROJECT = Path(__file__).resolve().parent.parent
DECLARATION = PROJECT / "prefect.yaml"

Declared = dict[str, Any]


async def deploy(chosen: Settings) -> None:
    """Register the work pool, every deployment and the automations; repeating it is harmless."""
    declaration: Declared = yaml.safe_load(DECLARATION.read_text(encoding="utf-8"))
    async with api_client(chosen) as client:
        template = GongjiangWorker.get_default_base_job_template()
        pool = WorkPoolCreate(name=POOL, type=POOL, base_job_template=template)
        await client.create_work_pool(pool, overwrite=True)
        for declared in declaration["deployments"]:
            await _deploy_one(client, declared, declaration["pull"])
        await automate(client)


async def _deploy_one(client: PrefectClient, declared: Declared, pull: list[Declared]) -> None:
    flow = FLOWS[declared["name"]]
    await client.create_deployment(
        flow_id=await client.create_flow(flow),
        name=declared["name"],
        description=declared["description"],
        entrypoint=declared["entrypoint"],
        work_pool_name=POOL,
        pull_steps=pull,
        schedules=[_schedule(row) for row in declared.get("schedules", [])],
        parameter_openapi_schema=json.loads(json.dumps(parameter_schema(flow).model_dump_for_openapi())),
        enforce_parameter_schema=declared.get("enforce_parameter_schema", False),
    )


def _schedule(row: Declared) -> DeploymentScheduleCreate:
    cron = CronSchedule(cron=row["cron"], timezone=row["timezone"])
    return DeploymentScheduleCreate(schedule=cron, slug=row["slug"])


if __name__ == "__main__":
    asyncio.run(deploy(settings()))
