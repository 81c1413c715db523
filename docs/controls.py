"""Which test proves which control, and which fault is tried by which? `python -m docs.controls [--check]`.

What is not proved yet is said in the table, too. The check fails when a test that is named no longer exists.
"""

import ast
import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from docs.generated import settle

ROOT = Path(__file__).resolve().parents[1]
DATA, PAGE = ROOT / "docs" / "controls.yaml", ROOT / "docs" / "controls.md"
HEAD = """# 安全控制和故障，各由哪个测试证明

由 `python -m docs.controls` 从 `docs/controls.yaml` 生成，不要手工修改。
`make test` 运行其中每一个测试，`make check` 核对它们都在。
"""


def page(told: dict[str, Any]) -> str:
    controls = "\n".join(_row(row, row["anchor"]) for row in told["controls"])
    faults = "\n".join(_row(row) for row in told["faults"])
    return (
        f"{HEAD}\n## 控制\n\n| 序号 | 控制 | 依据 | 由什么证明 |\n|---|---|---|---|\n{controls}\n\n"
        f"## 故障\n\n| 序号 | 故障 | 由什么证明 |\n|---|---|---|\n{faults}\n"
    )


def _row(row: dict[str, Any], *more: str) -> str:
    proof = [f"`{test}`" for test in row["tests"]]
    proof += [row[key] for key in ("note",) if row.get(key)]
    proof += [
        f"{label}：{row[key]}" for key, label in (("figure", "实测"), ("lacks", "**尚缺**")) if row.get(key)
    ]
    return f"| {' | '.join([row['key'], row['what'], *more, '<br>'.join(proof)])} |"


def missing(told: dict[str, Any]) -> list[str]:
    """The tests that are named and are not there."""
    named = [test for part in ("controls", "faults") for row in told[part] for test in row["tests"]]
    return [test for test in named if not _is_there(*test.split("::"))]


def _is_there(file: str, name: str) -> bool:
    path = ROOT / "tests" / file
    return path.is_file() and f"test_{name}" in _tests_in(path)


@cache
def _tests_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def main(check: bool) -> int:
    told = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    if gone := missing(told):
        sys.stderr.write("No such test: " + ", ".join(gone) + "\n")
        return 1
    return settle(PAGE, page(told), check=check)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
