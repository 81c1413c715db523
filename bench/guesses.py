"""How long do a hundred thousand guesses of mailed links' tokens take, and does anybody else feel them (F24)?

`python -m bench.guesses [GUESSES] [CLIENTS]` starts a PostgreSQL and the pages in processes of their own, guesses from
one address as fast as it is answered, meanwhile opens the page of a real link from another, and prints JSON.
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from sqlmodel import select

from bench.apart import INSIDE, PROJECT
from bench.measure import percentile, processor_seconds
from bench.scene import FIRST, Scene
from models.database import transaction
from models.gates import Assignment, Gate
from models.migrate import upgrade
from models.people import Person
from notifications.links import link_token
from processes.environment import environment
from processes.supervise import Stack, with_free_ports
from settings import LOOPBACK, Settings, settings
from tasks.mail import task_link
from tasks.opening import open_next

GUESSES, CLIENTS, CALM = 5_000, 4, 200
ATTACKER, HOLDER = "203.0.113.7", "198.51.100.9"


def measure(guesses: int, clients: int) -> dict[str, Any]:
    with Stack(settings()) as stack:
        stack.start()
        stack.start_one("database")
        upgrade()
        path = f"/t/{link_token(_link())}"
        stack.start_one("web")
        calm = [_seconds(path) for _ in range(CALM)]
        servers = (stack.pid("web"), stack.pid("database"))
        used, began = processor_seconds(servers), time.monotonic()
        answers, meanwhile = _burst(guesses, clients, path)
        seconds = time.monotonic() - began
        return {
            "guesses": guesses,
            "clients": clients,
            "answers": dict(answers),
            "seconds": round(seconds, 1),
            "a_second": round(guesses / seconds),
            "server_cpu_ms_each": round(1000 * (processor_seconds(servers) - used) / guesses, 2),
            "holder_calm_ms": _milliseconds(calm),
            "holder_meanwhile_ms": _milliseconds(meanwhile),
        }


def _link() -> Any:
    """The link of a real task that waits."""
    scene = Scene()
    with transaction() as session:
        open_next(session, scene.season_id, None)
    [case_id] = scene.enter(1)
    with transaction() as session:
        wanted = select(Assignment).join(Gate).where(Gate.case_id == case_id, Gate.step == FIRST)
        task = session.exec(wanted).one()
        return task_link(session, task, session.get_one(Person, scene.applicant)).id


def _burst(guesses: int, clients: int, path: str) -> tuple[Counter[int], list[float]]:
    """What the guesses were answered, and how long the holder of the link waited meanwhile."""
    over, waited = threading.Event(), list[float]()

    def hold() -> None:
        while not over.wait(0.05):
            waited.append(_seconds(path))

    holding = threading.Thread(target=hold)
    holding.start()
    with ThreadPoolExecutor(clients) as pool:
        parts = list(pool.map(lambda _: Counter(_guess(guesses // clients)), range(clients)))
    over.set()
    holding.join()
    return sum(parts, Counter()), waited


def _guess(count: int) -> Iterator[int]:
    connection = http.client.HTTPConnection(LOOPBACK, settings().web_port, timeout=60)
    for _ in range(count):
        connection.request("GET", f"/t/{token_urlsafe(32)}", headers={"X-Forwarded-For": ATTACKER})
        answer = connection.getresponse()
        answer.read()
        yield answer.status
    connection.close()


def _seconds(path: str) -> float:
    """How long the holder waits for the page of the link."""
    connection = http.client.HTTPConnection(LOOPBACK, settings().web_port, timeout=60)
    began = time.monotonic()
    connection.request("GET", path, headers={"X-Forwarded-For": HOLDER})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != http.client.OK:
        raise RuntimeError(f"the holder was answered {answer.status}")
    return time.monotonic() - began


def _milliseconds(waited: list[float]) -> dict[str, float]:
    return {
        "median": round(1000 * percentile(waited, 0.5), 1),
        "p95": round(1000 * percentile(waited, 0.95), 1),
        "longest": round(1000 * max(waited), 1),
    }


def main() -> None:
    """Measure in an installation and a process of its own."""
    given = [int(n) for n in sys.argv[1:3]]
    numbers = [*given, *(GUESSES, CLIENTS)[len(given) :]]
    if INSIDE in os.environ:
        print(json.dumps(measure(*numbers), ensure_ascii=False, indent=1))
        return
    with tempfile.TemporaryDirectory(prefix="gongjiang-bench-") as home:
        chosen = with_free_ports(
            Settings(home=Path(home), given_keys=Path(home) / "keys", web_port=0, prefect_port=0, mail_port=0)
        )
        command = [sys.executable, "-m", "bench.guesses", *map(str, numbers)]
        subprocess.run(command, cwd=PROJECT, env=environment(chosen) | {INSIDE: "1"}, check=True)


if __name__ == "__main__":
    main()
