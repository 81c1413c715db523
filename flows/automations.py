"""What does Prefect do by itself when a run breaks off, or is not begun in time?

It has the sweep run at once, instead of in the next ten minutes. A help for administrators, who may change or switch it
off in the dashboard; the engine's reconciler mends such runs also without it.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.events.actions import RunDeployment
from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger, Posture

SWEEP = "clockwork/clockwork"
# However many runs are concerned, one sweep for all of them.
ONCE_IN = timedelta(minutes=10)
OURS = {"prefect.resource.role": "deployment", "prefect.resource.name": ["case", "season"]}


@dataclass(frozen=True)
class Wanted:
    name: str
    description: str
    events: frozenset[str]


WANTED = (
    Wanted(
        "gongjiang: run broke off",
        "案件或年度的运行出错、崩溃时，立即巡查一次。",
        frozenset({"prefect.flow-run.Crashed", "prefect.flow-run.Failed"}),
    ),
    Wanted(
        "gongjiang: run is late",
        "案件或年度的运行没有及时开始（引擎停止或过忙）时，引擎一恢复就巡查一次。",
        frozenset({"prefect.flow-run.Late"}),
    ),
)


async def automate(client: PrefectClient) -> None:
    """Create the automations that are missing; one that runs a deployment that is no longer there is put right."""
    sweep = (await client.read_deployment_by_name(SWEEP)).id
    for wanted in WANTED:
        found = await client.read_automations_by_name(wanted.name)
        if not found:
            await client.create_automation(_automation(wanted, sweep))
        elif not _runs(found[0], sweep):
            await client.update_automation(found[0].id, _automation(wanted, sweep, enabled=found[0].enabled))


def _automation(wanted: Wanted, sweep: UUID, *, enabled: bool = True) -> AutomationCore:
    return AutomationCore(
        name=wanted.name,
        description=wanted.description,
        enabled=enabled,
        trigger=EventTrigger(
            expect=set(wanted.events),
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related=OURS,
            posture=Posture.Reactive,
            threshold=1,
            within=ONCE_IN,
        ),
        actions=[RunDeployment(deployment_id=sweep, parameters={})],
    )


def _runs(automation: Automation, sweep: UUID) -> bool:
    return any(
        isinstance(action, RunDeployment) and action.deployment_id == sweep for action in automation.actions
    )
