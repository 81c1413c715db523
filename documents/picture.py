"""How does a Word file look, for whoever compares it with what was read from it? A PNG of every page.

Not as Word itself breaks lines, but with the same words, boxes, cells and pictures in the same places.
"""

import io
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import replace

from PIL import Image

from documents import grid, to_typst
from documents.layouts.fitting import POINTS_PER_MM, ems
from documents.limits import TooMuch, Unreadable, run_limited
from documents.problems import Refusal
from documents.word_reading import Block, Cell, Paragraph, Table, Word, open_word
from documents.word_runs import Picture, Piece

SECONDS, MEGABYTES, PPI = 20, 1500, 130
MOST_PAGES, MOST_ROWS, LONG_TEXT = 12, 800, 500
USUAL_SIZE, NARROWEST, SMALLEST = 10.5, 4.0, 5.0
MARGIN = 6.0
MOST_PIXELS, LARGEST_SIDE = 40_000_000, 1600
FACES = (
    ("小标宋", grid.Face.TITLE),
    ("黑体", grid.Face.HEI),
    ("仿宋", grid.Face.FANG),
    ("楷体", grid.Face.KAI),
)
SIDES = {
    "center": grid.Align.CENTER,
    "distribute": grid.Align.CENTER,
    "right": grid.Align.RIGHT,
    "end": grid.Align.RIGHT,
}


def picture_pages(content: bytes) -> list[bytes]:
    """The pages of a Word file as PNG, the first few of a long one; none where it can't be drawn."""
    try:
        drawn = run_limited("documents.picture:draw", content, seconds=SECONDS, megabytes=MEGABYTES)
    except (TooMuch, Unreadable):
        return []
    return [b64decode(page) for page in drawn]


def draw(content: bytes) -> list[str]:
    """The work of the limited process."""
    try:
        sheet = as_sheet(open_word(content))
        return [b64encode(page).decode() for page in to_typst.pages([sheet], PPI)[:MOST_PAGES]]
    except Refusal:
        return []


def as_sheet(word: Word) -> grid.Sheet:
    """The document as it would be printed, with narrow margins: what is compared are the words."""
    width, height, above, right, below, left = word.page
    room = width - left - right
    blocks = tuple(_blocks(word, word.blocks[:MOST_ROWS], room))
    wide, high = room + 2 * MARGIN, height - above - below + 2 * MARGIN
    return grid.Sheet(blocks, "页面", wide, high, (MARGIN, MARGIN, MARGIN, MARGIN))


def _blocks(
    word: Word, blocks: Sequence[Block], room: float
) -> Iterator[grid.Paragraph | grid.Picture | grid.Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield _table(word, block, room)
        else:
            yield from _paragraph(word, block, room)


# --- paragraphs --------------------------------------------------------------------------------------------------


def _paragraph(word: Word, given: Paragraph, room: float) -> Iterator[grid.Paragraph | grid.Picture]:
    align = SIDES.get(given.align, grid.Align.LEFT)
    for picture in given.pictures:
        if drawn := _picture(word, picture, room):
            yield drawn
    for runs in _lines(given.pieces):
        text = "".join(r.text for r in runs)
        if not text and any(True for _ in given.pictures):
            continue
        runs = _narrowed(runs, room)
        size = max((r.size for r in runs), default=USUAL_SIZE)
        tab = room * 0.6 if any(r.text == "\t" for r in runs) else None
        yield grid.Paragraph(tuple(runs), align, line=size * grid.NARROW_LINE, tab=tab)


def _narrowed(runs: list[grid.Run], room: float) -> list[grid.Run]:
    """A number that is wider than its cell is set smaller, as it can't be broken."""
    widest = max((ems(w) * r.size for r in runs for w in r.text.split() if w.isascii()), default=0.0)
    if widest <= room * POINTS_PER_MM:
        return runs
    return [replace(r, size=max(r.size * room * POINTS_PER_MM / widest, SMALLEST)) for r in runs]


def _lines(pieces: Sequence[Piece]) -> Iterator[list[grid.Run]]:
    """A paragraph line by line; the first tab of a line stands alone, further ones are blanks."""
    line: list[grid.Run] = []
    for piece in pieces:
        for n, part in enumerate(piece.text.split("\n")):
            if n:
                yield line
                line = []
            before, tab, after = part.partition("\t")
            line += [_run(before, piece)] if before else []
            if tab:
                seen = any(r.text == "\t" for r in line)
                line.append(_run("    " if seen else "\t", piece))
            line += [_run(after.replace("\t", "    "), piece)] if after else []
    yield line


def _run(text: str, piece: Piece) -> grid.Run:
    face = next((face for name, face in FACES if name in piece.style.font), grid.Face.SONG)
    return grid.Run(text, face, max(piece.style.size or USUAL_SIZE, SMALLEST), piece.style.bold)


def _picture(word: Word, given: Picture, room: float) -> grid.Picture | None:
    content = _as_png(word.picture(given) or b"")
    if content is None:
        return None
    width, height = given.width or 25.0, given.height or 35.0
    scale = min(room / width, 1.0)
    return grid.Picture(content, width * scale, height * scale)


def _as_png(content: bytes) -> bytes | None:
    """The picture in a size for the screen; None for what is no ordinary picture."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "BMP", "GIF", "TIFF")) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
            out = io.BytesIO()
            image.convert("RGB").save(out, "PNG")
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


# --- tables ------------------------------------------------------------------------------------------------------


def _table(word: Word, given: Table, room: float) -> grid.Table:
    """The table within the width there is; every row is as wide as the table, whatever the file says."""
    columns = max((c.column + c.columns for c in given.cells), default=1)
    widths = [w or NARROWEST for w in given.widths[:columns]]
    widths += [room / columns] * (columns - len(widths))
    scale = min(room / sum(widths), 1.0)
    widths = [w * scale for w in widths]
    rows: list[grid.Row] = []
    covered: list[int] = [0] * columns
    for number, row in enumerate(given.rows[:MOST_ROWS]):
        left = min(len(given.rows), MOST_ROWS) - number
        cells = tuple(_row(word, row, covered, left, widths))
        long = any(len(c.text) > LONG_TEXT for c in row)
        rows.append(grid.Row(cells, given.heights[number], breaks=long))
        covered[:] = [max(n - 1, 0) for n in covered]
    return grid.Table(tuple(widths), tuple(rows))


def _row(
    word: Word, row: Sequence[Cell], covered: list[int], left: int, widths: Sequence[float]
) -> Iterator[grid.Cell]:
    """The cells of a row in their columns; `covered` counts for each column the rows that a cell above still takes."""
    at = 0
    for cell in [*row, None]:
        stop = min(cell.column, len(covered)) if cell is not None else len(covered)
        while at < stop:
            if not covered[at]:
                yield grid.Cell()
                covered[at] = 1
            at += 1
        if cell is None or at >= len(covered) or cell.column < at or any(covered[at : at + cell.columns]):
            continue
        columns, rows = min(cell.columns, len(covered) - at), min(cell.rows, left)
        room = max(sum(widths[at : at + columns]) - 3, NARROWEST)
        blocks = tuple(_blocks(word, cell.blocks, room))
        covered[at : at + columns] = [rows] * columns
        yield grid.Cell(blocks, columns, rows, grid.Stand(cell.stand))
        at += columns
