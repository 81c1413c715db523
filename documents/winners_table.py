"""Who won the title in which year, as the office's own list has it: a spreadsheet, a .csv file, or pasted lines?

The columns are found by their headings; without any they are 年度、姓名、工作单位、工种, in this order.
"""

import csv
import re
import unicodedata
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from documents.problems import Problem

HEADINGS = {
    "year": ("年度", "认定年度", "年份", "获奖年度"),
    "name": ("姓名", "获奖人", "获得者"),
    "employer": ("工作单位", "单位", "所在单位"),
    "occupation": ("工种", "岗位", "职业", "职业（工种）"),
}
ORDER = tuple(HEADINGS)
LONGEST = {"name": 80, "employer": 200, "occupation": 100}
FIRST_YEAR, LAST_YEAR = 1950, 2100
MOST_ROWS = 10_000

Row = dict[str, Any]


def read(content: bytes, name: str) -> dict[str, Any]:
    """`{"rows": [{row, year, name, employer, occupation}], "problems": [...]}`; runs in a limited process."""
    try:
        lines = _sheet(content) if name.lower().endswith((".xlsx", ".xls")) else _text(content)
    except (CalamineError, csv.Error):
        text = "文件打不开，请另存为 .xlsx 或 .csv，或者直接粘贴名单。"
        return {"rows": [], "problems": [Problem("", "unreadable", text).as_dict()]}
    rows: list[Row] = []
    problems: list[Problem] = []
    table = [[_tidy(cell) for cell in line] for line in lines[:MOST_ROWS]]
    above = next((n for n, cells in enumerate(table, 1) if _headings(cells)), 0)
    columns = _headings(table[above - 1]) if above else dict(enumerate(ORDER))
    for number, cells in enumerate(table[above:], above + 1):
        if any(cells):
            row = {key: cells[n] if n < len(cells) else "" for n, key in columns.items()}
            problems += (wrong := _check(number, row))
            if not wrong:
                rows.append({**row, "row": number, "year": _year(row["year"])})
    if not rows and not problems:
        problems.append(Problem("", "empty", "没有读到任何人，请检查是否有“年度”“姓名”两列。"))
    return {"rows": rows, "problems": [p.as_dict() for p in problems]}


def _sheet(content: bytes) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def _text(content: bytes) -> list[list[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    return [next(csv.reader([line], delimiter=_between(line)), []) for line in text.splitlines()]


def _between(line: str) -> str:
    """Lines copied from a spreadsheet have tabs, typed ones commas of either width."""
    return next((mark for mark in "\t,，" if mark in line), ",")


def _tidy(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    seen = "".join(c for c in str(cell) if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _headings(cells: list[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for n, cell in enumerate(cells):
        plain = cell.replace(" ", "")
        key = next((k for k, names in HEADINGS.items() if plain in names and k not in found.values()), None)
        if key is not None:
            found[n] = key
    return found if {"year", "name"} <= set(found.values()) else {}


def _year(text: str) -> int | None:
    found = re.fullmatch(r"(\d{4})\s*(?:年度?)?", unicodedata.normalize("NFKC", text))
    year = int(found[1]) if found else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _check(number: int, row: Row) -> list[Problem]:
    found = []
    if _year(row.get("year", "")) is None:
        text = f"第{number}行的年度“{row.get('year', '')[:20]}”看不懂，请写成2023这样的四位年份。"
        found.append(Problem("年度", "year", text))
    if not row.get("name"):
        found.append(Problem("姓名", "missing", f"第{number}行没有姓名，请补上。"))
    for key, longest in LONGEST.items():
        if len(row.get(key, "")) > longest:
            heading = HEADINGS[key][0]
            found.append(Problem(heading, "too_long", f"第{number}行的{heading}超过{longest}字，请核对。"))
    return found
