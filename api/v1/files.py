"""How does a program send a file: in a form, beside what is said about it, or alone as the body of the request?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import Depends, Request, Response

from api.downloads import MEDIA_TYPES, disposition
from api.uploads import Garbled, TooLarge, is_multipart, read_parts
from api.v1.problems import documented
from models.filenames import safe_filename
from models.filestore import LARGEST_FILE
from models.verdict import Reason, Refused
from tasks.printing import Printed

RAW = "application/octet-stream"
BINARY = {"schema": {"type": "string", "format": "binary"}}


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent, with the texts of its form; nothing about it is true until it has been looked into."""

    filename: str
    content: bytes
    said: Mapping[str, str] = field(default_factory=dict)


def body_of(what: str, *, media_type: str = "", **texts: str) -> dict[str, Any]:
    """What the document says of such a request: a form, and without `texts` (name → meaning) the bare file as well."""
    file = {"type": "string", "format": "binary", "description": what}
    said = {name: {"type": "string", "description": meaning} for name, meaning in texts.items()}
    form = {"type": "object", "properties": {"file": file, **said}, "required": ["file", *texts]}
    content: dict[str, Any] = {"multipart/form-data": {"schema": form}}
    if not texts:
        content |= {RAW: BINARY} | ({media_type: BINARY} if media_type else {})
    return {"requestBody": {"required": True, "content": content}}


async def sent_file(request: Request) -> SentFile:
    """The file of a form, or the body itself, named by `X-Filename`."""
    try:
        if is_multipart(request):
            return await _file_of_form(request)
        return await _body(request)
    except TooLarge as error:
        raise Refused(Reason("too_large", error.text, "", "invalid", "file")) from None
    except Garbled:
        raise Refused(Reason("garbled", "上传没有传完，请重新上传。", "", "invalid", "file")) from None


async def _file_of_form(request: Request) -> SentFile:
    parts = await read_parts(request, largest_text=100_000, most_fields=20, largest=LARGEST_FILE + 100_000)
    if parts.refusal is not None:
        raise parts.refusal
    said = {name: text.replace("\x00", "") for name, text in parts.texts}
    for _, upload in parts.files:
        return SentFile(upload.filename, upload.content, said)
    raise Refused(Reason("file_missing", "没有收到文件，请在 file 中上传。", "", "invalid", "file"))


async def _body(request: Request) -> SentFile:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FILE:
            raise TooLarge("文件超过20MB，系统没有接收。")
    return SentFile(safe_filename(unquote(request.headers.get("x-filename", "")), unnamed=""), bytes(body))


Sent = Annotated[SentFile, Depends(sent_file)]


# --- the other way -----------------------------------------------------------------------------------------------


def file_answers(
    what: str, *endings: str, problems: tuple[int, ...] = (401, 404, 409, 422)
) -> dict[int | str, Any]:
    """What the document says of an endpoint that answers with a file."""
    content = {MEDIA_TYPES[e]: BINARY for e in endings}
    return {**documented(*problems), 200: {"description": what, "content": content}}


def sent_back(made: Printed) -> Response:
    """The file, under its Chinese name, to be saved."""
    headers = {"Content-Disposition": disposition(made.filename), "Cache-Control": "no-store"}
    ending = made.filename.rpartition(".")[2]
    return Response(made.content, media_type=MEDIA_TYPES[ending], headers=headers)
