"""How does a workbook become bytes without a file of its own? Its rows are people's data, and a temporary file of a
process that is killed stays on the disk in plain.

openpyxl writes each sheet into a named temporary file first; here it writes into memory.
"""

import io
from datetime import UTC, datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter


class InMemory(ExcelWriter):
    """The same writer, whose sheets never touch the disk."""

    _archive: ZipFile

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        out = io.BytesIO()
        writer: Any = WorksheetWriter(ws, out=out)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], out.getvalue())
        self.manifest.append(ws)


def saved(workbook: Workbook) -> bytes:
    """The workbook as the bytes of its file."""
    out = io.BytesIO()
    workbook.properties.modified = datetime.now(UTC).replace(tzinfo=None)
    InMemory(workbook, ZipFile(out, "w", ZIP_DEFLATED, allowZip64=True)).save()
    return out.getvalue()
