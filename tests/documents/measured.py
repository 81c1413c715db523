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
