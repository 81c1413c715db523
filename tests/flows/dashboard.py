"""What can an administrator see and press in Prefect's dashboard? The same calls as its pages make."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import httpx

from settings import settings

Json = dict[str, Any]
Found = TypeVar("Found")
PATIENCE = 60.0
LONGEST_LISTING = 200


@dataclass(frozen=True)
class Seen:
    """A run as the dashboard shows it."""

    id: UUID
    name: str
    tags: frozenset[str]
    state: str
    state_id: str
    expires: bool

    @classmethod
    def of(cls, run: Json) -> "Seen":
        state = run["state"]
        expires = state["state_details"]["pause_timeout"] is not None
        tags = frozenset(run["tags"])
        return cls(UUID(run["id"]), run["name"], tags, state["name"], state["id"], expires)


class Dashboard:
    """Speaks with the real server as the browser does."""

    def __init__(self) -> None:
        user, password = settings().prefect_auth.split(":")
        self.client = httpx.Client(
            base_url=settings().prefect_api_url,
            auth=(user, password),
            timeout=30,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    # --- what it shows

    def run(self, run_id: UUID) -> Seen | None:
        answer = self.client.get(f"/flow_runs/{run_id}")
        return None if answer.status_code == httpx.codes.NOT_FOUND else Seen.of(answer.json())

    def runs_of(self, subject_id: UUID) -> list[Seen]:
        """Every run whose parameters name the subject, the newest first."""
        rows = self._post("/flow_runs/filter", {"sort": "START_TIME_DESC", "limit": LONGEST_LISTING})
        return [Seen.of(row) for row in rows if str(subject_id) in row["parameters"].values()]

    def task_runs(self, run_id: UUID) -> list[tuple[str, str]]:
        """Name and state of the tasks of a run, in the order they ran."""
        wanted = {"flow_runs": {"id": {"any_": [str(run_id)]}}, "sort": "EXPECTED_START_TIME_ASC"}
        return [(row["name"], row["state_name"]) for row in self._post("/task_runs/filter", wanted)]

    def artifact(self, key: str) -> Json | None:
        answer = self.client.get(f"/artifacts/{key}/latest")
        return None if answer.status_code == httpx.codes.NOT_FOUND else self._json(answer)

    def versions(self, key: str) -> list[str]:
        """The runs beside which the versions of an artifact are shown."""
        rows = self._post("/artifacts/filter", {"artifacts": {"key": {"any_": [key]}}})
        return [row["flow_run_id"] for row in rows]

    def deployment(self, name: str) -> Json:
        found: Json = self._json(self.client.get(f"/deployments/name/{name}/{name}"))
        return found

    def pool(self) -> Json:
        found: Json = self._json(self.client.get("/work_pools/gongjiang"))
        return found

    def automations(self) -> list[str]:
        """Their names."""
        return sorted(row["name"] for row in self._post("/automations/filter", {}))

    def sweeps_by_automation(self) -> list[str]:
        """The states of the sweeps that an automation started."""
        chosen = {"deployment_id": {"any_": [self.deployment("clockwork")["id"]]}}
        rows = self._post("/flow_runs/filter", {"flow_runs": chosen})
        return [row["state"]["name"] for row in rows if (row["created_by"] or {}).get("type") == "AUTOMATION"]

    # --- its buttons

    def resume(self, run_id: UUID) -> None:
        self._post(f"/flow_runs/{run_id}/resume", {})

    def retry(self, run_id: UUID) -> None:
        self._set(run_id, {"type": "SCHEDULED", "name": "AwaitingRetry", "message": "Retry from the UI"})

    def cancel(self, run_id: UUID) -> None:
        self._set(run_id, {"type": "CANCELLING", "name": "Cancelling"})

    def pause(self, run_id: UUID) -> None:
        details = {
            "pause_timeout": (datetime.now(UTC) + timedelta(seconds=300)).isoformat(),
            "pause_reschedule": True,
            "deferred": False,
            "untrackable_result": False,
        }
        self._set(run_id, {"type": "PAUSED", "name": "Suspended", "state_details": details})

    def delete(self, run_id: UUID) -> None:
        self.client.delete(f"/flow_runs/{run_id}").raise_for_status()

    def change_state(self, run_id: UUID, kind: str) -> None:
        """The dialogue “Change state”, which offers any final state."""
        self._set(run_id, {"type": kind, "name": kind.capitalize()})

    def quick_run(self, deployment: str, parameters: Json) -> UUID:
        """“Run” on the page of a deployment."""
        deployment_id = self.deployment(deployment)["id"]
        made = self._post(f"/deployments/{deployment_id}/create_flow_run", {"parameters": parameters})
        return UUID(made["id"])

    def delete_deployment(self, name: str) -> None:
        self.client.delete(f"/deployments/{self.deployment(name)['id']}").raise_for_status()

    def _set(self, run_id: UUID, state: Json) -> None:
        self._post(f"/flow_runs/{run_id}/set_state", {"state": state, "force": True})

    def _post(self, path: str, body: Json) -> Any:
        return self._json(self.client.post(path, json=body))

    def _json(self, answer: httpx.Response) -> Any:
        answer.raise_for_status()
        return answer.json()


def until(find: Callable[[], Found | None], what: str, patience: float = PATIENCE) -> Found:
    """The first answer that says something; fails when there is none for too long."""
    deadline = time.monotonic() + patience
    while not (found := find()):
        if time.monotonic() > deadline:
            raise AssertionError(f"it did not happen within {patience:.0f} s: {what}")
        time.sleep(0.02)
    return found
