"""How is a list of people with amounts written as a spreadsheet: title, headings, rows, a total, a note?"""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from documents.summary_style import (
    FIRST_ROW,
    HEADING_ROW,
    TITLE_ROW,
    Styles,
    height_of_note,
    row_height,
    set_up_page,
)
from documents.workbooks import saved

TITLE_HEIGHT, HEADING_HEIGHT = 48.0, 36.0
MONEY = "#,##0"


@dataclass(frozen=True)
class Column:
    """A heading with its width in characters; a `number` column is summed where the table has a total."""

    heading: str
    width: float
    number: bool = False


@dataclass(frozen=True)
class Table:
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str | int]]
    note: str = ""
    total: str = ""


def write_table(table: Table) -> bytes:
    """The table as .xlsx, one page wide; every text is a text, every number in a number column a number."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    widths = [c.width for c in table.columns]
    set_up_page(sheet, widths)
    styles = Styles(sheet)
    sheet.append([])
    sheet.append([styles.like(styles.title, table.title)])
    last = get_column_letter(len(widths))
    sheet.merged_cells.add(f"A{TITLE_ROW}:{last}{TITLE_ROW}")
    sheet.row_dimensions[TITLE_ROW].height = TITLE_HEIGHT
    sheet.append([styles.heading(c.heading) for c in table.columns])
    sheet.row_dimensions[HEADING_ROW].height = HEADING_HEIGHT
    for number, row in enumerate([*table.rows, *_total(table)], FIRST_ROW):
        sheet.append([_cell(styles, c, v) for c, v in zip(table.columns, row, strict=True)])
        sheet.row_dimensions[number].height = row_height([str(v) for v in row], widths)
    _note(sheet, styles, table, widths)
    return saved(workbook)


def _cell(styles: Styles, column: Column, value: str | int) -> Cell:
    cell = styles.body(str(value), column.width)
    if column.number and isinstance(value, int):
        cell.value = value
        cell.data_type = "n"
        cell.number_format = MONEY
    return cell


def _total(table: Table) -> list[list[str | int]]:
    if not table.total:
        return []
    summed = [
        sum(v for row in table.rows if isinstance(v := row[n], int)) if c.number else ""
        for n, c in enumerate(table.columns)
    ]
    return [[table.total, *summed[1:]]]


def _note(sheet: Worksheet, styles: Styles, table: Table, widths: Sequence[float]) -> None:
    row = FIRST_ROW + len(table.rows) + len(_total(table))
    last = get_column_letter(len(widths))
    if table.note:
        sheet.row_dimensions[row].height = height_of_note(table.note, widths)
        styles.put(row, styles.note, table.note)
        sheet.merged_cells.add(f"A{row}:{last}{row}")
    sheet.print_area = f"A1:{last}{row}"
