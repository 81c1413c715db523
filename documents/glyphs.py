"""Which characters can none of the machine's fonts draw? They are printed as 〓, never as an empty box.

Only the character maps of the font files are read (OpenType `cmap`, formats 4 and 12), first of the fonts that papers
are set in, and of all others only while something is still missing.
"""

import mmap
import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from documents.fonts import faces, fonts

GETA = "〓"
COLLECTION = b"ttcf"
BASIC, FULL = 4, 12
IGNORABLE = "\t\n\r"

Span = tuple[int, int]


def unprintable(text: Iterable[str]) -> set[str]:
    """The characters for which there is no glyph."""
    missing = {c for c in text if c not in IGNORABLE}
    for path, index in _font_files():
        if not missing:
            break
        spans = _spans(path, index)
        missing = {c for c in missing if not _has(spans, ord(c))}
    return missing


def without_boxes(text: str) -> str:
    """The text with 〓 in place of what can't be drawn."""
    return text.translate(dict.fromkeys(map(ord, unprintable(set(text))), GETA))


def _font_files() -> Iterator[tuple[Path, int]]:
    """Every font of the machine, those of the faces first; fonts inside the typesetter have no file."""
    named = [f for f in fonts().fonts() if f.path]
    preferred = {family for families in faces().values() for family in families}
    for font in sorted(named, key=lambda f: f.family not in preferred):
        yield Path(str(font.path)), font.index


def _has(spans: Sequence[Span], code: int) -> bool:
    place = bisect_right(spans, (code, 0x110000)) - 1
    return place >= 0 and spans[place][0] <= code <= spans[place][1]


@cache
def _spans(path: Path, index: int) -> tuple[Span, ...]:
    """The ranges of characters that a font has, sorted; none for a file that can't be read."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return tuple(sorted(_read(data, index)))
    except (OSError, ValueError, struct.error):
        return ()


def _read(data: mmap.mmap, index: int) -> set[Span]:
    start = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == COLLECTION else 0
    (count,) = struct.unpack_from(">H", data, start + 4)
    tables = (struct.unpack_from(">4sIII", data, start + 12 + 16 * n) for n in range(count))
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    (encodings,) = struct.unpack_from(">H", data, cmap + 2)
    found: set[Span] = set()
    for n in range(encodings):
        _, _, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * n)
        found |= set(_subtable(data, cmap + offset))
    return found


def _subtable(data: mmap.mmap, at: int) -> Iterator[Span]:
    (form,) = struct.unpack_from(">H", data, at)
    if form == FULL:
        (groups,) = struct.unpack_from(">I", data, at + 12)
        for n in range(groups):
            first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * n)
            yield first, last
    elif form == BASIC:
        segments = struct.unpack_from(">H", data, at + 6)[0] // 2
        ends = struct.unpack_from(f">{segments}H", data, at + 14)
        starts = struct.unpack_from(f">{segments}H", data, at + 16 + 2 * segments)
        yield from ((s, e) for s, e in zip(starts, ends, strict=True) if e != 0xFFFF)
