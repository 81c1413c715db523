"""What does a part of an office file call for when it is opened: another program (DDE), or entities of its own?

It is read as Word and Excel read it, so that no spelling, prefix, comment or encoding hides a word.
"""

import re
from contextlib import suppress
from typing import IO
from xml.parsers import expat

from documents.problems import Refusal, refused_file
from models.words import AttachmentKind

CODES, SIMPLE_FIELD, INSTRUCTION = {"instrText", "delInstrText"}, "fldSimple", "instr"
FORMULAS = {"f", "formula", "formula1", "formula2", "definedName"}
WORD_DDE = re.compile(r"\bDDE(AUTO)?\b", re.IGNORECASE)
QUOTED = re.compile(r'"[^"]*"')
BEGINS = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<")
HEAD = 64


def begins_as_markup(head: bytes) -> bool:
    return bool(BEGINS.match(head.replace(b"\x00", b"")))


def check_markup(part: IO[bytes], kind: AttachmentKind, *, may_have_dtd: bool = False) -> None:
    """Raises `Refusal`. A part that breaks the rules of XML is read as far as that: no program reads on either."""
    listener = _Listener(CODES if kind is AttachmentKind.DOCX else FORMULAS, may_have_dtd)
    with suppress(expat.ExpatError):
        listener.listen(part)
    said = listener.said
    if kind is AttachmentKind.DOCX and WORD_DDE.search("".join(said)):
        raise _dde()
    if kind is AttachmentKind.XLSX and any(_calls(formula) for formula in said):
        raise _dde()


def _calls(formula: str) -> bool:
    """`program|topic!item`; within a formula the stroke has no other meaning."""
    _, stroke, rest = QUOTED.sub("", formula).partition("|")
    return bool(stroke) and "!" in rest


class _Listener:
    """Keeps the text of the elements that are wanted."""

    def __init__(self, wanted: set[str], may_have_dtd: bool) -> None:
        self.said: list[str] = []
        self._wanted = wanted
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        if not may_have_dtd:
            self._parser.StartDoctypeDeclHandler = self._refuse

    def listen(self, part: IO[bytes]) -> None:
        self._parser.ParseFile(part)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local in self._wanted:
            self.said.append("")
            self._parser.CharacterDataHandler = self._hear
        elif local == SIMPLE_FIELD:
            self.said += [f" {v} " for k, v in attributes.items() if _local(k) == INSTRUCTION]

    def _hear(self, text: str) -> None:
        self.said[-1] += text

    def _end(self, name: str) -> None:
        if _local(name) in self._wanted:
            self._parser.CharacterDataHandler = None

    def _refuse(self, *declared: object) -> None:
        raise entities()


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def entities() -> Refusal:
    return refused_file(
        "entity_bomb", "里有不应出现的XML实体定义，系统没有接收。请用Word、Excel或WPS另存后再上传。"
    )


def _dde() -> Refusal:
    return refused_file("dde", "里有会调用其他程序的域或公式（DDE）。请删去后另存，或打印成PDF后再上传。")
