"""What lies before those who meet? The agenda, and half a page for each candidate: who they are and what they did.

No ID number, no telephone, no address: the booklet goes from hand to hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from documents.grid import Align, Block, Cell, Face, PageBreak, Picture, Row, Sheet, Table, cell, line
from documents.layouts.fitting import Room, fitted
from documents.layouts.official import day

PHOTO = (25.0, 35.0)
WIDTHS = (22.0, 38.0, 22.0, 38.0, 22.0, 30.0)
PADDING = 1.41
HEIGHT = 8.0
TOLD = (("四项指标", 9.0), ("主要荣誉", 14.0), ("简要事迹", 37.0))
A_PAGE = 2
SIZES = (10.5, 10, 9.5, 9, 8.5, 8)


@dataclass(frozen=True)
class Candidate:
    """One candidate as the booklet shows them; `rank` and `score` as the list before the meeting has them."""

    rank: str
    number: str
    name: str
    score: str = ""
    sex: str = ""
    age: str = ""
    employer: str = ""
    post: str = ""
    trade: str = ""
    recommended_by: str = ""
    priority: str = ""
    indicators: str = ""
    honours: str = ""
    deeds: str = ""
    photo: bytes | None = None


@dataclass(frozen=True)
class Agenda:
    """What the meeting is about."""

    season: str
    meeting: str
    clause: str
    places: int
    listed: int
    reserve: int
    rules: str
    remark: str = ""
    held_on: date | None = None
    place: str = ""
    items: Sequence[str] = ()


def meeting_booklet(agenda: Agenda, candidates: Sequence[Candidate]) -> Sheet:
    """The agenda, a list of all candidates, then two candidates a page."""
    blocks: list[Block] = [*_agenda(agenda), *_overview(candidates)]
    for number, one in enumerate(candidates):
        blocks += [PageBreak()] if number % A_PAGE == 0 else [line("", line=12)]
        blocks += [_candidate(one)]
    return Sheet(
        tuple(blocks),
        title=f"{agenda.meeting}议程与人选手册",
        margins=(20.0, 19.0, 18.0, 19.0),
        numbered=True,
    )


def _agenda(agenda: Agenda) -> list[Block]:
    when = day(agenda.held_on) if agenda.held_on else "　　　　年　　月　　日"
    facts = (
        f"时间：{when}　　地点：{agenda.place or '________________'}",
        f"依据：{agenda.clause}。名额{agenda.places}名，名单草案{agenda.listed}名，后备{agenda.reserve}名。",
        f"规则：{agenda.rules}",
    )
    return [
        *([line(agenda.remark, Face.KAI, 12, line=20)] if agenda.remark else []),
        line(agenda.season, Face.TITLE, 20, line=32, align=Align.CENTER),
        line(f"{agenda.meeting}议程与人选手册", Face.TITLE, 20, line=32, after=10, align=Align.CENTER),
        *(line(fact, size=12, line=22) for fact in facts),
        line("议程", Face.HEI, 14, line=26, before=6),
        *(line(f"{n}. {item}", size=12, line=22) for n, item in enumerate(agenda.items, 1)),
        line("内部使用，会后收回。得分和推荐顺序仅供参考，由会议集体决定。", Face.KAI, 12, line=22, before=6),
    ]


OVERVIEW = (14.0, 26.0, 24.0, 52.0, 36.0, 20.0)


def _overview(candidates: Sequence[Candidate]) -> list[Block]:
    if not candidates:
        return [line("名单草案上还没有人选。", size=12, line=22)]
    head = Row(
        tuple(_label(h) for h in ("次序", "编号", "姓名", "推荐单位", "工种", "得分")), 7, heading=True
    )
    rows = [
        Row(tuple(_told(text, w) for text, w in zip(_brief(c), OVERVIEW, strict=True)), 7) for c in candidates
    ]
    return [
        line("人选一览", Face.HEI, 14, line=26, before=6, keeps=True),
        Table(OVERVIEW, (head, *rows), padding=PADDING),
    ]


def _brief(c: Candidate) -> tuple[str, ...]:
    return c.rank, c.number, c.name, c.recommended_by, c.trade, c.score


def _candidate(c: Candidate) -> Table:
    """Five rows of facts beside the picture, then what is told at length."""
    photo = Picture(c.photo, *PHOTO) if c.photo else line("无照片", Face.SONG, 10.5, align=Align.CENTER)
    beside = cell(photo, columns=2, rows=4)
    facts = (
        (("次序", c.rank), ("编号", c.number)),
        (("姓名", c.name), ("性别、年龄", "，".join(x for x in (c.sex, c.age) if x))),
        (("工种", c.trade), ("职务", c.post)),
        (("得分", c.score), ("单位排序", c.priority)),
    )
    rows = [
        Row((*_facts(pairs), *([beside] if n == 0 else [])), HEIGHT + 1.5) for n, pairs in enumerate(facts)
    ]
    said = ((("工作单位", HEIGHT), c.employer), (("推荐单位", HEIGHT), c.recommended_by))
    rest = (*said, *zip(TOLD, (c.indicators, c.honours, c.deeds), strict=True))
    told = [_long(title, text, height) for (title, height), text in rest]
    return Table(WIDTHS, (*rows, *told), padding=PADDING)


def _facts(pairs: Sequence[tuple[str, str]]) -> list[Cell]:
    """Label and value, twice, over the first four columns."""
    found: list[Cell] = []
    for n, (label, value) in enumerate(pairs):
        found += [_label(label), _told(value, WIDTHS[2 * n + 1])]
    return found


def _long(label: str, text: str, height: float) -> Row:
    width = sum(WIDTHS[1:])
    said = fitted(text or "—", Room(width - 2 * PADDING, height, SIZES))
    return Row((_label(label), cell(*said, columns=len(WIDTHS) - 1)), height)


def _label(text: str) -> Cell:
    return cell(line(text, Face.HEI, 10.5, align=Align.CENTER))


def _told(text: str, width: float) -> Cell:
    return cell(*fitted(text or "—", Room(width - 2 * PADDING, HEIGHT, SIZES)))
