"""Do the numbered migrations make exactly the tables of the models, and can they be undone?"""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from models.migrate import check, downgrade, upgrade
from models.tables import metadata
from processes.supervise import Stack
from settings import settings
from settings.urls import rendered


@pytest.fixture
def empty(database: Stack) -> Iterator[str]:
    """The address of a new, empty database."""
    own = make_url(settings().database_url)
    name = f"empty_{uuid4().hex}"
    admin = create_engine(own, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield rendered(own.set(database=name))
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found - {"alembic_version"}


def test_up_down_up(empty: str) -> None:
    upgrade(empty)
    assert tables(empty) == set(metadata.tables)
    check(empty)

    downgrade(empty)
    assert tables(empty) == set()

    upgrade(empty)
    check(empty)
