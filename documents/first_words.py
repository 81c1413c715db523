"""With which words does a file begin? Enough to tell what it is, whatever it is called.

`first_words` works in the limited process, on a file that has already been looked into.
"""

import io
import re
import zipfile
from xml.etree.ElementTree import Element

import pypdfium2
from defusedxml.ElementTree import iterparse
from python_calamine import CalamineWorkbook

LONGEST = 1000
TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
ROWS = 12


def first_words(content: bytes, kind: str) -> str:
    """The beginning of the file's text without blanks; empty for a picture."""
    match kind:
        case "docx":
            text = _of_word(content)
        case "xlsx" | "xls":
            text = _of_sheet(content)
        case "pdf":
            text = _of_pdf(content)
        case _:
            text = ""
    return re.sub(r"\s+", "", text)[:LONGEST]


def _of_word(content: bytes) -> str:
    words: list[str] = []
    length = 0
    with zipfile.ZipFile(io.BytesIO(content)) as package, package.open("word/document.xml") as file:
        element: Element
        for _, element in iterparse(file):
            if element.tag == TEXT and element.text:
                words.append(element.text)
                length += len(element.text)
            if length > LONGEST:
                break
    return "".join(words)


def _of_sheet(content: bytes) -> str:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python(nrows=ROWS)
    return "".join(str(value) for row in rows for value in row)


def _of_pdf(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(content)
    return str(pdf[0].get_textpage().get_text_bounded()) if len(pdf) else ""
