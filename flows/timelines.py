"""How is the timeline of a case kept beside its run in Prefect?

One markdown artifact for each case, rewritten in place by the sweep when something has happened to the case since. How
far that has got is kept in a variable of Prefect's: when Prefect's database is lost, all are written again.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.variables import Variable

from models.database import reading
from tasks.runs import Portion, Timeline, timelines_since

WRITTEN_UNTIL = "timelines_written_until"
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
# With more cases to write the rest is left to the next sweep.
WRITTEN_IN_A_SWEEP = 300

Json = dict[str, Any]


def show_timelines(most: int = WRITTEN_IN_A_SWEEP) -> None:
    """Write the timelines of those cases to which something has happened since the last time."""
    known = Variable.get(WRITTEN_UNTIL)
    since = datetime.fromisoformat(known) if isinstance(known, str) else FIRST
    with reading() as session:
        portion = timelines_since(session, since, most)
    with get_client(sync_client=True) as client:
        _write(client, portion)
    Variable.set(WRITTEN_UNTIL, portion.until.isoformat(), overwrite=True)


def _write(client: SyncPrefectClient, portion: Portion) -> None:
    latest = _latest(client, [each.key for each in portion.timelines])
    for each in portion.timelines:
        there = latest.get(each.key)
        if there is not None and there["flow_run_id"] == _text(each.run_id):
            body = {"data": each.markdown}
            client.request("PATCH", "/artifacts/{id}", path_params={"id": there["latest_id"]}, json=body)
        else:
            client.request("POST", "/artifacts/", json=_artifact(each))


def _artifact(timeline: Timeline) -> Json:
    return {
        "key": timeline.key,
        "type": "markdown",
        "description": f"{timeline.number} 的时间线",
        "data": timeline.markdown,
        "flow_run_id": _text(timeline.run_id),
    }


def _text(run_id: UUID | None) -> str | None:
    return None if run_id is None else str(run_id)


def _latest(client: SyncPrefectClient, keys: list[str]) -> dict[str, Json]:
    """The artifacts that are there already, by their keys."""
    found: dict[str, Json] = {}
    for first in range(0, len(keys), 200):
        body = {"artifacts": {"key": {"any_": keys[first : first + 200]}}, "limit": 200}
        rows: list[Json] = client.request("POST", "/artifacts/latest/filter", json=body).json()
        found |= {row["key"]: row for row in rows}
    return found
