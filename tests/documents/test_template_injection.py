"""Is what looks like an instruction of a template printed, mailed and read as it was typed, wherever it stands?"""

import io
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from html import unescape
from importlib import import_module
from inspect import getmembers, isfunction, signature
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from sqlmodel import SQLModel

from documents import layouts
from documents.grid import Block, Sheet, Stamp
from documents.layouts.official import text as paragraph
from documents.layouts.values import Answers
from documents.marks import Mark, stamp
from documents.to_typst import print_pdf
from documents.to_word import word
from models.joint import JointText
from models.notice import Notice
from models.placeholders import LIST
from notices.reader import read_notice
from notifications.catalogue import MAILS, sample_context
from notifications.rendering import render
from simulation.papers import picture
from tests.documents.word_files import document, read_file, with_value
from tests.world import NOTICE

ROOT = Path(__file__).resolve().parents[2]
# 1234 times 5678: whatever works it out has taken a text for an instruction.
WORKED_OUT = "7006652"
SECRET = "root:x:0:0"
INSTRUCTIONS = (
    "{{1234*5678}}",
    "{%for i in x%}",
    "{#note#}",
    "${1234*5678}",
    "#{1234*5678}",
    '#eval("1234*5678")',
    "#(1234*5678)",
    '#import"x.typ"',
    '#read("/etc/passwd")',
    "#panic()",
    r"\input{/etc/passwd}\\",
    "$1234*5678$",
    "<%=1234*5678%>",
    "【姓名】",
    "*_`@x`_*",
)
TYPED = "".join(INSTRUCTIONS)


def layout_functions() -> list[Callable[..., Sheet]]:
    """Every function of documents/layouts that makes a sheet: a new one is tested as soon as it is there."""
    modules = [import_module(f"{layouts.__name__}.{m.name}") for m in pkgutil.iter_modules(layouts.__path__)]
    return [
        function
        for module in modules
        for name, function in getmembers(module, isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and get_type_hints(function).get("return") is Sheet
    ]


def made(kind: Any, notice: Notice) -> Any:
    """Something of this type in which every text is made of instructions."""
    special = {
        str: TYPED,
        date: date(2026, 3, 6),
        int: 1,
        bool: True,
        bytes: picture(),
        Notice: notice,
        Answers: Answers(notice, "unit", {f.key: TYPED for f in notice.fields_of("unit")}),
        Stamp: stamp(Mark(uuid4(), "cover"), TYPED),
        Block: paragraph(TYPED),
        UUID: uuid4(),
        datetime: datetime(2026, 3, 6, tzinfo=UTC),
    }
    if kind in special:
        return special[kind]
    origin, given = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return made(next(k for k in given if k is not type(None)), notice)
    if origin is tuple:
        return tuple(made(k, notice) for k in given if k is not Ellipsis)
    if origin is frozenset:
        return frozenset({1})
    if origin in (Sequence, list):
        return [made(given[0], notice)] * 2
    if origin in (Mapping, dict):
        return dict.fromkeys(("number", "name", "employer", "occupation", "reason"), TYPED)
    if issubclass(kind, SQLModel):
        row = kind(**{n: made(f.annotation, notice) for n, f in kind.model_fields.items()})
        return row.model_copy(update={"body": f"{TYPED}\n{LIST}"}) if isinstance(row, JointText) else row
    hints = get_type_hints(kind)
    return kind(**{f.name: made(hints[f.name], notice) for f in fields(kind)})


def essence(text: str) -> str:
    return re.sub(r"\s", "", text)


def text_of_pdf(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as printed:
        return essence("".join(page.get_textpage().get_text_bounded() for page in printed))


@pytest.fixture(scope="module")
def notice() -> Notice:
    return read_notice(NOTICE)


@pytest.mark.parametrize("layout", layout_functions(), ids=lambda f: f.__name__)
def test_every_layout_prints_instructions_as_they_were_typed(
    notice: Notice, layout: Callable[..., Sheet]
) -> None:
    hints = get_type_hints(layout)
    sheet = layout(**{name: made(hints[name], notice) for name in signature(layout).parameters})

    written = docx.Document(io.BytesIO(word([sheet])))
    in_word = essence("".join(t.text or "" for t in written.element.iter(qn("w:t"))))
    printed = text_of_pdf(print_pdf([sheet]))
    for said in (in_word, printed):
        assert [i for i in INSTRUCTIONS if essence(i) not in said] == []
        assert (WORKED_OUT in said, SECRET in said) == (False, False)
    assert [f.text for f in written.element.iter(qn("w:instrText"))] == []


@pytest.mark.parametrize("key", list(MAILS))
def test_every_mail_says_instructions_as_they_were_typed(key: str) -> None:
    sample = sample_context(key)
    typed = {n: TYPED for n in type(sample).model_fields if type(getattr(sample, n)) is str}

    said = render(key, sample.model_copy(update=typed))

    for text in (said.subject, said.text, unescape(said.html)):
        assert (INSTRUCTIONS[0] in text, WORKED_OUT in text, SECRET in text) == (True, False, False)


def test_a_word_file_that_is_read_in_gives_back_what_stands_in_it() -> None:
    found = read_file(document(with_value("工作单位", TYPED)))

    assert found["fields"]["工作单位"] == TYPED


def test_no_text_of_anybody_is_ever_a_template() -> None:
    """Templates come from our own folders by name; Word files are made and read cell by cell."""
    makes = re.compile(r"from_string\(|docxtpl|mailmerge|(?<![.\w])(eval|exec|Template)\(")
    folders = ("api", "cli", "documents", "flows", "models", "notices", "notifications", "tasks")
    found = {
        str(path.relative_to(ROOT))
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if makes.search(path.read_text())
    }
    assert found == set()
