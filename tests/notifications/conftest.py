"""With what do the mail tests work? A database and a mail folder that no other sender looks into."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from models import database as record
from models.migrate import upgrade
from notifications import links
from processes.probes import connect, free_port
from processes.supervise import Stack
from settings import settings
from settings.urls import rendered
from tests.notifications.outboxes import Outbox
from tests.notifications.servers import MailServer

NAME = "mails"


@pytest.fixture(scope="session")
def mails_url(database: Stack) -> str:
    """A database of its own on the tests' server: their engine, if it runs, sends none of these mails."""
    with connect(settings().database_url) as connection:
        connection.autocommit = True
        connection.execute(f"create database {NAME}")
    url = rendered(make_url(settings().database_url).set(database=NAME))
    upgrade(url)
    return url


@pytest.fixture
def server(mails_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """The mail server of the real seasons, and an installation that is told to use it."""
    home = Path(tempfile.mkdtemp(prefix="gongjiang-mails-"))
    server = MailServer()
    monkeypatch.setenv("GONGJIANG_KEYS", str(settings().keys_folder))
    monkeypatch.setenv("GONGJIANG_HOME", str(home))
    monkeypatch.setenv("GONGJIANG_DATABASE_URL", mails_url)
    monkeypatch.setenv("GONGJIANG_SMTP_URL", server.url)
    monkeypatch.setenv("GONGJIANG_MAIL_PORT", str(free_port()))
    forget()
    server.start()
    yield server
    server.stop(no_assert=True)
    _empty(mails_url)
    monkeypatch.undo()
    forget()
    shutil.rmtree(home)


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """How often the sender is killed at each point."""
    return int(request.config.getoption("--kills"))


@pytest.fixture
def outbox(server: MailServer) -> Outbox:
    """A real season's outbox."""
    return Outbox()


@pytest.fixture
def practice(server: MailServer) -> Outbox:
    return Outbox(practice=True)


def forget() -> None:
    """The environment has changed: read it anew."""
    record.engine().dispose()
    record.engine.cache_clear()
    settings.cache_clear()
    links._key.cache_clear()


def _empty(url: str) -> None:
    """What one test left unsent is not the next one's."""
    with connect(url) as connection:
        connection.execute("delete from message")
