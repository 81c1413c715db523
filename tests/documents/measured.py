"""What does the limited process tell of itself: how much memory it took, or half an answer?"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from documents.sniff import inspected


def measured(content: bytes, filename: str) -> dict[str, Any]:
    found = inspected(content, filename)
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return {"found": found, "kilobytes": int(peak.split()[1])}


def breaks_off(content: bytes) -> bytes:
    """Killed while it answers."""
    sys.stdout.buffer.write(b"bytes\nhalf of i")
    sys.stdout.buffer.flush()
    os.kill(os.getpid(), signal.SIGKILL)
    return content


def about_itself(content: bytes) -> dict[str, Any]:
    """Who it is, what it was given, and which files it has open."""
    opened = [name for name in os.listdir("/proc/self/fd") if Path(f"/proc/self/fd/{name}").exists()]
    return {"pid": os.getpid(), "parent": os.getppid(), "environment": list(os.environ), "open": opened}


def the_same(content: bytes) -> bytes:
    return content


def for_ever(content: bytes) -> bytes:
    while True:
        pass
