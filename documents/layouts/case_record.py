"""How does the record of a case read on paper? Line by line: when, who, for whom, what, on which material."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.grid import Block, Face, Paragraph, Run, Sheet, line
from documents.layouts.official import official_paper, text

SIZE, PITCH = 12.0, 20.0
INDENT = 8.5


@dataclass(frozen=True)
class Line:
    seq: int
    when: str
    who: str
    what: str
    version: str


@dataclass(frozen=True)
class Head:
    """Of which case, and by what the record can be checked; `hidden` counts what the reader may not read."""

    season: str
    number: str
    name: str
    events: int
    hash: str
    anchor: str
    made: str
    hidden: int
    redacted: bool
    practice: bool


def case_record(head: Head, lines: Sequence[Line]) -> Sheet:
    remark = "".join(
        part for part, is_so in (("（演练，样例）", head.practice), ("（脱密版）", head.redacted)) if is_so
    )
    return official_paper(
        "流转记录", [*_about(head), *(b for one in lines for b in _line(one)), *_foot(head)], remark=remark
    )


def _about(head: Head) -> list[Block]:
    hidden = f"，其中{head.hidden}条您无权查看，未列出" if head.hidden else ""
    return [
        text(f"{head.season}，{head.number} {head.name}。共{head.events}条{hidden}。"),
        line("", line=8),
    ]


def _line(one: Line) -> list[Block]:
    said = [
        Paragraph(
            (Run(f"{one.seq}．{one.when}　", Face.HEI, SIZE), Run(one.who, Face.KAI, SIZE)),
            line=PITCH,
            before=5,
            keeps=True,
        ),
        *(
            Paragraph((Run(part, Face.FANG, SIZE),), line=PITCH, left=INDENT)
            for part in one.what.splitlines()
        ),
    ]
    if one.version:
        said.append(Paragraph((Run(f"材料：{one.version}", Face.KAI, 10.5),), line=16, left=INDENT))
    return list(said)


def _foot(head: Head) -> list[Block]:
    facts = [f"打印时间：{head.made}", f"最后一条的散列：{head.hash}"]
    if head.anchor:
        facts.append(f"最近的记录锚：{head.anchor}")
    return [line("", line=12), *(line(fact, Face.KAI, 9, line=14) for fact in facts)]
