"""What stands on the report of those who went to see a candidate (三（三）): point by point, with the photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from documents.grid import Align, Block, Cell, Face, Picture, Row, Sheet, Table, cell, line, lines

FACTS = (32.0, 52.0, 32.0, 52.0)
POINTS = (42.0, 126.0)
PHOTOS = (84.0, 84.0)
PHOTO_WIDTH, PHOTO_HEIGHT = 78.0, 58.0
PADDING = 1.8


@dataclass(frozen=True)
class Reported:
    """What one inspector has said; `photos` are JPEG or PNG."""

    inspector: str
    advice: str
    findings: Sequence[tuple[str, str]]
    opinion: str
    day: date | None
    photos: Sequence[bytes] = ()


@dataclass(frozen=True)
class Inspected:
    """Whom the inspectors went to see, and when. No number but that of the case is printed."""

    number: str
    name: str
    employer: str
    occupation: str
    day: date | None
    place: str
    reports: Sequence[Reported]


def inspection_report(title: str, inspected: Inspected) -> Sheet:
    blocks: list[Block] = [
        line(f"{title}现场查验报告", Face.TITLE, 20, line=34, after=6, align=Align.CENTER),
        Table(FACTS, _facts(inspected), padding=PADDING),
    ]
    for number, report in enumerate(inspected.reports, 1):
        blocks += _report(number, report)
    return Sheet(tuple(blocks), title=f"{title}现场查验报告", margins=(22.0, 21.0, 20.0, 21.0), numbered=True)


def _facts(inspected: Inspected) -> tuple[Row, ...]:
    pairs = (
        ("编号", inspected.number, "姓名", inspected.name),
        ("工作单位", inspected.employer, "工种", inspected.occupation),
        ("查验日期", _day(inspected.day), "查验地点", inspected.place),
    )
    return tuple(Row((_label(a), _said(b), _label(c), _said(d)), 9) for a, b, c, d in pairs)


def _report(number: int, report: Reported) -> list[Block]:
    rows = [Row((_label(point), _said(text)), 12, breaks=True) for point, text in report.findings]
    rows.append(
        Row((_label("查验意见"), _said("\n".join(filter(None, (report.advice, report.opinion))))), 12)
    )
    return [
        line(f"查验人员{number}：{report.inspector}", Face.HEI, 14, line=26, before=10, keeps=True),
        Table(POINTS, tuple(rows), padding=PADDING),
        *_photos(report.photos),
        line(
            f"查验人员签名：______________    {_day(report.day) or '______年____月____日'}",
            size=12,
            line=26,
            before=8,
            align=Align.RIGHT,
        ),
    ]


def _photos(photos: Sequence[bytes]) -> list[Block]:
    if not photos:
        return []
    pairs = [photos[n : n + 2] for n in range(0, len(photos), 2)]
    rows = tuple(Row(tuple(_photo(p) for p in (*pair, b"")[:2]), PHOTO_HEIGHT + 4) for pair in pairs)
    return [line("现场照片", Face.HEI, 12, line=22, before=6), Table(PHOTOS, rows, padding=PADDING)]


def _photo(content: bytes) -> Cell:
    return cell(Picture(content, PHOTO_WIDTH, PHOTO_HEIGHT)) if content else cell(line(""))


def _label(text: str) -> Cell:
    return cell(line(text, Face.SONG, 12, align=Align.CENTER, line=18))


def _said(text: str) -> Cell:
    return cell(*lines(text, Face.FANG, 12, line=19))


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
