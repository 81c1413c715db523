"""How long do the pages of the board take with ten thousand cases and a hundred thousand events (design §10)?

`python -m bench.board [CASES] [ROUNDS]` starts a PostgreSQL of its own and prints the figures as JSON.
"""

import time
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlmodel import select

from api.app import create_app
from bench.apart import measure_apart
from bench.crowd import full_season
from bench.measure import percentile
from models.database import engine, transaction
from models.people import Person
from models.season import Season
from settings import LOOPBACK
from tasks.accounts import open_login

CASES, ROUNDS, GOAL_MS = 10_000, 40, 200.0
PATHS = (
    *(f"/board?by={by}" for by in ("department", "county", "unit", "expert", "person")),
    *(
        "/board/timeline",
        "/board/forecast",
        "/board/waiting",
        "/board/waiting?late=1",
        "/board/remind?body=police",
    ),
)


def measure(cases: int = CASES, rounds: int = ROUNDS) -> dict[str, Any]:
    """Against the installation of the environment, as the office and as a county's union."""
    season_id, _ = full_season(cases)
    return {login: _pages(login, season_id, rounds) for login in ("office", "county_union")}


def _pages(login: str, season_id: Any, rounds: int) -> dict[str, Any]:
    client = TestClient(create_app(), base_url=f"http://{LOOPBACK}")
    with transaction() as session:
        client.cookies.set(
            "session", open_login(session, session.exec(select(Person).where(Person.login == login)).one())
        )
        client.cookies.set("season", session.get_one(Season, season_id).key)
    return {path: _page(client, path, rounds) for path in PATHS}


def _page(client: TestClient, path: str, rounds: int) -> dict[str, float]:
    statements: list[str] = []

    def note(*told: Any) -> None:
        statements.append(told[2])

    client.get(path)
    event.listen(engine(), "before_cursor_execute", note)
    assert client.get(path).status_code == 200, path
    event.remove(engine(), "before_cursor_execute", note)
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - began) * 1000)
    p95 = percentile(times, 0.95)
    figures = {"p50_ms": percentile(times, 0.5), "p95_ms": p95, "statements": len(statements)}
    return {name: round(value, 1) for name, value in figures.items()} | {"reached": p95 <= GOAL_MS}


def main() -> None:
    measure_apart("bench.board", measure, CASES, ROUNDS)


if __name__ == "__main__":
    main()
