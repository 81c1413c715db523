"""What is an old binary office file, or a new one with a password? Both lie in the same kind of container."""

from documents.problems import refused_file

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HINT = "请用Word或WPS打开，另存为.docx后再上传。"
SHEET_HINT = "请用Excel或WPS打开，另存为.xlsx后再上传。"


def stream(name: str) -> bytes:
    return name.encode("utf-16-le")


def look_into_ole(content: bytes, *, sheet: bool = False) -> str:
    """`xls` for an old workbook where a sheet is wanted; everything else raises `Refusal`."""
    if stream("EncryptedPackage") in content:
        raise refused_file("encrypted_office", "设有打开密码。请取消密码，另存后再上传。")
    if stream("WordDocument") in content:
        raise refused_file("old_word", f"是旧版Word（.doc）或WPS文字格式。{HINT}")
    if stream("Workbook") in content or stream("Book") in content:
        if not sheet:
            raise refused_file("old_excel", f"是旧版Excel（.xls）或WPS表格格式。{SHEET_HINT}")
        if stream("_VBA_PROJECT") in content:
            raise refused_file("macros", f"里有宏。{SHEET_HINT}")
        return "xls"
    raise refused_file("old_office", "是旧版办公软件的格式。请另存为.docx、.xlsx或PDF后再上传。")
