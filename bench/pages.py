"""How fast are the lists of a full season: the to-do list, the cases, the review queue, the same over the API?

`python -m bench.pages [CASES] [ROUNDS]` starts a PostgreSQL of its own, writes the season, serves the pages in its own
process and prints the figures as JSON. Each page is asked for one request after the other, by whom it concerns.
"""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from sqlalchemy import event, text
from sqlmodel import col, select

from api.app import create_app
from bench.apart import measure_apart
from bench.crowd import full_season
from bench.measure import percentile
from models.database import engine, reading, transaction
from models.people import Person, Seat
from processes.probes import free_port
from settings import LOOPBACK
from tasks.accounts import create_token, open_login

CASES, ROUNDS = 10_000, 30
GOAL_MS = 200.0
# A connection is given up before the server may close it.
LIMITS = httpx.Limits(keepalive_expiry=2.0)
LISTS = {
    "office": (
        *("/", "/?p=20", "/?tab=done", "/?tab=entered", "/?tab=read"),
        *("/?step=office_review&late=late", "/?q=yl99", "/?unit=样例&returned=once"),
        *(
            "/cases",
            "/cases?p=200",
            "/cases?q=样例99",
            "/cases?late=late",
            "/cases?stage=review&county=yufeng",
        ),
        *("/review", "/review?late=soon"),
    ),
    "county_union": ("/", "/?tab=read", "/?late=soon", "/cases", "/cases?q=yl99"),
    "police": ("/", "/?tab=done", "/cases"),
    "unit": ("/", "/?tab=read", "/cases"),
    "expert": ("/",),
}
CALLS = ("/gates?mine=true&state=open", "/gates?mine=true&q=yl99&late=late", "/gates", "/cases?page=100")
# What is computed and not kept: measured, without a goal.
SLOW = ("/review?problem=originals",)


def measure(cases: int, rounds: int) -> dict[str, Any]:
    """Against the installation of the environment."""
    season_id, key = full_season(cases)
    found = []
    with served() as address:
        for body, paths in LISTS.items():
            client = logged_in(address, season_id, key, body)
            found += [asked(client, body, path, rounds, GOAL_MS) for path in paths]
        client = logged_in(address, season_id, key, "office")
        found += [asked(client, "office", path, 3, None) for path in SLOW]
        with_token = calling(address, season_id)
        found += [asked(with_token, "office, API", path, rounds, GOAL_MS) for path in CALLS]
    return {"cases": cases, "rows": counted(), "rounds": rounds, "pages": found}


def asked(client: httpx.Client, body: str, path: str, rounds: int, goal: float | None) -> dict[str, Any]:
    """One page, asked for again and again after one request that warms it up.

    `cpu_ms` is the processor time of this process, asking and answering; `sql_ms` is what it waited for the database.
    """
    assert client.get(path).status_code == 200, (body, path)
    taken, used, waited, statements = [], [], [], 0
    for _ in range(rounds):
        with statements_timed() as seen:
            began, cpu = time.perf_counter(), time.process_time()
            client.get(path)
            taken.append((time.perf_counter() - began) * 1000)
            used.append((time.process_time() - cpu) * 1000)
        waited.append(sum(seen) * 1000)
        statements = len(seen)
    p95 = round(percentile(taken, 0.95), 1)
    told: dict[str, Any] = {"who": body, "path": path}
    told |= {"median_ms": round(percentile(taken, 0.5), 1), "p95_ms": p95}
    told |= {"cpu_ms": round(percentile(used, 0.5), 1), "sql_ms": round(percentile(waited, 0.5), 1)}
    told |= {"statements": statements} | ({"reached": p95 <= goal} if goal else {})
    print(json.dumps(told, ensure_ascii=False), file=sys.stderr, flush=True)
    return told


@contextmanager
def statements_timed() -> Iterator[list[float]]:
    """The seconds of each statement while it is open."""
    seen: list[float] = []

    def begin(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: Any) -> None:
        context.began = time.perf_counter()

    def end(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: Any) -> None:
        seen.append(time.perf_counter() - context.began)

    event.listen(engine(), "before_cursor_execute", begin)
    event.listen(engine(), "after_cursor_execute", end)
    yield seen
    event.remove(engine(), "before_cursor_execute", begin)
    event.remove(engine(), "after_cursor_execute", end)


@contextmanager
def served() -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(), host=LOOPBACK, port=port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://{LOOPBACK}:{port}"
    server.should_exit = True
    thread.join(timeout=20)


def seated(season_id: UUID, body: str) -> Person:
    with reading() as session:
        wanted = select(Person).join(Seat, col(Seat.person_id) == col(Person.id))
        wanted = wanted.where(Seat.season_id == season_id, Seat.body == body).order_by(col(Person.email))
        return session.exec(wanted).first() or _missing(body)


def _missing(body: str) -> Person:
    raise LookupError(body)


def logged_in(address: str, season_id: UUID, key: str, body: str) -> httpx.Client:
    client = httpx.Client(base_url=address, timeout=120, limits=LIMITS)
    client.cookies.set("season", key)
    with transaction() as session:
        client.cookies.set("session", open_login(session, seated(season_id, body)))
    return client


def calling(address: str, season_id: UUID) -> httpx.Client:
    with transaction() as session:
        token = create_token(session, seated(season_id, "office"), "bench")
    client = httpx.Client(base_url=f"{address}/api/v1", timeout=120, limits=LIMITS)
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def counted() -> dict[str, int]:
    with reading() as session:
        tables = ("case", "gate", "assignment", "decision", "event")
        return {t: session.execute(text(f'SELECT count(*) FROM "{t}"')).scalar_one() for t in tables}


def main() -> None:
    measure_apart("bench.pages", measure, CASES, ROUNDS)


if __name__ == "__main__":
    main()
