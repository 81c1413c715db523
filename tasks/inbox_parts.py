"""What is an attachment of a mail: may it be taken in, and which document of the notice does it seem to be?

The guess only fills in the page for the clerk, who decides.
"""

import re
from dataclasses import dataclass

from documents.limits import TooMuch, Unreadable, run_limited
from documents.problems import Refusal
from models.notice import Document, Notice
from notifications.packed import Part
from tasks.taking import inspect_sheet, inspect_upload

SUMMARY = "summary_table"
SHEETS = {"xls", "xlsx"}
PICTURES = {"jpg", "png"}
# How far into a file its title may stand.
TITLE = 160
# Words of file names, most telling first, by the keys that seasons' files give the documents.
NAMES = (
    ("no_crime", "无犯罪|无违法"),
    ("id_copy", "身份证"),
    ("expert_letters", "推荐函|推荐信"),
    ("department_opinions", "意见表"),
    (SUMMARY, "汇总表"),
    ("application_form", "申请表|申报表"),
    ("deeds", "事迹"),
    ("photo", "照片|近照|免冠|寸照|证件照"),
    ("certificates", "证书|荣誉|获奖|奖状|职称|聘书|技能等级"),
    ("indicator_proof", "指标|证明材料|佐证"),
)
# What stands on a paper that has no printed title of the notice's.
CONTENTS = (("no_crime", "无犯罪记录证明"), ("deeds", "事迹材料"))
NUMBERED = re.compile(r"附件(\d{1,2})")


@dataclass(frozen=True)
class Examined:
    """`kind` is empty when it can't be taken in; then `problem` says why."""

    part: Part
    kind: str
    problem: str = ""
    looks_like: str = ""


def examine(notice: Notice, part: Part) -> Examined:
    """Look into an attachment in the limited process."""
    if part.code:
        return Examined(part, "", part.problem)
    try:
        kind = _kind(part)
    except Refusal as refusal:
        return Examined(part, "", refusal.problem.message)
    return Examined(part, kind, "", looks_like(notice, part.filename, kind, _beginning(part.content, kind)))


def _kind(part: Part) -> str:
    """Of old spreadsheets only those are taken in that 附件2 may be sent as."""
    if part.filename.lower().endswith(".xls"):
        return inspect_sheet(part.filename, part.content)
    return str(inspect_upload(part.filename, part.content).kind)


def _beginning(content: bytes, kind: str) -> str:
    if kind in PICTURES:
        return ""
    try:
        return str(run_limited("documents.first_words:first_words", content, kind=kind))
    except (TooMuch, Unreadable):
        return ""


def looks_like(notice: Notice, filename: str, kind: str, beginning: str) -> str:
    """The key of the document that it seems to be; empty when nothing tells. The printed title counts most."""
    known = {d.key: d for d in notice.documents}
    if kind in SHEETS:
        return SUMMARY if SUMMARY in known else ""
    start = essence(beginning)[:TITLE]
    if by_title := next((key for key, d in known.items() if _is_titled(d, start)), ""):
        return by_title
    if by_number := NUMBERED.search(filename):
        numbered = [key for key, d in known.items() if f"附件{by_number[1]}）" in d.label]
        if numbered and kind == "docx":
            return numbered[0]
    hints = [
        *((k, w) for k, w in NAMES if re.search(w, filename)),
        *((k, w) for k, w in CONTENTS if w in start),
    ]
    return next((key for key, _ in hints if key in known), "")


def _is_titled(document: Document, start: str) -> bool:
    titles = re.findall(r"《(.+?)》", document.label)
    return any(essence(title) in start for title in titles)


def essence(text: str) -> str:
    """A title without its year, its quotation marks and its brackets."""
    return re.sub(r"20\d\d年度?|[（(].*?[)）]|[“”\"'‘’《》\s]", "", text)
