"""What is left by a command of ours that was killed at the point where it says something?"""

import os
import subprocess
import sys
from pathlib import Path

from models.verdict import Refused
from settings import settings
from tasks.keys import keys_at_rest
from tests.flows.dashboard import until

ROOT = Path(__file__).resolve().parents[1]


def kill_when_it_speaks(script: str, *words: str) -> None:
    """Run this Python text in a process of its own, and kill it at its first line; its locks are gone afterwards."""
    child = subprocess.Popen(
        [sys.executable, "-c", script, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **settings().environment()},
        cwd=ROOT,
    )
    assert child.stdout is not None
    assert child.stdout.readline()
    child.kill()
    child.wait()
    until(_keys_are_free, "the database notices that it is gone")


def _keys_are_free() -> bool:
    try:
        with keys_at_rest():
            return True
    except Refused:
        return False
