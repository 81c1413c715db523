"""How are the files made that mean harm, or are merely broken? By a few lines of code each."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from pypdf import PdfReader, PdfWriter

from simulation.papers import docx, pdf, picture

OOXML = "application/vnd.openxmlformats-officedocument."
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
OVERRIDE = '<Override PartName="/{}" ContentType="{}"/>'
WORD_MAIN = f"{OOXML}wordprocessingml.document.main+xml"
SHEET_MAIN = f"{OOXML}spreadsheetml.sheet.main+xml"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
RELATION = '<Relationship Id="r1" Type="{}" Target="{}" TargetMode="External"/>'
DOCUMENT = '<w:document xmlns:w="w"><w:body>{}</w:body></w:document>'
SHEET = '<worksheet><sheetData><row><c r="A1">{}</c></row></sheetData></worksheet>'
LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
NOTHING = {"[Content_Types].xml": TYPES.format("")}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Parts = Mapping[str, str | bytes]


def package(parts: Parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def word(more: Parts | None = None, body: str = "", main: str = WORD_MAIN) -> bytes:
    types = TYPES.format(OVERRIDE.format("word/document.xml", main))
    return package({"[Content_Types].xml": types, "word/document.xml": DOCUMENT.format(body), **(more or {})})


def sheet(more: Parts | None = None, cell: str = "<v>1</v>", main: str = SHEET_MAIN) -> bytes:
    types = TYPES.format(OVERRIDE.format("xl/workbook.xml", main))
    parts = {"[Content_Types].xml": types, "xl/workbook.xml": "<workbook/>"}
    return package({**parts, "xl/worksheets/sheet1.xml": SHEET.format(cell), **(more or {})})


def linked(kind: str, target: str) -> bytes:
    return word({"word/_rels/document.xml.rels": RELATIONS.format(RELATION.format(RELATED + kind, target))})


def code_field(*pieces: str) -> bytes:
    runs = "".join(f"<w:r><w:instrText>{p}</w:instrText></w:r>" for p in pieces)
    return word(body=f"<w:p>{runs}</w:p>")


def straddling_code() -> bytes:
    """A field whose code lies across the end of the first million bytes of the text."""
    opening = "<w:p><w:r><w:instrText>"
    blanks = " " * (1_000_000 - len(DOCUMENT) - len(opening) - 200)
    return word(body=f"{blanks}{opening}{' ' * 400}DDEAUTO c:\\\\cmd.exe</w:instrText></w:r></w:p>")


def under_another_name(body: str) -> bytes:
    """The text of the document lies in a part whose name says that it is something else."""
    types = TYPES.format(OVERRIDE.format("word/document.bin", WORD_MAIN))
    return package({"[Content_Types].xml": types, "word/document.bin": DOCUMENT.format(body)})


def twice(name: str, first: str, second: str) -> bytes:
    """A Word file with two parts of one name."""
    out = io.BytesIO(word())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, first)
        archive.writestr(name.upper(), second)
    return out.getvalue()


def ole(*streams: str) -> bytes:
    return OLE + b"\x00" * 504 + b"".join(s.encode("utf-16-le").ljust(128, b"\x00") for s in streams)


def zip_of(count: int) -> bytes:
    return package({f"word/{n}.xml": "" for n in range(count)})


def evil_name(name: str) -> bytes:
    return word({name: "x"})


# Where an entry's own head says it, and that in the directory 2 bytes further on: newest version needed, flags, method.
VERSION, FLAGS, METHOD = 4, 6, 8


def every_entry_says(package: bytes, place: int, value: int) -> bytes:
    """The same zip with this byte at this place of every entry."""
    content = bytearray(package)
    for mark, at in ((b"PK\x03\x04", place), (b"PK\x01\x02", place + 2)):
        start = content.find(mark)
        while start >= 0:
            content[start + at] = value
            start = content.find(mark, start + 4)
    return bytes(content)


# --- PDF ---------------------------------------------------------------------------------------------------------


def with_action(action: str) -> bytes:
    """A PDF that does something when it is opened."""
    return pdf().replace(b"/Type/Catalog", f"/Type/Catalog/OpenAction{action}".encode())


def hidden_action() -> bytes:
    """The same, with the catalog in a compressed stream."""
    catalog = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"
    places = b"1 0 2 %d 3 %d " % (len(catalog) + 1, len(catalog) + len(pages) + 2)
    packed = zlib.compress(places + b" ".join((catalog, pages, page)))
    head = b"%PDF-1.5\n"
    first = b"4 0 obj<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>stream\n%b\nendstream endobj\n"
    stream = first % (len(places), len(packed), packed)
    start = len(head) + len(stream)
    rows = [(0, 0, 65535), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, len(head), 0), (1, start, 0)]
    table = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in rows))
    last = b"5 0 obj<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>"
    last += b"stream\n%b\nendstream endobj\n"
    return head + stream + last % (len(table), table) + b"startxref\n%d\n%%%%EOF\n" % start


def encrypted_pdf(user: str, owner: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt(user, owner)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_with_file() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.add_attachment("evil.exe", b"MZ")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# --- pictures ----------------------------------------------------------------------------------------------------


def huge_jpeg(side: int = 50_000) -> bytes:
    """A small picture whose head says that it is enormous."""
    content = bytearray(picture())
    start = content.index(b"\xff\xc0")
    content[start + 5 : start + 9] = struct.pack(">HH", side, side)
    return bytes(content)


def huge_png(side: int = 50_000) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def long_docx(words: int) -> bytes:
    return docx("字" * words)
