"""What does Prefect say of a simulated season's runs? Asked over its API, as an administrator's browser
would.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx
from sqlmodel import col, select

from models.case import Case
from models.database import reading
from models.invariants import Run
from models.season import Season
from settings import Settings

PAGE = 100
TIMEOUT = 30.0


class PrefectRuns:
    """The runs of cases and season, by the ids that the record keeps."""

    def __init__(self, chosen: Settings) -> None:
        self.chosen = chosen

    def of_season(self, season_id: UUID) -> Sequence[Run]:
        with reading() as session:
            cases = session.exec(select(Case.flow_run_id).where(Case.season_id == season_id)).all()
            season = session.exec(select(Season.flow_run_id).where(col(Season.id) == season_id)).one()
        ids = [str(i) for i in (*cases, season) if i is not None]
        with self._client() as client:
            return [run for at in range(0, len(ids), PAGE) for run in _page(client, ids[at : at + PAGE])]

    def _client(self) -> httpx.Client:
        login, password = self.chosen.prefect_auth.split(":", 1)
        address = self.chosen.prefect_api_url
        return httpx.Client(base_url=address, auth=(login, password), timeout=TIMEOUT, trust_env=False)


def _page(client: httpx.Client, ids: Sequence[str]) -> list[Run]:
    answer = client.post("/flow_runs/filter", json={"flow_runs": {"id": {"any_": ids}}, "limit": PAGE})
    answer.raise_for_status()
    return [_read(row) for row in answer.json()]


def _read(row: dict[str, Any]) -> Run:
    parameters = json.dumps(row["parameters"], ensure_ascii=False)
    return Run(UUID(row["id"]), row["state_type"], (row["name"], *row["tags"], parameters))
