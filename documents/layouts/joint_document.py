"""How is the joint document laid out (五)? An official paper with the list in it, signed by every host, without a seal.

As long as no number is recorded it says above its title that it is a draft.
"""

from collections.abc import Sequence

from documents.grid import Align, Block, Cell, Face, Row, Sheet, Table, cell, line
from documents.layouts.fitting import Room, fitted
from documents.layouts.official import heading, official_paper, text
from models.joint import JointNumber, JointText
from models.notice import Notice
from models.placeholders import LIST

WIDTHS = (12.0, 28.0, 66.0, 52.0)
HEADS = ("序号", "姓名", "工作单位", "职业（工种）")
PADDING = 1.41
ROW = 9.5
SIZE = 14.0
SIZES = (SIZE, 12, 10.5, 9)
FIRST, SECOND = tuple("一二三四五六七八九十"), "（"


def joint_document(
    notice: Notice, written: JointText, number: JointNumber | None, *, practice: bool = False
) -> Sheet:
    """The document of one version; numbered once the office has recorded under which number it went out."""
    blocks = [b for p in written.paragraphs(notice) for b in _blocks(p, written.names)]
    return official_paper(
        written.heading(notice),
        blocks,
        to=written.to(notice),
        signed=notice.hosts,
        dated=number.dated if number else None,
        remark=_remark(written, number, practice=practice),
    )


def _remark(written: JointText, number: JointNumber | None, *, practice: bool) -> str:
    mark = "【演练】" if practice else ""
    return mark + (number.number if number else f"（会签稿第{written.version}版，尚未编号，不作正式文件）")


def _blocks(paragraph: str, names: Sequence[dict[str, str]]) -> list[Block]:
    if paragraph == LIST:
        return [_list(names), line("", line=10)]
    if paragraph[:1] in FIRST and paragraph[1:2] == "、":
        return [heading(paragraph)]
    return [heading(paragraph, 2)] if paragraph.startswith(SECOND) else [text(paragraph)]


def _list(names: Sequence[dict[str, str]]) -> Table:
    heads = Row(tuple(_middle(h, Face.HEI) for h in HEADS), ROW, heading=True)
    return Table(WIDTHS, (heads, *(_row(n, one) for n, one in enumerate(names, 1))), padding=PADDING)


def _row(number: int, one: dict[str, str]) -> Row:
    room = Room(WIDTHS[2] - 2 * PADDING, ROW, SIZES)
    trade = Room(WIDTHS[3] - 2 * PADDING, ROW, SIZES)
    return Row(
        (
            _middle(str(number)),
            _middle(spaced(one["name"])),
            cell(*fitted(one["employer"], room)),
            cell(*fitted(one["occupation"], trade)),
        ),
        ROW,
    )


def spaced(name: str) -> str:
    """A name of two characters takes as much room as one of three: 丁　一."""
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 else name


def _middle(content: str, face: Face = Face.FANG) -> Cell:
    return cell(line(content, face, SIZE, align=Align.CENTER))
