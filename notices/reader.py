"""How is a season's file read, and what is said when it can't be used?"""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from models.notice import Notice
from notices.chinese import translate
from notices.description import describe, render
from notices.problems import NoticeError, Problem
from notices.rules import check
from notices.schema import schema
from notices.syntax import explain_syntax
from notices.tree import Tree, read_tree

__all__ = ["NoticeError", "Problem", "describe", "parse_notice", "read_notice", "render", "schema"]

MAX_BYTES = 1_000_000
SAMPLE = "可参照 notices/liuzhou-2025.yaml"


def read_notice(path: Path | str) -> Notice:
    """The notice in the file at `path`; raises `NoticeError` with every problem found."""
    return parse_notice(_read_bytes(Path(path)), str(path))


def parse_notice(content: bytes, name: str) -> Notice:
    """The notice in `content`; `name` is what the messages call it."""
    tree = _read_tree(_decode(content, name), name)
    if not isinstance(tree.data, dict) or not set(tree.data) & set(Notice.model_fields):
        raise _refusal(name, 1, f"这不是通知文件：最外层应是 key、title、quota、steps 等“字段: 值”，{SAMPLE}")
    notice, faults = _validate(tree)
    problems = tree.problems + faults + [tree.problem(loc, message) for loc, message in check(tree.data)]
    if notice is None or problems:
        raise NoticeError(name, _first_at_each_place(problems))
    return notice


def _validate(tree: Tree) -> tuple[Notice | None, list[Problem]]:
    try:
        return Notice.model_validate(tree.data), []
    except ValidationError as error:
        told = (translate(e, tree) for e in error.errors())
        return None, [p for p in told if p]


def _first_at_each_place(problems: list[Problem]) -> list[Problem]:
    """One message a place: what is wrong with the form of a value comes before what follows from it."""
    first: dict[tuple[Any, ...], Problem] = {}
    for problem in problems:
        first.setdefault((problem.line, problem.field, problem.message if not problem.field else ""), problem)
    return list(first.values())


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _refusal(str(path), 0, "没有这个文件，请核对路径") from None
    except IsADirectoryError:
        raise _refusal(str(path), 0, "这是文件夹，请写到其中的 .yaml 文件") from None
    except PermissionError:
        raise _refusal(str(path), 0, "没有读取这个文件的权限，请改权限或换一个文件") from None
    except (OSError, ValueError) as error:
        raise _refusal(str(path), 0, f"文件读不出来（{error}），请核对路径和磁盘") from None
    if len(content) > MAX_BYTES:
        raise _refusal(str(path), 0, f"文件超过 {MAX_BYTES // 1000} KB，不像通知文件，请核对")
    return content


def _decode(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refusal(
            name, line, "不是 UTF-8 编码的文本，请用编辑器另存为 UTF-8 编码的 .yaml 文件"
        ) from None
    if not text.strip():
        raise _refusal(name, 1, f"文件是空的，请写入通知的内容，{SAMPLE}")
    return text


def _read_tree(text: str, name: str) -> Tree:
    try:
        return read_tree(text)
    except yaml.YAMLError as error:
        raise NoticeError(name, [explain_syntax(error, text)]) from None
    except RecursionError:
        raise _refusal(name, 1, "层层嵌套太深，请检查是否多写了括号或缩进") from None


def _refusal(name: str, line: int, message: str) -> NoticeError:
    return NoticeError(name, [Problem(line, "", message)])
