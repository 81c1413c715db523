"""How is a form with files read? While it streams in, counted, its files on the disk and never whole in memory.

A file larger than allowed is not kept; the texts that came with it are, so that nothing has to be typed again.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.formparsers import MultiPartException, MultiPartParser

from models.filenames import safe_filename
from models.filestore import LARGEST_FILE

LARGEST_REQUEST = 64 * 1024 * 1024
MOST_FILES = 100
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """One file as it was sent; nothing about it is true until it has been looked into."""

    filename: str
    content: bytes


class TooLarge(Exception):
    """More was sent than is taken in; the text says what and how much may be sent."""

    def __init__(self, text: str = "提交的内容过大，系统没有接收。请删减文字后再提交。") -> None:
        super().__init__(text)
        self.text = text


class Garbled(Exception):
    """The form did not arrive whole."""


TOO_MUCH = f"一次提交的文件合计不能超过{LARGEST_REQUEST // MEGABYTE}MB，系统没有接收。请分几次上传。"


class _Counting(MultiPartParser):
    """Stops as soon as one file, or all texts together, are larger than allowed."""

    _file_bytes = 0
    _text_bytes = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        file = self._current_part.file
        if file is None:
            self._text_bytes += end - start
            if self._text_bytes > self.max_part_size:
                raise TooLarge
        else:
            self._file_bytes += end - start
            if self._file_bytes > LARGEST_FILE:
                name = safe_filename(file.filename or "")
                limit = LARGEST_FILE // MEGABYTE
                raise TooLarge(
                    f"文件“{name}”超过{limit}MB，系统没有接收。请压缩、拆分或降低扫描精度后再上传。"
                )
        super().on_part_data(data, start, end)

    def on_part_begin(self) -> None:
        """Our pages are UTF-8 and browsers say no other: an encoding that is named is not gone by."""
        super().on_part_begin()
        self._charset = "utf-8"
        self._file_bytes = 0

    def texts(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.items if isinstance(value, str)]


def is_multipart(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


@dataclass
class Parts:
    """What a form with files held: texts and files in their order; `refusal` when it was too much."""

    texts: list[tuple[str, str]]
    files: list[tuple[str, Upload]]
    refusal: TooLarge | None = None


async def read_parts(request: Request, *, largest_text: int, most_fields: int, largest: int) -> Parts:
    """Read the whole form; of one that is too large, what can be kept. Raises `Garbled` when it is cut short."""
    stream = _counted(request, largest)
    parser = _Counting(
        request.headers, stream, max_files=MOST_FILES, max_fields=most_fields, max_part_size=largest_text
    )
    try:
        form = await parser.parse()
    except TooLarge as refusal:
        await _drain(stream)
        return Parts(parser.texts(), [], refusal)
    except MultiPartException:
        raise Garbled from None
    files: list[tuple[str, Upload]] = []
    try:
        for name, value in form.multi_items():
            if isinstance(value, str) or not _is_chosen(value):
                continue
            files.append((name, Upload(safe_filename(value.filename or ""), await value.read())))
    finally:
        await form.close()
    return Parts(parser.texts(), files)


def _is_chosen(value: Any) -> bool:
    """An empty file control is sent as a file without name and content."""
    return bool(value.filename or value.size)


async def _counted(request: Request, largest: int) -> AsyncGenerator[bytes, None]:
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > largest:
        raise TooLarge(TOO_MUCH)
    read = 0
    async for chunk in request.stream():
        read += len(chunk)
        if read > largest:
            raise TooLarge(TOO_MUCH)
        yield chunk


async def _drain(stream: AsyncGenerator[bytes, None]) -> None:
    """Read on to the end of a form that is refused: a browser shows no answer to what it could not finish sending."""
    try:
        async for _ in stream:
            pass
    except TooLarge:
        return
