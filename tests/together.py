"""How does a test run several of what there is one of otherwise? Real Redis and nginx, started and ended by it."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Self

from processes.probes import free_port
from settings import LOOPBACK
from tests.flows.dashboard import until

PROJECT = Path(__file__).resolve().parents[1]
REDIS, NGINX = "/usr/bin/redis-server", "/usr/sbin/nginx"
# Several servers start at once, perhaps beside other tests.
PATIENCE, TIME_TO_STOP = 180.0, 30.0


class Together:
    """Processes of one test, each with a log; all are ended with it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gongjiang-many-"))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *about: object) -> None:
        for process in reversed(self.processes.values()):
            process.send_signal(signal.SIGTERM)
        for process in reversed(self.processes.values()):
            try:
                process.wait(TIME_TO_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder)

    def start(self, name: str, command: Iterable[str], environment: dict[str, str] | None = None) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                list(command), env=environment or dict(os.environ), cwd=PROJECT, stdout=log, stderr=log
            )

    def kill(self, name: str) -> None:
        self.processes[name].kill()
        self.processes[name].wait()

    def ready(self, name: str, answers: Callable[[], bool]) -> None:
        def does() -> bool:
            assert self.processes[name].poll() is None, (self.folder / f"{name}.log").read_text()
            return answers()

        until(does, name, PATIENCE)

    def redis(self) -> str:
        """Its address; it keeps nothing on the disk."""
        port = free_port()
        options = ("--port", str(port), "--bind", LOOPBACK, "--save", "", "--dir", str(self.folder))
        self.start("redis", (REDIS, *options))
        self.ready("redis", lambda: "Ready to accept connections" in (self.folder / "redis.log").read_text())
        return f"redis://{LOOPBACK}:{port}"

    def nginx(self, site: str) -> None:
        """One with these servers; everything it writes lies in the test's folder."""
        (self.folder / "site.conf").write_text(site)
        temporary = "".join(
            f"{kind}_temp_path {self.folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole = self.folder / "nginx.conf"
        whole.write_text(
            f"daemon off; pid {self.folder}/nginx.pid; error_log {self.folder}/nginx-error.log;"
            f"events {{}} http {{ access_log off; {temporary} include {self.folder}/site.conf; }}"
        )
        self.start("nginx", (NGINX, "-c", str(whole)))


def with_ports(site: str, ports: dict[int, int]) -> str:
    """A file of deploy/nginx with other ports on loopback."""
    return re.sub(r"127\.0\.0\.1:(\d+)", lambda m: f"{LOOPBACK}:{ports[int(m[1])]}", site)
