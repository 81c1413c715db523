"""Who could change the record behind the application's back? The database's superuser, with every trigger off."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlmodel import Session

from processes.postgres import SUPERUSER, url
from settings import settings


@contextmanager
def forger() -> Iterator[Session]:
    """A session of his; what he did in it is rolled back."""
    server = create_engine(url(settings(), role=SUPERUSER))
    with Session(server) as session:
        session.connection().execute(text("SET session_replication_role = replica"))
        yield session
        session.rollback()
    server.dispose()
