"""What does an uploaded file look like? One page as a picture, drawn in a limited process, without the file's own data.

Scripts, places and names that a picture or PDF carries stay behind: only pixels are handed on.
"""

import io

import pypdfium2
from PIL import Image, ImageOps

from documents.limits import TooMuch, Unreadable, run_limited
from documents.picture import picture_pages
from models.words import AttachmentKind

WIDTH = 1000
MOST_HEIGHT = 3000
SECONDS, MEGABYTES = 10, 1000
DRAWN = (AttachmentKind.PDF, AttachmentKind.JPG, AttachmentKind.PNG)
SHOWN = (*DRAWN, AttachmentKind.DOCX)
QUALITY = 82


def can_preview(kind: str) -> bool:
    return kind in SHOWN


def preview(kind: AttachmentKind, content: bytes, page: int = 1) -> bytes | None:
    """A picture of one page, counted from 1: PNG of a Word file, JPEG of others; None when it can't be shown."""
    if kind is AttachmentKind.DOCX:
        pages = picture_pages(content)
        return pages[page - 1] if 0 < page <= len(pages) else None
    if kind not in DRAWN:
        return None
    name = "pdf_page" if kind is AttachmentKind.PDF else "picture"
    try:
        drawn: bytes = run_limited(
            f"documents.preview:{name}", content, seconds=SECONDS, megabytes=MEGABYTES, page=page
        )
    except (TooMuch, Unreadable):
        return None
    return drawn


def media_type(picture: bytes) -> str:
    return "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"


def page_count(kind: AttachmentKind, content: bytes, known: int | None) -> int:
    """How many pages can be looked at; a Word file has to be drawn to know."""
    return len(picture_pages(content)) if kind is AttachmentKind.DOCX else known or 1


# --- in the limited process --------------------------------------------------------------------------------------


def pdf_page(content: bytes, page: int) -> bytes:
    with pypdfium2.PdfDocument(content) as pdf:
        drawn = pdf[min(max(page, 1), len(pdf)) - 1]
        width, height = drawn.get_size()
        scale = min(WIDTH / max(width, 1), MOST_HEIGHT / max(height, 1))
        return _jpeg(drawn.render(scale=scale).to_pil())


def picture(content: bytes, page: int) -> bytes:
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
        image.draft("RGB", (WIDTH, MOST_HEIGHT))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((WIDTH, MOST_HEIGHT))
        return _jpeg(upright)


def _jpeg(image: Image.Image) -> bytes:
    """On white where it is transparent; nothing of the original's data but its pixels."""
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A") if image.mode in ("RGBA", "LA") else None)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
