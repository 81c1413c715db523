"""Is this .docx or .xlsx what it says, and nothing more? No macros, no links outside, no bomb, nothing nested.

Sizes are those of the archive's directory; reading stops at them, so that an entry that lies about its size is short.
"""

import io
import re
import zipfile
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import unescape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from documents.problems import Refusal, refused_file
from documents.sniff_markup import HEAD, begins_as_markup, check_markup, entities
from models.words import AttachmentKind
from models.zips import DAMAGED, has_password

MOST_ENTRIES = 2000
MOST_BYTES = 200_000_000
LARGEST_XML = 80_000_000
LARGE_ENTRY, MOST_RATIO = 5_000_000, 150
CHUNK = 1_000_000
END_OF_DIRECTORY, END_SIZE = b"PK\x05\x06", 22
MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": AttachmentKind.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": AttachmentKind.XLSX,
}
ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
PROGRAMS = (b"MZ", b"\x7fELF")
XML, DRAWING = (".xml", ".rels"), ".svg"
TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
CHINESE = r"\u3001-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U000323af“”‘’…—·"
WORD = re.compile(rf"[{CHINESE}]|[^\s{CHINESE}]+")
LOCAL_TEMPLATE = re.compile(r"^(file:///)?[A-Za-z]:|^[\w一-鿿.]+\.do[ct][mx]?$")


def look_into_package(content: bytes) -> tuple[AttachmentKind, int | None]:
    """Which kind, and how many words a Word document has."""
    try:
        _check_directory(content)
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            _check_entries(entries)
            kind = _kind(package)
            _check_names([e.filename for e in entries])
            for entry in entries:
                _check_content(package, entry, kind)
            return kind, _words(package) if kind is AttachmentKind.DOCX else None
    except (*DAMAGED, KeyError):
        raise refused_file(
            "damaged", "已损坏，打不开。请用Word、Excel或WPS打开确认后，另存再上传。"
        ) from None


def _check_directory(content: bytes) -> None:
    """How many entries there are is said at the end: nothing else is read of an archive of ten thousand."""
    at = content.rfind(END_OF_DIRECTORY)
    if at < 0 or at + END_SIZE > len(content):
        raise zipfile.BadZipFile
    if int.from_bytes(content[at + 10 : at + 12], "little") > MOST_ENTRIES:
        raise _bomb()


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if sum(e.file_size for e in entries) > MOST_BYTES:
        raise _bomb()
    for entry in entries:
        if entry.file_size > LARGE_ENTRY and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise _bomb()
        if is_outside(entry.orig_filename):
            raise _bad_entry("指向别处的文件名")
        if has_password(entry):
            raise refused_file("encrypted_office", "设有密码。请取消密码，另存后再上传。")
    if len({e.filename.lower() for e in entries}) < len(entries):
        # One program reads the first of them, another the last.
        raise _bad_entry("重名的内容")


def is_outside(name: str) -> bool:
    """Whether the name of an entry leads out of its archive."""
    parts = name.replace("\\", "/").split("/")
    return (
        name.startswith(("/", "\\")) or ".." in parts or "\x00" in name or bool(re.match(r"^[A-Za-z]:", name))
    )


def _kind(package: zipfile.ZipFile) -> AttachmentKind:
    names = package.namelist()
    if "[Content_Types].xml" not in names and "mimetype" in names:
        raise refused_file("unknown_kind", "是OpenDocument格式（.odt、.ods）。请另存为.docx或.xlsx后再上传。")
    if "[Content_Types].xml" not in names:
        raise refused_file("archive", "是压缩包。请解压后把里面的文件分别上传。")
    types = [e.get("ContentType", "") for e in _xml(package, "[Content_Types].xml").iter()]
    if any("sheet.binary" in t for t in types):
        raise refused_file("unknown_kind", "是二进制的Excel表格（.xlsb）。请另存为.xlsx后再上传。")
    if any("macroEnabled" in t for t in types) or any("vbaProject" in t for t in types):
        raise _macros()
    for kind in (MAIN[t] for t in types if t in MAIN):
        if not any(n.startswith("word/" if kind is AttachmentKind.DOCX else "xl/") for n in names):
            raise zipfile.BadZipFile
        return kind
    raise refused_file("unknown_kind", "不是.docx文档，也不是.xlsx表格。请另存为其中一种，或PDF，再上传。")


def _check_names(names: list[str]) -> None:
    for name in (n.lower() for n in names):
        if name.endswith("vbaproject.bin") or "/macrosheets/" in name:
            raise _macros()
        if "/activex/" in name or "/ctrlprops/" in name:
            raise refused_file("active_x", "里有控件。请删去控件，或打印成PDF后再上传。")
        if "/externallinks/" in name:
            raise _linked()
        if "/embeddings/" in name:
            raise refused_file("embedding", "里嵌入了别的文件或图表数据。请打印成PDF后再上传。")


def _check_content(package: zipfile.ZipFile, entry: zipfile.ZipInfo, kind: AttachmentKind) -> None:
    name = entry.filename.lower()
    if name.endswith(".rels"):
        _check_links(_xml(package, entry.filename))
    with package.open(entry) as file:
        head = file.read(HEAD)
    if name.endswith(XML) or begins_as_markup(head):
        _check_xml(package, entry, kind)
        return
    if head.startswith(ARCHIVES):
        raise refused_file("nested_archive", "里面还有压缩包，系统没有接收。请删去后另存，或打印成PDF。")
    if head.startswith(PROGRAMS):
        raise refused_file("executable", "里夹带了程序，系统没有接收。")


def _check_links(relations: Element) -> None:
    for relation in relations.iter():
        if relation.get("TargetMode", "").lower() != "external":
            continue
        kind = relation.get("Type", "").rpartition("/")[2]
        if kind == "hyperlink" or (
            kind == "attachedTemplate" and LOCAL_TEMPLATE.match(relation.get("Target", ""))
        ):
            continue
        raise _linked()


def _check_xml(package: zipfile.ZipFile, entry: zipfile.ZipInfo, kind: AttachmentKind) -> None:
    """Only a drawing may name its document type, as other programs write it."""
    if entry.file_size > LARGEST_XML:
        raise _bomb()
    with package.open(entry) as part:
        check_markup(part, kind, may_have_dtd=entry.filename.lower().endswith(DRAWING))


def _xml(package: zipfile.ZipFile, name: str) -> Element:
    if package.getinfo(name).file_size > CHUNK:
        raise _bomb()
    try:
        found: Element = fromstring(package.read(name))
        return found
    except DefusedXmlException:
        raise entities() from None
    except ParseError:
        raise zipfile.BadZipFile from None


def _words(package: zipfile.ZipFile) -> int:
    """As Word counts them: a Chinese character is one, and so is a run of letters or digits."""
    parts = [n for n in package.namelist() if n in ("word/document.xml", "word/document2.xml")]
    paragraphs = (p for name in parts for p in package.read(name).decode("utf-8", "replace").split("</w:p>"))
    return sum(len(WORD.findall(unescape("".join(TEXT.findall(p))))) for p in paragraphs)


def _bomb() -> Refusal:
    return refused_file("zip_bomb", "解开后大得不正常，系统没有接收。请用Word、Excel或WPS另存后再上传。")


def _bad_entry(what: str) -> Refusal:
    return refused_file("bad_entry", f"里有{what}，系统没有接收。请用Word、Excel或WPS另存后再上传。")


def _macros() -> Refusal:
    return refused_file("macros", "里有宏。请另存为不含宏的.docx或.xlsx后再上传。")


def _linked() -> Refusal:
    return refused_file(
        "external_link", "引用了外部文件或网址。请断开链接（数据—编辑链接—断开），或打印成PDF后再上传。"
    )
