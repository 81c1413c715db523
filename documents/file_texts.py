"""What can be read in a file, shown or hidden: its text, its properties, comments, custom XML, what a camera noted?"""

import io
import re
import zipfile

import pypdfium2
from PIL import Image

TAG = re.compile(r"<[^>]+>")
BREAK = re.compile(r"</w:p>|<w:br[^>]*>|</w:tc>")
SHOWN = "正文"
PARTS = (
    (re.compile(r"word/comments"), "批注"),
    (re.compile(r"customXml/item\d+\.xml"), "自定义XML"),
    (re.compile(r"docProps/"), "文件属性"),
    (re.compile(r"word/.*\.xml"), SHOWN),
)
ATTRIBUTE = re.compile(r'="([^"]*)"')
NEVER = ("批注", "自定义XML", "拍摄信息")


def texts_in(name: str, content: bytes) -> list[tuple[str, str]]:
    """Where something is read, and what: `("正文", …)`, `("文件属性", …)`. The kind goes by the ending of the name."""
    ending = name.rpartition(".")[2].lower()
    if ending == "docx":
        return _of_package(content)
    if ending == "pdf":
        return _of_pdf(content)
    if ending in ("png", "jpg", "jpeg"):
        return _of_picture(content)
    return [(SHOWN, TAG.sub(" ", content.decode("utf-8", "replace")))]


def _of_package(content: bytes) -> list[tuple[str, str]]:
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for part in package.namelist():
            where = next((label for pattern, label in PARTS if pattern.match(part)), "")
            if where:
                found += _of_xml(where, package.read(part).decode("utf-8", "replace"))
            elif part.startswith("word/media/"):
                found += _of_picture(package.read(part))
    return found


def _of_xml(where: str, text: str) -> list[tuple[str, str]]:
    """The text of a part; of hidden parts also what stands in attributes, which is no text to anybody but a program."""
    if where == SHOWN:
        return [(where, TAG.sub("", BREAK.sub("\n", text)))]
    attributes = " ".join(a for a in ATTRIBUTE.findall(text) if "://" not in a)
    return [(where, TAG.sub(" ", text)), (f"{where}的标记", attributes)]


def _of_pdf(content: bytes) -> list[tuple[str, str]]:
    with pypdfium2.PdfDocument(content) as document:
        properties = " ".join(str(v) for v in document.get_metadata_dict().values())
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return [("文件属性", properties), (SHOWN, "\n".join(pages))]


def _of_picture(content: bytes) -> list[tuple[str, str]]:
    with Image.open(io.BytesIO(content)) as picture:
        exif = [str(value) for value in picture.getexif().values()]
        texts = [str(value) for value in picture.info.values() if isinstance(value, str)]
    return [("拍摄信息", " ".join([*exif, *texts]))] if exif or texts else []
