"""What was written on 附件1, the application, that somebody filled in with Word or WPS?

`read` gives `{"fields": {printed label: value}, "problems": [...]}`. A value is text as written. For boxes it is the
one that is ticked, a list where several may be, `{box: what stands in its blank}` where boxes have blanks; a row that
asks several things (户籍属性, 是否掌握高超技能) is `{question: value}`. What can't be told for certain is left empty,
with a problem that says why; what stands on no line of the form is a problem `not_placed`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from documents.form_cells import Row, read_row
from documents.form_labels import Label, Labels, plain
from documents.form_shape import HEADER, OPINIONS, OTHER_NAMES, PRINTED, shape_of
from documents.limits import TooMuch, Unreadable, run_limited
from documents.problems import Problem, Refusal, Severity
from documents.sniff import inspect_upload
from documents.word_reading import Word, open_word
from documents.word_refusals import SENTENCES, refusal
from models.notice import Notice

SECONDS, MEGABYTES = 10, 700
UNREADABLE = {*SENTENCES, "not_the_form"}
YEAR = re.compile(r"(20\d\d)年")
OTHER_FORMS = {
    "专家推荐函": "附件4“专家推荐函”",
    "推荐部门意见表": "附件3“推荐部门意见表”",
    "申请汇总表": "附件2“申请汇总表”",
    "指导目录": "附件5“认定指导目录”",
}
MOST_LEFT, LONGEST_LEFT = 20, 60
Found = dict[str, Any]


def read_application_form(notice: Notice, name: str, content: bytes) -> Found:
    """`read` in a limited process, after the file was looked into. Raises `Refusal` when it is no file to be read."""
    return read_limited("documents.application_form:read", name, content, shape=shape_of(notice))


def read_limited(function: str, name: str, content: bytes, **arguments: Any) -> Found:
    """Have a Word form read. Old Word files and those with a password are told before anything else is looked at."""
    if not content.startswith(b"PK"):
        open_word(content)
    inspect_upload(name, content)
    try:
        found: Found = run_limited(
            function, content, seconds=SECONDS, megabytes=MEGABYTES, name=name, **arguments
        )
    except (TooMuch, Unreadable):
        raise refusal("damaged") from None
    return found


def is_unreadable(found: Found) -> bool:
    """Whether nothing could be read at all."""
    return any(p["code"] in UNREADABLE for p in found["problems"])


def read(content: bytes, name: str, shape: Mapping[str, Any]) -> Found:
    """The fields of a filled-in 附件1 of this shape, and what is wrong with it; nothing is raised."""
    try:
        word = open_word(content)
        return read_word(word, name, shape)
    except Refusal as error:
        return {"fields": {}, "problems": [error.problem.as_dict()]}


def read_word(word: Word, name: str, shape: Mapping[str, Any]) -> Found:
    rows = [Row.of(given) for given in shape["rows"]]
    labels = [Label(r.label, OTHER_NAMES.get(r.label, ())) for r in rows]
    others = [Label(text) for text in (*HEADER, *OPINIONS)]
    found = Labels(word, [*labels, *others])
    problems = list(_check_title(word, found, len(rows), shape))
    if problems and problems[0].code in UNREADABLE:
        return {"fields": {}, "problems": [p.as_dict() for p in problems]}
    fields: dict[str, Any] = {}
    for row in rows:
        value, wrong = read_row(row, found)
        problems += wrong
        if value is not None:
            fields[row.label] = value
    for label in others:
        if label.name in found.values:
            fields[label.name], wrong = read_row(Row.of({"label": label.name}), found)
            problems += wrong
    problems += _left_over(found)
    return {"fields": fields, "problems": [p.as_dict() for p in problems]}


def _check_title(word: Word, found: Labels, rows: int, shape: Mapping[str, Any]) -> Iterator[Problem]:
    """Whether this is 附件1 at all, and of which year."""
    heading = next((line for line in plain_lines(word) if "申请表" in line and shape["award"] in line), "")
    if not heading and len(found.values) * 2 < rows:
        known = next((text for title, text in OTHER_FORMS.items() if title in plain(word.text)), None)
        what = f"这是{known}，不是附件1“认定申请表”" if known else "这份文档不是附件1“认定申请表”"
        yield Problem("", "not_the_form", f"{what}。请核对是否选错了文件；填好的附件1另存为.docx后上传。")
    elif not (year := YEAR.search(heading)):
        text = "没有找到写明年度的表头“认定申请表”，看不出是哪一年度的表，请核对。"
        yield Problem("", "year_unknown", text, Severity.WARNING)
    elif int(year[1]) != shape["year"]:
        what = f"这是{year[1]}年度的申请表，本次认定是{shape['year']}年度。"
        yield Problem("", "other_year", f"{what}请把内容填到{shape['year']}年度的附件1中再上传。")


def plain_lines(word: Word) -> Iterator[str]:
    for block in word.blocks:
        for line in block.text.split("\n"):
            yield plain(line)


def _left_over(found: Labels) -> Iterator[Problem]:
    left = [text for text in found.left if not _is_printed(text)]
    for text in left[:MOST_LEFT]:
        shown = text if len(text) <= LONGEST_LEFT else f"{text[:LONGEST_LEFT]}……"
        message = f"“{shown}”不在申请表的任何一栏内，没有读入；需要的请填到相应的栏里。"
        yield Problem("", "not_placed", message, Severity.WARNING)


def _is_printed(text: str) -> bool:
    words = plain(text)
    return not re.sub(r"[\W_]", "", words) or any(plain(p) in words for p in PRINTED)


# --- the photo ---------------------------------------------------------------------------------------------------


def photo(content: bytes) -> bytes:
    """The picture in the cell for the photo, or the first upright one; empty when there is none. JPEG and PNG only."""
    try:
        word = open_word(content)
    except Refusal:
        return b""
    places = Labels(word, ())
    found = list(places.photo.pictures) if places.photo is not None else []
    if not found:
        found = [p for p in _pictures(word.blocks) if p.height >= p.width]
    for picture in found[:1]:
        held = word.picture(picture) or b""
        if held.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
            return held
    return b""


def read_photo(content: bytes) -> bytes:
    """`photo` in a limited process; empty where the file can't be read."""
    try:
        return bytes(run_limited("documents.application_form:photo", content, seconds=SECONDS))
    except (TooMuch, Unreadable):
        return b""


def _pictures(blocks: Sequence[Any]) -> Iterator[Any]:
    for block in blocks:
        if hasattr(block, "cells"):
            for cell in block.cells:
                yield from _pictures(cell.blocks)
        else:
            yield from block.pictures
