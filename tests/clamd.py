"""A real virus scanner for the tests: Debian's clamd, with one signature of our own and nothing from the network.

What it finds is the string that all scanners agree to find. It is put together only when it is used, so that none of
them finds it in this file.
"""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from processes.probes import free_port
from settings import LOOPBACK
from simulation.papers import pdf
from tests.elsewhere import set_to

PROGRAM = "/usr/sbin/clamd"
NAME = "Sample.Eicar"
TEST_STRING = b"-".join(
    (rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR", b"STANDARD", b"ANTIVIRUS", b"TEST", b"FILE!$H+H*")
)
START_SECONDS = 60


class Scanner:
    """May be started and stopped again at the same address."""

    def __init__(self, *, by_socket: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gongjiang-clamd-"))
        port = free_port()
        self.address = str(self.folder / "clamd.sock") if by_socket else f"{LOOPBACK}:{port}"
        (self.folder / "sample.ndb").write_text(f"{NAME}:0:*:{TEST_STRING.hex()}\n")
        place = f"LocalSocket {self.address}" if by_socket else f"TCPSocket {port}\nTCPAddr {LOOPBACK}"
        self.settings = self.folder / "clamd.conf"
        self.settings.write_text(f"Foreground yes\nDatabaseDirectory {self.folder}\n{place}\n")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """It says on its standard output that it has begun to listen."""
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, f"--config-file={self.settings}"], stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while "Self checking" not in (said := (self.folder / "log").read_text()):
            assert self.process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=START_SECONDS)
            self.process = None


@contextmanager
def scanning(**options: bool) -> Iterator[Scanner]:
    """Meanwhile this process asks a scanner that runs."""
    scanner = Scanner(**options)
    scanner.start()
    try:
        with set_to(CLAMD_ADDRESS=scanner.address):
            yield scanner
    finally:
        scanner.stop()
        shutil.rmtree(scanner.folder)


def infected(content: bytes | None = None) -> bytes:
    """A sound PDF, or what is given, that carries the test string at its end."""
    return (content or pdf("sample")) + b"\n%" + TEST_STRING + b"\n"
