"""What do the cells of the four indicators on 附件1 show: boxes, blanks and the counts of patents?"""

from documents.grid import Face, Paragraph, Run
from documents.layouts.values import BETWEEN, Answers, blank

LINE = 14.7
PATENTS = ("发明专利数量", "实用新型专利数量", "外观设计专利数量")


def _left(*runs: Run) -> Paragraph:
    return Paragraph(runs, line=LINE)


def _said(text: str) -> Paragraph:
    return _left(Run(text, Face.SONG))


def craft(answers: Answers) -> list[Paragraph]:
    field = answers.field("是否具有工艺专长")
    return [_left(*answers.box_with_blank(field, c, 7)) for c in field.choices] if field else []


def skill(answers: Answers) -> list[Paragraph]:
    level, patented, *counts = (*answers.fields("是否掌握高超技能"), None, None)[:5]
    boxes = answers.boxes(level)
    lines = [_said("技术水平："), *(_said(BETWEEN.join(boxes[i : i + 2])) for i in range(0, len(boxes), 2))]
    lines.append(_said(f"是否获得专利：{BETWEEN.join(answers.boxes(patented))}"))
    for label, field in zip(PATENTS, counts, strict=False):
        count = answers.text_of(field.key) if field else ""
        lines.append(_left(Run(f"{label}：", Face.SONG), blank(f"{count}项" if count else "", 8)))
    return lines


def lead(answers: Answers) -> list[Paragraph]:
    field = answers.field("是否体现领军作用")
    ways = [_left(*answers.box_with_blank(field, c, 12)) for c in field.choices] if field else []
    return [_said("技能、技艺传授途径："), *ways]


def contribution(answers: Answers) -> list[Paragraph]:
    boxes = answers.boxes(answers.field("是否做出突出贡献"))
    return [
        _said(BETWEEN.join(boxes[:3])),
        _said(BETWEEN.join(boxes[3:])),
        _said("做出卓越贡献，取得重要成果。"),
    ]
