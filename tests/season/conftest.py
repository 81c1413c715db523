"""With what do the tests of whole seasons start?"""

from collections.abc import Iterator

import pytest

from processes.supervise import Stack


@pytest.fixture(scope="module")
def pumped(database: Stack) -> Iterator[None]:
    """The record without its engine, which would walk on what the pump is to walk on."""
    was_running = database.state("engine") == "RUNNING"
    if was_running:
        database.stop("engine")
    yield
    if was_running:
        database.start_one("engine")
