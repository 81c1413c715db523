"""What does a YAML syntax error mean to the writer of a season's file?"""

import yaml
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

from notices.problems import Problem
from notices.tree import ALIAS

# Part of what PyYAML says → what to do about it; the first that fits is told.
HINTS = (
    (ALIAS, "不使用 YAML 的别名（*名字），请把内容直接写出来"),
    ("cannot start any token", "这里不能用制表符（Tab）或 @、` 等符号开头，请改用空格缩进，或给文字加引号"),
    ("mapping values are not allowed", "这里多了一个冒号，或上一行缩进不对：文字里有“: ”的要加引号"),
    ("could not find expected ':'", "这一行缺少冒号：应写成“字段: 值”，冒号后空一格"),
    ("expected ',' or '}'", "花括号 { } 里缺逗号或没有闭合：各项用英文逗号隔开，最后写 }"),
    ("expected ',' or ']'", "方括号 [ ] 里缺逗号或没有闭合：各项用英文逗号隔开，最后写 ]"),
    ("while scanning a quoted scalar", "引号没有闭合，请补上另一半英文引号"),
    ("expected <block end>", "缩进不齐：同一层的各行须左边对齐，请检查这一行和上一行"),
    ("did not find expected", "缩进不齐或符号没有闭合，请检查这一行和上一行"),
    ("expected a single document", "一个文件只写一个通知，请删去“---”及其后的内容"),
    ("but found another document", "一个文件只写一个通知，请删去“---”及其后的内容"),
    ("while scanning for the next token", "这里的符号不能这样开头，请给文字加引号"),
)


def explain_syntax(error: yaml.YAMLError, text: str) -> Problem:
    """The one problem at which reading had to stop; whatever follows can't be judged yet."""
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Problem(line, "", f"有不能显示的字符（U+{_code(error.character):04X}），请删去")
    if not isinstance(error, MarkedYAMLError):
        return Problem(1, "", "不是合法的 YAML，请对照样例检查缩进、冒号和引号")
    # A key without its colon is noticed only on the next line; the context is where it began.
    began = error.context == "while scanning a simple key"
    mark = (error.context_mark if began else error.problem_mark) or error.context_mark
    if mark is None:
        return Problem(1, "", "不是合法的 YAML，请对照样例检查缩进、冒号和引号")
    said = f"{error.context} {error.problem}"
    hint = next((h for part, h in HINTS if part in said), "不是合法的 YAML，请检查缩进、冒号和引号")
    return Problem(mark.line + 1, "", f"第 {mark.column + 1} 个字符处：{hint}")


def _code(character: object) -> int:
    return character if isinstance(character, int) else ord(str(character))
