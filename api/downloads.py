"""How does a file leave the system under its Chinese name (RFC 6266), and as nothing that a browser would run?"""

from urllib.parse import quote

from fastapi import Response

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def disposition(filename: str) -> str:
    ascii_name = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in filename)
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(filename, safe='')}"


def download(filename: str, content: bytes) -> Response:
    """The file, to be saved; the ending of its name says what it is."""
    ending = filename.rpartition(".")[2]
    response = Response(content, media_type=MEDIA_TYPES.get(ending, "application/octet-stream"))
    response.headers["Content-Disposition"] = disposition(filename)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
