"""How does a test write a mail as a Chinese mail program does? Made by hand, byte by byte, where the form matters."""

import io
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from documents.layouts.application_form import Applied, application_form
from documents.layouts.values import Answers
from documents.to_word import word as print_word
from models.notice import Notice

_numbers = count(1)
SENDER = "样例乙"
ADDRESS = "hr@example.org"


@dataclass
class Letter:
    """A mail being written; `names` of the attachments are raw bytes of the two header lines."""

    subject: bytes = b""
    sender: bytes = b""
    text: str = "各位老师：材料见附件。"
    message_id: str = ""
    extra: bytes = b""
    parts: list[bytes] = field(default_factory=list)

    def attach(
        self, content: bytes, name_lines: bytes, kind: bytes = b"application/octet-stream"
    ) -> "Letter":
        """`name_lines`: what comes after the type, from the semicolon on."""
        head = b"Content-Type: " + kind + name_lines + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        self.parts.append(head + _lines(content))
        return self

    def attach_as(self, name: str, content: bytes) -> "Letter":
        """As today's programs do it: RFC 2231 and RFC 2047 together."""
        coded = "".join(f"%{b:02X}" for b in name.encode())
        lines = f"; name=\"{word(name)}\"\r\nContent-Disposition: attachment; filename*=utf-8''{coded}"
        return self.attach(content, lines.encode())

    def bytes(self) -> bytes:
        number = self.message_id or f"{next(_numbers)}.sample@example.org"
        sender = self.sender or f"{word(SENDER)} <{ADDRESS}>".encode()
        subject = self.subject or word("样例机械制造有限公司申报2025年度柳州工匠材料").encode()
        head = (
            b"From: " + sender + b"\r\nTo: office@example.org\r\nSubject: " + subject + b"\r\n"
            b"Date: Fri, 06 Mar 2026 09:30:00 +0800\r\n"
            b"Message-ID: <" + number.encode() + b">\r\nMIME-Version: 1.0\r\n" + self.extra
        )
        text = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        bodies = [text + _lines(self.text.encode()), *self.parts]
        mixed = b"".join(b"\r\n--border\r\n" + body for body in bodies) + b"\r\n--border--\r\n"
        return head + b'Content-Type: multipart/mixed; boundary="border"\r\n' + mixed


def _lines(content: bytes) -> bytes:
    coded = b64encode(content)
    return b"\r\n".join(coded[n : n + 76] for n in range(0, len(coded), 76))


def word(text: str, charset: str = "utf-8", how: str = "B") -> str:
    """An encoded word of RFC 2047."""
    raw = text.encode(charset)
    if how == "Q":
        return f"=?{charset}?Q?{''.join(f'={b:02X}' for b in raw)}?="
    return f"=?{charset}?B?{b64encode(raw).decode()}?="


def zipped(files: dict[str, bytes], *, encoding: str = "utf-8", how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip; with another encoding its names are written as Chinese Windows does, without saying so."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        for name, content in files.items():
            if encoding == "utf-8":
                archive.writestr(name, content)
            else:
                archive.writestr(zipfile.ZipInfo(name.encode(encoding).decode("cp437")), content)
    raw = packed.getvalue()
    return raw if encoding == "utf-8" else _without_flag(raw)


def _without_flag(raw: bytes) -> bytes:
    """The names of cp437 letters are stored as UTF-8 by Python: store their single bytes instead."""
    names = [e.filename for e in zipfile.ZipFile(io.BytesIO(raw)).infolist()]
    files = {n: zipfile.ZipFile(io.BytesIO(raw)).read(n) for n in names}
    return b"".join(_stored(n.encode("cp437"), c) for n, c in files.items()) + _directory(files)


def _stored(name: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(content)
    size = len(content).to_bytes(4, "little")
    head = b"PK\x03\x04\x14\x00" + b"\0" * 8 + crc.to_bytes(4, "little") + size + size
    return head + len(name).to_bytes(2, "little") + b"\0\0" + name + content


def _directory(files: dict[str, bytes]) -> bytes:
    at, rows = 0, b""
    for shown, content in files.items():
        name, size = shown.encode("cp437"), len(content).to_bytes(4, "little")
        crc = zlib.crc32(content).to_bytes(4, "little")
        rows += b"PK\x01\x02\x14\x00\x14\x00" + b"\0" * 8 + crc + size + size
        rows += len(name).to_bytes(2, "little") + b"\0" * 12 + at.to_bytes(4, "little") + name
        at += len(_stored(name, content))
    count_ = len(files).to_bytes(2, "little")
    end = b"PK\x05\x06\0\0\0\0" + count_ + count_ + len(rows).to_bytes(4, "little")
    return rows + end + at.to_bytes(4, "little") + b"\0\0"


def filled_application(
    notice: Notice, form: Mapping[str, Any], unit: str = "", *, channel: str = "unit", year: int | None = None
) -> bytes:
    """附件1 as an applicant has filled it in."""
    printed = (
        notice.model_copy(update={"title": notice.title.replace(str(notice.year), str(year))})
        if year
        else notice
    )
    return print_word([application_form(Applied(Answers(printed, channel, dict(form)), unit=unit))])
