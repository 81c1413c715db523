"""What stands on 附件1, the application? The rows, spans and heights of the official form, filled in or blank.

Two pages. Long texts are set smaller to keep their cells; the cells of opinions stay empty for pen and seal. The
technical levels print 国内先进 twice, as the notice does; which of them is ticked is told by its position.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from documents.grid import (
    Align,
    Cell,
    Face,
    Paragraph,
    Picture,
    Row,
    Run,
    Sheet,
    Stamp,
    Stand,
    Table,
    cell,
    line,
)
from documents.layouts.fitting import SIZES, Room, fitted
from documents.layouts.indicators import LINE, contribution, craft, lead, skill
from documents.layouts.values import BETWEEN, Answers, day

WIDTHS = (25.49, 24.50, 19.49, 25.49, 21.50, 23.99, 29.49)
PADDING = 1.41
SHORT, BOXES, HONOUR, SPIRIT = 9.19, 8.48, 14.99, 23.99
PHOTO_WIDTH, PHOTO_HEIGHT = 26.4, 36.0
INDENT = 8.8
TALLEST = 150.0
HINTS = {
    "曾获主要荣誉(市级以上)": "1-2个主要荣誉",
    "专业方面获得荣誉(县区级以上)": "1-2个主要荣誉",
    "工作简历": "如实填写参加工作以来的主要经历",
    "个人自述": "围绕具有工艺专长、掌握高超技能、体现领军作用、做出突出贡献、取得技能成绩等方面简述，"
    "突出描述最重要成绩即可。",
}


@dataclass(frozen=True)
class Applied:
    """All that 附件1 shows. `unit` is the recommending unit as named on its first line."""

    answers: Answers
    unit: str = ""
    filled_on: date | None = None
    photo: bytes | None = None
    hints: bool = False


def application_form(applied: Applied, stamp: Stamp | None = None) -> Sheet:
    title = f"{applied.answers.notice.title}认定申请表"
    return Sheet(
        (
            line("附件1", Face.HEI, 16, line=22),
            line(title, Face.TITLE, 20, line=30, before=1, after=4, align=Align.CENTER),
            *_head(applied),
            Table(WIDTHS, tuple(_rows(applied)), padding=PADDING),
            *_notes(),
        ),
        title=title,
        margins=(19.0, 20.0, 17.0, 20.0),
        stamp=stamp,
    )


def _head(applied: Applied) -> tuple[Paragraph, Paragraph]:
    answers = applied.answers

    def two(left: str, right: str) -> Paragraph:
        return Paragraph((Run(left, size=12), Run("\t"), Run(right, size=12)), line=19, tab=104)

    return (
        two(f"推荐单位：{applied.unit}", f"填表日期：{day(applied.filled_on)}"),
        two(f"经办人：{answers.text('经办人')}", f"联系电话：{answers.text('联系电话')}"),
    )


def _notes() -> tuple[Paragraph, Paragraph]:
    return (
        line(
            "注：是否具有工艺专长、是否掌握高超技能、是否体现领军作用、是否做出突出贡献四项指标需提交证明材料，"
            "并由基层单位行政（或工会）盖章确认。",
            line=15,
            before=3,
            hanging=7.4,
        ),
        line("按字数要求撰写相关内容，请勿改变表格大小格式，补充材料请另附附件。", line=15, left=7.4),
    )


# --- the rows ----------------------------------------------------------------------------------------------------


def _rows(applied: Applied) -> list[Row]:
    answers = applied.answers
    first = [*_person(applied), *_work(answers), *_praise(applied)]
    return [*first, *_indicators(answers), *_words(applied), *_opinions()]


def _person(applied: Applied) -> list[Row]:
    answers = applied.answers
    homes, migrants = answers.field("户籍属性"), answers.field("户籍属性", 1)
    return [
        _short(answers, ("姓 名", 1), ("性 别", 1), ("民 族", 1), more=(_photo(applied.photo),)),
        _short(answers, ("政治面貌", 1), ("学 历", 1), ("职 务", 1)),
        _short(answers, ("身份证号", 3), ("手机号码", 1)),
        Row(
            (
                _label("户籍属性"),
                _printed(*answers.boxes(homes), columns=2),
                _printed(BETWEEN.join(answers.boxes(migrants)), columns=3),
            ),
            SHORT,
        ),
        Row((_label("家庭住址"), _typed(answers.text("家庭住址"), 1, 6, SHORT)), SHORT),
    ]


def _work(answers: Answers) -> list[Row]:
    return [
        _short(answers, ("工作单位", 3), ("单位性质", 2)),
        _short(answers, ("所属行业", 1), ("工 种", 1), ("工作年限", 2)),
        _short(answers, ("单位地址", 3), ("邮 编", 2)),
        *(
            Row(
                (
                    _label(label),
                    _printed(BETWEEN.join(answers.boxes(answers.field(_plain(label)))), columns=6),
                ),
                BOXES,
            )
            for label in ("身 份", "技能等级", "职 称")
        ),
    ]


def _praise(applied: Applied) -> list[Row]:
    return [
        _long(applied, "曾获主要荣誉\n(市级以上)", HONOUR),
        _long(applied, "专业方面获得荣誉\n(县区级以上)", HONOUR),
        _long(applied, "推荐人选对“工匠精神”的理解(100字以内)", SPIRIT),
    ]


def _indicators(answers: Answers) -> list[Row]:
    heading = "具有工艺专长、掌握高超技能、体现领军作用、做出突出贡献四项指标至少选填一项"
    bold = Paragraph((Run(heading, Face.SONG, bold=True),), Align.CENTER, LINE)
    return [
        Row((cell(bold, columns=7),), BOXES),
        Row(
            (
                _label("是否具有工艺专长"),
                cell(*craft(answers), columns=2),
                _label("是否掌握高超技能"),
                cell(*skill(answers), columns=3),
            ),
            39.0,
        ),
        Row(
            (
                _label("是否体现领军作用"),
                cell(*lead(answers), columns=2),
                _label("是否做出突出贡献"),
                cell(*contribution(answers), columns=3),
            ),
            26.0,
        ),
    ]


def _words(applied: Applied) -> list[Row]:
    return [
        _long(applied, "工作简历", 36.0, _history(applied.answers)),
        _long(applied, "个人自述\n(300字左右，包括技术特长、创新创新效、社会贡献等)", 52.0),
        _long(applied, "专利、创新成果获奖情况", 23.99),
    ]


def _opinions() -> list[Row]:
    """Nothing is printed into them: they are for pen and seal."""
    signed = [line(text, align=Align.RIGHT, line=LINE, right=INDENT) for text in ("(盖章)", "(自荐签名)")]
    return [
        Row(
            (
                _label("所在单位意见\n(个人自荐)"),
                cell(*signed, columns=2, stand=Stand.BOTTOM),
                _label("举荐单位\n(县区工会、行业协会)意见"),
                cell(signed[0], columns=3, stand=Stand.BOTTOM),
            ),
            33.99,
        ),
        Row((_label("组委会意见"), _typed("", 1, 6, 26.0)), 26.0),
    ]


# --- cells -------------------------------------------------------------------------------------------------------


def _plain(label: str) -> str:
    return label.replace(" ", "").replace("\n", "")


def _label(text: str) -> Cell:
    return cell(*(line(part, Face.SONG, align=Align.CENTER, line=LINE) for part in text.split("\n")))


def _printed(*texts: str, columns: int) -> Cell:
    return cell(*(line(text, Face.SONG, line=LINE) for text in texts), columns=columns)


def _short(answers: Answers, *labels: tuple[str, int], more: Sequence[Cell] = ()) -> Row:
    """Labels, each followed by its answer over so many columns."""
    cells: list[Cell] = []
    column = 0
    for label, columns in labels:
        answer = answers.text(_plain(label))
        if _plain(label) == "工作年限" and answer.isdigit():
            answer += "年"
        cells += [_label(label), _typed(answer, column + 1, columns, SHORT, Align.CENTER)]
        column += columns + 1
    return Row((*cells, *more), SHORT)


def _typed(text: str, column: int, columns: int, height: float, align: Align = Align.LEFT) -> Cell:
    room = Room(sum(WIDTHS[column : column + columns]) - 2 * PADDING, height, (*SIZES, 7, 6.5))
    return cell(*fitted(text, room, align=align), columns=columns)


def _long(applied: Applied, label: str, height: float, text: str | None = None) -> Row:
    """A label and a long answer; one too long for its page goes on on the next."""
    key = _key(applied.answers, label)
    answer = applied.answers.text(key) if text is None else text
    if applied.hints and not answer:
        answer = HINTS.get(_plain(label), HINTS.get(_plain(label.split("\n")[0]), ""))
    room = Room(sum(WIDTHS[1:]) - 2 * PADDING, height)
    tall = room.height_of(answer, room.size_for(answer)) > TALLEST
    return Row((_label(label), cell(*fitted(answer, room), columns=6)), height, breaks=tall)


def _key(answers: Answers, label: str) -> str:
    """The notice's name of a label: whole, or without what stands in brackets on the second line."""
    return _plain(label) if answers.fields(_plain(label)) else label.split("\n")[0]


def _photo(photo: bytes | None) -> Cell:
    if photo is None:
        lines = ("正面免冠", "彩色近照", "电子版", "(2寸)")
        return cell(*(line(t, Face.SONG, align=Align.CENTER, line=LINE) for t in lines), rows=4)
    return cell(Picture(photo, PHOTO_WIDTH, PHOTO_HEIGHT), rows=4)


def _history(answers: Answers) -> str:
    field = answers.field("工作简历")
    if field is None:
        return ""
    rows = ([row.get(c.key, "") for c in field.columns] for row in answers.rows(field.key))
    return "\n".join(BETWEEN.join(part for part in row if part) for row in rows)
