"""Why can a file not be read as a Word form, and how is that put right?"""

from documents.problems import Problem, Refusal
from documents.sniff_ole import OLE, stream

WITH_PASSWORD, OLD_WORD, OLD_SHEET = map(stream, ("EncryptedPackage", "WordDocument", "Workbook"))
OTHER_DOCUMENTS = (b"{\\rtf", b"<", b"MIME-Version")

SENTENCES = {
    "old_word": "这是旧版Word（.doc）或WPS文字格式，改了扩展名也读不出。请用Word或WPS打开，另存为.docx后再上传。",
    "encrypted": "文件设有打开密码，读不出内容。请用Word或WPS打开，取消密码后另存为.docx再上传。",
    "empty": "文件是空的（0字节）。请重新选择文件。",
    "other_word": "这是RTF或网页格式的文档，不是.docx。请用Word或WPS打开，另存为.docx后再上传。",
    "damaged": "文件已损坏，打不开。请用Word或WPS打开确认内容，另存为.docx后再上传。",
    "not_word": "这不是Word文档。请上传用Word或WPS填写并存为.docx的表格；扫描件、照片请作为附件上传。",
    "too_long": "文档过大，不像是填好的表格。请核对是否选错了文件。",
}


def refusal(code: str) -> Refusal:
    return Refusal(Problem("", code, SENTENCES[code]))


def why_no_package(content: bytes) -> str:
    """Why a file that is no package can't be read."""
    if content.startswith(OLE):
        if WITH_PASSWORD in content:
            return "encrypted"
        return "not_word" if OLD_SHEET in content and OLD_WORD not in content else "old_word"
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(OTHER_DOCUMENTS):
        return "other_word"
    return "not_word" if content else "empty"
