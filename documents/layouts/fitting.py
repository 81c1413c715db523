"""How large may a text be set so that its cell keeps the size that the paper has?

Word can't be asked how high a text becomes, so its lines are counted from the widths of its characters. The same size
is then used for Word and PDF.
"""

import math
import unicodedata
from dataclasses import dataclass

from documents.grid import NARROW_LINE, Align, Face, Paragraph, Run

POINTS_PER_MM = 72 / 25.4
SIZES = (10.5, 10, 9.5, 9, 8.5, 8, 7.5)
HALF = 0.56
SPARE = 1.02
WIDE = "FWA"


@dataclass(frozen=True)
class Room:
    """The inside of a cell, in millimetres, and the sizes that may be tried in it, the largest first."""

    width: float
    height: float
    sizes: tuple[float, ...] = SIZES

    def size_for(self, text: str) -> float:
        """The largest size at which the text fits; the smallest when it fits at none, and the cell grows."""
        return next((s for s in self.sizes if self.height_of(text, s) <= self.height), self.sizes[-1])

    def height_of(self, text: str, size: float) -> float:
        broken = sum(self._lines(part, size) for part in text.splitlines() or [""])
        return broken * size * NARROW_LINE / POINTS_PER_MM

    def _lines(self, text: str, size: float) -> int:
        return max(1, math.ceil(ems(text) * size * SPARE / (self.width * POINTS_PER_MM)))


def ems(text: str) -> float:
    """How wide a text is, in units of its size."""
    return sum(1 if unicodedata.east_asian_width(c) in WIDE else HALF for c in text)


def fitted(text: str, room: Room, face: Face = Face.FANG, align: Align = Align.LEFT) -> tuple[Paragraph, ...]:
    """Typed text, line by line, at the size that keeps the cell as it is."""
    size = room.size_for(text)
    return tuple(
        Paragraph((Run(part, face, size),), align, size * NARROW_LINE) for part in text.splitlines() or [""]
    )
