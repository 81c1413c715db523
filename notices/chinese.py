"""How is a pydantic error said to the writer of a season's file: what is wrong, where, how to mend it?"""

from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from notices.fields import explain, part_at
from notices.problems import Problem
from notices.tree import Loc, Tree

# Said with the exact line by the rules on double keys.
TOLD_ELSEWHERE = {"duplicate_key"}

DATE = "“{value}”不是日期，请写成 2026-03-09 这样的年-月-日，并核对有无这一天"
NUMBER = "“{value}”不是数，请写数字，如 30 或 1.3"
WHOLE = "“{value}”不是整数，请写不带小数的数字，如 30"
TABLE = "应是“字段: 值”组成的一项，现在是“{value}”，请按样例展开写"
ENTRY = "应是列表，现在是“{value}”，请逐项以“- ”开头，或写成 [甲, 乙]"
CHOICE = "“{value}”不在可选之列，应是 {expected} 之一{guess}"

MESSAGES: dict[str, str] = {
    "string_type": '应是文字，现在是“{value}”，请加上引号，如 "{value}"',
    "string_too_long": "太长，最多 {max_length} 个字符，请缩短",
    "string_too_short": "太短，至少 {min_length} 个字符，请补足",
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_parsing_size": WHOLE,
    "int_from_float": WHOLE,
    "decimal_type": NUMBER,
    "decimal_parsing": NUMBER,
    "finite_number": NUMBER,
    "date_type": DATE,
    "date_parsing": DATE,
    "date_from_datetime_parsing": DATE,
    "date_from_datetime_inexact": DATE,
    "bool_type": "“{value}”不是 true 或 false，请改成其中之一",
    "bool_parsing": "“{value}”不是 true 或 false，请改成其中之一",
    "list_type": ENTRY,
    "dict_type": TABLE,
    "model_type": TABLE,
    "model_attributes_type": TABLE,
    "enum": CHOICE,
    "literal_error": CHOICE,
    "too_short": "至少要有 {min_length} 项，现有 {actual_length} 项，请补上",
    "greater_than": "必须大于 {gt}，现在是 {value}，请改成大于 {gt} 的数",
    "greater_than_equal": "不得小于 {ge}，现在是 {value}，请改成 {ge} 或更大的数",
    "less_than": "必须小于 {lt}，现在是 {value}，请改成小于 {lt} 的数",
    "less_than_equal": "不得大于 {le}，现在是 {value}，请改成 {le} 或更小的数",
}

PATTERNS = {
    r"^[a-z][a-z0-9_]*$": "“{value}”不能作键：须以小写字母开头，只含小写字母、数字和下划线",
    r"^[a-z0-9][a-z0-9-]*$": "“{value}”不能作年度的键：只能用小写字母、数字和连字符，如 liuzhou-2025",
    r"\{n(:[^}]*)?\}": "编号格式“{value}”里没有序号，请写上 {{n}}，如 2026-{{n:04d}}",
}


def translate(error: ErrorDetails, tree: Tree) -> Problem | None:
    """One error of pydantic as a problem; None if a rule tells it better."""
    kind = error["type"]
    if kind in TOLD_ELSEWHERE:
        return None
    loc = tree.present(error["loc"])
    return tree.problem(loc, _message(kind, loc, error))


def _message(kind: str, loc: Loc, error: ErrorDetails) -> str:
    context = dict(error.get("ctx") or {})
    value = show(error["input"])
    if kind == "missing":
        return _missing(loc)
    if kind == "extra_forbidden":
        return _unknown(loc)
    if loc and loc[-1] == "need":
        return f"“{value}”不对，应是 one（任一）、all（全部）或一个整数（至少几个）"
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(context["pattern"], "“{value}”的格式不对，请照样例改写").format(value=value)
    if kind in ("enum", "literal_error"):
        allowed = [part.strip("'") for part in context["expected"].replace(" or ", ", ").split(", ")]
        context |= {"expected": "、".join(allowed), "guess": guess(value, allowed)}
    if kind in MESSAGES:
        return MESSAGES[kind].format(value=value, **context)
    # The model's own rules are written in Chinese; anything else is at least placed.
    return error["msg"] if _is_chinese(error["msg"]) else f"“{value}”不合要求，请照样例改写"


def _missing(loc: Loc) -> str:
    part, name = part_at(loc[:-1]), str(loc[-1])
    about = f"（{explain(part, name)}）" if part and name in part.model_fields else ""
    return f"缺少 {name}{about}，请补写"


def _unknown(loc: Loc) -> str:
    part: type[BaseModel] | None = part_at(loc[:-1])
    known = sorted(part.model_fields) if part else []
    return f"没有“{loc[-1]}”这一项{guess(str(loc[-1]), known)}，请改正或删去"


def guess(value: str, known: list[str]) -> str:
    """“，是否想写……” if something known is near to what was written."""
    near = get_close_matches(value, known, n=1, cutoff=0.6)
    return f"，是否想写“{near[0]}”" if near else ""


def show(value: Any) -> str:
    """A value of the file as its writer would know it again, cut at 40 characters."""
    if value is None:
        return "空"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "列表" if isinstance(value, list) else "表格"
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)
