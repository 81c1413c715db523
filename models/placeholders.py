"""Which marks in a drafted text are filled in by the record? 【年度】 becomes the year, 【名单】 the list."""

import re
from collections.abc import Mapping

LIST = "【名单】"
DOCUMENT_MARKS = ("年度", "称号", "人数", "通知文号")
CERTIFICATE_MARKS = ("年度", "称号", "姓名", "文号")
MARK = re.compile(r"【([^【】\n]*)】")


def unknown_marks(text: str, known: tuple[str, ...]) -> list[str]:
    """The marks of a text that nothing will be put in for, each once."""
    return [m for m in dict.fromkeys(MARK.findall(text)) if m not in known]


def list_lines(text: str) -> int:
    """How many lines are nothing but the mark of the list."""
    return sum(line.strip() == LIST for line in text.splitlines())


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its marks filled in; what is unknown stays."""
    return MARK.sub(lambda m: values.get(m[1], m[0]), text)
