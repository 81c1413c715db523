"""What stands on 附件3? One row for each department: its opinion and date, and room for its seal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from documents.grid import Align, Cell, Face, Row, Sheet, Stamp, Stand, Table, cell, line
from documents.layouts.fitting import Room
from documents.layouts.values import day
from models.notice import Notice

WIDTHS = (45.0, 115.0)
PADDING = 1.41
HEIGHT = 30.0
LINE = 19.6
SIGNED = 2 * LINE * 25.4 / 72
SIZES = (14, 13, 12, 11, 10.5, 10, 9, 8, 7.5)


@dataclass(frozen=True)
class Opinion:
    """What one department said; nothing yet when `text` is empty."""

    body: str
    text: str = ""
    given_on: date | None = None


def department_opinions(
    notice: Notice, name: str, employer: str, opinions: Sequence[Opinion], stamp: Stamp | None = None
) -> Sheet:
    title = f"{notice.title}推荐部门意见表"
    return Sheet(
        (
            line("附件3", Face.HEI, 16, line=26),
            line(title, Face.TITLE, 22, line=34, before=5, after=10, align=Align.CENTER),
            line(f"被推荐对象姓名：{name}", size=14, line=26),
            line(f"工作单位：{employer}", size=14, line=26, after=4),
            Table(WIDTHS, tuple(_row(opinion) for opinion in opinions), padding=PADDING),
            line(
                "填表说明：此表由县（区）总工会商同级有关部门签署意见。如被推荐人为行使公权的公职人员，"
                "需按干部人事管理权限由纪检监察部门出具意见。",
                size=12,
                line=19,
                before=5,
            ),
        ),
        title=title,
        margins=(24.0, 24.0, 20.0, 26.0),
        stamp=stamp,
    )


def _row(opinion: Opinion) -> Row:
    return Row(
        (cell(line(f"{opinion.body}意见", size=14, align=Align.CENTER, line=LINE)), _said(opinion)), HEIGHT
    )


def _said(opinion: Opinion) -> Cell:
    """The opinion above, the place of the seal and the date below."""
    room = Room(WIDTHS[1] - 2 * PADDING, HEIGHT - SIGNED, SIZES)
    size = room.size_for(opinion.text)
    said = [line(part, size=size) for part in opinion.text.splitlines()]
    lines = room.height_of(opinion.text, size) if opinion.text else 0.0
    spare = max(0.0, HEIGHT - SIGNED - lines - 1) * 72 / 25.4
    seal = line("盖章", size=14, align=Align.RIGHT, line=LINE, right=26.5, before=spare if said else 0)
    dated = line(day(opinion.given_on), size=14, align=Align.RIGHT, line=LINE, right=10.6)
    return cell(*said, seal, dated, stand=Stand.BOTTOM)
