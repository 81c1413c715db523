"""How does 附件2 look on paper: title, headings, borders, landscape on one page's width, headings on every page?"""

from collections.abc import Sequence
from copy import copy
from typing import cast

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from documents.cells import TEXT_FORMAT, is_risky, write_text

TITLE_ROW, HEADING_ROW, FIRST_ROW = 2, 3, 4
PAPERS = {"A4": Worksheet.PAPERSIZE_A4, "A3": Worksheet.PAPERSIZE_A3}
BODY_FONT, HEAD_FONT, TITLE_FONT = "仿宋_GB2312", "黑体", "方正小标宋简体"
LINE_HEIGHT, LEAST_HEIGHT, MOST_HEIGHT = 15.6, 32.0, 400.0
HAN_WIDTH = 2.1
LONG_WIDTH = 20

LINE = Side(style="thin")
THIN = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
RED, AMBER = PatternFill("solid", fgColor="FFC7CE"), PatternFill("solid", fgColor="FFEB9C")
PINK, GREY = PatternFill("solid", fgColor="F9DADC"), PatternFill("solid", fgColor="EEEEEE")


class Styles:
    """The few styles of a sheet, made once and given to every cell: setting fonts cell by cell takes seconds."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.note = self._style(BODY_FONT, 14, "left", border=False)
        self.mark = self._style(HEAD_FONT, 16, "left", border=False)
        self.title = self._style(TITLE_FONT, 24, "center", border=False)
        self._kept = {
            (side, quoted): self._style(BODY_FONT, 12, side, quoted=quoted)
            for side in ("left", "center")
            for quoted in (False, True)
        }
        self._heads = {fill: self._style(HEAD_FONT, 12, "center", fill=f) for fill, f in FILLS.items()}

    def _style(
        self,
        font: str,
        size: int,
        side: str,
        *,
        border: bool = True,
        quoted: bool = False,
        fill: PatternFill | None = None,
    ) -> Cell:
        cell = Cell(self.sheet, row=1, column=1)
        cell.font = Font(name=font, size=size)
        cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        cell.number_format = TEXT_FORMAT
        if border:
            cell.border = THIN
        if fill is not None:
            cell.fill = fill
        if quoted:
            cell.quotePrefix = True
        return cell

    def body(self, text: str, width: float) -> Cell:
        """A cell of the table: long texts begin at the left."""
        return self.like(self._kept["left" if width >= LONG_WIDTH else "center", is_risky(text)], text)

    def models(self) -> list[Cell]:
        """One cell of each style of the table: narrow, narrow and quoted, wide, wide and quoted."""
        return [self.like(self._kept[s, q], "样") for s in ("center", "left") for q in (False, True)]

    def put(self, row: int, model: Cell, text: str) -> None:
        """Write into the first cell of a row far below."""
        cell = cast(Cell, self.sheet.cell(row, 1))
        cell._style = model._style  # type: ignore[attr-defined]
        write_text(cell, text)

    def heading(self, text: str, fill: str = "") -> Cell:
        return self.like(self._heads[fill], text)

    def like(self, model: Cell, text: str) -> Cell:
        cell = Cell(self.sheet, row=1, column=1)
        # Shared, since nothing changes it.
        cell._style = model._style  # type: ignore[attr-defined]
        write_text(cell, text)
        return cell


def colour(cell: Cell, fill: PatternFill) -> None:
    """Colour one cell alone: its style is shared with others."""
    cell._style = copy(cell._style)  # type: ignore[attr-defined]
    cell.fill = fill


FILLS: dict[str, PatternFill | None] = {"": None, "pink": PINK, "grey": GREY}


def row_height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """High enough for the cell with most lines."""
    lines = max(
        (
            sum(-(-len(line) * HAN_WIDTH // width) or 1 for line in text.split("\n"))
            for text, width in zip(texts, widths, strict=True)
            if text
        ),
        default=1,
    )
    return max(LEAST_HEIGHT, min(MOST_HEIGHT, lines * LINE_HEIGHT + 6))


def set_up_page(sheet: Worksheet, widths: Sequence[float], paper: str = "A4") -> None:
    """Landscape, as wide as the paper, the headings on every page, page numbers."""
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = int(PAPERS[paper])
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4)
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="第 &P 页，共 &N 页"))
    sheet.freeze_panes = f"A{FIRST_ROW}"


def height_of_note(note: str, widths: Sequence[float]) -> float:
    return max(40.0, -(-len(note) * 2.6 // sum(widths)) * 20.0)
