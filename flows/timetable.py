"""Who starts the flows that run by the clock?

Prefect's own scheduler inserts runs in a way that SQLAlchemy 2.1 refuses, so it is off and the leading engine does its
work: for every active schedule of a deployment the next run is there ahead of its time. Schedules may be changed and
stopped in the dashboard as usual.
"""

import asyncio
import logging
from datetime import UTC, datetime

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import DeploymentSchedule
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule
from prefect.server.schemas.schedules import CronSchedule as Cron
from prefect.states import Scheduled

from flows.quiet import Patience
from settings import settings
from tasks.inbox_polling import configured

LOOK_AGAIN_SECONDS = 60.0
A_MOMENT = 0.5
SWEEP, MORNING, INBOX, BACKUP = "clockwork/clockwork", "morning/morning", "inbox/inbox", "backup/backup"
RETENTION = "retention/retention"

log = logging.getLogger("gongjiang.timetable")


class Timetable:
    def __init__(self, client: PrefectClient) -> None:
        self._client = client
        self._patience = Patience(log, "scheduling")

    async def run(self) -> None:
        """Keep the next run of each schedule ready, for ever."""
        while True:
            pause = LOOK_AGAIN_SECONDS
            with self._patience:
                pause = await self.schedule_next()
            await asyncio.sleep(self._patience.pause or pause)

    async def schedule_next(self) -> float:
        """Create what is missing; returns the seconds until there may be something missing again."""
        moments = []
        for name in timed():
            deployment = await self._client.read_deployment_by_name(name)
            for schedule in [] if deployment.paused else deployment.schedules:
                if schedule.active and isinstance(schedule.schedule, CronSchedule):
                    moments.append(await next_time(schedule.schedule))
                    await self._create(deployment, schedule, moments[-1])
        seconds = [(moment - datetime.now(UTC)).total_seconds() for moment in moments]
        return max(0.0, min([*seconds, LOOK_AGAIN_SECONDS])) + A_MOMENT

    async def _create(
        self, deployment: DeploymentResponse, schedule: DeploymentSchedule, moment: datetime
    ) -> None:
        """A known key gives the run that is there already."""
        await self._client.create_flow_run_from_deployment(
            deployment.id,
            name=f"{deployment.name} {moment:%m-%d %H:%M}",
            state=Scheduled(scheduled_time=moment.astimezone(UTC)),
            idempotency_key=f"{deployment.name} {schedule.slug} {moment.isoformat()}",
        )


def timed() -> list[str]:
    """The deployments that run by the clock; mails are fetched and backups made only where that is set."""
    wanted = {INBOX: configured(), BACKUP: settings().backup_folder is not None}
    return [SWEEP, MORNING, RETENTION, *(name for name, is_set in wanted.items() if is_set)]


async def next_time(schedule: CronSchedule) -> datetime:
    cron = Cron(cron=schedule.cron, timezone=schedule.timezone, day_or=schedule.day_or)
    [moment] = await cron.get_dates(1)
    return moment
