"""Which cells does an uploaded spreadsheet have, and what is special about them?

calamine reads the values of .xlsx and .xls, fast; what it does not tell of an .xlsx (formulas, errors, hidden rows and
columns) openpyxl does. Rows and columns count from 0.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MOST_ROWS = 5_000
MOST_COLUMNS = 200
ZIP = b"PK\x03\x04"


@dataclass
class Grid:
    """One worksheet. `formulas` maps a cell to its formula, `errors` to what it shows instead of a value."""

    name: str
    rows: list[list[Any]]
    visible: bool = True
    whole: bool = True
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    struck_rows: set[int] = field(default_factory=set)

    @cached_property
    def from_above(self) -> dict[tuple[int, int], int]:
        """The row in which the text of a cell stands that is merged with those above it."""
        return {(r, left): top for top, left, last, _ in self.merged for r in range(top + 1, last + 1)}

    def heading(self, row: int, column: int) -> Any:
        """What stands in a cell of the headings, or over it where two rows of them are merged."""
        return self.cell(row, column) or self.cell(self.from_above.get((row, column), row), column)

    def cell(self, row: int, column: int) -> Any:
        line = self.rows[row] if row < len(self.rows) else []
        return line[column] if column < len(line) else ""


@dataclass
class Book:
    """The worksheets of a file; `marked` says whether formulas and hidden parts could be told."""

    grids: list[Grid]
    marked: bool


def read_book(content: bytes) -> Book:
    """Every worksheet. Raises what calamine raises on a damaged or locked file."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    kinds = {m.name: m for m in workbook.sheets_metadata}
    grids = [
        _grid(workbook.get_sheet_by_name(name), kinds[name].visible is SheetVisibleEnum.Visible)
        for name in workbook.sheet_names
        if kinds[name].typ is SheetTypeEnum.WorkSheet
    ]
    return Book(grids, not content.startswith(ZIP) or _mark(content, grids))


def _grid(sheet: CalamineSheet, visible: bool) -> Grid:
    """A worksheet from its first cell on; `whole` is false when it is larger than anything we take in."""
    whole = sheet.total_height <= MOST_ROWS and sheet.total_width <= MOST_COLUMNS
    rows = sheet.to_python(skip_empty_area=False, nrows=None if whole else 1) if sheet.start else []
    merged = [(r1, c1, r2, c2) for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or []]
    return Grid(sheet.name, rows, visible, whole, merged)


def _mark(content: bytes, grids: list[Grid]) -> bool:
    """Note what openpyxl tells; a file that only calamine can read is read without."""
    try:
        workbook = load_workbook(io.BytesIO(content), keep_links=False)
    except Exception:  # noqa: BLE001 -- other programs write parts that openpyxl does not know; the values are read
        return False
    for grid in grids:
        if grid.whole and grid.name in workbook.sheetnames:
            _mark_grid(workbook[grid.name], grid)
    return True


def _mark_grid(sheet: Worksheet, grid: Grid) -> None:
    grid.hidden_rows = {n - 1 for n, d in sheet.row_dimensions.items() if d.hidden}
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min and dimension.max:
            grid.hidden_columns |= set(range(dimension.min - 1, min(dimension.max, MOST_COLUMNS)))
    for cell in _filled(sheet):
        place = (cell.row - 1, cell.column - 1)
        if cell.has_style and cell.font.strike:
            grid.struck_rows.add(place[0])
        if cell.data_type == "f":
            grid.formulas.add(place)
        elif cell.data_type == "e":
            grid.errors[place] = str(cell.value)


def _filled(sheet: Worksheet) -> Iterator[Any]:
    last, widest = min(sheet.max_row, MOST_ROWS), min(sheet.max_column, MOST_COLUMNS)
    for row in sheet.iter_rows(max_row=last, max_col=widest):
        for cell in row:
            if cell.value is not None:
                yield cell
