"""How is 附件2 written: the empty template, the list of people, and the sheet that shows what was wrong?

All of them by the notice: its title, its headings in its order, its note. Every cell is text.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from documents.problems import Severity
from documents.summary_bulk import fill_in
from documents.summary_checks import Column, ColumnKind
from documents.summary_columns import columns_of, fields_in
from documents.summary_heads import REASONS
from documents.summary_style import (
    AMBER,
    FIRST_ROW,
    HEADING_ROW,
    LONG_WIDTH,
    RED,
    TITLE_ROW,
    Styles,
    colour,
    height_of_note,
    row_height,
    set_up_page,
)
from documents.workbooks import saved
from models.form_field import SummarySheet
from models.notice import Notice

MARK = "附件2"
SHEET, EXPLANATION, LISTS, FINDINGS = "汇总表", "填写说明", "下拉选项", "校验结果"
EXAMPLE = "样例"
EMPTY_ROWS = 60
EVEN_WIDTH = 12.0
HEADING_HEIGHT, TITLE_HEIGHT = 62.0, 48.0
LONGEST_COMMENT = 400
NOBODY: Sequence[Mapping[str, str]] = [{}]


def _layout(notice: Notice) -> tuple[SummarySheet, list[Column], list[float]]:
    assert notice.summary is not None
    columns = columns_of(notice)
    return notice.summary, columns, notice.summary.widths or [EVEN_WIDTH] * len(columns)


def _sheet(workbook: Workbook, title: str) -> Worksheet:
    return cast(Worksheet, workbook.create_sheet(title))


def _top(sheet: Worksheet, styles: Styles, summary: SummarySheet, last: int) -> None:
    """The mark, the title, and the heights of the headings."""
    sheet.row_dimensions[TITLE_ROW].height = TITLE_HEIGHT
    sheet.row_dimensions[HEADING_ROW].height = HEADING_HEIGHT
    sheet.append([styles.like(styles.mark, MARK)])
    sheet.append([styles.like(styles.title, summary.title)])
    sheet.merged_cells.add(f"A{TITLE_ROW}:{get_column_letter(last)}{TITLE_ROW}")


def _bottom(sheet: Worksheet, styles: Styles, note: str, row: int, widths: Sequence[float]) -> None:
    last = get_column_letter(len(widths))
    sheet.row_dimensions[row].height = height_of_note(note, widths)
    styles.put(row, styles.note, note)
    sheet.merged_cells.add(f"A{row}:{last}{row}")
    sheet.print_area = f"A1:{last}{row}"


# --- the list of people ------------------------------------------------------------------------------------------


def write_summary(notice: Notice, rows: Sequence[Mapping[str, str]], *, paper: str = "A4") -> bytes:
    """The filled 附件2 of these people, as the official form is laid out."""
    summary, columns, widths = _layout(notice)
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    set_up_page(sheet, widths, paper)
    styles = Styles(sheet)
    _top(sheet, styles, summary, len(columns))
    sheet.append([styles.heading(c.heading) for c in columns])
    sheet.append(styles.models())
    _bottom(sheet, styles, summary.note, FIRST_ROW + len(rows or NOBODY), widths)
    texts = ([row.get(c.heading, "") for c in columns] for row in rows or NOBODY)
    filled = ((row_height(t, widths), t) for t in texts)
    return fill_in(saved(workbook), FIRST_ROW, filled, [w >= LONG_WIDTH for w in widths])


# --- the template ------------------------------------------------------------------------------------------------


def write_template(notice: Notice) -> bytes:
    """An empty 附件2 that is easy to fill in: text cells, drop-downs, an example that is not read, an explanation."""
    summary, columns, widths = _layout(notice)
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    set_up_page(sheet, widths)
    styles = Styles(sheet)
    _top(sheet, styles, summary, len(columns))
    sheet.append([styles.heading(c.heading, "pink" if c.required else "grey") for c in columns])
    example = {**summary.example, summary.priority: EXAMPLE}
    texts = [example.get(c.heading, "") for c in columns]
    sheet.append([styles.body(t, w) for t, w in zip(texts, widths, strict=True)])
    sheet.row_dimensions[FIRST_ROW].height = row_height(texts, widths)
    for number in range(FIRST_ROW + 1, FIRST_ROW + 1 + EMPTY_ROWS):
        sheet.append([styles.body("", w) for w in widths])
        sheet.row_dimensions[number].height = 40
    _bottom(sheet, styles, summary.note, FIRST_ROW + 1 + EMPTY_ROWS, widths)
    _drop_downs(workbook, sheet, notice, columns)
    _explain(workbook, summary, columns)
    return saved(workbook)


def _drop_downs(workbook: Workbook, sheet: Worksheet, notice: Notice, columns: Sequence[Column]) -> None:
    """Choices are kept to; what is only usual is offered, and anything else may be written."""
    lists = _sheet(workbook, LISTS)
    offered = [(n, c, _offered(notice, c)) for n, c in enumerate(columns, 1)]
    for place, (number, column, choices) in enumerate(((n, c, o) for n, c, o in offered if o), 1):
        letter = get_column_letter(place)
        for row, text in enumerate([f"选项：{column.heading}", *choices], 1):
            lists.cell(row, place, text)
        lists.column_dimensions[letter].width = 24
        validation = DataValidation(
            type="list",
            formula1=f"'{LISTS}'!${letter}$2:${letter}${len(choices) + 1}",
            allow_blank=True,
            showErrorMessage=bool(column.choices),
            errorTitle=column.heading,
            error="请从下拉列表中选一项。",
        )
        _validate(sheet, validation, number)
    for number, column in enumerate(columns, 1):
        if column.kind is ColumnKind.LONG:
            limit = DataValidation(
                type="textLength",
                operator="lessThanOrEqual",
                formula1=str(column.longest),
                allow_blank=True,
                showErrorMessage=True,
                errorTitle=column.heading[:30],
                error=f"最多{column.longest}字，请删减。",
            )
            _validate(sheet, limit, number)


def _offered(notice: Notice, column: Column) -> list[str]:
    fields = fields_in(notice, column.heading)
    return column.choices or (fields[0].suggestions if fields else [])


def _validate(sheet: Worksheet, validation: DataValidation, number: int) -> None:
    letter = get_column_letter(number)
    validation.add(f"{letter}{FIRST_ROW + 1}:{letter}{FIRST_ROW + EMPTY_ROWS}")
    sheet.add_data_validation(validation)


SAYINGS: dict[ColumnKind, str] = {
    ColumnKind.PRIORITY: "填1、2、3这样的整数，同一推荐单位内不重复",
    ColumnKind.RECOMMENDER: "填全称；专业人士推荐、个人自荐的照写",
    ColumnKind.NAME: "填身份证上的姓名",
    ColumnKind.AGE: "填周岁，如“35岁”",
    ColumnKind.CHOICE: "从下拉列表中选",
    ColumnKind.CATEGORY: "按附件5，从下拉列表中选；都不合适的选“其他”",
    ColumnKind.PHONE: "11位手机号码，或带区号的固定电话，只填一个",
    ColumnKind.CONTACT: "先写姓名，再写电话",
}


def _explain(workbook: Workbook, summary: SummarySheet, columns: Sequence[Column]) -> None:
    sheet = _sheet(workbook, EXPLANATION)
    lines = [
        f"{summary.title}填写说明",
        "1. 每人一行，从样例的下一行填起；样例行不必删除，导入时自动略过。行数不够时，在表内插入行。",
        "2. 列名请勿改动；红底的列必须填写。各格都已设为文本格式，号码照原样填写即可。",
        "3. 填好后在系统的“汇总表导入”页面上传，先校验，再确认；有一处错误，一名也不会导入。",
        f"4. {summary.note}",
    ]
    for line in lines:
        sheet.append([line])
    sheet.append([])
    sheet.append(["列名", "是否必填", "怎样填写"])
    for column in columns:
        limit = f"最多{column.longest}字" if column.kind in (ColumnKind.LONG, ColumnKind.TEXT) else ""
        said = SAYINGS.get(column.kind, "") or limit
        sheet.append([column.heading, "必填" if column.required else "", said])
    for letter, width in (("A", 30), ("B", 10), ("C", 60)):
        sheet.column_dimensions[letter].width = width


# --- what was wrong ----------------------------------------------------------------------------------------------


def write_findings(notice: Notice, result: Mapping[str, Any]) -> bytes:
    """The uploaded rows where they stood, faulty cells coloured and commented, the reasons in a column of their own."""
    summary, _, _ = _layout(notice)
    headings = [*result["headings"], *result["unknown"]]
    widths = [*_widths(notice, headings), 60.0]
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    set_up_page(sheet, widths)
    styles = Styles(sheet)
    _top(sheet, styles, summary, len(widths))
    sheet.append([styles.heading(h) for h in headings] + [styles.heading(REASONS, "pink")])
    for row in result["rows"]:
        _finding(sheet, styles, headings, widths, row)
    _findings_of_file(workbook, result)
    return saved(workbook)


def _widths(notice: Notice, headings: Sequence[str]) -> list[float]:
    _, columns, widths = _layout(notice)
    known = dict(zip((c.heading for c in columns), widths, strict=True))
    return [known.get(h, EVEN_WIDTH) for h in headings]


def _finding(
    sheet: Worksheet,
    styles: Styles,
    headings: Sequence[str],
    widths: Sequence[float],
    row: Mapping[str, Any],
) -> None:
    problems = row["problems"]
    texts = [str(row["values"].get(h, "")) for h in headings]
    texts.append("\n".join(f"{_word(p)}：{p['message']}" for p in problems))
    sheet.append([styles.body(t, w) for t, w in zip(texts, widths, strict=True)])
    number = sheet.max_row
    sheet.row_dimensions[number].height = row_height(texts, widths)
    for place, heading in enumerate(headings, 1):
        found = [p for p in problems if p["column"] == heading]
        if found:
            cell = cast(Cell, sheet.cell(number, place))
            colour(cell, RED if any(p["severity"] == Severity.ERROR for p in found) else AMBER)
            said = "\n".join(p["message"] for p in found)
            cell.comment = Comment(said[:LONGEST_COMMENT], "校验", height=120, width=260)


def _word(problem: Mapping[str, str]) -> str:
    return "错误" if problem["severity"] == Severity.ERROR else "提示"


def _findings_of_file(workbook: Workbook, result: Mapping[str, Any]) -> None:
    sheet = _sheet(workbook, FINDINGS)
    sheet.append(["轻重", "内容"])
    for problem in result["problems"]:
        sheet.append([_word(problem), problem["message"]])
    for skipped in result["skipped"]:
        sheet.append(["略过", skipped["message"]])
    sheet.column_dimensions["B"].width = 90
