"""Can the joint document and the certificates be written as the file words them?"""

from typing import Any

from models.placeholders import CERTIFICATE_MARKS, DOCUMENT_MARKS, LIST, list_lines, unknown_marks
from notices.draft import Draft
from notices.references import Found


def _section(draft: Draft, name: str) -> dict[str, Any]:
    found = draft.data.get(name)
    return found if isinstance(found, dict) else {}


def marks_are_known(draft: Draft) -> Found:
    places = (
        ("joint_document", "title", DOCUMENT_MARKS),
        ("joint_document", "addressee", DOCUMENT_MARKS),
        ("joint_document", "text", (*DOCUMENT_MARKS, LIST.strip("【】"))),
        ("certificate", "text", CERTIFICATE_MARKS),
    )
    for section, field, known in places:
        text = _section(draft, section).get(field)
        for mark in unknown_marks(text, known) if isinstance(text, str) else []:
            yield (
                (section, field),
                f"“【{mark}】”不能自动填入，可用的有：{'、'.join(f'【{k}】' for k in known)}",
            )


def list_has_its_line(draft: Draft) -> Found:
    text = _section(draft, "joint_document").get("text")
    if isinstance(text, str) and (list_lines(text) != 1 or text.count(LIST) != 1):
        yield ("joint_document", "text"), f"正文里须有一行只写“{LIST}”，名单放在那里，而且只写一次"


def certificate_number_can_be_made(draft: Draft) -> Found:
    pattern = _section(draft, "certificate").get("number")
    if not isinstance(pattern, str) or "{n" not in pattern:
        return
    try:
        pattern.format(n=1)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        yield ("certificate", "number"), f"编号格式“{pattern}”写不出编号，只能含 {{n}} 或 {{n:03d}}，请改正"


def document_is_drafted_before_it_is_signed(draft: Draft) -> Found:
    section = _section(draft, "joint_document")
    first, second = (draft.position(str(section.get(key))) for key in ("draft", "sign"))
    if first is not None and second is not None and first >= second:
        yield ("joint_document", "sign"), "会签须在拟稿之后，请改 draft 或 sign"
