"""What stands in a public notice, and how is it laid out on paper (三（七）)? One text for page, Word and PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from documents.grid import Align, Block, Cell, Face, Picture, Row, Sheet, Table, cell, line
from documents.layouts.fitting import ems
from documents.layouts.official import official_paper, text
from documents.qr import drawn

WIDTH = 156.0
NUMBER_WIDTH = 14.0
SIZE, LINE = 12.0, 18.0
# Millimetres: a character, the blank beside a text, a short column, and the most that counts of a long one.
EM, ROOM, SHORT, LONG = SIZE * 25.4 / 72, 4.0, 22.0, 70.0
THREE = 3
QR = 26.0
NEW = "（本次新增）"
CORRECTED = "（更正）"
REVOKED = "（称号已撤销）"


@dataclass(frozen=True)
class PaperRow:
    """One candidate: a text for each column; which were corrected; what is remarked beside the name."""

    cells: Sequence[str]
    corrected: frozenset[int] = frozenset()
    remark: str = ""


@dataclass(frozen=True)
class PublicPaper:
    """A public notice, or the result, as everybody reads it. The title is broken where an official paper breaks it."""

    title: tuple[str, str]
    practice: bool
    opening: str
    period: str
    columns: Sequence[str]
    rows: Sequence[PaperRow]
    notes: Sequence[str]
    how: str
    contact: Sequence[str]
    signed: str
    dated: date | None
    address: str

    @property
    def name(self) -> str:
        return "".join(self.title)


def public_notice(paper: PublicPaper) -> Sheet:
    """By the form of official papers; nothing stands in for the seal."""
    blocks: list[Block] = [text(paper.opening)]
    if paper.period:
        blocks.append(text(f"公示时间：{paper.period}。"))
    blocks += [line("", line=8), _table(paper), line("", line=8)]
    blocks += [text(note) for note in paper.notes]
    if paper.how:
        blocks += [text(paper.how), *(text(one) for one in paper.contact)]
    blocks += _code(paper.address)
    return official_paper(
        "\n".join(part for part in paper.title if part),
        blocks,
        signed=(paper.signed,),
        dated=paper.dated,
        remark="（演练，人员和单位都是虚构的样例）" if paper.practice else "",
    )


def padded(name: str) -> str:
    """A name of two characters is set as wide as one of three: 丁　一."""
    return f"{name[0]}　{name[1]}" if len(name) == 2 else name


def _table(paper: PublicPaper) -> Table:
    heading = Row(tuple(_cell(c, Face.HEI) for c in ("序号", *paper.columns)), 9, heading=True)
    return Table(
        (NUMBER_WIDTH, *_widths(paper)), (heading, *(_row(n, r) for n, r in enumerate(paper.rows, 1)))
    )


def _row(number: int, row: PaperRow) -> Row:
    texts = [f"{one}{CORRECTED if n in row.corrected else ''}" for n, one in enumerate(row.cells)]
    texts[0] = f"{padded(row.cells[0])}{texts[0][len(row.cells[0]) :]}{row.remark}"
    return Row(tuple(_cell(one) for one in (str(number), *texts)), 8)


def _cell(content: str, face: Face = Face.FANG) -> Cell:
    return cell(line(content, face, SIZE, line=LINE, align=Align.CENTER))


def _widths(paper: PublicPaper) -> list[float]:
    """Short columns get what their longest text needs, the others share the rest by theirs."""
    needs = [
        max(ems(one) for one in (label, *(row.cells[n] for row in paper.rows))) * EM + ROOM
        for n, label in enumerate(paper.columns)
    ]
    needs[0] = max(needs[0], THREE * EM + ROOM)
    rest = WIDTH - NUMBER_WIDTH - sum(n for n in needs if n <= SHORT)
    shares = sum(min(n, LONG) for n in needs if n > SHORT)
    if not shares:
        return [round(n * (WIDTH - NUMBER_WIDTH) / sum(needs), 1) for n in needs]
    return [round(n if n <= SHORT else rest * min(n, LONG) / shares, 1) for n in needs]


def _code(address: str) -> list[Block]:
    if not address:
        return []
    return [
        Picture(drawn(address)[1], QR, QR, Align.LEFT),
        line(f"扫码查看公示：{address}", size=10.5, line=16),
    ]
