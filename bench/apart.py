"""How does a bench measure apart from everything else: in a process and a home of its own, on a database of its own?"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from processes.environment import environment
from processes.supervise import Stack
from settings import Settings

PROJECT = Path(__file__).resolve().parent.parent
INSIDE = "GONGJIANG_BENCH"


def measure_apart(module: str, measure: Callable[..., dict[str, Any]], *usual: int) -> None:
    """Print as JSON what `measure` finds in the process that this starts as `python -m module`.

    Its numbers are those of the command line; those that are not given there are the `usual` ones.
    """
    given = sys.argv[1 : 1 + len(usual)]
    numbers = [*given, *map(str, usual[len(given) :])]
    if INSIDE in os.environ:
        print(json.dumps(measure(*map(int, numbers)), ensure_ascii=False, indent=1))
        return
    with tempfile.TemporaryDirectory(prefix="gongjiang-bench-") as home:
        chosen = Settings(home=Path(home), given_keys=Path(home) / "keys")
        with Stack(chosen) as stack:
            stack.start()
            stack.start_one("database")
            told = environment(chosen) | {INSIDE: "1"}
            subprocess.run([sys.executable, "-m", module, *numbers], cwd=PROJECT, env=told, check=True)
