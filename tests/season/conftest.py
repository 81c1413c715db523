"""With what do the tests of whole seasons start?"""

import pytest

from processes.supervise import Stack


@pytest.fixture
def pumped(database: Stack) -> None:
    """The record without its engine, which would walk on what the pump is to walk on."""
    database.stop("engine")
