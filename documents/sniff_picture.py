"""Is this a whole picture of a sensible size? Of a huge one only the head is read."""

import io

from PIL import Image, UnidentifiedImageError

from documents.problems import Refusal, refused_file
from models.words import AttachmentKind

LONGEST_SIDE = 12_000
MOST_PIXELS = 80_000_000
KINDS = {"JPEG": AttachmentKind.JPG, "MPO": AttachmentKind.JPG, "PNG": AttachmentKind.PNG}
FORMATS = ("JPEG", "PNG")
SMALL = 64


def look_into_picture(content: bytes) -> tuple[AttachmentKind, int, int]:
    """Which kind, how wide, how high."""
    width, height = size_of(content)
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise refused_file(
            "picture_too_large",
            f"是图片，但过大（{width}×{height}像素）。请把每边缩到{LONGEST_SIDE}像素以内再上传。",
        )
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            kind = KINDS[str(picture.format)]
            if kind is AttachmentKind.JPG:
                # A small copy needs little memory, and still reads the file to its end.
                picture.draft("L", (SMALL, SMALL))
                picture.load()
            else:
                picture.verify()
    except (OSError, SyntaxError, ValueError):
        raise _damaged() from None
    return kind, width, height


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height, from the head alone."""
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise _damaged() from None


def _damaged() -> Refusal:
    return refused_file("damaged", "里的图片已损坏或不完整，打不开。请重新拍照、扫描或另存后再上传。")
