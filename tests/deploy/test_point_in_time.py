"""Do the scripts for an office's own PostgreSQL bring it back to the moment before a mistake?"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from processes.errors import CannotStart
from processes.owner import Owner, let_read, let_through, owner_of
from processes.postgres import ENVIRONMENT, SUPERUSER, libraries, program, programs
from tests.flows.dashboard import until

DEPLOY = Path(__file__).resolve().parents[2] / "deploy" / "postgresql"


class Server:
    """A server such as an office runs itself, set up by `deploy/postgresql/gongjiang.conf`."""

    def __init__(self, folder: Path, owner: Owner) -> None:
        self.folder, self.owner = folder, owner
        self.data, self.backups = folder / "data", folder / "backups"
        self.environment = ENVIRONMENT | {
            "PATH": f"{programs() / 'bin'}:/usr/bin:/bin",
            "PGHOST": str(folder),
            "PGUSER": SUPERUSER,
            "PGDATA": str(self.data),
            "BACKUPS": str(self.backups),
        }

    def run(self, *words: str) -> str:
        return self.owner.run(list(words), cwd=self.folder, env=self.environment).strip()

    def make(self) -> None:
        self.run(program("initdb"), "--auth=trust", f"--username={SUPERUSER}", "--no-sync")
        settings = (
            (DEPLOY / "gongjiang.conf").read_text().replace("/var/backups/postgresql", str(self.backups))
        )
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(
                f"{settings}\nlisten_addresses = ''\nunix_socket_directories = '{self.folder}'\nfsync = off\n"
            )
        self.run("mkdir", "-p", str(self.backups / "wal"))

    def start(self) -> None:
        self.run(program("pg_ctl"), "start", "--wait", "--log", str(self.folder / "log"))

    def stop(self) -> None:
        self.run(program("pg_ctl"), "stop", "--wait", "--mode=fast")

    def ask(self, statement: str) -> str:
        return self.run(program("psql"), "--no-psqlrc", "-qAt", "--set=ON_ERROR_STOP=1", "-c", statement)

    def script(self, name: str, *words: str) -> str:
        """Run a copy that this account may read, and give back its last line."""
        copy = self.folder / name
        shutil.copy(DEPLOY / name, copy)
        copy.chmod(0o755)
        return self.run("sh", str(copy), *words).splitlines()[-1]


@pytest.fixture
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="gongjiang-test-"))
    owner = owner_of(folder)
    os.chown(folder, owner.uid, owner.gid)
    if not owner.is_me:
        for needed in (programs(), libraries()):
            let_through(needed)
            let_read(needed)
    made = Server(folder, owner)
    made.make()
    made.start()
    yield made
    with suppress(CannotStart):
        made.stop()
    shutil.rmtree(folder)


def test_a_mistake_is_undone_by_going_back_to_the_moment_before(server: Server) -> None:
    server.ask("create table decided (what text)")
    server.ask("insert into decided values ('before the base backup')")
    base = server.script("base-backup.sh")
    server.ask("insert into decided values ('after it')")
    moment = server.ask("select clock_timestamp()")
    server.ask("delete from decided")
    segment = server.ask("select pg_walfile_name(pg_switch_wal())")
    until(lambda: (server.backups / "wal" / segment).exists(), "the archive")

    with pytest.raises(CannotStart, match="数据库还在运行"):
        server.script("recover.sh", base, moment)
    server.stop()
    said = server.script("recover.sh", base, moment)
    server.start()

    assert re.search(r"原来的数据在 .*data\.former-", said)
    assert server.ask("select what from decided order by 1").splitlines() == [
        "after it",
        "before the base backup",
    ]
    server.ask("select pg_wal_replay_resume()")
    until(lambda: server.ask("select pg_is_in_recovery()") == "f", "the end of the recovery")
    server.ask("insert into decided values ('from here on')")
