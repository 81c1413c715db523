"""How does a text get into a cell of a spreadsheet, and out of it, without becoming anything else?

Written, every text is a text and never a formula, whatever it begins with. Read, it is cleaned as everything is.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl.cell.cell import Cell

from models.text import tidy_text

LONGEST = 32_767
TEXT_FORMAT = "@"
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
HAN = re.compile(r"[㐀-鿿豈-﫿𠀀-𿿿]+")


def is_risky(text: str) -> bool:
    """Whether a program may take the text for a formula or swallow its first character."""
    return text.startswith(RISKY)


def as_written(text: str) -> str:
    """A text as a sheet's XML holds it, before its marks are escaped."""
    kept = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST]
    return ESCAPE.sub("_x005F_", kept)


def write_text(cell: Cell, text: str) -> None:
    """Put a text into a cell as nothing but a text."""
    cell.value = as_written(text)
    cell.data_type = "s"


def safe_cell(cell: Cell, text: str) -> None:
    """The same, marked as quoted where a program might think otherwise; the cell's style must have been set before."""
    write_text(cell, text)
    if is_risky(text):
        cell.quotePrefix = True


def one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def tidy_name(text: str) -> str:
    """A name as it is kept: “丁　一” is printed so, and is 丁一; the blanks of other names stay."""
    bare = re.sub(r"\s+", "", text)
    return bare if HAN.fullmatch(bare.replace("·", "")) else " ".join(text.split())


def plain(text: str) -> str:
    """A heading or a choice as it is compared: half-width, without blanks, brackets and their content, and marks."""
    narrow = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕", "", narrow)
    return re.sub(r"[,.:;*、，。：；·\-/\"“”()\[\]【】〔〕]", "", bare or narrow)


def text_of(value: Any) -> str:
    """What a cell shows, as text; a whole number without its point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return tidy_text(str(value))
