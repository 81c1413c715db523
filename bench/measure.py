"""How are times and processor seconds measured?"""

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

TICK = 0.002
PATIENCE = 120.0


def wait_until(holds: Callable[[], bool], what: str, tick: float = TICK, patience: float = PATIENCE) -> float:
    """Poll until it holds; returns the seconds it took."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > patience:
            raise TimeoutError(f"it did not happen within {patience:.0f} s: {what}")
        time.sleep(tick)
    return time.monotonic() - began


def processor_seconds(pids: Iterable[int]) -> float:
    """Processor time of these processes and all they started, also of those that have ended since."""
    return sum(_seconds(pid) for pid in pids)


def _seconds(pid: int) -> float:
    process = psutil.Process(pid)
    own = process.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@dataclass(frozen=True)
class Result:
    """What one way of running the flow costs."""

    name: str
    decisions: int
    median_ms: float
    p95_ms: float
    gates: int
    gates_per_second: float
    cpu_seconds_per_gate: float
    seconds: float


COLUMNS = (
    ("way", "name", "{}"),
    ("decision → next gate, median", "median_ms", "{:,.0f} ms"),
    ("p95", "p95_ms", "{:,.0f} ms"),
    ("gates/s", "gates_per_second", "{:.2f}"),
    ("CPU-s/gate", "cpu_seconds_per_gate", "{:.3f}"),
    ("measured in", "seconds", "{:.0f} s"),
)


def table(results: Sequence[Result]) -> str:
    rows = [[head for head, _, _ in COLUMNS]]
    rows += [[form.format(getattr(result, field)) for _, field, form in COLUMNS] for result in results]
    widths = [max(len(row[n]) for row in rows) for n in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def settle() -> None:
    """What was made before measuring is looked at by the collector no more: a server has no such past."""
    gc.collect()
    gc.freeze()
