"""How soon is the next gate open after a decision, how many gates a second are passed, and what does one cost?

The same flow on the same server and machine, one after the other: by the engine, and by Prefect's stock process worker
with its default settings. Everything that the administrators' dashboard shows is switched on.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from bench.apart import PROJECT
from bench.measure import Result, percentile, processor_seconds, table, wait_until
from bench.scene import Scene
from bench.stock import Stock
from models.migrate import upgrade
from processes.environment import environment
from processes.supervise import Stack, with_free_ports
from settings import Settings, settings

INSIDE = "GONGJIANG_BENCH"
# Decisions one at a time, and decisions at once.
OURS = (30, 80)
STOCK = (3, 8)
CALM_SECONDS = 0.3
COARSE, FINE = 0.05, 0.004

# Record the decision on a case, and do what wakes its run.
Decide = Callable[[UUID], None]


def main() -> None:
    """Measure in an installation and a process of its own."""
    if INSIDE in os.environ:
        report(measure())
        return
    with tempfile.TemporaryDirectory(prefix="gongjiang-bench-") as home:
        chosen = with_free_ports(
            Settings(home=Path(home), given_keys=Path(home) / "keys", web_port=0, prefect_port=0, mail_port=0)
        )
        told = environment(chosen) | {INSIDE: "1"}
        subprocess.run([sys.executable, "-m", "bench.engine"], cwd=PROJECT, env=told, check=True)


def report(results: Sequence[Result]) -> None:
    print(table(results))
    print(json.dumps({result.name: asdict(result) for result in results}, ensure_ascii=False), flush=True)


def measure() -> list[Result]:
    with Stack(settings()) as stack:
        stack.start()
        stack.start_one("database")
        upgrade()
        for name in ("prefect", "engine", "mailbox"):
            stack.start_one(name)
        scene = Scene()
        return [measure_engine(stack, scene), measure_stock(stack, scene)]


def measure_engine(stack: Stack, scene: Scene) -> Result:
    cases = scene.enter(sum(OURS))
    stock = Stock(stack)
    wait_until(scene.is_quiet, "all runs wait", COARSE)
    pids = [stack.pid(name) for name in ("database", "prefect", "engine")]
    return compare("engine", scene, cases, OURS, pids, scene.submit, stock)


def measure_stock(stack: Stack, scene: Scene) -> Result:
    stack.stop("engine")
    cases = scene.enter(sum(STOCK))
    stock = Stock(stack)
    runs = dict(zip(cases, stock.start(cases), strict=True))

    def decide(case_id: UUID) -> None:
        scene.submit(case_id)
        stock.resume(runs[case_id])

    with stock.worker() as worker:
        wait_until(lambda: stock.suspended(list(runs.values())) == len(cases), "all runs wait", COARSE)
        pids = [stack.pid("database"), stack.pid("prefect"), worker]
        return compare("stock process worker", scene, cases, STOCK, pids, decide, stock)


def compare(
    name: str,
    scene: Scene,
    cases: Sequence[UUID],
    counts: tuple[int, int],
    pids: Sequence[int],
    decide: Decide,
    stock: Stock,
) -> Result:
    """Decide some cases one at a time, then the others at once."""
    began = time.monotonic()
    singly, at_once = cases[: counts[0]], cases[counts[0] :]
    milliseconds = [one_decision(scene, case_id, decide) for case_id in singly]
    before, start = processor_seconds(pids), time.monotonic()
    for case_id in at_once:
        decide(case_id)
    wait_until(lambda: scene.opened(at_once) == len(at_once), "all next gates", COARSE)
    seconds = time.monotonic() - start
    wait_until(lambda: stock.suspended(scene.runs(at_once)) == len(at_once), "all runs wait", COARSE)
    cost = processor_seconds(pids) - before
    return Result(
        name=name,
        decisions=len(singly),
        median_ms=percentile(milliseconds, 0.5),
        p95_ms=percentile(milliseconds, 0.95),
        gates=len(at_once),
        gates_per_second=len(at_once) / seconds,
        cpu_seconds_per_gate=cost / len(at_once),
        seconds=time.monotonic() - began,
    )


def one_decision(scene: Scene, case_id: UUID, decide: Decide) -> float:
    """Milliseconds from the recorded decision to the open gate."""
    decide(case_id)
    began = time.monotonic()
    wait_until(lambda: scene.opened([case_id]) == 1, "the next gate", FINE)
    taken = time.monotonic() - began
    time.sleep(CALM_SECONDS)
    return taken * 1000


if __name__ == "__main__":
    main()
