"""What may stand in each column of 附件2, and what is wrong with what stands there?

A check takes what a cell holds and gives the text that is kept and the faults. Nothing is guessed: what can't be read
for certain stays as it was found, with a fault that says so.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any

from documents.cells import one_line, plain, text_of, tidy_name
from documents.problems import Severity
from models.text import count_characters

YOUNGEST, OLDEST = 16, 100
PHONE_DIGITS = 11
SUSPICIOUS_ZEROS = "00000"
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d{1,2}|\d\.\d+[eE]\d{1,2}")
AGE = re.compile(r"(?:满|年满)?(\d{1,3})(?:\.0+)?(?:周岁|岁)?")
NUMBER_SIGNS = str.maketrans("０１２３４５６７８９－（）＋", "0123456789-()+")
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(?:0\d{2,3})?[2-9]\d{6,7}")
PHONE_PART = re.compile(r"[\d０-９+(（][\d０-９\s\-‐-―－()（）]{5,}[\d０-９]")
CONTACT = re.compile(r"(?:联系)?电话|手机|[:：,，;；、/|]|^\s+|\s+$")
MORE_THAN_A_NAME = re.compile(r"[\d\n()（）、，,;；/／|]")
# How made-up people are marked: part of their names, so that an exported list of a practice season is read again.
MADE_UP = re.compile(r"[（(]样例[）)]$")
LEVEL = re.compile(r"(?:国家职业资格)?[一二三四五1-5]级")
NOTHING = re.compile(r"[-‐-―/／\\－]+")
YES, NO = ("是", "√", "✓", "✔", "TRUE", "Y", "YES"), ("否", "不是", "×", "FALSE", "N", "NO")
SYNONYMS = {"男性": "男", "女性": "女", **dict.fromkeys(YES, "是"), **dict.fromkeys(NO, "否")}


class ColumnKind(StrEnum):
    """How the cells of a column are read."""

    PRIORITY = "priority"
    RECOMMENDER = "recommender"
    NAME = "name"
    AGE = "age"
    CHOICE = "choice"
    CATEGORY = "category"
    PHONE = "phone"
    CONTACT = "contact"
    LONG = "long"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """One column of 附件2 as the notice has it; `aliases` are other names by which its heading is known."""

    heading: str
    kind: ColumnKind
    required: bool = False
    longest: int = 100
    choices: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Fault:
    """`text` goes on after “第6行“联系电话””."""

    code: str
    text: str
    severity: Severity = Severity.ERROR


Checked = tuple[str, list[Fault]]


def number_of(text: str) -> str:
    """A telephone number as it is kept: half-width, without blanks, dashes, brackets and the country's code."""
    bare = re.sub(r"[\s\-‐-―()]", "", text.translate(NUMBER_SIGNS))
    return re.sub(r"^(?:\+|00)86(?=1)", "", bare)


def check_cell(column: Column, value: Any) -> Checked:
    """The text that is kept of a cell, and its faults."""
    text = text_of(value)
    if not text:
        return "", [Fault("missing", "没有填写，请补上。")] if column.required else []
    faults = _odd_type(column, value)
    kept, more = CHECKS.get(column.kind, _check_text)(column, value, text)
    return kept, faults + (more or _length(column, kept))


def _odd_type(column: Column, value: Any) -> list[Fault]:
    if not isinstance(value, date | time | timedelta) or column.kind is ColumnKind.PRIORITY:
        return []
    text = "被表格软件当成了日期或时间，请核对，并把这一格设为“文本”格式后重新填写。"
    return [Fault("date_in_text", text, Severity.WARNING)]


def _length(column: Column, text: str) -> list[Fault]:
    length, most = count_characters(text), column.longest
    if length <= most or column.kind in (ColumnKind.PRIORITY, ColumnKind.AGE):
        return []
    return [Fault("too_long", f"有{length}字，最多{most}字，请删减{length - most}字。")]


def _check_text(column: Column, value: Any, text: str) -> Checked:
    return one_line(text), []


def _check_long(column: Column, value: Any, text: str) -> Checked:
    return text, []


def _check_name(column: Column, value: Any, text: str) -> Checked:
    name, bare = tidy_name(text), MADE_UP.sub("", text)
    if len(tidy_name(bare)) < 2 or MORE_THAN_A_NAME.search(bare):
        told = f"填的是“{one_line(text)}”，不像姓名，请核对；一格只写一个姓名，不加说明。"
        return name, [Fault("name_unlikely", told)]
    return name, []


def _check_priority(column: Column, value: Any, text: str) -> Checked:
    bare = text.translate(NUMBER_SIGNS)
    whole = re.fullmatch(r"第?(\d{1,4})(?:名|位)?(?:\.0+)?", bare)
    if whole is None or int(whole[1]) < 1 or isinstance(value, bool | date | time | timedelta):
        return text, [Fault("priority_invalid", f"填的是“{text}”，请填1、2、3这样的整数。")]
    return str(int(whole[1])), []


def _check_age(column: Column, value: Any, text: str) -> Checked:
    found = AGE.fullmatch(re.sub(r"\s", "", text.translate(NUMBER_SIGNS)))
    if found is None:
        return text, [Fault("age_unreadable", f"填的是“{text}”，请填周岁，如“35岁”。")]
    if not YOUNGEST <= int(found[1]) <= OLDEST:
        return text, [
            Fault("age_implausible", f"填的是{found[1]}岁，应在{YOUNGEST}至{OLDEST}岁之间，请核对。")
        ]
    return text, []


def _check_choice(column: Column, value: Any, text: str) -> Checked:
    """A choice by its name, a synonym, or the one of several words (一级/高级技师) that is a choice."""
    words = ["无"] if NOTHING.fullmatch(text) else [plain(w) for w in re.split(r"[/|、]", text)]
    known = {plain(c): c for c in column.choices}
    found = {known[k] for w in words for k in (w, SYNONYMS.get(w.upper(), "")) if k in known}
    if len(found) == 1:
        kept = found.pop()
        return kept, _reduced(text, kept, known)
    offer = "、".join(column.choices)
    return text, [Fault("choice_unknown", f"填的是“{_short(text)}”，请从这几项中选一项：{offer}。")]


def _reduced(text: str, kept: str, known: dict[str, str]) -> list[Fault]:
    """What stands in the cell besides the choice and its level (一级/高级技师) is told."""
    words = [w for w in map(plain, re.split(r"[/|、()（）]", text)) if w]
    if all(w in known or w.upper() in SYNONYMS or LEVEL.fullmatch(w) for w in words):
        return []
    told = f"填的是“{_short(one_line(text))}”，只读入“{kept}”，请核对。"
    return [Fault("choice_reduced", told, Severity.WARNING)]


def _check_category(column: Column, value: Any, text: str) -> Checked:
    known = {plain(c): c for c in column.choices}
    if plain(text) in known:
        return known[plain(text)], []
    offer = "、".join(column.choices)
    told = f"填的“{_short(text)}”不在附件5的类别中，请选一项：{offer}。"
    return one_line(text), [Fault("category_unknown", told)]


def _check_phone(column: Column, value: Any, text: str) -> Checked:
    if destroyed := number_destroyed(value, text):
        return text, [destroyed]
    number = number_of(text)
    if MOBILE.fullmatch(number) or LANDLINE.fullmatch(number):
        return one_line(text), []
    told = f"填的是“{_short(text)}”，不是11位手机号码，也不是固定电话，请核对；只填一个号码。"
    return one_line(text), [Fault("phone_invalid", told)]


def _check_contact(column: Column, value: Any, text: str) -> Checked:
    if destroyed := number_destroyed(value, text):
        return text, [destroyed]
    if PHONE_PART.search(text) is None:
        told = "里没有找到电话号码，请写明姓名和电话。"
        return text, [Fault("contact_incomplete", told, Severity.WARNING)]
    return text, []


def number_destroyed(value: Any, text: str) -> Fault | None:
    """A long number that the program has rounded (1.99E+10) can't be got back; one that is still whole is read."""
    rounded = SCIENTIFIC.search(text) is not None
    if isinstance(value, int | float) and not isinstance(value, bool):
        rounded = rounded or text_of(value).endswith(SUSPICIOUS_ZEROS) or len(text_of(value)) > PHONE_DIGITS
    if not rounded:
        return None
    told = f"显示为“{text}”，号码已被表格软件改成数值而丢失几位。请把这一格设为“文本”格式后重新填写。"
    return Fault("number_destroyed", told)


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:30] + "……"


CHECKS: dict[ColumnKind, Callable[[Column, Any, str], Checked]] = {
    ColumnKind.PRIORITY: _check_priority,
    ColumnKind.NAME: _check_name,
    ColumnKind.AGE: _check_age,
    ColumnKind.CHOICE: _check_choice,
    ColumnKind.CATEGORY: _check_category,
    ColumnKind.PHONE: _check_phone,
    ColumnKind.CONTACT: _check_contact,
    ColumnKind.LONG: _check_long,
}
