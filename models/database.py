"""How does the program reach its record?

One engine per process and one kind of session. Verbs never commit: the edge (a request, a task shell, a command)
opens `transaction()` and everything inside is one transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, MetaData
from sqlalchemy.types import DateTime, TypeDecorator
from sqlmodel import Session, SQLModel, create_engine

from settings import settings

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


class Instant(TypeDecorator[datetime]):
    """A moment with its zone, stored as timestamptz; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone can't be recorded")
        return value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value


def real_now() -> datetime:
    """The machine's clock. Verbs ask `models.season.now(season)` instead."""
    return datetime.now(UTC)


@lru_cache(maxsize=4)
def engine(url: str | None = None) -> Engine:
    return create_engine(
        url or settings().application_database_url,
        pool_size=30,
        max_overflow=20,
        pool_timeout=10,
        pool_pre_ping=True,
        # Errors are logged and shown in Prefect, where no name of a person may appear.
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": "-c lock_timeout=10000 -c timezone=UTC"},
    )


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction: commits on leaving, rolls back on any exception."""
    with Session(engine(), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """A session for reading; whatever is left uncommitted is rolled back."""
    with Session(engine(), expire_on_commit=False) as session:
        yield session
