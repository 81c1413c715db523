"""By which mark does a scanned sheet find its case? An opaque code without personal data, shown as a QR code.

`GJ1:<case>:<document>:<seal>`: the id of the case, the key of the document, and eight hex digits that only this
installation can make, so that a code of another making is never taken for one of ours. All of it in capitals, which
keeps the QR code small enough to be read from a copy of a copy.
"""

import hashlib
import hmac
from base64 import b32decode, b32encode
from binascii import Error as NotBase32
from dataclasses import dataclass
from uuid import UUID

from documents.grid import Stamp
from documents.qr import drawn
from settings import settings

FORMAT = "GJ1"
COVER = "cover"
SEAL_DIGITS = 8
PADDING = "======"


@dataclass(frozen=True)
class Mark:
    """Which document of which case a sheet belongs to; `cover` is the sheet on top of all of them."""

    case_id: UUID
    document: str

    @property
    def is_cover(self) -> bool:
        return self.document == COVER

    @property
    def code(self) -> str:
        return f"{self._body}:{_seal(self._body)}"

    @property
    def _body(self) -> str:
        case = b32encode(self.case_id.bytes).decode().rstrip("=")
        return f"{FORMAT}:{case}:{self.document.upper().replace('_', '.')}"


def parse_mark(code: str) -> Mark | None:
    """The mark that a code shows; None when it is none of this installation."""
    body, _, seal = code.strip().rpartition(":")
    if not hmac.compare_digest(seal.encode(), _seal(body).encode()):
        return None
    parts = body.split(":")
    if len(parts) != 3 or parts[0] != FORMAT:
        return None
    try:
        return Mark(UUID(bytes=b32decode(parts[1] + PADDING)), parts[2].lower().replace(".", "_"))
    except (ValueError, NotBase32):
        return None


def _seal(body: str) -> str:
    key = settings().secret("paper_marks").encode()
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()[:SEAL_DIGITS].upper()


def stamp(mark: Mark, text: str) -> Stamp:
    """The mark as it is printed, with what a person reads beside it."""
    return coded(mark.code, text)


def coded(content: str, text: str) -> Stamp:
    """Any content as a QR code with a line of text."""
    svg, png = drawn(content)
    return Stamp(svg, png, text)
