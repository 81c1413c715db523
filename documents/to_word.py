"""How does a sheet become a Word file that the office can go on editing? python-docx, in the faces of official papers.

The fonts are named, not embedded: Windows and WPS have 仿宋_GB2312 and its kin, and fall back by themselves where not.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shape import InlineShape
from docx.shared import Emu, Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph as WordParagraph

from documents.cells import CONTROL
from documents.grid import (
    Align,
    Block,
    Cell,
    Face,
    PageBreak,
    Paragraph,
    Picture,
    Run,
    Sheet,
    Stamp,
    Stand,
    Table,
    placed,
)

NAMES = {
    Face.SONG: "宋体",
    Face.FANG: "仿宋_GB2312",
    Face.HEI: "黑体",
    Face.TITLE: "方正小标宋简体",
    Face.KAI: "楷体_GB2312",
}
SIDES = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTER: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
STANDS = {
    Stand.TOP: WD_CELL_VERTICAL_ALIGNMENT.TOP,
    Stand.MIDDLE: WD_CELL_VERTICAL_ALIGNMENT.CENTER,
    Stand.BOTTOM: WD_CELL_VERTICAL_ALIGNMENT.BOTTOM,
}
HEADER_FROM_TOP = Mm(4.8)
NUMBER_SIZE = 14
NUMBER_BELOW = 7.0
CHARACTER = NUMBER_SIZE * 25.4 / 72
TWIPS = 1440 / 25.4
BY = "工匠认定"
LONGEST_TITLE = 255


def word(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one .docx, each in a section of its own."""
    document = _blank(sheets[0].title)
    document.settings.odd_and_even_pages_header_footer = any(sheet.numbered for sheet in sheets)
    for number, sheet in enumerate(sheets):
        section = document.sections[0] if number == 0 else document.add_section(WD_SECTION.NEW_PAGE)
        _set_page(section, sheet)
        for block in sheet.blocks:
            _add(document, block)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _blank(title: str) -> WordDocument:
    document = Document()
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = title[:LONGEST_TITLE], BY, BY, ""
    core.created = core.modified = datetime.now(UTC)
    normal = document.styles["Normal"]
    _set_face(normal.element.get_or_add_rPr(), Face.FANG, 10.5)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    return document


def _set_page(section: Section, sheet: Sheet) -> None:
    top, right, bottom, left = (Mm(m) for m in sheet.margins)
    section.page_width, section.page_height = Mm(sheet.width), Mm(sheet.height)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = (
        top,
        right,
        bottom,
        left,
    )
    section.header_distance, section.footer_distance = HEADER_FROM_TOP, Mm(8)
    for part in (section.header, section.even_page_header, section.footer, section.even_page_footer):
        part.is_linked_to_previous = False
    if sheet.stamp is not None:
        _stamp(section.header.paragraphs[0], sheet.stamp)
        _stamp(section.even_page_header.paragraphs[0], sheet.stamp)
    if sheet.numbered:
        section.footer_distance = Mm(sheet.margins[2] - NUMBER_BELOW - CHARACTER)
        _number(section.footer.paragraphs[0], Align.RIGHT)
        _number(section.even_page_footer.paragraphs[0], Align.LEFT)


def _number(into: WordParagraph, align: Align) -> None:
    """— 1 —, one character away from the edge."""
    left, right = (CHARACTER, 0.0) if align is Align.LEFT else (0.0, CHARACTER)
    _shape(into, Paragraph(align=align, left=left, right=right), exact=False)
    _add_run(into, Run("— ", Face.SONG, NUMBER_SIZE))
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = into.add_run()
        _set_face(run._r.get_or_add_rPr(), Face.SONG, NUMBER_SIZE)
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)
    _add_run(into, Run(" —", Face.SONG, NUMBER_SIZE))


def _stamp(into: WordParagraph, stamp: Stamp) -> None:
    _shape(into, Paragraph(align=Align.RIGHT), exact=False)
    _add_run(into, Run(stamp.text + " ", Face.SONG, 7))
    _without_distance(into.add_run().add_picture(BytesIO(stamp.png), width=Mm(stamp.size)))


def _add(into: WordDocument | WordCell, block: Block) -> None:
    if isinstance(block, Paragraph):
        _fill(into.add_paragraph(), block)
    elif isinstance(block, Picture):
        _place(into.add_paragraph(), block)
    elif isinstance(block, PageBreak):
        into.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    else:
        _add_table(into, block)


def _fill(paragraph: WordParagraph, given: Paragraph) -> None:
    _shape(paragraph, given)
    for run in given.runs:
        _add_run(paragraph, run)


def _shape(paragraph: WordParagraph, given: Paragraph, exact: bool = True) -> None:
    shape = paragraph.paragraph_format
    shape.alignment = SIDES[given.align]
    shape.space_before, shape.space_after = Pt(given.before), Pt(given.after)
    shape.keep_with_next = given.keeps or None
    shape.right_indent = Mm(given.right) if given.right else None
    if given.left or given.hanging or given.indent:
        shape.left_indent = Mm(given.left + given.hanging)
        shape.first_line_indent = Mm(given.indent - given.hanging)
    if given.tab is not None:
        shape.tab_stops.add_tab_stop(Mm(given.tab))
    if exact:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(given.line)
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    paragraph._p.get_or_add_pPr().insert_element_before(
        snap, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"
    )


def _add_run(paragraph: WordParagraph, given: Run) -> None:
    run = paragraph.add_run(CONTROL.sub("", given.text))
    run.bold, run.underline = given.bold or None, given.underline or None
    _set_face(run._r.get_or_add_rPr(), given.face, given.size)


def _set_face(properties: object, face: Face, size: float) -> None:
    fonts = properties.get_or_add_rFonts()  # type: ignore[attr-defined]
    for place in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(place), NAMES[face])
    fonts.set(qn("w:hint"), "eastAsia")
    properties.sz_val = Pt(size)  # type: ignore[attr-defined]


def _place(paragraph: WordParagraph, picture: Picture) -> None:
    """A picture within its box; a shape keeps its proportions."""
    _shape(paragraph, Paragraph(align=picture.align), exact=False)
    shape = paragraph.add_run().add_picture(BytesIO(picture.content))
    scale = min(Mm(picture.width) / shape.width, Mm(picture.height) / shape.height)
    shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
    _without_distance(shape)


def _without_distance(shape: InlineShape) -> None:
    """Left out, the distances to the text around are no zeros for everyone: LibreOffice then shifts the picture."""
    for side in ("T", "B", "L", "R"):
        shape._inline.set(f"dist{side}", "0")


def _add_table(into: WordDocument | WordCell, given: Table) -> None:
    rows, columns = len(given.rows), len(given.widths)
    table = into.add_table(rows, columns)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _set_borders(table, given)
    for column, width in zip(table.columns, given.widths, strict=True):
        column.width = Mm(width)
    for made, row in zip(table.rows, given.rows, strict=True):
        made.height, made.height_rule = Mm(row.height), WD_ROW_HEIGHT_RULE.AT_LEAST
        if not row.breaks:
            made._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if row.heading:
            made._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for one, width in zip(made._tr.tc_lst, given.widths, strict=True):
            one.width = Mm(width)
    for row_number, column_number, cell in placed(given):
        made_cell = table.cell(row_number, column_number)
        if cell.rows > 1 or cell.columns > 1:
            made_cell = made_cell.merge(
                table.cell(row_number + cell.rows - 1, column_number + cell.columns - 1)
            )
        _fill_cell(made_cell, cell)


def _fill_cell(made: WordCell, cell: Cell) -> None:
    """Word wants a paragraph at the end of every cell; the one that is there already is used first."""
    made.vertical_alignment = STANDS[cell.stand]
    first = made.paragraphs[0]
    _shape(first, Paragraph())
    for block in cell.blocks:
        _add(made, block)
    if cell.blocks and not isinstance(cell.blocks[-1], Table):
        first._p.getparent().remove(first._p)


def _set_borders(table: WordTable, given: Table) -> None:
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        edge = OxmlElement(f"w:{side}")
        width = given.line if side.startswith("inside") else given.border
        for name, value in (
            ("val", "single"),
            ("sz", str(round(width * 8))),
            ("space", "0"),
            ("color", "000000"),
        ):
            edge.set(qn(f"w:{name}"), value)
        borders.append(edge)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(given.padding * TWIPS)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(borders)
    layout.addnext(margins)
