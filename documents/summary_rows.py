"""Which rows of an uploaded 附件2 name a person, and what does each of them say?

What is no person is passed over and told: the example, the notes, numbered empty rows, headings printed again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from documents.cells import one_line, plain, text_of
from documents.problems import Problem, Severity
from documents.summary_checks import Column, ColumnKind, Fault, check_cell, number_destroyed
from documents.summary_heads import Heads

NOTE = re.compile(r"^(?:注|备注|说明|填表说明|填报说明)\s*[:：]")
FOOTER = re.compile(
    r"(?:填报|填表|制表|审核|负责|联系|经办)\w{0,6}\s*(?:[(（]\w*[)）])?\s*[:：]|盖章|公章|\d+年\d+月\d+日|^\s*年\s*月\s*日"
)
ONLY_NUMBER = re.compile(r"第?\d{1,4}(?:\.0+)?[.、名位号]?")
TOTALS = {"合计", "总计", "共计", "小计"}
FEWEST_NUMBERS = 4
EXAMPLE_MARKS = ("样例", "示例", "例", "例如", "范例", "举例")
EXAMPLE_NAME = "张三"
EXAMPLE_SIGNS = re.compile(
    r"^(?:按附件5填写|XX公司|x{2,}|该同志[.。…]*|.*XX年XX月.*)$", re.IGNORECASE | re.DOTALL
)
ID_HEADING = re.compile("身份证|证件号")
SHARED = (ColumnKind.RECOMMENDER, ColumnKind.CONTACT, ColumnKind.CATEGORY, ColumnKind.TEXT)


@dataclass
class Row:
    """One person's row: its number in the sheet, what each column says, what is wrong."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def rejected(self) -> bool:
        return any(p.severity is Severity.ERROR for p in self.problems)

    def add(self, heading: str, fault: Fault) -> None:
        text = f"第{self.number}行“{heading}”{fault.text}"
        self.problems.append(Problem(heading, fault.code, text, fault.severity))

    def rename(self, heading: str, code: str, new: str) -> None:
        """Give a fault of this row the code of its own that it deserves."""
        self.problems = [
            Problem(p.field, new, p.message, p.severity) if (p.field, p.code) == (heading, code) else p
            for p in self.problems
        ]

    def as_dict(self, columns: Sequence[Column]) -> dict[str, Any]:
        """As it is handed on; an order that could be read is a number."""
        ranks = {c.heading for c in columns if c.kind is ColumnKind.PRIORITY}
        values = {k: int(v) if k in ranks and v.isdecimal() else v for k, v in self.values.items()}
        order = [c.heading for c in columns]
        found = sorted(self.problems, key=lambda p: order.index(p.field) if p.field in order else len(order))
        return {"row": self.number, "values": values, "problems": [told(p) for p in found]}


def told(problem: Problem) -> dict[str, str]:
    """A problem as facts; of a whole file its column is empty."""
    facts = problem.as_dict()
    return {"column": facts["field"], **{name: facts[name] for name in ("code", "severity", "message")}}


def read_rows(heads: Heads, columns: Sequence[Column]) -> tuple[list[Row], list[dict[str, Any]]]:
    """The rows that name a person, and those that were passed over with the reason."""
    rows: list[Row] = []
    skipped: list[dict[str, Any]] = []
    merged = _merged(heads, columns)
    for at in range(heads.row + 1, len(heads.grid.rows)):
        texts = {p: t for p in range(len(heads.grid.rows[at])) if (t := _text(heads, at, p))}
        reason = _no_person(heads, columns, texts)
        if reason is None:
            rows.append(_row(heads, columns, at, merged))
        elif texts:
            skipped.append({"row": at + 1, "code": reason[0], "message": f"第{at + 1}行{reason[1]}"})
    return rows, skipped


def _text(heads: Heads, row: int, place: int) -> str:
    """What a cell shows; an error shows its name, and a formula without a result is not nothing."""
    shown = text_of(heads.grid.cell(row, place))
    if not shown and (row, place) in heads.grid.formulas:
        return "="
    return shown or heads.grid.errors.get((row, place), "")


# --- which rows are people ---------------------------------------------------------------------------------------


def _no_person(heads: Heads, columns: Sequence[Column], texts: dict[int, str]) -> tuple[str, str] | None:
    """Why this row is passed over; None if it names a person."""
    if not texts:
        return "blank", "是空行。"
    by_kind = {c.kind: texts.get(heads.places.get(c.heading, -1), "") for c in columns}
    name, rank = by_kind.get(ColumnKind.NAME, ""), by_kind.get(ColumnKind.PRIORITY, "")
    first = one_line(next(iter(texts.values())))
    if _is_example(texts, name, rank):
        return "example", "是样例，没有读入。"
    if sum(plain(t) == plain(h) for h, p in heads.places.items() if (t := texts.get(p))) > 2:
        return "heading", "是重复的列名，没有读入。"
    if _numbers_columns(texts):
        return "heading", "是各列的编号，没有读入。"
    if TOTALS & {plain(t) for t in (first, rank, name)}:
        return "note", f"是合计，没有读入：{' '.join(map(one_line, texts.values()))[:40]}"
    if name:
        return None
    if NOTE.match(first):
        return "note", f"是说明文字，没有读入：{first[:40]}"
    if list(texts.values()) == [rank] and ONLY_NUMBER.fullmatch(rank):
        return "only_number", "只有序号，没有读入。"
    if all(FOOTER.search(t) for t in texts.values()) or _is_remark(heads, texts):
        return "note", f"不是人选，没有读入：{first[:40]}"
    return None


def _is_example(texts: dict[int, str], name: str, rank: str) -> bool:
    """The official sheet's 张三, as long as something of the example still stands beside him."""
    if rank.strip("（）()") in EXAMPLE_MARKS:
        return True
    return plain(name) == EXAMPLE_NAME and any(EXAMPLE_SIGNS.match(t) for t in texts.values())


def _numbers_columns(texts: dict[int, str]) -> bool:
    """The row under the headings that counts them: 1, 2, 3 …"""
    counted = [str(n) for n in range(1, len(texts) + 1)]
    return len(counted) >= FEWEST_NUMBERS and list(texts.values()) == counted


def _is_remark(heads: Heads, texts: dict[int, str]) -> bool:
    """A single text in the first column, or across the sheet, that says nothing of a person."""
    return len(texts) == 1 and next(iter(texts)) == min([*heads.places.values(), *heads.unknown])


# --- one row -----------------------------------------------------------------------------------------------------


def _row(heads: Heads, columns: Sequence[Column], at: int, merged: "Merged") -> Row:
    row = Row(at + 1)
    for column in columns:
        place = heads.places.get(column.heading)
        if place is None:
            _missing_column(row, column)
        elif (at, place) in merged:
            _merged_cell(row, column, merged[at, place])
        else:
            _cell(heads, row, column, at, place)
    for place, heading in heads.unknown.items():
        _unknown_cell(heads, row, heading, at, place)
    return row


def _missing_column(row: Row, column: Column) -> None:
    row.values[column.heading] = ""
    if column.required:
        row.add(column.heading, Fault("missing", "没有填写：表里没有这一列，请补上。"))


def _cell(heads: Heads, row: Row, column: Column, at: int, place: int) -> None:
    grid = heads.grid
    value = grid.cell(at, place)
    if (at, place) in grid.errors:
        row.values[column.heading] = grid.errors[at, place]
        row.add(column.heading, _error(grid.errors[at, place]))
        return
    row.values[column.heading], faults = check_cell(column, value)
    if (at, place) in grid.formulas:
        faults = [_formula(value), *(f for f in faults if value != "")]
    for fault in faults:
        row.add(column.heading, fault)


def _error(shown: str) -> Fault:
    return Fault("cell_error", f"是错误值{shown}，请改为直接填写的内容。")


def _formula(value: Any) -> Fault:
    if value == "":
        return Fault("formula", "是公式，且没有算出的结果，请改为直接填写的内容。")
    return Fault("formula", f"是公式，读到的是算出的结果“{text_of(value)[:30]}”，请核对。", Severity.WARNING)


def _unknown_cell(heads: Heads, row: Row, heading: str, at: int, place: int) -> None:
    value, shown = heads.grid.cell(at, place), _text(heads, at, place)
    row.values[heading] = shown
    if shown and ID_HEADING.search(heading) and (destroyed := number_destroyed(value, shown)):
        row.add(heading, destroyed)


# --- merged cells ------------------------------------------------------------------------------------------------

# A covered cell → the row and column of the cell that holds the value, or None where it covers other columns.
Merged = dict[tuple[int, int], tuple[int, Any] | None]


def _merged(heads: Heads, columns: Sequence[Column]) -> Merged:
    """Cells below the headings that are covered by another one."""
    covered: Merged = {}
    for top, left, bottom, right in heads.grid.merged:
        for r in range(max(top, heads.row + 1), bottom + 1):
            for c in range(left, right + 1):
                if (r, c) != (top, left):
                    holder = (top + 1, heads.grid.cell(top, left)) if c == left and top > heads.row else None
                    covered[r, c] = holder
    return covered


def _merged_cell(row: Row, column: Column, holder: tuple[int, Any] | None) -> None:
    """What is written once for several rows counts for each where it may be common to them; never a person's own."""
    if holder is not None and column.kind in SHARED and column.kind is not ColumnKind.NAME:
        row.values[column.heading], faults = check_cell(column, holder[1])
        text = f"与第{holder[0]}行合并，按同一内容“{text_of(holder[1])[:30]}”读入，请核对。"
        faults = [*faults, Fault("merged", text, Severity.WARNING)]
    else:
        row.values[column.heading] = ""
        text = "是合并的单元格，无法确定属于哪一行、哪一列。请取消合并后分别填写。"
        faults = [Fault("merged", text, Severity.ERROR if column.required else Severity.WARNING)]
    for fault in faults:
        row.add(column.heading, fault)
