"""How does a test work in an installation of its own? Everything asks `settings()` for its place."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from models.database import engine
from processes.leftovers import end_leftovers
from processes.plan import plan
from processes.supervise import Stack, with_free_ports
from settings import Settings, settings


@contextmanager
def new_home() -> Iterator[Settings]:
    """An installation that does not exist yet, with ports of its own; nothing of it stays."""
    home = Path(tempfile.mkdtemp(prefix="gongjiang-test-"))
    shutil.rmtree(home)
    chosen = with_free_ports(
        Settings(home=home, web_port=0, prefect_port=0, mail_port=0, mail_gather_seconds=0)
    )
    try:
        yield chosen
    finally:
        end_leftovers(chosen)
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(chosen.keys_folder, ignore_errors=True)


@contextmanager
def set_to(**values: str) -> Iterator[None]:
    """Meanwhile the settings of these names (without `GONGJIANG_`) are otherwise."""
    before = {name: os.environ.get(f"GONGJIANG_{name}") for name in values}
    _set(values)
    try:
        yield
    finally:
        _set(before)


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(f"GONGJIANG_{name}", None)
        else:
            os.environ[f"GONGJIANG_{name}"] = value
    settings.cache_clear()


@contextmanager
def living_in(chosen: Settings) -> Iterator[None]:
    """Meanwhile this process belongs to that installation."""
    before = dict(os.environ)
    os.environ.update(chosen.environment())
    _forget()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        _forget()


@contextmanager
def its_database() -> Iterator[Stack]:
    """The embedded database of the installation that this process belongs to; other parts may be started besides."""
    with Stack(settings(), plan(settings())) as stack:
        stack.start()
        stack.start_one("database")
        yield stack
    engine().dispose()


def _forget() -> None:
    engine().dispose()
    engine.cache_clear()
    settings.cache_clear()
