"""How does the draft of a meeting's minutes read on paper? Who came, what was decided on whom, and room to sign.

A draft: neither head nor seal is forged, the meeting's own office adds them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from documents.grid import Align, Block, Cell, Face, Row, Sheet, Table, cell, line
from documents.layouts.fitting import Room, fitted
from documents.layouts.official import day, heading, official_paper, text

WIDTHS = (12.0, 29.0, 22.0, 48.0, 45.0)
HEADINGS = ("次序", "编号", "姓名", "推荐单位", "工种")
PADDING = 1.41
SIZES = (12, 11, 10.5, 10, 9, 8)
BLANK_DAY = "　　　　年　　月　　日"


@dataclass(frozen=True)
class Decided:
    """One decision in words: whom it concerns, what, the votes, and why."""

    name: str
    number: str
    turn: str
    votes: str = ""
    reason: str = ""
    recused: Sequence[str] = ()

    @property
    def sentence(self) -> str:
        parts = (
            f"{self.name}（{self.number}）：{self.turn}",
            self.votes,
            f"理由：{self.reason}" if self.reason else "",
        )
        return "，".join(p.rstrip("。") for p in parts if p) + "。"


@dataclass(frozen=True)
class ListRow:
    """One name of the list as it was decided."""

    position: int
    number: str
    name: str
    unit: str
    trade: str


@dataclass(frozen=True)
class Written:
    """Everything that the minutes say."""

    season: str
    meeting: str
    number: str
    held_on: date | None
    place: str
    chair: str
    recorders: Sequence[str]
    present: Sequence[str]
    absent: Sequence[str]
    excused: Sequence[str]
    seats: int
    clause: str
    places: int
    rules: str
    decided: Sequence[Decided]
    kept: int
    listed: Sequence[ListRow]
    reserve: Sequence[ListRow]
    orders_reserve: bool = False
    note: str = ""
    remark: str = ""
    anchor: str = ""


def meeting_minutes(written: Written) -> Sheet:
    remark = f"（草稿，未经签字盖章不生效）{written.remark}"
    return official_paper(
        f"{written.meeting}\n会议纪要",
        [
            *([text(f"编号：{written.number}")] if written.number else []),
            *_meeting(written),
            *_items(written),
            *_decisions(written),
            *_list("四、名单", written.listed),
            *(_list("五、后备名单" + ("（已排定次序）" if written.orders_reserve else ""), written.reserve)),
            *([text(written.anchor)] if written.anchor else []),
            *_signatures(),
        ],
        remark=remark,
    )


def _meeting(written: Written) -> list[Block]:
    came = f"应到{written.seats}人，实到{len(written.present)}人。"
    facts = (
        ("时间", day(written.held_on) if written.held_on else BLANK_DAY),
        ("地点", written.place or "________________"),
        ("主持", written.chair or "________________"),
        ("记录", "、".join(written.recorders) or "________________"),
        ("出席", came + _names(written.present)),
        ("缺席", _names(written.absent) or "无。"),
        ("请假", _names(written.excused) or "无。"),
    )
    return [heading("一、会议情况"), *(text(f"{label}：{value}") for label, value in facts)]


def _names(people: Sequence[str]) -> str:
    return "、".join(people) + "。" if people else ""


def _items(written: Written) -> list[Block]:
    about = f"根据{written.clause}，会议对{written.season}的人选名单草案逐名审议。"
    said = f"{about}名额{written.places}名。{written.rules}"
    notes = [text(part) for part in written.note.splitlines() if part.strip()]
    return [heading("二、议题"), text(said), *notes]


def _decisions(written: Written) -> list[Block]:
    recused = [d for d in written.decided if d.recused]
    changed = [d for d in written.decided if not d.recused or d.turn or d.votes]
    return [
        heading("三、会议决定"),
        text(f"保留名单草案上{written.kept}名人选，列入名单的共{len(written.listed)}名。"),
        *(text(d.sentence) for d in changed if d.turn),
        *(
            text(
                f"{'、'.join(d.recused)}对{d.name}（{d.number}）回避，不参加讨论和表决，不计入应到和表决人数。"
            )
            for d in recused
        ),
    ]


def _list(title: str, rows: Sequence[ListRow]) -> list[Block]:
    if not rows:
        return []
    head = Row(
        tuple(
            _cell(h, w, Face.HEI)
            for h, w in zip(("次序", "编号", "姓名", "推荐单位", "工种"), WIDTHS, strict=True)
        ),
        8,
        heading=True,
    )
    return [heading(title), Table(WIDTHS, (head, *(_row(row) for row in rows)), padding=PADDING)]


def _row(row: ListRow) -> Row:
    texts = (str(row.position), row.number, row.name, row.unit, row.trade)
    return Row(tuple(_cell(t, w) for t, w in zip(texts, WIDTHS, strict=True)), 8)


def _cell(said: str, width: float, face: Face = Face.FANG) -> Cell:
    room = Room(width - 2 * PADDING, 8, SIZES)
    align = Align.CENTER if width < WIDTHS[3] - 4 else Align.LEFT
    return cell(*fitted(said or "—", room, face, align))


def _signatures() -> list[Block]:
    return [
        line("", line=20),
        *(
            line(f"{who}（签字）：________________　　{BLANK_DAY}", size=14, line=32, align=Align.RIGHT)
            for who in ("主持人", "记录人", "出席者代表")
        ),
    ]
