"""With what do the tests of faults work? The same server and engine as the flows' tests; supervisord restarts both."""

from tests.flows.conftest import dashboard, engine, walked

__all__ = ["dashboard", "engine", "walked"]
