"""With which environment does each process run?"""

import os
import sys
from collections.abc import Mapping

from settings import Settings, prefect_environment, settings


def environment(chosen: Settings, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a process of this installation, free of anybody else's settings."""
    outside = os.environ if base is None else base
    kept = {name: value for name, value in outside.items() if not name.startswith(("PREFECT_", "GONGJIANG_"))}
    return kept | chosen.environment() | prefect_environment(chosen) | {"PYTHONUNBUFFERED": "1"}


def ensure_environment() -> None:
    """Start this very command again with Prefect's settings in its environment, unless they are there.

    Prefect reads them when it is imported, which is before any command can set them.
    """
    wanted = prefect_environment(settings())
    if any(os.environ.get(name) != value for name, value in wanted.items()):
        again = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, again, dict(os.environ) | wanted)  # noqa: S606 -- our own command
