"""How does a sheet become a PDF, or pictures of its pages? Typst sets it, from data alone.

`print_pdf` and `print_pages` are what verbs call: they typeset in a limited process, as names, texts and photos come
from strangers. `pdf` and `pages` do the work in the process they are called in.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import typst

from documents.fonts import faces, fonts
from documents.glyphs import without_boxes
from documents.grid import Sheet
from documents.limits import run_limited

TEMPLATE = Path(__file__).with_name("sheet.typ")
SECONDS = 60
MIMES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
OutputFormat = Literal["pdf", "png"]


def print_pdf(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one PDF. Refused when the machine has no Chinese font."""
    return bytes(_typeset(sheets, "pdf", 144))


def print_pages(sheets: Sequence[Sheet], ppi: float = 144) -> list[bytes]:
    """A PNG of every page."""
    return [b64decode(page) for page in _typeset(sheets, "png", ppi)]


def _typeset(sheets: Sequence[Sheet], form: str, ppi: float) -> Any:
    faces()
    return run_limited("documents.to_typst:typeset", to_json(sheets), seconds=SECONDS, form=form, ppi=ppi)


def typeset(content: bytes, form: str, ppi: float) -> bytes | list[str]:
    """The work of the limited process: few threads, as each of them counts against its memory."""
    os.environ.setdefault("RAYON_NUM_THREADS", "2")
    if form == "pdf":
        return _compiled(content, "pdf", ppi)[0]
    return [b64encode(page).decode() for page in _compiled(content, "png", ppi)]


def pdf(sheets: Sequence[Sheet]) -> bytes:
    return _compiled(to_json(sheets), "pdf", 144)[0]


def pages(sheets: Sequence[Sheet], ppi: float = 144) -> list[bytes]:
    return _compiled(to_json(sheets), "png", ppi)


def to_json(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as the template reads them; a picture is written as a data address."""
    return json.dumps([sheet.as_data() for sheet in sheets], ensure_ascii=False, default=_as_address).encode()


def _as_address(content: bytes) -> str:
    kind = next((mime for head, mime in MIMES.items() if content.startswith(head)), "image/svg+xml")
    return f"data:{kind};base64,{b64encode(content).decode()}"


def _compiled(content: bytes, form: OutputFormat, ppi: float) -> list[bytes]:
    """One file for a PDF, one for each page of a PNG. The template may read its own folder and nothing else."""
    made = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=fonts(),
        format=form,
        ppi=ppi,
        sys_inputs={"sheets": without_boxes(content.decode()), "faces": json.dumps(faces())},
    )
    return made if isinstance(made, list) else [made]
