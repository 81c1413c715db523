"""How do the tests make an .xls as old Excel and WPS save it? A compound file with one stream of records, by hand."""

import struct
from collections.abc import Sequence
from typing import Any

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SMALLEST = 4096


def xls(rows: Sequence[Sequence[Any]]) -> bytes:
    """One worksheet with these cells: texts, numbers, nothing."""
    return _compound(_workbook(rows))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    name = "汇总表"
    sheet_name = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 1996, 0, 0x0306))
    end = _record(0x000A, b"")
    place = len(start) + 4 + 6 + len(sheet_name) + len(end)
    return start + _record(0x0085, struct.pack("<IH", place, 0) + sheet_name) + end + _sheet(rows)


def _sheet(rows: Sequence[Sequence[Any]]) -> bytes:
    out = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 1996, 0, 0x0306))]
    widest = max(len(row) for row in rows)
    out.append(_record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, widest, 0)))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, int | float):
                out.append(_record(0x0203, struct.pack("<HHHd", r, c, 0, value)))
            elif value is not None:
                text = str(value).encode("utf-16-le")
                out.append(_record(0x0204, struct.pack("<HHHHB", r, c, 0, len(text) // 2, 1) + text))
    return b"".join([*out, _record(0x000A, b"")])


def _compound(stream: bytes) -> bytes:
    """Sector 0 is the table of sectors, sector 1 the directory, the stream lies behind them."""
    assert len(stream) >= SMALLEST, "a shorter stream would lie elsewhere"
    sectors = -(-len(stream) // SECTOR)
    table = [FAT, END, *range(3, 2 + sectors), END]
    assert len(table) <= SECTOR // 4
    table += [FREE] * (SECTOR // 4 - len(table))
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        1,
        1,
        0,
        SMALLEST,
        END,
        0,
        END,
        0,
    )
    head += struct.pack("<109I", 0, *([FREE] * 108))
    directory = _entry("Root Entry", 5, 1, END, 0) + _entry("Workbook", 2, FREE, 2, len(stream))
    return (
        head
        + struct.pack(f"<{len(table)}I", *table)
        + directory.ljust(SECTOR, b"\x00")
        + stream.ljust(sectors * SECTOR, b"\x00")
    )


def _entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    said = name.encode("utf-16-le") + b"\x00\x00"
    links = struct.pack("<III", FREE, FREE, child)
    rest = b"\x00" * 36 + struct.pack("<IQ", first, size)
    return said.ljust(64, b"\x00") + struct.pack("<HBB", len(said), kind, 1) + links + rest
