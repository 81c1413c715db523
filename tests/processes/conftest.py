"""What do the tests of the processes start from?"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes.leftovers import end_leftovers
from processes.supervise import with_free_ports
from settings import Settings


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("GONGJIANG_"):
            monkeypatch.delenv(name)


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of its own; whatever a failed test left running in it is ended."""
    path = Path(tempfile.mkdtemp(prefix="gongjiang-test-"))
    yield path
    end_leftovers(Settings(home=path))
    shutil.rmtree(path)
    shutil.rmtree(Settings(home=path).keys_folder, ignore_errors=True)


@pytest.fixture
def installation(home: Path) -> Settings:
    return with_free_ports(Settings(home=home, web_port=0, prefect_port=0, mail_port=0))
