"""What stands in a .docx, as a reader of the page sees it? Paragraphs and tables, whatever Word or WPS made of them.

Kept: text typed in with changes tracked, in content controls, in text boxes. Left out: what is deleted, struck out or
hidden, and the grey words of a control that nobody has filled in. Lengths are millimetres.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from documents.word_refusals import refusal, why_no_package
from documents.word_runs import (
    PLAIN,
    RELATION,
    A,
    Picture,
    Piece,
    Style,
    W,
    pieces_of,
    shows_grey_words,
    style_of,
)
from models.zips import DAMAGED, has_password

STRICT = b"http://purl.oclc.org/ooxml/"
NAMESPACES = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W.strip("{}").encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": RELATION.strip("{}").encode(),
    b"http://purl.oclc.org/ooxml/drawingml/main": A.strip("{}").encode(),
}
BODY, RELATIONS = "word/document.xml", "word/_rels/document.xml.rels"
LARGEST_BODY, LARGEST_PICTURE = 40_000_000, 20_000_000
DEEPEST = 8
TWIP = 25.4 / 1440
HIDING = {f"{W}del", f"{W}moveFrom", f"{W}sdtPr", f"{W}pPr", f"{W}tblPr", f"{W}trPr", f"{W}tcPr"}
DRAWINGS = {f"{W}drawing", f"{W}pict"}
BROKEN = (*DAMAGED, ParseError, DefusedXmlException, LookupError)


@dataclass
class Paragraph:
    """`drawn` says that a picture or a shape stands in it."""

    pieces: list[Piece]
    align: str = "left"
    drawn: bool = False

    @cached_property
    def text(self) -> str:
        return "".join(p.text for p in self.pieces)

    @property
    def pictures(self) -> Iterator[Picture]:
        return (p.picture for p in self.pieces if p.picture is not None)


@dataclass
class Cell:
    """One cell as it is seen: merged ones are one, in their first row and column."""

    row: int
    column: int
    columns: int = 1
    rows: int = 1
    blocks: list["Paragraph | Table"] = field(default_factory=list)
    stand: str = "middle"

    @cached_property
    def text(self) -> str:
        return "\n".join(b.text for b in self.blocks)

    @property
    def drawn(self) -> bool:
        return any(b.drawn for b in self.blocks if isinstance(b, Paragraph))

    @property
    def tables(self) -> list["Table"]:
        return [b for b in self.blocks if isinstance(b, Table)]

    @property
    def pictures(self) -> Iterator[Picture]:
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield from block.pictures


@dataclass
class Table:
    widths: list[float]
    rows: list[list[Cell]]
    heights: list[float]

    @cached_property
    def text(self) -> str:
        """A line a row, its cells two blanks apart."""
        return "\n".join("  ".join(c.text.strip() for c in row if c.text.strip()) for row in self.rows)

    @property
    def cells(self) -> Iterator[Cell]:
        return (cell for row in self.rows for cell in row)


Block = Paragraph | Table


Page = tuple[float, float, float, float, float, float]
A4: Page = (210.0, 297.0, 25.0, 20.0, 20.0, 20.0)


@dataclass
class Word:
    """`page` is its width and height, and the margins above, right, below and left."""

    blocks: list[Block]
    package: zipfile.ZipFile
    targets: dict[str, str]
    page: Page = A4

    def picture(self, picture: Picture) -> bytes | None:
        """The bytes of a picture that lies in the document itself."""
        name = self.targets.get(picture.relation, "")
        try:
            if self.package.getinfo(name).file_size <= LARGEST_PICTURE:
                return self.package.read(name)
        except BROKEN:
            pass
        return None

    @property
    def text(self) -> str:
        return "\n".join(b.text for b in self.blocks)


def open_word(content: bytes) -> Word:
    """The document in `content`. Raises `Refusal`: not Word, old Word, with a password, damaged."""
    if not content.startswith(b"PK"):
        raise refusal(why_no_package(content))
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        if any(map(has_password, package.infolist())):
            raise refusal("encrypted")
        root = _xml(package, BODY)
        body = root.find(f"{W}body")
        if body is None:
            raise refusal("damaged")
        return Word(list(blocks_in(body)), package, _targets(package), _page(body))
    except KeyError:
        raise refusal("not_word") from None
    except BROKEN:
        raise refusal("damaged") from None


def _xml(package: zipfile.ZipFile, name: str) -> Element:
    if package.getinfo(name).file_size > LARGEST_BODY:
        raise refusal("too_long")
    content = package.read(name)
    if STRICT in content:
        for strict, usual in NAMESPACES.items():
            content = content.replace(strict, usual)
    found: Element = fromstring(content)
    return found


def _targets(package: zipfile.ZipFile) -> dict[str, str]:
    try:
        relations = _xml(package, RELATIONS)
    except KeyError:
        return {}
    inside = [r for r in relations if r.get("TargetMode", "").lower() != "external"]
    return {r.get("Id", ""): _entry_name(r.get("Target", "")) for r in inside}


def _entry_name(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("word") / target)


def _page(body: Element) -> Page:
    size, margins = body.find(f"{W}sectPr/{W}pgSz"), body.find(f"{W}sectPr/{W}pgMar")
    width, height = _length(size, "w"), _length(size, "h")
    if not (50 < width < 1000 and 50 < height < 1000):
        width, height = A4[:2]
    given = [_length(margins, name) for name in ("top", "right", "bottom", "left")]
    above, right, below, left = (m if 0 < m < 60 else usual for m, usual in zip(given, A4[2:], strict=True))
    return width, height, above, right, below, left


# --- paragraphs and tables ---------------------------------------------------------------------------------------


def blocks_in(element: Element, depth: int = 0) -> Iterator[Block]:
    """The paragraphs and tables below an element, through whatever is wrapped around them."""
    for child in element:
        if child.tag == f"{W}p":
            yield _paragraph(child)
        elif child.tag == f"{W}tbl":
            if depth < DEEPEST:
                yield _table(child, depth + 1)
        elif child.tag not in HIDING and not shows_grey_words(child):
            yield from blocks_in(child, depth)


def _paragraph(element: Element) -> Paragraph:
    properties = element.find(f"{W}pPr")
    align = properties.find(f"{W}jc") if properties is not None else None
    style: Style = style_of(properties.find(f"{W}rPr"), PLAIN) if properties is not None else PLAIN
    given = align.get(f"{W}val", "left") if align is not None else "left"
    drawn = any(e.tag in DRAWINGS for e in element.iter())
    return Paragraph(list(pieces_of(element, style)), given, drawn)


def _table(element: Element, depth: int) -> Table:
    rows: list[list[Cell]] = []
    heights: list[float] = []
    open_cells: dict[int, Cell] = {}
    for tr in _wrapped(element, f"{W}tr"):
        if tr.find(f"{W}trPr/{W}del") is not None:
            continue
        cells, open_cells = _row(tr, len(rows), open_cells, depth)
        rows.append(cells)
        heights.append(_length(tr.find(f"{W}trPr/{W}trHeight"), "val"))
    grid = element.find(f"{W}tblGrid")
    widths = [_length(column, "w") for column in grid] if grid is not None else []
    return Table(widths, rows, heights)


def _row(tr: Element, number: int, above: dict[int, Cell], depth: int) -> tuple[list[Cell], dict[int, Cell]]:
    """The cells that begin in this row, and by column those that may go on below."""
    cells: list[Cell] = []
    below: dict[int, Cell] = {}
    before = tr.find(f"{W}trPr/{W}gridBefore")
    column = _whole(before, 0)
    for tc in _wrapped(tr, f"{W}tc"):
        properties = tc.find(f"{W}tcPr")
        span = max(_whole(tc.find(f"{W}tcPr/{W}gridSpan"), 1), 1)
        if cells and _goes_on(properties, "hMerge"):
            cells[-1].columns += span
        elif column in above and _goes_on(properties, "vMerge"):
            above[column].rows += 1
            below[column] = above[column]
        else:
            cell = Cell(number, column, span, 1, list(blocks_in(tc, depth)), _stand(properties))
            cells.append(cell)
            below[column] = cell
        column += span
    return cells, below


def _goes_on(properties: Element | None, name: str) -> bool:
    """Whether the cell belongs to the one above, or to its left."""
    merge = properties.find(f"{W}{name}") if properties is not None else None
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"


def _stand(properties: Element | None) -> str:
    given = properties.find(f"{W}vAlign") if properties is not None else None
    known = {"center": "middle", "bottom": "bottom"}
    return known.get(given.get(f"{W}val", ""), "top") if given is not None else "top"


def _wrapped(element: Element, tag: str) -> Iterator[Element]:
    """The rows of a table, or the cells of a row, also those in content controls or typed in with changes tracked."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in HIDING and child.tag not in (f"{W}tbl", f"{W}p", f"{W}tblGrid"):
            yield from _wrapped(child, tag)


def _whole(element: Element | None, usual: int) -> int:
    given = element.get(f"{W}val", "") if element is not None else ""
    return min(int(given), 100) if given.isascii() and given.isdigit() else usual


def _length(element: Element | None, name: str) -> float:
    given = element.get(f"{W}{name}", "") if element is not None else ""
    return round(int(given) * TWIP, 2) if given.isascii() and given.isdigit() else 0.0
