"""Which engine runs which subject now?

A session-level advisory lock of PostgreSQL is held for as long as the body of a run works. It keeps two bodies of one
subject apart, and it vanishes with the engine that held it, so that a lock that can be taken proves that nobody works
there any more. One connection holds all locks of a process.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

import psycopg
from sqlalchemy import make_url

CLAIM = "select pg_try_advisory_lock(%s)"
RELEASE = "select pg_advisory_unlock(%s)"
HELD = """
    select (classid::bigint << 32) | objid::bigint from pg_locks
    where locktype = 'advisory' and objsubid = 1
    and database = (select oid from pg_database where datname = current_database())
"""

# A lock of two numbers, shared by all engines: whoever holds it is about.
PRESENT = "select pg_advisory_lock_shared(20260303, 2)"
ABOUT = """
    select count(*) from pg_locks
    where locktype = 'advisory' and objsubid = 2 and classid = 20260303 and objid = 2
    and database = (select oid from pg_database where datname = current_database())
"""


def lock_number(subject_id: UUID) -> int:
    """The 64 bits by which PostgreSQL knows the lock."""
    return int.from_bytes(subject_id.bytes[:8], signed=True)


def connection_string(url: str) -> str:
    """An SQLAlchemy address as psycopg itself takes it."""
    parts = make_url(url)
    query = {name: value for name, value in parts.query.items() if isinstance(value, str)}
    known = parts.translate_connect_args(username="user", database="dbname")
    return psycopg.conninfo.make_conninfo(**(query | known), connect_timeout=5)


class Claims:
    """The subjects that this process works on. May be used from any thread."""

    def __init__(self, url: str) -> None:
        self._address = connection_string(url)
        self._connection: psycopg.Connection | None = None
        self._mine: set[UUID] = set()
        self._lock = threading.Lock()

    @contextmanager
    def held(self, subject_id: UUID) -> Iterator[bool]:
        """Claim for the length of the block; the answer is no if somebody, this process included, has it already."""
        mine = self._claim(subject_id)
        try:
            yield mine
        finally:
            if mine:
                self._release(subject_id)

    def all_held(self) -> set[int]:
        """The lock numbers of every subject that any engine works on."""
        with self._lock:
            return {int(number) for (number,) in self._connected().execute(HELD).fetchall()}

    def others_about(self) -> bool:
        """Whether another engine, or a worker alone, is there to share the work."""
        with self._lock:
            row = self._connected().execute(ABOUT).fetchone()
            return row is not None and row[0] > 1

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _claim(self, subject_id: UUID) -> bool:
        with self._lock:
            if subject_id in self._mine or not self._ask(CLAIM, subject_id):
                return False
            self._mine.add(subject_id)
            return True

    def _release(self, subject_id: UUID) -> None:
        """A connection that is gone has released everything already."""
        with self._lock:
            self._mine.discard(subject_id)
            with suppress(psycopg.Error):
                self._ask(RELEASE, subject_id)

    def _ask(self, question: str, subject_id: UUID) -> bool:
        row = self._connected().execute(question, (lock_number(subject_id),)).fetchone()
        return bool(row and row[0])

    def _connected(self) -> psycopg.Connection:
        """The connection; a new one takes over the claims of the one that was lost."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._address, autocommit=True)
            self._connection.execute(PRESENT)
            for subject_id in self._mine:
                self._connection.execute(CLAIM, (lock_number(subject_id),))
        return self._connection
