"""Is every file that means harm, or is broken, refused with its reason, quickly and with little memory?"""

import re
import time

import pytest

from documents.limits import TooMuch, run_limited
from documents.problems import Refusal
from documents.sniff import inspect_sheet, inspect_upload
from models.words import AttachmentKind
from simulation.papers import docx, pdf, picture
from tests.documents import made_files as made

HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "empty": ("材料.pdf", b"", "empty"),
    "program as pdf": ("材料.pdf", b"MZ\x90\x00" + b"\x00" * 500, "executable"),
    "elf as picture": ("照片.jpg", b"\x7fELF" + b"\x00" * 500, "executable"),
    "shell script": ("材料.pdf", b"#!/bin/sh\nrm -rf /\n", "executable"),
    "pdf and zip": ("材料.pdf", pdf() + made.word(), "polyglot"),
    "picture and zip": ("照片.jpg", picture() + made.word(), "polyglot"),
    "picture and rar": ("照片.jpg", picture() + b"Rar!\x1a\x07\x01\x00" + b"\x00" * 500, "polyglot"),
    "picture and 7z": ("照片.png", picture(AttachmentKind.PNG) + b"7z\xbc\xaf\x27\x1c" + b"\x00" * 500, "polyglot"),
    "pdf and rar": ("材料.pdf", pdf() + b"Rar!\x1a\x07\x00" + b"\x00" * 500 + b"%%EOF", "polyglot"),
    "script before pdf": ("材料.pdf", b"<script>alert(1)</script>" + pdf(), "html"),
    "words before pdf": ("材料.pdf", b"hello\n" + pdf(), "polyglot"),
    "pdf in picture": ("照片.jpg", picture()[:20] + b"%PDF-1.4" + picture()[20:], "polyglot"),
    "svg with script": ("照片.svg", b"<?xml version='1.0'?><svg onload='alert(1)'/>", "svg"),
    "svg as png": ("照片.png", b"<svg xmlns='x'><script>alert(1)</script></svg>", "svg"),
    "html as docx": ("材料.docx", b"<!DOCTYPE html><html><script>1</script></html>", "html"),
    "gif": ("照片.gif", b"GIF89a" + b"\x00" * 50, "other_picture"),
    "heic": ("照片.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50, "other_picture"),
    "rar": ("材料.rar", b"Rar!\x1a\x07\x00" + b"\x00" * 50, "archive"),
    "plain zip": ("材料.zip", made.package({"身份证.txt": "x"}), "archive"),
    "rtf": ("材料.doc", b"{\\rtf1 x}", "rich_text"),
    "noise": ("材料.pdf", bytes(range(256)) * 20, "unknown_kind"),
    # pdf
    "cut pdf": ("材料.pdf", pdf("long", 20)[:-600], "damaged"),
    "spoilt pdf": ("材料.pdf", b"%PDF-1.7\n" + b"\x00\xff" * 5000 + b"\n%%EOF", "damaged"),
    "pdf with password": ("材料.pdf", made.encrypted_pdf("secret", "owner"), "encrypted_pdf"),
    "pdf script": ("材料.pdf", made.with_action("<</S/JavaScript/JS(app.alert\\(1\\))>>"), "active_pdf"),
    "pdf script escaped": ("材料.pdf", made.with_action("<</S/Java#53cript/JS(1)>>"), "active_pdf"),
    "pdf script compressed": ("材料.pdf", made.hidden_action(), "active_pdf"),
    "pdf script to play": ("材料.pdf", made.with_action("<</S/Rendition/JS(app.alert\\(1\\))>>"), "active_pdf"),
    "pdf launch": ("材料.pdf", made.with_action("<</S/Launch/F(cmd.exe)>>"), "active_pdf"),
    "pdf with a file": ("材料.pdf", made.pdf_with_file(), "embedding"),
    "pdf of 600 pages": ("材料.pdf", pdf("page", 600), "too_many_pages"),
    # pictures
    "cut jpeg": ("照片.jpg", picture(size=(2000, 3000))[:3000], "damaged"),
    "cut png": ("照片.png", picture(AttachmentKind.PNG)[:300], "damaged"),
    "huge jpeg": ("照片.jpg", made.huge_jpeg(), "picture_too_large"),
    "huge png": ("照片.png", made.huge_png(), "picture_too_large"),
    # office
    "old word": ("申请表.doc", made.ole("Root Entry", "WordDocument"), "old_word"),
    "old word renamed": ("申请表.docx", made.ole("Root Entry", "WordDocument"), "old_word"),
    "old excel": ("汇总表.xls", made.ole("Root Entry", "Workbook"), "old_excel"),
    "office with password": ("申请表.docx", made.ole("EncryptionInfo", "EncryptedPackage"), "encrypted_office"),
    "old slides": ("材料.ppt", made.ole("PowerPoint Document"), "old_office"),
    "zip with password": (
        "申请表.docx",
        made.every_entry_says(made.word(), made.FLAGS, 1),
        "encrypted_office",
    ),
    "zip of an unknown method": (
        "申请表.docx",
        made.every_entry_says(made.word(), made.METHOD, 99),
        "damaged",
    ),
    "zip of a later version": (
        "申请表.docx",
        made.every_entry_says(made.word(), made.VERSION, 255),
        "damaged",
    ),
    "docm": (
        "申请表.docm",
        made.word({"word/vbaProject.bin": b"x"}, main="application/vnd.ms-word.document.macroEnabled.main+xml"),
        "macros",
    ),
    "docm as docx": ("申请表.docx", made.word({"word/vbaProject.bin": b"x"}), "macros"),
    "xlsm": ("表.xlsx", made.sheet(main="application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "macros"),
    "external link": ("表.xlsx", made.sheet({"xl/externalLinks/externalLink1.xml": "<x/>"}), "external_link"),
    "sheet dde": ("表.xlsx", made.sheet(cell="<f>cmd|'/c calc'!A0</f>"), "dde"),
    "word dde": ("申请表.docx", made.code_field(" DD", "EAUTO c:\\\\cmd.exe "), "dde"),
    "sheet dde by numbers": ("表.xlsx", made.sheet(cell="<f>cmd&#124;'/c calc'&#33;A0</f>"), "dde"),
    "sheet dde with a prefix": ("表.xlsx", made.sheet(cell="<x:f>cmd|'/c calc'!A0</x:f>"), "dde"),
    "sheet dde after blanks": ("表.xlsx", made.sheet(cell=f"<f>{' ' * 500}cmd|'/c calc'!A0</f>"), "dde"),
    "word dde by numbers": ("申请表.docx", made.code_field("&#68;&#x44;EAUTO c:\\\\cmd.exe"), "dde"),
    "word dde with a comment": ("申请表.docx", made.code_field("DD<!-- -->EAUTO c:\\\\cmd.exe"), "dde"),
    "word dde as data": ("申请表.docx", made.code_field("<![CDATA[DDEAUTO c:\\\\cmd.exe]]>"), "dde"),
    "word dde in a simple field": ("申请表.docx", made.word(body="<w:fldSimple w:instr='DDE x y'/>"), "dde"),
    "word dde across pieces": ("申请表.docx", made.straddling_code(), "dde"),
    "word dde under another name": (
        "申请表.docx",
        made.under_another_name("<w:p><w:r><w:instrText>DDEAUTO x</w:instrText></w:r></w:p>"),
        "dde",
    ),
    "entities under another name": ("申请表.docx", made.word({"word/a.bin": made.LAUGHS}), "entity_bomb"),
    "two of one name": ("申请表.docx", made.twice("word/styles.xml", "<a/>", "<b/>"), "bad_entry"),
    "template from outside": ("申请表.docx", made.linked("attachedTemplate", "http://evil/x.dotm"), "external_link"),
    "picture from outside": ("申请表.docx", made.linked("image", "http://evil/x.png"), "external_link"),
    "embedded object": ("申请表.docx", made.word({"word/embeddings/oleObject1.bin": b"x"}), "embedding"),
    "control": ("申请表.docx", made.word({"word/activeX/activeX1.xml": "<x/>"}), "active_x"),
    "program inside": ("申请表.docx", made.word({"word/media/image1.png": b"MZ\x90\x00aaaa"}), "executable"),
    "bomb": ("申请表.docx", made.word({"word/big.xml": b"\x00" * 60_000_000}), "zip_bomb"),
    "bomb of many": ("申请表.docx", made.word({f"word/{n}.xml": b"a" * 4_900_000 for n in range(45)}), "zip_bomb"),
    "ten thousand entries": ("申请表.docx", made.zip_of(10_000), "zip_bomb"),
    "zips in zips": ("申请表.docx", made.word({"word/a.bin": made.package({"b": made.zip_of(3)})}), "nested_archive"),
    "entities": ("申请表.docx", made.word({"word/styles.xml": made.LAUGHS}), "entity_bomb"),
    "entities in utf-16": ("申请表.docx", made.word({"word/a.xml": made.LAUGHS.encode("utf-16")}), "entity_bomb"),
    "entities in the types": ("申请表.docx", made.package({"[Content_Types].xml": made.LAUGHS}), "entity_bomb"),
    "way out": ("申请表.docx", made.evil_name("../../etc/cron.d/x"), "bad_entry"),
    "way out by drive": ("申请表.docx", made.evil_name("C:\\evil.exe"), "bad_entry"),
    "cut docx": ("申请表.docx", docx()[:-200], "damaged"),
    "docx without its text": ("申请表.docx", made.package(made.NOTHING), "unknown_kind"),
    "slides": (
        "材料.pptx",
        made.word(main=f"{made.OOXML}presentationml.presentation.main+xml"),
        "unknown_kind",
    ),
    # names
    "docx as pdf": ("材料.pdf", docx(), "name_mismatch"),
    "pdf as program": ("材料.exe", pdf(), "name_mismatch"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_is_refused_with_its_reason(name: str) -> None:
    filename, content, code = HOSTILE[name]
    began = time.monotonic()
    told = run_limited(
        "tests.documents.measured:measured", content, seconds=5, megabytes=700, filename=filename
    )
    seconds = time.monotonic() - began

    assert told["found"].get("problem", {}).get("code") == code
    assert re.fullmatch(r"文件.*[一-鿿].*。", told["found"]["problem"]["message"])
    assert told["kilobytes"] < 200_000
    assert seconds < 5


@pytest.mark.parametrize(
    ("filename", "content", "kind"),
    [
        ("材料.pdf", pdf(pages=12), AttachmentKind.PDF),
        ("无扩展名", pdf(), AttachmentKind.PDF),
        ("2025.03.09", pdf(), AttachmentKind.PDF),
        ("照片.JPEG", picture(), AttachmentKind.JPG),
        ("照片.png", picture(AttachmentKind.PNG), AttachmentKind.PNG),
        ("申请表.docx", docx(), AttachmentKind.DOCX),
        ("申请表.docx", made.linked("hyperlink", "https://www.example.org/"), AttachmentKind.DOCX),
        ("申请表.docx", made.code_field("PAGE"), AttachmentKind.DOCX),
        ("汇总表.xlsx", made.sheet(cell="<f>SUM(A1:A2)</f>"), AttachmentKind.XLSX),
        ("汇总表.xlsx", made.sheet(cell='<f>IF(A1="a|b",Sheet2!A1,0)</f>'), AttachmentKind.XLSX),
        ("申请表.docx", made.word({"word/media/a.svg": "<!DOCTYPE svg><svg/>"}), AttachmentKind.DOCX),
        ("只限编辑.pdf", made.encrypted_pdf("", "owner"), AttachmentKind.PDF),
    ],
)
def test_sound_files_are_taken_in(filename: str, content: bytes, kind: AttachmentKind) -> None:
    assert inspect_upload(filename, content).kind is kind


def test_what_was_found_is_told() -> None:
    assert inspect_upload("a.pdf", pdf(pages=12)).pages == 12
    shot = inspect_upload("a.jpg", picture(size=(600, 800)))
    assert (shot.width, shot.height) == (600, 800)
    assert inspect_upload("a.docx", docx("攻克 12 项难题，用 CNC 加工。")).words == 12


BINARY_SHEET = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"


def test_a_summary_may_be_an_old_sheet() -> None:
    assert inspect_sheet("汇总表.xls", made.ole("Root Entry", "Workbook")) == "xls"
    assert inspect_sheet("汇总表.xlsx", made.sheet()) == "xlsx"
    for content, code in (
        (made.ole("Workbook", "_VBA_PROJECT"), "macros"),
        (made.ole("WordDocument"), "old_word"),
        (docx(), "not_a_sheet"),
        (b"%PDF-1.4\n%%EOF", "unknown_kind"),
        (b"<html><table></table></html>", "unknown_kind"),
        ("姓名,性别".encode("gbk"), "unknown_kind"),
        (b"Rar!\x1a\x07", "archive"),
        (made.sheet(main=BINARY_SHEET), "unknown_kind"),
        (made.package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "unknown_kind"),
    ):
        with pytest.raises(Refusal) as refused:
            inspect_sheet("汇总表.xlsx", content)
        assert refused.value.problem.code == code
        assert "PDF" not in refused.value.problem.message


def test_the_largest_honest_picture_needs_little_memory() -> None:
    content = picture(size=(9000, 8800))
    told = run_limited(
        "tests.documents.measured:measured", content, seconds=5, megabytes=700, filename="a.jpg"
    )
    assert told["found"]["kind"] == AttachmentKind.JPG
    assert told["kilobytes"] < 200_000


def test_an_answer_that_breaks_off_is_no_answer() -> None:
    with pytest.raises(TooMuch):
        run_limited("tests.documents.measured:breaks_off", b"x")
