"""Does nothing of anybody's data lie in the folder for temporary files, even when a command is killed in the middle?"""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import psutil
import pytest

from settings import settings
from tests.documents.sheets import people, sheet
from tests.documents.word_files import document, form_rows
from tests.flows.dashboard import until
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "from cli import app; app()"
# Says which files are made in the folder for temporary files while a table of people is written.
WRITE = """
import os, sys
made = []
def seen(event, arguments):
    if event in ("open", "tempfile.mkstemp") and str(arguments[0]).startswith(os.environ["TMPDIR"]):
        made.append(str(arguments[0]))
sys.addaudithook(seen)
from openpyxl import Workbook
from documents.workbooks import saved
table = Workbook()
for n in range(300):
    table.active.append([f"person {n}", "450203198803129917"])
content = saved(table)
assert content[:2] == b"PK"
if sys.argv[1] == "usual":
    import io
    table.save(io.BytesIO())
print(len(made))
"""


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The folder for temporary files of the commands under test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def started(temporary: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", *words],
        env={**os.environ, **settings().environment(), "TMPDIR": str(temporary)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def readers_of(command: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The process from which the command has its readers of strangers' files forked."""
    try:
        return psutil.Process(command.pid).children()
    except psutil.NoSuchProcess:
        return []


def is_over(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_killed_command_leaves_no_file_and_no_reader(world: World, tmp_path: Path, temporary: Path) -> None:
    table, form = tmp_path / "汇总表.xlsx", tmp_path / "申请表.docx"
    table.write_bytes(sheet(people(8)))
    form.write_bytes(document(form_rows()))

    for words in (["import", str(table), "--dry-run"], ["read-form", str(form)]):
        command = started(temporary, COMMAND, *words)
        [reader] = until(partial(readers_of, command), f"{words[0]} reads its file")
        command.kill()
        command.wait()
        until(partial(is_over, reader), "the reader ends too")
        assert list(temporary.iterdir()) == []


def test_a_table_is_written_without_a_file_beside_it(temporary: Path) -> None:
    counted = [started(temporary, WRITE, how).communicate()[0] for how in ("ours", "usual")]

    assert [int(said) > 0 for said in counted] == [False, True]
