"""Where in an uploaded spreadsheet are the headings of 附件2?

By their names, in any order and any row near the top; blanks, line breaks and brackets do not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from documents.cells import one_line, plain, text_of
from documents.summary_checks import Column
from documents.summary_grid import Book, Grid

DEEPEST = 30
REASONS = "错误原因"


@dataclass
class Heads:
    """The headings of one sheet: the row they stand in, the place of each column that was found, and the others."""

    grid: Grid
    row: int
    places: dict[str, int] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)


def best_heads(book: Book, columns: Sequence[Column]) -> Heads | None:
    """The headings of the sheet that has most of them, the first of equals."""
    found = [heads for grid in book.grids if (heads := find_heads(grid, columns)) is not None]
    return max(found, key=lambda h: len(h.places), default=None)


def find_heads(grid: Grid, columns: Sequence[Column]) -> Heads | None:
    """The row near the top in which most headings stand."""
    found = [_heads(grid, row, columns) for row in range(min(len(grid.rows), DEEPEST))]
    best = max(found, key=lambda h: len(h.places), default=None)
    if best is not None:
        best.unknown = _others(best)
    return best


def _heads(grid: Grid, row: int, columns: Sequence[Column]) -> Heads:
    heads = Heads(grid, row)
    names = {plain(c.heading): c.heading for c in columns}
    others = {plain(a): c.heading for c in columns for a in c.aliases if plain(a) not in names}
    given = {place: plain(text_of(grid.heading(row, place))) for place in range(len(grid.rows[row]))}
    cells = {place: text for place, text in given.items() if text}
    for known in (names, others):
        taken = set(heads.places.values())
        for place, text in cells.items():
            if text in known and place not in taken:
                _put(heads, known[text], place, again=known is names)
    return heads


def _put(heads: Heads, heading: str, place: int, *, again: bool) -> None:
    if heading not in heads.places:
        heads.places[heading] = place
    elif again:
        heads.twice.append(heading)


def _others(heads: Heads) -> dict[int, str]:
    """Columns that 附件2 does not have but that hold something, by what stands above them; not our own of reasons."""
    grid, known = heads.grid, set(heads.places.values())
    width = max((len(r) for r in grid.rows[heads.row :]), default=0)
    found: dict[int, str] = {}
    for place in range(width):
        if place in known or not any(grid.cell(r, place) != "" for r in range(heads.row, len(grid.rows))):
            continue
        name = one_line(text_of(grid.heading(heads.row, place))) or f"第{place + 1}列（无列名）"
        if name == REASONS:
            continue
        taken = {*heads.places, *found.values()}
        found[place] = name if name not in taken else f"{name}（第{place + 1}列）"
    return found
