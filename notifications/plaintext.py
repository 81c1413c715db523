"""How is somebody else's text made fit for a line of a mail?

Whatever people wrote (names, units, reasons) is untrusted: no line break reaches a header, no invisible
character turns a line round, and no personal number gets into a subject.
"""

import re
import unicodedata

LONGEST_LINE = 300
# An ID number or a mobile number, however it got there and however it is grouped.
PERSONAL_NUMBER = re.compile(
    r"(?<!\d)(?:(?:\d[ \u3000-]?){17}[\dXxＸｘ]|[1１][3-9３-９](?:[ \u3000-]?\d){9})(?!\d)"
)
# Control, format, surrogate; line and paragraph separators.
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def one_line(text: str) -> str:
    """The text as one line without control and invisible characters, cut at `LONGEST_LINE`."""
    seen = "".join(" " if _is_break(c) else c for c in text if _is_break(c) or _is_seen(c))
    line = re.sub(r" {2,}", " ", seen).strip()
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


def lines(text: str) -> list[str]:
    """The same for a text of several lines; empty ones are dropped."""
    return [line for line in map(one_line, text.splitlines()) if line]


def without_personal_numbers(text: str) -> str:
    return PERSONAL_NUMBER.sub("＊＊＊", text)


def _is_break(character: str) -> bool:
    return character in "\t\n\r\v\f\x85" or unicodedata.category(character) in {"Zl", "Zp"}


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in UNSEEN
