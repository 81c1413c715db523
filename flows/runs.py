"""What does the engine ask of Prefect's API about runs, many at a time?"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.exceptions import ObjectNotFound

from settings import Settings

RESUMED_AT_ONCE = 50
CREATED_AT_ONCE = 100
READ_AT_ONCE = 200

RESUMING = {"type": "SCHEDULED", "name": "Resuming"}
SUSPENDED = {"type": "PAUSED", "name": "Suspended", "state_details": {"pause_reschedule": True}}
ACTIVE = ("RUNNING", "PENDING", "CANCELLING")
UNFINISHED = ("PAUSED", "SCHEDULED", *ACTIVE)
TERMINAL = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")

Json = dict[str, Any]
Deploy = Callable[[], Awaitable[None]]


def api_client(settings: Settings) -> PrefectClient:
    """A client of this installation's server, whatever the environment says."""
    return PrefectClient(settings.prefect_api_url, auth_string=settings.prefect_auth)


@dataclass(frozen=True)
class RunState:
    """A run as Prefect has it now."""

    id: UUID
    deployment_id: UUID | None
    parameters: Json
    type: str
    name: str
    scheduled_at: datetime | None
    expires: bool
    started: bool
    tags: frozenset[str]

    @classmethod
    def of(cls, run: Json) -> Self:
        state: Json = run.get("state") or {}
        details: Json = state.get("state_details") or {}
        scheduled = details.get("scheduled_time")
        return cls(
            id=UUID(run["id"]),
            deployment_id=UUID(run["deployment_id"]) if run["deployment_id"] else None,
            parameters=run["parameters"],
            type=state.get("type", ""),
            name=state.get("name", ""),
            scheduled_at=datetime.fromisoformat(scheduled) if scheduled else None,
            expires=details.get("pause_timeout") is not None,
            started=run.get("start_time") is not None,
            tags=frozenset(run.get("tags", ())),
        )

    @property
    def waits(self) -> bool:
        """Suspended as our flows suspend, for as long as it takes; not newly born and never woken."""
        return self.type == "PAUSED" and self.name == "Suspended" and self.started and not self.expires

    @property
    def starts_now(self) -> bool:
        return self.type == "SCHEDULED" and (
            self.scheduled_at is None or self.scheduled_at <= datetime.now(UTC)
        )


class Runs:
    """The runs of this project's deployments; one that somebody has deleted is registered again by `deploy`."""

    def __init__(self, client: PrefectClient, deploy: Deploy) -> None:
        self._client, self._deploy = client, deploy
        self._deployments: dict[str, UUID] = {}
        self._flows: dict[str, UUID] = {}

    async def deployment(self, kind: str) -> UUID:
        """The id of the deployment that walks subjects of this kind."""
        if kind not in self._deployments:
            self._deployments[kind] = await self._read_deployment(kind)
        return self._deployments[kind]

    async def flow(self, kind: str) -> UUID:
        """The id of the flow that walks subjects of this kind."""
        if kind not in self._flows:
            self._flows[kind] = (await self._client.read_flow_by_name(kind)).id
        return self._flows[kind]

    async def check_server(self) -> None:
        """Raises when the server does not answer."""
        (await self._client.request("GET", "/health")).raise_for_status()

    async def _read_deployment(self, kind: str) -> UUID:
        try:
            return (await self._client.read_deployment_by_name(f"{kind}/{kind}")).id
        except ObjectNotFound:
            await self._deploy()
            return (await self._client.read_deployment_by_name(f"{kind}/{kind}")).id

    async def ours(self) -> list[UUID]:
        return [await self.deployment(kind) for kind in ("case", "season")]

    async def create(self, kind: str, subject_ids: Sequence[UUID], keys: Sequence[str]) -> list[UUID]:
        """One run for each subject, born suspended: it has to be woken like any other. A known key gives its run."""
        wanted = [
            {
                "name": f"{kind} {subject_id}",
                "parameters": {f"{kind}_id": str(subject_id)},
                "idempotency_key": key,
                "state": SUSPENDED,
            }
            for subject_id, key in zip(subject_ids, keys, strict=True)
        ]
        answer: Json = await self._create(kind, wanted)
        failures = [row["error"] for row in answer["results"] if row["status"] != "CREATED"]
        if failures:
            raise RuntimeError(f"Prefect made no run: {failures[0]}")
        return [UUID(row["flow_run_id"]) for row in answer["results"]]

    async def _create(self, kind: str, wanted: list[Json]) -> Any:
        try:
            return await self._post(
                f"/deployments/{await self.deployment(kind)}/create_flow_run/bulk", wanted
            )
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.NOT_FOUND:
                raise
        self._deployments.clear()
        return await self._post(f"/deployments/{await self.deployment(kind)}/create_flow_run/bulk", wanted)

    async def resume(self, run_ids: Sequence[UUID]) -> set[UUID]:
        """Wake those of the runs that are suspended; returns the ones that Prefect has accepted."""
        chosen = {
            "id": {"any_": _texts(run_ids)},
            "state": {"type": {"any_": ["PAUSED"]}},
            "deployment_id": {"any_": _texts(await self.ours())},
        }
        body = {"flow_runs": chosen, "state": RESUMING, "force": False, "limit": RESUMED_AT_ONCE}
        answer = await self._post("/flow_runs/bulk_set_state", body)
        return {UUID(row["flow_run_id"]) for row in answer["results"] if row["status"] == "ACCEPT"}

    async def states(self, run_ids: Sequence[UUID]) -> dict[UUID, RunState]:
        """The runs that exist, by their ids."""
        found: dict[UUID, RunState] = {}
        for first in range(0, len(run_ids), READ_AT_ONCE):
            some = run_ids[first : first + READ_AT_ONCE]
            rows = await self._post("/flow_runs/filter", {"flow_runs": {"id": {"any_": _texts(some)}}})
            found |= {run.id: run for run in map(RunState.of, rows)}
        return found

    async def active(self) -> AsyncIterator[RunState]:
        """Every run that claims to be at work."""
        async for run in self._all({"state": {"type": {"any_": list(ACTIVE)}}}):
            yield run

    async def tagged(self, tag: str) -> AsyncIterator[RunState]:
        """Every run of a case or season that carries the tag."""
        ours = {"any_": _texts(await self.ours())}
        async for run in self._all({"tags": {"all_": [tag]}, "deployment_id": ours}):
            yield run

    async def set_tags(self, run_id: UUID, tags: Iterable[str]) -> None:
        answer = await self._client.request("PATCH", f"/flow_runs/{run_id}", json={"tags": sorted(tags)})  # type: ignore[arg-type]
        answer.raise_for_status()

    async def _all(self, chosen: Json) -> AsyncIterator[RunState]:
        offset = 0
        while True:
            body = {"flow_runs": chosen, "limit": READ_AT_ONCE, "offset": offset}
            rows = await self._post("/flow_runs/filter", body)
            for row in rows:
                yield RunState.of(row)
            if len(rows) < READ_AT_ONCE:
                return
            offset += READ_AT_ONCE

    async def count_unfinished(self) -> int:
        """How many runs of cases and seasons have not come to an end."""
        chosen = {
            "deployment_id": {"any_": _texts(await self.ours())},
            "state": {"type": {"any_": list(UNFINISHED)}},
        }
        return int(await self._post("/flow_runs/count", {"flow_runs": chosen}))

    async def reschedule(self, run_id: UUID) -> None:
        """Have the run start anew at once, whatever its state is."""
        await self._post(f"/flow_runs/{run_id}/set_state", {"state": RESUMING, "force": True})

    async def cancel(self, run_id: UUID) -> None:
        await self._post(f"/flow_runs/{run_id}/set_state", {"state": {"type": "CANCELLED"}, "force": True})

    async def _post(self, path: str, body: Any) -> Any:
        response = await self._client.request("POST", path, json=body)  # type: ignore[arg-type]
        return response.json()


def _texts(ids: Iterable[UUID]) -> list[str]:
    return [str(run_id) for run_id in ids]
