"""Is this PDF whole, without a password, and nothing but pages?

Names can be hidden in compressed objects or be written with escapes; written anew by the reader they stand plain.
"""

import io
import re

import pypdfium2
from pypdfium2 import raw

from documents.problems import Refusal, refused_file

MOST_PAGES = 500
TAIL = 2048
ACTIVE = re.compile(
    rb"/(JavaScript|Rendition|Launch|ImportData|SubmitForm|RichMedia|XFA(?=[\s\[(<0-9]))(?![A-Za-z0-9])"
)
EMBEDDED = re.compile(rb"/(EmbeddedFiles?|FileAttachment)(?![A-Za-z0-9])")


def look_into_pdf(content: bytes) -> int:
    """The number of pages."""
    if b"%%EOF" not in content[-TAIL:]:
        raise _damaged()
    pdf = _opened(content)
    try:
        pages = len(pdf)
        if pages == 0:
            raise _damaged()
        if pages > MOST_PAGES:
            raise refused_file(
                "too_many_pages", f"有{pages}页，超过{MOST_PAGES}页。请只保留需要的页，或分成几份。"
            )
        pdf[0].close()
        _check_names(content)
        _check_names(_written_anew(pdf))
    except pypdfium2.PdfiumError:
        raise _damaged() from None
    finally:
        pdf.close()
    return pages


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise refused_file("encrypted_pdf", "设有打开密码。请取消密码，另存后再上传。") from None
        raise _damaged() from None


def _written_anew(pdf: pypdfium2.PdfDocument) -> bytes:
    out = io.BytesIO()
    pdf.save(out, flags=raw.FPDF_REMOVE_SECURITY)
    return out.getvalue()


def _check_names(content: bytes) -> None:
    if ACTIVE.search(content):
        raise refused_file(
            "active_pdf", "的PDF带有脚本或自动执行的动作，系统没有接收。请用“打印到PDF”重新生成后再上传。"
        )
    if EMBEDDED.search(content):
        raise refused_file(
            "embedding", "的PDF里夹带了别的文件。请用“打印到PDF”重新生成，夹带的文件另行上传。"
        )


def _damaged() -> Refusal:
    return refused_file("damaged", "的PDF已损坏或不完整，打不开。请重新扫描或另存后再上传。")
