"""What stands on the sheet that lies on top of a candidate's papers? Whose they are, which there are, and the mark.

A scan of the whole pile finds its case by the mark on this sheet; each form below has a mark of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.grid import Align, Cell, Face, Picture, Row, Sheet, Stamp, Table, cell, line
from documents.layouts.fitting import Room, fitted
from documents.layouts.values import EMPTY_BOX, TICKED_BOX
from models.notice import Notice

FACTS = (38.0, 128.0)
LIST = (12.0, 104.0, 25.0, 25.0)
PADDING = 1.41
MARK = 46.0
SIZES = (12, 11, 10.5, 10, 9, 8)


@dataclass(frozen=True)
class Listed:
    """One document of the list; a box is ticked once it is there."""

    label: str
    remark: str = ""
    electronic: bool = False
    paper: bool = False
    on_paper: bool = True


@dataclass(frozen=True)
class Covered:
    """Whose papers lie below. No number but that of the case is printed."""

    number: str
    name: str
    unit: str
    channel: str
    route: str
    documents: Sequence[Listed] = ()


def cover_sheet(notice: Notice, covered: Covered, stamp: Stamp) -> Sheet:
    title = f"{notice.title}申报材料报送封面"
    return Sheet(
        (
            line(title, Face.TITLE, 20, line=34, before=4, after=8, align=Align.CENTER),
            Picture(stamp.png, MARK, MARK),
            line(covered.number, Face.HEI, 20, line=30, align=Align.CENTER),
            line(
                "请将本页放在最上面扫描，其余材料按下列次序放好。",
                Face.HEI,
                12,
                line=22,
                after=6,
                align=Align.CENTER,
            ),
            Table(FACTS, tuple(_fact(label, value) for label, value in _facts(covered)), padding=PADDING),
            line("", line=10),
            Table(
                LIST,
                (_heading(), *(_listed(n, d) for n, d in enumerate(covered.documents, 1))),
                padding=PADDING,
            ),
            line(
                "已收到的在方框内打勾；电子版、纸质版均需报送，只要电子版的不必附纸质件。"
                "本页的二维码只含编号，不含个人信息。",
                size=10.5,
                line=17,
                before=6,
            ),
            line(
                "报送人：______________    报送日期：______年____月____日",
                size=12,
                line=26,
                before=10,
                align=Align.RIGHT,
            ),
        ),
        title=title,
        margins=(18.0, 22.0, 16.0, 22.0),
    )


def _facts(covered: Covered) -> tuple[tuple[str, str], ...]:
    return (
        ("姓名", covered.name),
        ("推荐单位", covered.unit),
        ("申报渠道", covered.channel),
        ("报送路径", covered.route),
    )


def _fact(label: str, value: str) -> Row:
    room = Room(FACTS[1] - 2 * PADDING, 9, SIZES)
    return Row((_label(label), cell(*fitted(value, room))), 9)


def _heading() -> Row:
    return Row(tuple(_label(text) for text in ("序号", "材料", "电子", "纸质")), 8, heading=True)


def _listed(number: int, document: Listed) -> Row:
    remark = f"（{document.remark}）" if document.remark else ""
    name = fitted(document.label + remark, Room(LIST[1] - 2 * PADDING, 10, (10.5, 10, 9)))
    paper = _box(document.paper) if document.on_paper else _label("—")
    return Row((_label(str(number)), cell(*name), _box(document.electronic), paper), 8)


def _box(ticked: bool) -> Cell:
    return _label(TICKED_BOX if ticked else EMPTY_BOX)


def _label(text: str) -> Cell:
    return cell(line(text, Face.SONG, 12, align=Align.CENTER, line=17))
