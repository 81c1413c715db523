"""Is the system still quick when fifty people work in a full season at once (F19)?

`python -m bench.users [CASES] [USERS] [SECONDS] [PAUSE]` starts a PostgreSQL and the pages in processes of their own,
writes the season, lets the users read, search, open tasks and decide, each looking for PAUSE seconds at what came
(half as long to half as long again), and prints JSON.
"""

import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx

from bench.apart import PROJECT, measure_apart
from bench.crowd import full_season
from bench.measure import percentile, processor_seconds, wait_until
from bench.pages import LIMITS, LISTS, counted, logged_in, seated
from models.database import transaction
from processes.probes import free_port
from settings import LOOPBACK, settings
from tasks.accounts import create_token

CASES, USERS, SECONDS, PAUSE = 10_000, 50, 90, 5
GOAL_MS = 1000.0
# Of every ten people: the office, counties, departments, units, experts.
WHO = (
    "office",
    "office",
    "county_union",
    "county_union",
    "police",
    "police",
    "police",
    "unit",
    "unit",
    "expert",
)
TASK = re.compile(r'href="(/tasks/[0-9a-f-]{36})')
Taken = list[tuple[str, int, float]]


def measure(cases: int, users: int, seconds: int, pause: int) -> dict[str, Any]:
    season_id, key = full_season(cases)
    with served() as (address, pid):
        people = [_User(n, address, season_id, key, pause) for n in range(users)]
        used, began = processor_seconds([pid]), time.monotonic()
        threads = [threading.Thread(target=p.work, args=(began + seconds,)) for p in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        taken = [one for p in people for one in p.taken]
        wall = time.monotonic() - began
        return {
            "cases": cases,
            "rows": counted(),
            "users": users,
            "pause": pause,
            "seconds": round(wall, 1),
            "requests": len(taken),
            "a_second": round(len(taken) / wall, 1),
            "pages_cpu_s": round(processor_seconds([pid]) - used, 1),
            "answers": dict(Counter(status for _, status, _ in taken)),
            "all": _told([ms for _, _, ms in taken]),
            "by_kind": {
                k: _told([ms for kind, _, ms in taken if kind == k]) for k in sorted({t[0] for t in taken})
            },
        }


def _told(taken: list[float]) -> dict[str, Any]:
    p95 = percentile(taken, 0.95)
    told = {"requests": len(taken), "median_ms": round(percentile(taken, 0.5)), "p95_ms": round(p95)}
    return told | {"worst_ms": round(max(taken)), "reached": p95 <= GOAL_MS}


@contextmanager
def served() -> Iterator[tuple[str, int]]:
    """The pages in a process of their own, as in an installation."""
    port = free_port()
    chosen = settings().model_copy(update={"web_port": port})
    server = subprocess.Popen([sys.executable, "-m", "api.server"], cwd=PROJECT, env=chosen.environment())
    address = f"http://{LOOPBACK}:{port}"
    try:
        wait_until(lambda: _answers(address), "the pages", 0.1)
        yield address, server.pid
    finally:
        server.terminate()
        server.wait()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/login").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


class _User:
    """Somebody at work: looks at lists, opens what is to do, and, in a department, answers."""

    def __init__(self, number: int, address: str, season_id: UUID, key: str, pause: float) -> None:
        self.body = WHO[number % len(WHO)]
        self.client = logged_in(address, season_id, key, self.body)
        self.chance, self.taken, self.pause = random.Random(number), Taken(), pause
        self.calls = httpx.Client(
            base_url=f"{address}/api/v1/seasons/{season_id}", timeout=120, limits=LIMITS
        )
        if self.body == "police":
            with transaction() as session:
                token = create_token(session, seated(season_id, self.body), f"bench{number}")
            self.calls.headers["Authorization"] = f"Bearer {token}"

    def work(self, until: float) -> None:
        time.sleep(self.chance.uniform(0, self.pause))
        while time.monotonic() < until:
            page = self._asked("list", self.client, "GET", self.chance.choice(LISTS[self.body]))
            if (found := TASK.findall(page.text)) and self.chance.random() < 0.5:
                self._pause()
                self._asked("task", self.client, "GET", self.chance.choice(found))
            if self.body == "police" and self.chance.random() < 0.5:
                self._pause()
                self._decide()
            self._pause()

    def _decide(self) -> None:
        waiting = self.calls.get("/gates?mine=true&state=open&page_size=20").json()["items"]
        gate = self.chance.choice(waiting)["id"]
        self._asked("decide", self.calls, "POST", f"/gates/{gate}/decisions", json={"answer": "agree"})

    def _asked(self, kind: str, client: httpx.Client, method: str, path: str, **given: Any) -> httpx.Response:
        began = time.perf_counter()
        answer = client.request(method, path, **given)
        self.taken.append((kind, answer.status_code, (time.perf_counter() - began) * 1000))
        return answer

    def _pause(self) -> None:
        time.sleep(self.chance.uniform(0.5, 1.5) * self.pause)


def main() -> None:
    measure_apart("bench.users", measure, CASES, USERS, SECONDS, PAUSE)


if __name__ == "__main__":
    main()
