"""What do the header lines of a stranger's mail say, in whatever encoding they were written?

Chinese mail programs have written names in every way there is: RFC 2231, RFC 2047 (even in parameters, and with a
character cut in two between two encoded words), percent signs, and bare GBK or UTF-8 bytes. Nothing here ever fails.
"""

import binascii
import re
from urllib.parse import unquote_to_bytes

# What Python calls the encodings that mails name; GB18030 reads everything that GB2312 and GBK write.
CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "gb18030": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
    "iso-8859-15": "iso8859-15",
    "iso-2022-jp": "iso2022_jp",
    "shift_jis": "shift_jis",
    "euc-kr": "euc_kr",
    "koi8-r": "koi8_r",
}
ENCODED_WORD = re.compile(rb"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
BLANK = re.compile(rb"\s*\Z")
PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}){3}")
ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
# A quoted value may hold escapes only if it is ASCII: in GBK the byte of the backslash ends many characters.
PARAMETER = rb';\s*([^\s=;"]{1,60})\s*=\s*(%s|[^;]*)'
PLAIN = re.compile(PARAMETER % rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
EIGHT_BIT = re.compile(PARAMETER % rb'"[^"]*"?', re.DOTALL)
SEGMENT = re.compile(r"(?P<name>[a-z]+)(?:\*(?P<number>\d{1,3}))?(?P<coded>\*)?\Z")


def decoded(raw: bytes, charset: str = "") -> str:
    """The text of these bytes: as the mail says, else as UTF-8, else as GB18030, else with marks for what is lost."""
    named = CODECS.get(charset.strip().lower().partition("*")[0])
    for codec in [named, "utf-8", "gb18030"]:
        try:
            if codec:
                return raw.decode(codec)
        except UnicodeError:
            continue
    return raw.decode(named or "utf-8", "replace")


def header_text(raw: bytes) -> str:
    """A header line with its encoded words put into plain text."""
    pieces: list[str] = []
    charset, held, end = "", b"", 0
    for word in ENCODED_WORD.finditer(raw):
        between = raw[end : word.start()]
        if not (held and BLANK.match(between)) or word[1].lower() != charset.lower().encode():
            pieces += [decoded(held, charset), "" if held and BLANK.match(between) else decoded(between)]
            held = b""
        charset = word[1].decode("ascii", "replace")
        held += _unpacked(word[2], word[3])
        end = word.end()
    return "".join([*pieces, decoded(held, charset), decoded(raw[end:])])


def _unpacked(how: bytes, body: bytes) -> bytes:
    if how in b"qQ":
        return binascii.a2b_qp(body.replace(b"_", b" "))
    body = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    if len(body) % 4 == 1:
        body = body[:-1]
    return binascii.a2b_base64(body + b"=" * (-len(body) % 4))


def filename(disposition: bytes, content_type: bytes) -> str:
    """The name of an attachment, from whichever of its two headers has one; empty when none has."""
    for raw, wanted in ((disposition, "filename"), (content_type, "name")):
        if found := parameter(raw, wanted):
            return found
    return ""


def parameter(raw: bytes, wanted: str) -> str:
    """The text of a header's parameter, however it was written; empty when it is not there."""
    whole, parts = "", dict[int, tuple[bool, bytes]]()
    for name, value in _parameters(raw):
        segment = SEGMENT.match(name)
        if segment is None or segment["name"] != wanted:
            continue
        if segment["number"] is None and not segment["coded"]:
            whole = whole or header_text(value)
        else:
            parts.setdefault(int(segment["number"] or 0), (bool(segment["coded"]), value))
    text = _joined(parts) or whole
    return decoded(unquote_to_bytes(text)) if PERCENT.search(text) else text


def _parameters(raw: bytes) -> list[tuple[str, bytes]]:
    pattern = PLAIN if raw.isascii() else EIGHT_BIT
    return [(m[1].decode("ascii", "replace").lower(), _bare(m[2])) for m in pattern.finditer(raw)]


def _bare(value: bytes) -> bytes:
    value = value.strip()
    if not value.startswith(b'"'):
        return value
    inner = value[1:-1] if value.endswith(b'"') and len(value) > 1 else value[1:]
    return ESCAPED.sub(rb"\1", inner) if inner.isascii() else inner


def _joined(parts: dict[int, tuple[bool, bytes]]) -> str:
    """The segments of RFC 2231 in their order; only the first names the encoding."""
    charset, held, coded_at_all = "", b"", False
    for number in sorted(parts):
        coded, value = parts[number]
        if coded and not coded_at_all and value.count(b"'") >= 2:
            name, _, value = value.split(b"'", 2)
            charset = name.decode("ascii", "replace")
        coded_at_all = coded_at_all or coded
        held += unquote_to_bytes(value) if coded else value
    return decoded(held, charset) if coded_at_all else header_text(held)
