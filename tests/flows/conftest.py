"""With what do the tests of the flows work? The real server and engine, and a season that they walk by themselves."""

import pytest

from processes.supervise import Stack
from tests.flows.dashboard import Dashboard
from tests.flows.walked import Walked


@pytest.fixture(scope="session")
def engine(database: Stack) -> Stack:
    """Prefect's server and the engine run; nobody needs the pages here."""
    database.start_one("prefect")
    database.start_one("engine")
    return database


@pytest.fixture
def dashboard(engine: Stack) -> Dashboard:
    return Dashboard()


@pytest.fixture
def walked(dashboard: Dashboard) -> Walked:
    """A season of the real notice; its own steps and its cases are opened by their runs alone."""
    return Walked.open(dashboard)
