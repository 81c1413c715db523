"""With what do the tests work? A home of their own with a real PostgreSQL, and the real processes where needed.

All tests share one record; each opens a season of its own, since nothing in the record reaches across seasons.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator

import pytest
from sqlalchemy import create_engine, text
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from processes.postgres import SUPERUSER, url
from processes.probes import free_port

ENGINE_FILES = ("tests/browser/", "tests/faults/", "tests/flows/", "tests/season/test_story")
HOME = tempfile.mkdtemp(prefix="gongjiang-test-")
os.environ.update(
    GONGJIANG_HOME=HOME,
    GONGJIANG_WEB_PORT=str(free_port()),
    GONGJIANG_PREFECT_PORT=str(free_port()),
    GONGJIANG_MAIL_PORT=str(free_port()),
    GONGJIANG_RECONCILE_SECONDS="1",
    GONGJIANG_MAIL_GATHER_SECONDS="0",
)
UNSET = ("DATABASE_URL", "APPLICATION_DATABASE_URL", "SMTP_URL", "BASE_URL", "IMAP_URL", "INBOX_FOLDER")
for name in (*UNSET, "AUDITOR_EMAIL"):
    os.environ.pop(f"GONGJIANG_{name}", None)

from models.migrate import upgrade  # noqa: E402 -- reads the environment set above
from processes.environment import prefect_environment  # noqa: E402
from processes.supervise import Stack  # noqa: E402
from settings import settings  # noqa: E402
from tests.world import World, open_world  # noqa: E402

os.environ.update(prefect_environment(settings()))


@pytest.fixture(scope="session")
def database() -> Iterator[Stack]:
    """The tests' own PostgreSQL with the record's tables; the other processes of the stack are at rest."""
    with Stack(settings()) as stack:
        stack.start()
        stack.start_one("database")
        spare_the_disk()
        upgrade()
        yield stack
    shutil.rmtree(HOME, ignore_errors=True)
    shutil.rmtree(settings().keys_folder, ignore_errors=True)


def spare_the_disk() -> None:
    """Processes are killed in tests, power never fails: commits need not wait for the disk."""
    server = create_engine(url(settings(), role=SUPERUSER), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    server.dispose()


@pytest.fixture(scope="session")
def running(database: Stack) -> Stack:
    """Everything runs: Prefect's server, the engine, the pages and the mailbox."""
    for name in ("prefect", "engine", "mailbox", "web"):
        database.start_one(name)
    return database


@pytest.fixture
def world(request: pytest.FixtureRequest, database: Stack) -> World:
    """A practice season of Liuzhou's notice with someone in every seat.

    Its steps are opened by `world.pump()`, or by the engine in tests that have it running.
    """
    if not needs_engine(request.fixturenames):
        database.stop("engine")
    return open_world()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--storms", type=int, default=2, help="so many seasons in which processes are killed")
    parser.addoption("--kills", type=int, default=1, help="so often the sender is killed at each point")


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it for garbage again and again would take a tenth of the time."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    gc.unfreeze()


def needs_engine(fixtures: Iterable[str]) -> bool:
    return not {"running", "engine"}.isdisjoint(fixtures)


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Tests with the engine come first: it would find every season of every other test to walk."""
    items.sort(key=lambda item: not needs_engine(item.fixturenames))


class EngineTogether(LoadScopeScheduling):
    """Shares the tests out by file; all files that have the engine running go to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return "engine" if nodeid.startswith(ENGINE_FILES) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> EngineTogether:
    return EngineTogether(config, log)
