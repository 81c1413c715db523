"""How is a database dumped, and loaded again as a whole, by PostgreSQL's own programs?

They are those of the embedded PostgreSQL, also where the server is the office's own: pg_dump reads older servers too.
Addresses reach them by the environment, so that no password stands in the list of processes.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import psycopg
from sqlalchemy import make_url

from processes.postgres import ENVIRONMENT, program
from processes.probes import connect

VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "username": "PGUSER",
    "password": "PGPASSWORD",
    "database": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}
DUMP = ["--format=custom", "--no-owner", "--no-privileges", "--exclude-extension=*", "--no-password"]
RESTORE = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", "--file=-"]
PSQL = ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-"]
EMPTY = "SET lock_timeout = '10s'; DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;"
BEGIN = f"SET client_min_messages = warning;\nBEGIN;\n{EMPTY}\n"
COMMIT = "\nCOMMIT;\n"
BLOCK = 1 << 20
TIME_TO_LEAVE, TICK = 5.0, 0.05


class DumpFailed(Exception):
    """One of PostgreSQL's programs ended with an error; the text is the line that says why."""


@contextmanager
def dumping(url: str, snapshot: str) -> Iterator[IO[bytes]]:
    """The dump of a database as it is in this exported snapshot. Raises `DumpFailed` when it ended early."""
    command = [program("pg_dump"), *DUMP, f"--snapshot={snapshot}"]
    with TemporaryFile() as said, _started(command, url, said, stdout=subprocess.PIPE) as dump:
        assert dump.stdout is not None
        yield dump.stdout
        _settle(dump, said)


def load(url: str, dump: Path) -> None:
    """Put the dump in the place of everything in the database, in one transaction: all of it, or nothing is changed."""
    read = [program("pg_restore"), *RESTORE, str(dump)]
    with (
        TemporaryFile() as said,
        _started([program("psql"), *PSQL], url, said, stdin=subprocess.PIPE) as psql,
        _started(read, url, said, stdout=subprocess.PIPE) as restore,
    ):
        assert restore.stdout is not None
        assert psql.stdin is not None
        try:
            psql.stdin.write(BEGIN.encode())
            while block := restore.stdout.read(BLOCK):
                psql.stdin.write(block)
            _settle(restore, said)
            psql.stdin.write(COMMIT.encode())
            psql.stdin.close()
        except BrokenPipeError:
            raise DumpFailed(_reason(said)) from None
        _settle(psql, said)


def make_empty(url: str) -> None:
    """Take everything out of Prefect's database; its server makes the tables again when it starts."""
    with connect(url) as connection:
        connection.execute(f"{EMPTY} CREATE EXTENSION IF NOT EXISTS pg_trgm")


def others_connected(url: str) -> int:
    """How many other programs have the database open, and keep it open for longer than the end of one takes."""
    deadline = time.monotonic() + TIME_TO_LEAVE
    while (number := _others(url)) and time.monotonic() < deadline:
        time.sleep(TICK)
    return number


def _others(url: str) -> int:
    statement = (
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and pid <> pg_backend_pid() and backend_type = 'client backend'"
    )
    with connect(url) as connection:
        row = connection.execute(statement).fetchone()
    return int(row[0]) if row else 0


def count_rows(url: str, table: str) -> int:
    """How many rows a table has; none where there is no such table."""
    with connect(url) as connection:
        try:
            row = connection.execute(
                psycopg.sql.SQL("select count(*) from {}").format(_name(table))
            ).fetchone()
        except psycopg.errors.UndefinedTable:
            return 0
    return int(row[0]) if row else 0


def _name(table: str) -> psycopg.sql.Identifier:
    return psycopg.sql.Identifier(table)


@contextmanager
def _started(
    command: list[str], url: str, said: IO[bytes], *, stdin: int | None = None, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A program of PostgreSQL's at work on this database; it is ended by force when its user breaks off."""
    process = subprocess.Popen(
        command,
        env=ENVIRONMENT | _address(url),
        stdin=stdin or subprocess.DEVNULL,
        stdout=stdout or subprocess.DEVNULL,
        stderr=said,
    )
    with ExitStack() as ending:
        ending.callback(_end, process)
        yield process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdout, process.stdin):
        if stream is not None:
            _close(stream)


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        return


def _settle(process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    if process.wait():
        raise DumpFailed(_reason(said))


def _reason(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    errors = [line for line in lines if "error:" in line.lower()]
    return next(iter(errors or lines[-1:]), "没有说明原因")


def _address(url: str) -> dict[str, str]:
    parts = make_url(url)
    values = parts.query | parts.translate_connect_args()
    return {VARIABLES[name]: str(value) for name, value in values.items() if name in VARIABLES and value}
