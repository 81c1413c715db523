"""Does the administrator's guide name only what there is: commands, files, settings, figures?"""

import re
from pathlib import Path

import typer.main

from api.metrics import PREFIX
from cli import app
from tasks.figures import figures
from tasks.status import read_status
from tests.deploy.test_deploy import every_setting

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "operation.md").read_text()


def test_every_command_exists() -> None:
    known = typer.main.get_command(app)
    named = re.findall(r"(?:^|`|&& )gongjiang ([a-z]+)(?: ([a-z]+))?", GUIDE, re.MULTILINE)
    assert len(named) > 10
    for first, second in named:
        command = getattr(known, "commands", {}).get(first)
        assert command is not None, first
        if hasattr(command, "commands"):
            assert second in command.commands, (first, second)


def test_every_file_setting_and_figure_exists(database: object) -> None:
    files = re.findall(r"deploy/[\w./-]*\w", GUIDE)
    settings = set(re.findall(r"GONGJIANG_[A-Z_]+[A-Z]", GUIDE)) - {"GONGJIANG_MAIL_PER"}
    named = set(re.findall(rf"{PREFIX}(\w+_\w+)", GUIDE))

    assert [f for f in files if not (ROOT / f).exists()] == []
    assert settings <= every_setting()
    assert named <= {f.name for f in figures()}


def test_every_part_that_can_go_wrong_is_explained(database: object) -> None:
    table = GUIDE.partition("| 栏 |")[2].partition("\n\n")[0]
    parts = {part.label.partition("（")[0] for part in read_status().parts if part.key != "web"}
    assert [label for label in sorted(parts) if label not in table] == []
