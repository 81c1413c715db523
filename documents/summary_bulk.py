"""How are ten thousand rows written in a second? openpyxl writes the frame of the sheet, the rows go in as text.

Cell by cell it takes four times as long. The frame has one row of models: what stands between two styles' cells is
nothing but escaped text, so no cell can become a formula here either.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from documents.cells import as_written, is_risky

SHEET_PART = "xl/worksheets/sheet1.xml"
STYLE = re.compile(r'<c r="[A-Z]+\d+" s="(\d+)"')


def fill_in(
    frame: bytes, row: int, texts: Iterable[tuple[float, Sequence[str]]], wide: Sequence[bool]
) -> bytes:
    """The workbook `frame`, whose row number `row` is replaced by rows of these heights and texts.

    Its cells are the models of four styles: narrow, narrow and quoted, wide, wide and quoted.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(frame)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.infolist():
            content = given.read(part)
            if part.filename == SHEET_PART:
                content = _filled(content.decode(), row, texts, wide).encode()
            made.writestr(part, content)
    return out.getvalue()


def _filled(sheet: str, row: int, texts: Iterable[tuple[float, Sequence[str]]], wide: Sequence[bool]) -> str:
    model = re.search(rf'<row r="{row}".*?</row>', sheet, re.DOTALL)
    assert model is not None
    narrow, narrow_quoted, broad, broad_quoted = STYLE.findall(model[0])
    styles = [(broad, broad_quoted) if w else (narrow, narrow_quoted) for w in wide]
    letters = [get_column_letter(n) for n in range(1, len(wide) + 1)]
    rows: list[str] = []
    for number, (height, cells) in enumerate(texts, row):
        rows.append(f'<row r="{number}" ht="{height:g}" customHeight="1">')
        for letter, style, text in zip(letters, styles, cells, strict=True):
            place = f'<c r="{letter}{number}" s="{style[is_risky(text)]}"'
            kept = escape(as_written(text))
            rows.append(f'{place} t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>')
        rows.append("</row>")
    return sheet[: model.start()] + "".join(rows) + sheet[model.end() :]
