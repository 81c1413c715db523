"""How is an official paper laid out (GB/T 9704-2012)? 22 lines of 28 characters, headings, addressee, signature, date.

Nothing stands in for the red head or the seal: those are the issuing body's own.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from documents.grid import Align, Block, Face, Paragraph, Run, Sheet
from documents.layouts.fitting import ems

MARGINS = (37.0, 24.9, 35.0, 27.0)
SIZE = 16.0
LINE = 28.9
CHARACTER = SIZE * 25.4 / 72
TITLE_SIZE = 22.0
HEADINGS = {1: Face.HEI, 2: Face.KAI, 3: Face.FANG, 4: Face.FANG}
FROM_THE_RIGHT = 4


def official_paper(
    title: str,
    blocks: Sequence[Block],
    *,
    to: str = "",
    attachments: Sequence[str] = (),
    signed: Sequence[str] = (),
    dated: date | None = None,
    remark: str = "",
) -> Sheet:
    """One paper: title (may be broken into lines), addressee, text, 附件说明, signatures and date.

    `remark` stands small above the title: that this is a draft, or for practice only.
    """
    return Sheet(
        (
            *([_text(remark, face=Face.KAI)] if remark else []),
            *_title(title),
            *([_text(f"{to}：")] if to else []),
            *blocks,
            *_attachments(attachments),
            *_signature([*signed, *([day(dated)] if dated else [])]),
        ),
        title=title.replace("\n", ""),
        margins=MARGINS,
        numbered=True,
    )


def text(content: str) -> Paragraph:
    """A paragraph of the text; its first line is indented by two characters."""
    return _text(content, indent=2 * CHARACTER)


def heading(content: str, level: int = 1) -> Paragraph:
    """一、 in 黑体, （一） in 楷体, 1. and （1） in 仿宋; never without its text on the same page."""
    return _text(content, face=HEADINGS[level], indent=2 * CHARACTER, keeps=True)


def day(value: date) -> str:
    """2026年3月9日: no padding zeros, as official papers write it."""
    return f"{value.year}年{value.month}月{value.day}日"


def _text(content: str, face: Face = Face.FANG, **more: Any) -> Paragraph:
    return Paragraph((Run(content, face, SIZE),), line=LINE, **more)


def _title(title: str) -> list[Paragraph]:
    lines = title.splitlines()
    return [
        Paragraph(
            (Run(one, Face.TITLE, TITLE_SIZE),),
            Align.CENTER,
            line=33,
            after=LINE if one is lines[-1] else 0,
        )
        for one in lines
    ]


def _attachments(names: Sequence[str]) -> list[Paragraph]:
    """One line below the text, two characters in; several are numbered, and long names go on under themselves."""
    if not names:
        return []
    if len(names) == 1:
        return [_text(f"附件：{names[0]}", before=LINE, left=2 * CHARACTER, hanging=3 * CHARACTER)]
    numbered = [f"{n}. {name}" for n, name in enumerate(names, 1)]
    first = _text(f"附件：{numbered[0]}", before=LINE, left=2 * CHARACTER, hanging=4 * CHARACTER)
    return [first, *(_text(one, left=5 * CHARACTER, hanging=CHARACTER) for one in numbered[1:])]


def _signature(lines: Sequence[str]) -> list[Paragraph]:
    """Four characters from the right edge, each line centred on the widest."""
    widest = max((ems(one) for one in lines), default=0)
    return [
        Paragraph(
            (Run(one, Face.FANG, SIZE),),
            Align.RIGHT,
            LINE,
            before=2 * LINE if n == 0 else 0,
            right=(FROM_THE_RIGHT + (widest - ems(one)) / 2) * CHARACTER,
        )
        for n, one in enumerate(lines)
    ]
