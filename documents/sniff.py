"""What is this file really, and may it be taken in? Its content says so, never its name.

`inspect_upload` looks at a stranger's file in a limited process; `inspect_sheet` does so for 附件2, where an .xls is
taken in as well. Both raise `Refusal`, whose problem has one code for each cause and says how it is put right.
"""

import hashlib
import io
import re
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from documents.limits import TooMuch, Unreadable, run_limited
from documents.problems import Problem, Refusal, refused_file
from documents.sniff_office import look_into_package
from documents.sniff_ole import OLE, look_into_ole
from documents.sniff_pdf import look_into_pdf
from documents.sniff_picture import look_into_picture
from models.words import AttachmentKind

ACCEPTED = "PDF、JPG、PNG、DOCX、XLSX"
ENDINGS = {
    "pdf": AttachmentKind.PDF,
    "jpg": AttachmentKind.JPG,
    "jpeg": AttachmentKind.JPG,
    "png": AttachmentKind.PNG,
    "docx": AttachmentKind.DOCX,
    "xlsx": AttachmentKind.XLSX,
}
ENDING = re.compile(r"\.([A-Za-z0-9]{1,5})$")
PACKAGE = b"PK\x03\x04"
SECONDS, MEGABYTES = 5, 700
REMEMBERED = 256
HEAD = 1024
# A program that unpacks finds these wherever they lie; that they are there by chance is one in millions of files.
PACKED = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")


@dataclass(frozen=True)
class Inspected:
    """What a file that may be taken in is: pages of a PDF, pixels of a picture, the words of a Word document."""

    kind: AttachmentKind
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    words: int | None = None


class _Known:
    """What was found out about the files seen last, so that the same one is not looked into again and again."""

    def __init__(self) -> None:
        self.held: OrderedDict[tuple[str, str, str], dict[str, Any]] = OrderedDict()
        self._alone = threading.Lock()

    def ask(self, function: str, filename: str, content: bytes) -> dict[str, Any]:
        key = (function, filename, hashlib.sha256(content).hexdigest())
        with self._alone:
            found = self.held.get(key)
        if found is None:
            found = run_limited(function, content, seconds=SECONDS, megabytes=MEGABYTES, filename=filename)
        with self._alone:
            self.held[key] = found
            self.held.move_to_end(key)
            if len(self.held) > REMEMBERED:
                self.held.popitem(last=False)
        return found


_known = _Known()


def inspect_upload(filename: str, content: bytes) -> Inspected:
    """Look into a file in a process with little memory and time. Raises `Refusal`."""
    found = _ask("documents.sniff:inspected", filename, content)
    return Inspected(**{**found, "kind": AttachmentKind(found["kind"])})


def inspect_sheet(filename: str, content: bytes) -> str:
    """`xlsx` or `xls`, for 附件2. Raises `Refusal`."""
    return str(_ask("documents.sniff:inspected_sheet", filename, content)["kind"])


def _ask(function: str, filename: str, content: bytes) -> dict[str, Any]:
    try:
        found = _known.ask(function, filename, content)
    except TooMuch:
        raise refused_file(
            "too_complex", "内容过于复杂，系统没有接收。请重新扫描，或另存为一份普通的文件。"
        ) from None
    except Unreadable:
        raise refused_file(
            "damaged", "已损坏，打不开。请在电脑上打开确认后，重新保存或扫描再上传。"
        ) from None
    if "problem" in found:
        raise Refusal(Problem(**found["problem"]))
    return found


# --- in the limited process --------------------------------------------------------------------------------------


def inspected(content: bytes, filename: str) -> dict[str, Any]:
    return _told(lambda: asdict(inspect(filename, content)))


def inspected_sheet(content: bytes, filename: str) -> dict[str, Any]:
    return _told(lambda: {"kind": sheet_kind(filename, content)})


def _told(look: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return look()
    except Refusal as error:
        return {"problem": error.problem.as_dict()}


def inspect(filename: str, content: bytes) -> Inspected:
    """Find out the kind by content, refuse what is dangerous or broken, and compare with the name."""
    found = _look(content)
    _check_name(filename, found.kind)
    return found


def sheet_kind(filename: str, content: bytes) -> str:
    if content.startswith(OLE):
        return look_into_ole(content, sheet=True)
    if content and not content.startswith(PACKAGE):
        raise _no_sheet(content)
    kind = _look(content).kind
    if kind is not AttachmentKind.XLSX:
        raise refused_file("not_a_sheet", "不是电子表格。请上传附件2汇总表（.xlsx 或 .xls）。")
    _check_name("表.xlsx" if filename.lower().endswith(".xls") else filename, kind)
    return str(kind)


def _no_sheet(content: bytes) -> Refusal:
    found = _foreign(content)
    if found.problem.code in ("executable", "archive"):
        return found
    text = "不是.xlsx或.xls表格，可能是CSV文本、网页或其他文件改了扩展名。请用Excel或WPS打开，另存为.xlsx后再上传。"
    return refused_file("unknown_kind", text)


def _look(content: bytes) -> Inspected:
    if not content:
        raise refused_file("empty", "是空的（0字节）。请重新选择文件。")
    if content.startswith(b"%PDF-"):
        _is_only_one_thing(content)
        return Inspected(AttachmentKind.PDF, pages=look_into_pdf(content))
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        _is_only_one_thing(content)
        _hides_no_page(content)
        kind, width, height = look_into_picture(content)
        return Inspected(kind, width=width, height=height)
    if content.startswith(PACKAGE):
        kind, words = look_into_package(content)
        return Inspected(kind, words=words)
    if content.startswith(OLE):
        look_into_ole(content)
    raise _foreign(content)


def _is_only_one_thing(content: bytes) -> None:
    """A file that is a PDF or a picture to one program and an archive to another is made to deceive."""
    if zipfile.is_zipfile(io.BytesIO(content)) or any(mark in content for mark in PACKED):
        raise refused_file("polyglot", "里夹带了压缩包，系统没有接收。请重新扫描或另存后再上传。")


def _hides_no_page(content: bytes) -> None:
    head = content[:HEAD].lower()
    if b"%pdf-" in head or b"<script" in head or b"<html" in head:
        raise refused_file("polyglot", "里夹带了其他格式的内容，系统没有接收。请重新扫描或另存后再上传。")


PROGRAM = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
ARCHIVE = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"PK\x05\x06")
OTHER_PICTURE = (b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
FOREIGN = (
    ("executable", PROGRAM, "是程序，不是材料，系统没有接收。"),
    ("archive", ARCHIVE, "是压缩包。请解压后把里面的文件分别上传。"),
    ("other_picture", OTHER_PICTURE, "是其他格式的图片。请另存为JPG或PNG后再上传。"),
    ("rich_text", (b"{\\rtf",), "是RTF文档。请用Word或WPS打开，另存为.docx后再上传。"),
)
PHONE_PICTURES = (b"heic", b"heix", b"mif1", b"msf1", b"avif")


def _foreign(content: bytes) -> Refusal:
    """Why a file of none of the accepted kinds is refused."""
    for code, starts, text in FOREIGN:
        if content.startswith(starts):
            return refused_file(code, text)
    if content[4:8] == b"ftyp" and content[8:12] in PHONE_PICTURES:
        return refused_file("other_picture", "是手机的HEIC图片。请在手机上另存为JPG，或截图后再上传。")
    head = content[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        return refused_file("svg", "是SVG图片，可能带有脚本，系统没有接收。请另存为PNG或PDF后再上传。")
    if head.startswith(b"<") and any(w in head for w in (b"<html", b"<!doctype html", b"<script", b"<body")):
        return refused_file("html", "是网页，系统没有接收。请打印成PDF后再上传。")
    if b"%pdf-" in head:
        return refused_file(
            "polyglot", "的PDF内容前面夹带了其他内容，系统没有接收。请重新另存为PDF后再上传。"
        )
    return refused_file("unknown_kind", f"的内容不是{ACCEPTED}中的任何一种。请另存为其中一种后再上传。")


def _check_name(filename: str, kind: AttachmentKind) -> None:
    """A name without an ending is let through; one with the wrong ending would mislead who opens it."""
    found = ENDING.search(filename)
    if found is None or found[1].isdigit() or ENDINGS.get(found[1].lower()) is kind:
        return
    raise refused_file(
        "name_mismatch",
        f"名以.{found[1]}结尾，内容却是{kind.upper()}。请核对是否选错了文件；没有选错的，把扩展名改为.{kind}后再上传。",
    )
