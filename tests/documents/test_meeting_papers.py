"""Do the booklet and the draft minutes say what the meeting needs, and nothing that they must not?"""

import re
from datetime import date

import pypdfium2

from documents.layouts.meeting_booklet import Agenda, Candidate, meeting_booklet
from documents.layouts.meeting_minutes import Decided, ListRow, Written, meeting_minutes
from documents.to_typst import print_pdf
from documents.to_word import word
from simulation.papers import picture

DEEDS = "该同志扎根生产一线，潜心钻研技术，带徒传艺。" * 14


def pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return [re.sub(r"\s", "", text) for text in texts]


def candidate(n: int) -> Candidate:
    return Candidate(
        rank=str(n),
        number=f"2026-{n:04d}",
        name=f"样例{n}",
        score="90.00",
        sex="女",
        age="35岁",
        employer="样例机械制造有限公司",
        trade="钳工",
        deeds=DEEDS[:300],
        honours="样例荣誉一\n样例荣誉二",
        photo=picture(),
    )


def test_booklet_has_the_agenda_and_two_candidates_a_page() -> None:
    agenda = Agenda("样例年度", "样例会议", "三（五）", 3, 3, 1, "到会人数须不少于1/2。", items=("逐名审议",))

    sheet = meeting_booklet(agenda, [candidate(n) for n in range(1, 6)])

    first, *others = pages(print_pdf([sheet]))
    assert "1.逐名审议" in first
    assert [re.findall(r"姓名(样例\d)", page) for page in others] == [
        ["样例1", "样例2"],
        ["样例3", "样例4"],
        ["样例5"],
    ]
    assert word([sheet])[:2] == b"PK"


def test_minutes_are_a_draft_with_votes_reasons_and_recusals() -> None:
    row = ListRow(1, "2026-0001", "样例1", "样例单位", "钳工")
    sheet = meeting_minutes(
        Written(
            season="样例年度",
            meeting="样例会议",
            number="样例1号",
            held_on=date(2026, 3, 24),
            place="样例会议室",
            chair="样例甲",
            recorders=["样例乙"],
            present=["样例甲", "样例丙"],
            absent=[],
            excused=["样例丁"],
            seats=3,
            clause="三（五）",
            places=39,
            rules="到会人数须不少于1/2。",
            decided=[
                Decided("样例1", "2026-0001", "增补", "赞成1票、反对0票、弃权0票", "技艺突出", ("样例丙",))
            ],
            kept=0,
            listed=[row],
            reserve=[],
        )
    )

    said = "".join(pages(print_pdf([sheet])))
    for part in (
        "（草稿，未经签字盖章不生效）",
        "时间：2026年3月24日",
        "应到3人，实到2人。样例甲、样例丙。",
        "样例1（2026-0001）：增补，赞成1票、反对0票、弃权0票，理由：技艺突出。",
        "样例丙对样例1（2026-0001）回避",
        "主持人（签字）",
    ):
        assert part in said
