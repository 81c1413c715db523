"""What stands on 附件4, the letter of the experts? The candidate, then two experts a page; more go on further pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from documents.grid import Align, Block, Cell, Face, PageBreak, Row, Sheet, Stamp, Table, cell, line
from documents.layouts.fitting import Room, fitted
from documents.layouts.values import day
from models.notice import Notice

WIDTHS = (20.0, 33.99, 33.99, 23.0, 50.99)
PADDING = 1.41
HEIGHT, REASON, SIGNATURE = 10.0, 40.0, 10.99
LINE = 16.8
SIZES = (12, 11, 10.5, 10, 9, 8, 7.5, 7)
PER_PAGE = 2
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Recommended:
    """The candidate, and each expert as the columns of `recommenders` name it."""

    name: str = ""
    id_number: str = ""
    experts: Sequence[Mapping[str, str]] = ()
    filled_on: date | None = None


def expert_letter(notice: Notice, recommended: Recommended, stamp: Stamp | None = None) -> Sheet:
    title = f"{notice.title}专家推荐函(式样)"
    count = max(len(recommended.experts), 1)
    pages = -(-count // PER_PAGE)
    blocks: list[Block] = []
    for page in range(pages):
        blocks += [PageBreak()] if page else []
        blocks += [
            line("附件4", Face.HEI, 16, line=26),
            line(title, Face.TITLE, 20, line=34, before=3, after=5, align=Align.CENTER),
            line(f"填报时间：{day(recommended.filled_on)}", size=12, line=22, after=2, align=Align.RIGHT),
            _table(recommended, page * PER_PAGE),
        ]
    return Sheet(tuple(blocks), title=title, margins=(22.0, 24.0, 18.0, 24.0), stamp=stamp)


def _table(recommended: Recommended, first: int) -> Table:
    candidate = Row(
        (
            _label("被推荐人"),
            _label("姓名"),
            _typed(recommended.name, 2),
            _label("身份证号"),
            _typed(recommended.id_number, 4),
        ),
        HEIGHT,
    )
    experts = recommended.experts
    rows = [candidate]
    for number in range(first, first + PER_PAGE):
        rows += _expert(number, experts[number] if number < len(experts) else {})
    return Table(WIDTHS, tuple(rows), padding=PADDING)


def _expert(number: int, expert: Mapping[str, str]) -> list[Row]:
    numeral = NUMERALS[number] if number < len(NUMERALS) else str(number + 1)

    def two(left: str, left_key: str, right: str, right_key: str) -> tuple[Cell, ...]:
        return (
            _label(left),
            _typed(expert.get(left_key, ""), 2),
            _label(right),
            _typed(expert.get(right_key, ""), 4),
        )

    return [
        Row(
            (
                cell(*_label(f"推荐专家\n{numeral}").blocks, rows=6),
                *two("姓名", "name", "身份证号", "id_number"),
            ),
            HEIGHT,
        ),
        Row(two("工作单位", "employer", "职务", "post"), HEIGHT),
        Row(two("从事工种", "occupation", "手机", "phone"), HEIGHT),
        Row((_label("职称或技术级别"), _typed(expert.get("grade", ""), 2, 3)), HEIGHT),
        Row((_label("推荐理由"), _typed(expert.get("reason", ""), 2, 3, REASON, Align.LEFT)), REASON),
        Row(
            (
                cell(
                    line("专家签名：______________", size=12, align=Align.RIGHT, line=LINE, right=7),
                    columns=4,
                ),
            ),
            SIGNATURE,
        ),
    ]


def _label(text: str) -> Cell:
    return cell(*(line(part, size=12, align=Align.CENTER, line=LINE) for part in text.split("\n")))


def _typed(
    text: str, column: int, columns: int = 1, height: float = HEIGHT, align: Align = Align.CENTER
) -> Cell:
    room = Room(sum(WIDTHS[column : column + columns]) - 2 * PADDING, height, SIZES)
    return cell(*fitted(text, room, align=align), columns=columns)
