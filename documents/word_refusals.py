"""Why can a file not be read as a Word form, and how is that put right?"""

from documents.problems import Problem, Refusal

SENTENCES = {
    "old_word": "这是旧版Word（.doc）或WPS文字格式，改了扩展名也读不出。请用Word或WPS打开，另存为.docx后再上传。",
    "encrypted": "文件设有打开密码，读不出内容。请用Word或WPS打开，取消密码后另存为.docx再上传。",
    "damaged": "文件已损坏，打不开。请用Word或WPS打开确认内容，另存为.docx后再上传。",
    "not_word": "这不是Word文档。请上传用Word或WPS填写并存为.docx的表格；扫描件、照片请作为附件上传。",
    "too_long": "文档过大，不像是填好的表格。请核对是否选错了文件。",
}


def refusal(code: str) -> Refusal:
    return Refusal(Problem("", code, SENTENCES[code]))
