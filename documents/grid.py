"""How does a printed page look, before it is Word or PDF? Paragraphs and tables of cells, measured like on paper.

A layout builds a `Sheet`; `to_word` and `to_typst` render it. Lengths are millimetres, font sizes and line pitches
points. A cell that spans rows stands in its first row only; the rows it covers leave it out.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

A4_WIDTH, A4_HEIGHT = 210.0, 297.0
NARROW_LINE = 1.4


class Face(StrEnum):
    """The faces of official papers: 宋体 for labels, 仿宋 for what is filled in, 黑体, 小标宋 for titles, 楷体."""

    SONG = "song"
    FANG = "fang"
    HEI = "hei"
    TITLE = "title"
    KAI = "kai"


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Stand(StrEnum):
    """Where the text of a cell stands in its height."""

    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


def _stands_on_paper(character: str) -> bool:
    return character in "\t\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style; what stands on no paper, such as control characters, is left out of it."""

    text: str
    face: Face = Face.FANG
    size: float = 10.5
    bold: bool = False
    underline: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", "".join(c for c in self.text if _stands_on_paper(c)))


@dataclass(frozen=True)
class Paragraph:
    """`line` is the exact line pitch; a tab character in a run goes on at `tab` from the left.

    `indent` moves the first line to the right, `hanging` all the others. One that `keeps` is never the last on a page.
    """

    runs: tuple[Run, ...] = ()
    align: Align = Align.LEFT
    line: float = 14.7
    before: float = 0
    after: float = 0
    left: float = 0
    right: float = 0
    hanging: float = 0
    indent: float = 0
    tab: float | None = None
    keeps: bool = False
    kind: str = field(default="paragraph", init=False)

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Picture:
    """A JPEG or PNG, or an SVG, drawn within this width and height."""

    content: bytes
    width: float
    height: float
    align: Align = Align.CENTER
    kind: str = field(default="picture", init=False)


@dataclass(frozen=True)
class Cell:
    blocks: "tuple[Paragraph | Picture | Table, ...]" = ()
    columns: int = 1
    rows: int = 1
    stand: Stand = Stand.MIDDLE


@dataclass(frozen=True)
class Row:
    """At least `height` high; one that `breaks` may go on on the next page.

    The first rows of a table that are a `heading` stand again at the top of every page that it goes on to.
    """

    cells: tuple[Cell, ...]
    height: float = 0
    breaks: bool = False
    heading: bool = False


@dataclass(frozen=True)
class Table:
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    border: float = 1.0
    line: float = 0.75
    padding: float = 1.41
    kind: str = field(default="table", init=False)


@dataclass(frozen=True)
class PageBreak:
    kind: str = field(default="break", init=False)


Block = Paragraph | Picture | Table | PageBreak


@dataclass(frozen=True)
class Stamp:
    """What every page carries in its upper right corner: a QR code (SVG and PNG) and a line of text beside it."""

    svg: str
    png: bytes
    text: str
    size: float = 13.5


@dataclass(frozen=True)
class Sheet:
    """One paper of one or more pages. `margins` are top, right, bottom, left.

    The pages of a `numbered` one carry “— 1 —” at the foot, odd ones on the right, even ones on the left (GB/T 9704).
    """

    blocks: tuple[Block, ...]
    title: str = ""
    width: float = A4_WIDTH
    height: float = A4_HEIGHT
    margins: tuple[float, float, float, float] = (19.0, 20.0, 17.0, 20.0)
    stamp: Stamp | None = None
    numbered: bool = False

    def as_data(self) -> dict[str, Any]:
        """The sheet as plain values; pictures stay bytes."""
        return asdict(self)


def placed(table: Table) -> Iterator[tuple[int, int, Cell]]:
    """Each cell with the row and the column in which it begins."""
    taken: set[tuple[int, int]] = set()
    for row_number, row in enumerate(table.rows):
        column = 0
        for one in row.cells:
            while (row_number, column) in taken:
                column += 1
            yield row_number, column, one
            taken |= {(row_number + r, column + c) for r in range(one.rows) for c in range(one.columns)}


def line(text: str, face: Face = Face.FANG, size: float = 10.5, **more: Any) -> Paragraph:
    """A paragraph of one run."""
    return Paragraph((Run(text, face, size),), **{"line": size * NARROW_LINE, **more})


def lines(text: str, face: Face = Face.FANG, size: float = 10.5, **more: Any) -> tuple[Paragraph, ...]:
    """Typed text as it was broken into lines."""
    return tuple(line(part, face, size, **more) for part in text.splitlines() or [""])


def cell(*blocks: Paragraph | Picture | Table, **more: Any) -> Cell:
    return Cell(blocks, **more)
