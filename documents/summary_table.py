"""Whom does an uploaded 附件2 name, and what is wrong with it, row by row and column by column?

`read` is pure and runs in a limited process (`read_summary`): bytes and columns in, facts out. Rows carry the numbers
that the spreadsheet program shows. An error of a row or of the file keeps it from being taken in; a warning does not.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from python_calamine import CalamineError, PasswordError

from documents.limits import TooMuch, Unreadable, run_limited
from documents.problems import Problem, Severity
from documents.summary_checks import Column, ColumnKind, Fault
from documents.summary_grid import MOST_ROWS, Book, Grid, read_book
from documents.summary_heads import Heads, best_heads, find_heads
from documents.summary_rows import Row, read_rows, told

SECONDS, MEGABYTES = 20, 1_500
FEWEST_HEADINGS = 3


def read_summary(content: bytes, columns: Sequence[Column]) -> dict[str, Any]:
    """What an uploaded 附件2 says, read in a limited process; a file that can't be read has a problem and no rows."""
    try:
        found: dict[str, Any] = run_limited(
            "documents.summary_table:read",
            content,
            seconds=SECONDS,
            megabytes=MEGABYTES,
            columns=[asdict(c) for c in columns],
        )
    except TooMuch:
        return _refused("too_large", f"表格过大，系统没有读完。请删去人选以外的行和列，最多{MOST_ROWS}行。")
    except Unreadable:
        return _refused("damaged", "文件已损坏，打不开。请在电脑上打开后另存为.xlsx，再重新上传。")
    return found


def read(content: bytes, columns: Sequence[dict[str, Any]]) -> dict[str, Any]:
    known = [Column(**{**c, "kind": ColumnKind(c["kind"])}) for c in columns]
    try:
        book = read_book(content)
    except PasswordError:
        return _refused("encrypted", "文件设有密码，打不开。请在表格软件里取消密码，保存后重新上传。")
    except CalamineError:
        return _refused("damaged", "文件打不开，可能已损坏，或不是电子表格。请另存为.xlsx后重新上传。")
    found = best_heads(book, known)
    if found is None or len(found.places) < FEWEST_HEADINGS:
        names = "、".join(c.heading for c in known)
        return _refused("headings_missing", f"没有找到附件2的列名。请使用附件2的格式，列名为：{names}。")
    rows, skipped = read_rows(found, known)
    _check_priorities(known, rows)
    problems = [*_of_file(book, found, known), *_of_sheets(book, found, known)]
    if not rows:
        problems.append(Problem("", "no_rows", "表里没有人选。请在列名下面每人填一行。"))
    return _result(found, known, rows, skipped, problems)


def _refused(code: str, message: str) -> dict[str, Any]:
    problem = Problem("", code, message)
    facts = {"rows": [], "accepted": 0, "rejected": 0, "problems": [told(problem)]}
    return facts | {"skipped": [], "headings": [], "unknown": [], "sheet": ""}


def _result(
    heads: Heads,
    columns: Sequence[Column],
    rows: list[Row],
    skipped: list[dict[str, Any]],
    problems: list[Problem],
) -> dict[str, Any]:
    rejected = sum(row.rejected for row in rows)
    return {
        "rows": [row.as_dict(columns) for row in rows],
        "accepted": len(rows) - rejected,
        "rejected": rejected,
        "problems": [told(p) for p in problems],
        "skipped": skipped,
        "headings": [c.heading for c in columns],
        "unknown": list(heads.unknown.values()),
        "sheet": heads.grid.name,
    }


# --- the order of the rows ---------------------------------------------------------------------------------------


def _check_priorities(columns: Sequence[Column], rows: list[Row]) -> None:
    """The later of two rows with the same order is at fault, the earlier one is told; of one recommending unit.

    Rows of different recommending units may share a number, since each of them orders its own.
    """
    column = next((c for c in columns if c.kind is ColumnKind.PRIORITY), None)
    unit = next((c.heading for c in columns if c.kind is ColumnKind.RECOMMENDER), "")
    if column is None:
        return
    seen: dict[tuple[str, str], Row] = {}
    for row in rows:
        rank = row.values.get(column.heading, "")
        if not rank.isdecimal():
            continue
        earlier = seen.setdefault((rank, _spelled(row.values.get(unit, ""))), row)
        if earlier is not row:
            _note_double(column.heading, rank, earlier, row)
    _note_missing(column, rows)


def _spelled(name: str) -> str:
    """A unit's name however wide it was typed, and with or without blanks."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def _note_double(heading: str, rank: str, earlier: Row, later: Row) -> None:
    text = f"与第{earlier.number}行重复，都是{rank}，请按优先次序改为不同的数。"
    later.add(heading, Fault("priority_duplicate", text))
    text = f"与第{later.number}行重复，都是{rank}，请核对。"
    earlier.add(heading, Fault("priority_duplicate", text, Severity.WARNING))


def _note_missing(column: Column, rows: list[Row]) -> None:
    for row in rows:
        if not row.values.get(column.heading):
            row.rename(column.heading, "missing", "priority_missing")


# --- the file ----------------------------------------------------------------------------------------------------


def _of_file(book: Book, heads: Heads, columns: Sequence[Column]) -> Iterator[Problem]:
    """What concerns the table as a whole."""
    for column in columns:
        if column.heading not in heads.places:
            severity = Severity.ERROR if column.required else Severity.WARNING
            text = f"没有“{column.heading}”这一列，请按附件2补上。"
            yield Problem(column.heading, "column_missing", text, severity)
    for heading in heads.twice:
        yield Problem(heading, "column_twice", f"“{heading}”这一列有两处，请只保留一处。")
    for heading in heads.unknown.values():
        text = f"附件2没有“{heading}”这一列，内容已照样列出，不写入申请表。"
        yield Problem(heading, "unknown_column", text, Severity.WARNING)
    yield from _hidden(heads)
    if not book.marked:
        text = "无法分辨公式和隐藏的行列，请逐行核对读出的内容。"
        yield Problem("", "partly_read", text, Severity.WARNING)


def _hidden(heads: Heads) -> Iterator[Problem]:
    names = {place: heading for heading, place in heads.places.items()} | heads.unknown
    hidden = [names[c] for c in sorted(heads.grid.hidden_columns) if c in names]
    if hidden:
        text = f"有隐藏的列，也已读入：{'、'.join(hidden)}。请取消隐藏后核对。"
        yield Problem("", "hidden_column", text, Severity.WARNING)
    if shown := _shown_rows(heads, heads.grid.hidden_rows):
        text = f"有隐藏（或被筛选掉）的行，也已读入：第{shown}行。请取消隐藏后核对。"
        yield Problem("", "hidden_row", text, Severity.WARNING)
    if shown := _shown_rows(heads, heads.grid.struck_rows):
        text = f"有画了删除线的内容，也已读入：第{shown}行。不要的，请从表里删去后重新上传。"
        yield Problem("", "struck_out", text, Severity.WARNING)
    if not heads.grid.visible:
        text = f"人选在隐藏的工作表“{heads.grid.name}”里，请取消隐藏后核对。"
        yield Problem("", "hidden_sheet", text, Severity.WARNING)


def _shown_rows(heads: Heads, rows: set[int]) -> str:
    """The numbers of those of these rows that say something below the headings."""
    numbers = [r + 1 for r in sorted(rows) if r > heads.row and _has_content(heads.grid, r)]
    return "、".join(map(str, numbers[:10])) + ("等" if len(numbers) > 10 else "")


def _has_content(grid: Grid, row: int) -> bool:
    return row < len(grid.rows) and any(v != "" for v in grid.rows[row])


def _of_sheets(book: Book, heads: Heads, columns: Sequence[Column]) -> Iterator[Problem]:
    """Another sheet with people on it would be lost; one too large can't be looked through."""
    for grid in book.grids:
        if not grid.whole:
            text = f"工作表“{grid.name}”超过{MOST_ROWS}行或列数过多，没有读。请删去多余的行和列。"
            yield Problem("", "too_large", text)
        elif grid is not heads.grid:
            other = find_heads(grid, columns)
            if other is not None and len(other.places) >= FEWEST_HEADINGS and read_rows(other, columns)[0]:
                text = f"工作表“{grid.name}”里也有人选，请合并到“{heads.grid.name}”一张表里再上传。"
                yield Problem("", "several_tables", text)


def codes(result: dict[str, Any]) -> Counter[str]:
    """How often each fault was found, the file's own among them."""
    found = [p for row in result["rows"] for p in row["problems"]] + result["problems"]
    return Counter(p["code"] for p in found)
