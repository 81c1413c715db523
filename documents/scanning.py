"""Which marks are on the pages of a scan, and how is one candidate's part cut out of a pile?

A stranger's file: everything here runs in the limited process (`documents.limits`); pages are counted from 1. A page is
looked at upright, turned, smaller, larger and corner by corner, until a code of ours is found.
"""

import hashlib
import io
import re
from collections.abc import Iterator

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps, ImageStat

from documents.limits import run_limited
from documents.marks import FORMAT

DPI = 200
POINTS = 72
MOST_PAGES = 400
MOST_PIXELS = 12_000_000
WHITE_ENOUGH = 2.0
SECONDS, MEGABYTES = 90, 1500
PDF_HEAD = b"%PDF-"
# What the writer makes up anew each time: a time, and an identifier.
WRITTEN_AT = re.compile(rb"(?<=<</CreationDate\(D:)[0-9]{14}(?=[^)]*\)/Creator\(PDFium\))")
MADE_UP_ID = re.compile(rb"/ID\[<[0-9A-F]{32}><[0-9A-F]{32}>\](?=>>\s*startxref)")
SOME_TIME = b"20000101000000"
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def read_marks(content: bytes) -> list[tuple[str, bool]]:
    """For each page: the code on it, or nothing, and whether the page is blank.

    Raises `TooMuch` or `Unreadable`.
    """
    found = run_limited("documents.scanning:codes_of", content, seconds=SECONDS, megabytes=MEGABYTES)
    return [(str(code), bool(blank)) for code, blank in found]


def cut(content: bytes, pages: list[int]) -> bytes:
    """These pages of a PDF, as a PDF; cut again it is the same to the byte. Raises `TooMuch` or `Unreadable`."""
    return bytes(
        run_limited("documents.scanning:pages_of", content, seconds=SECONDS, megabytes=MEGABYTES, pages=pages)
    )


# --- in the limited process --------------------------------------------------------------------------------------


def codes_of(content: bytes) -> list[tuple[str, bool]]:
    return [(code := _code(page), not code and _is_blank(page)) for page in _pages(content)]


def pages_of(content: bytes, pages: list[int]) -> bytes:
    out = io.BytesIO()
    with pypdfium2.PdfDocument(content) as given, pypdfium2.PdfDocument.new() as made:
        if not pages or min(pages) < 1 or max(pages) > len(given):
            raise ValueError("no such page")
        made.import_pages(given, [n - 1 for n in pages])
        made.save(out)
    return _named_by_content(out.getvalue())


def _named_by_content(pdf: bytes) -> bytes:
    """The identifier is a digest of what there is, and the time is none."""
    pdf = WRITTEN_AT.sub(SOME_TIME, pdf)
    name = hashlib.sha256(MADE_UP_ID.sub(b"", pdf)).hexdigest()[:32].upper().encode()
    return MADE_UP_ID.sub(b"/ID[<%b><%b>]" % (name, name), pdf)


def _pages(content: bytes) -> Iterator[Image.Image]:
    if not content.startswith(PDF_HEAD):
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
            yield _small_enough(ImageOps.exif_transpose(image).convert("L"))
        return
    with pypdfium2.PdfDocument(content) as pdf:
        if len(pdf) > MOST_PAGES:
            raise ValueError("too many pages")
        for number in range(len(pdf)):
            page = pdf[number]
            width, height = page.get_size()
            scale = min(DPI / POINTS, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
            yield page.render(scale=scale, grayscale=True).to_pil().convert("L")


def _small_enough(image: Image.Image) -> Image.Image:
    shrink = (MOST_PIXELS / (image.width * image.height)) ** 0.5
    return image.resize((int(image.width * shrink), int(image.height * shrink))) if shrink < 1 else image


def _code(page: Image.Image) -> str:
    """The first code of ours; codes of other making on the same page are passed over."""
    for view in _views(page):
        for barcode in zxingcpp.read_barcodes(view, formats=QR):
            if barcode.text.startswith(f"{FORMAT}:"):
                return barcode.text
    return ""


def _views(page: Image.Image) -> Iterator[Image.Image]:
    """The page, then its corners enlarged, where small codes are: the printed one is at the upper right."""
    yield page
    width, height = page.size
    w, h = int(width * 0.45), int(height * 0.3)
    for left, top in ((width - w, 0), (0, height - h), (0, 0), (width - w, height - h)):
        corner = page.crop((left, top, left + w, top + h))
        yield corner.resize((w * 2, h * 2), Image.Resampling.LANCZOS)
        larger = ImageOps.autocontrast(corner.resize((w * 3, h * 3), Image.Resampling.BICUBIC), cutoff=5)
        yield larger
        yield larger.filter(ImageFilter.GaussianBlur(2))


def _is_blank(page: Image.Image) -> bool:
    """White but for dust: the back of a sheet that was scanned on both sides."""
    inner = page.resize((100, 140)).crop((4, 4, 96, 136))
    return ImageStat.Stat(inner).stddev[0] < WHITE_ENOUGH
