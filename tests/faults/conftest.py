"""With what do the tests of faults work? The same server and engine as the flows' tests; supervisord restarts both."""

from collections import Counter
from collections.abc import Iterator

import pytest

from processes.supervise import Stack
from tests.faults.storm import Storm
from tests.flows.conftest import dashboard, engine, walked

__all__ = ["dashboard", "engine", "walked"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each storm has a seed of its own, and is found again by it."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(1, metafunc.config.getoption("--storms") + 1))


@pytest.fixture(scope="module")
def told(engine: Stack) -> Iterator[list[Storm]]:
    """The mailbox listens as well; at the end it is told what the storms consisted of."""
    engine.start_one("mailbox")
    storms: list[Storm] = []
    yield storms
    blows = sum((storm.blows for storm in storms), Counter())
    decisions = sum(storm.decisions for storm in storms)
    print(f"{len(storms)} storms, {decisions} decisions, {dict(blows)}")
