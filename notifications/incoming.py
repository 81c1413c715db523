"""What came with a mail: who says they sent it, what does it say, which files are attached?

Nothing in it is believed. `read_apart` reads it in the limited process; `opened` gives it back on this side. No mail
is ever answered from here, so two machines can't keep writing to each other.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr, parsedate_to_datetime
from mimetypes import guess_extension

from models.filenames import safe_filename
from models.filestore import LARGEST_FILE
from notifications.bodies import one_text
from notifications.bounces import read_bounce
from notifications.packed import LARGEST_WHOLE, Part, archive_kind, refused, too_large, too_much, unpacked
from notifications.plaintext import one_line
from notifications.words import decoded, filename, header_text, parameter

MEGABYTE = 1024 * 1024
LARGEST_MAIL = 30 * MEGABYTE
MOST_PARTS = 200
DEEPEST = 4
OUTLOOK = b"\xd0\xcf\x11\xe0"
HEADER_LINE = re.compile(rb"(From |[!-9;-~]{1,60}:)")
TNEF = b"\x78\x9f\x3e\x22"
TNEF_TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}
ROBOTS = re.compile(r"mailer-daemon|postmaster|no-?reply|do-?not-?reply", re.IGNORECASE)
ROBOT_SUBJECT = re.compile(
    r"^\s*(自动回复|自动答复|auto(matic)?[ -]?(reply|response)|out of office|退信|系统退信)", re.IGNORECASE
)
BULK = {"bulk", "junk", "list", "auto_reply"}
ELSEWHERE = re.compile(r"超大附件|云附件|中转站文件")


@dataclass(frozen=True)
class Mail:
    """A mail as it was read. `remarks` are whole sentences about what could not be taken in.

    `bounced` are the ids of our letters that it sends back, `bounce_words` says why.
    """

    message_id: str = ""
    sender: str = ""
    address: str = ""
    subject: str = ""
    date: str = ""
    text: str = ""
    automatic: bool = False
    bounced: tuple[str, ...] = ()
    bounce_words: str = ""
    remarks: tuple[str, ...] = ()
    parts: tuple[Part, ...] = field(default=(), repr=False)


def read_apart(content: bytes) -> bytes:
    """The mail as one line of JSON and the bytes of its parts after it: what the limited process gives back."""
    mail = parse(content)
    head = {**asdict(replace(mail, parts=())), "parts": [_described(p) for p in mail.parts]}
    return json.dumps(head).encode() + b"\n" + b"".join(p.content for p in mail.parts)


def _described(part: Part) -> dict[str, str | int]:
    return {**asdict(replace(part, content=b"")), "content": len(part.content)}


def opened(answer: bytes) -> Mail:
    """What `read_apart` has written."""
    line, _, rest = answer.partition(b"\n")
    head = json.loads(line)
    parts, at = [], 0
    for described in head.pop("parts"):
        length = described.pop("content")
        parts.append(Part(**described, content=rest[at : at + length]))
        at += length
    lists = {name: tuple(head[name]) for name in ("bounced", "remarks")}
    return Mail(**{**head, **lists, "parts": tuple(parts)})


def parse(raw: bytes) -> Mail:
    """Read a whole mail, or the header alone of one that is too large."""
    if len(raw) > LARGEST_MAIL:
        return header_only(raw[: header_end(raw)], len(raw))
    message = message_from_bytes(raw, policy=compat32)
    reading = _Reading()
    reading.read(message, 0)
    return replace(
        _headed(message),
        text=one_text(reading.texts, reading.pages),
        remarks=reading.remarks(),
        parts=tuple(_hashed(p) for p in reading.parts),
    )


def not_a_mail(raw: bytes) -> str:
    """Why this file is no mail that can be read; empty when it is one."""
    if raw.startswith(OUTLOOK):
        return "是 Outlook 的 .msg 文件，系统读不了。请在 Outlook 里另存为 .eml，或把附件另存后上传。"
    if not HEADER_LINE.match(raw.lstrip()):
        return "不是邮件文件。请在邮箱里把邮件导出（另存）为 .eml 文件后再上传。"
    return ""


def header_only(head: bytes, size: int) -> Mail:
    """A mail that is too large: who and what about, and why the rest was not taken in."""
    limit, actual = LARGEST_MAIL // MEGABYTE, -(-size // MEGABYTE)
    text = f"这封邮件有{actual}MB，超过{limit}MB，系统只收下标题，没有接收正文和附件。请对方分几封邮件重发。"
    return replace(_headed(message_from_bytes(head, policy=compat32)), remarks=(text,))


def header_end(raw: bytes) -> int:
    """Where the header ends."""
    found = re.search(rb"\r?\n\r?\n", raw[:MEGABYTE])
    return found.start() if found else MEGABYTE


def _hashed(part: Part) -> Part:
    name = safe_filename(part.filename, "未命名附件")
    return replace(part, filename=name, sha256=hashlib.sha256(part.content).hexdigest())


# --- the header --------------------------------------------------------------------------------------------------


def header(message: Message, name: str) -> bytes:
    """The bytes of the first header line of this name; empty when there is none."""
    for key, value in message.raw_items():
        if key.lower() == name:
            return str(value).encode("ascii", "surrogateescape")
    return b""


def _text(message: Message, name: str) -> str:
    return one_line(header_text(header(message, name)))


def _headed(message: Message) -> Mail:
    shown, address = parseaddr(_text(message, "from"))
    bounce = read_bounce(message, address, _text(message, "subject"))
    return Mail(
        message_id=_text(message, "message-id"),
        sender=one_line(f"{header_text(shown.encode())} <{address}>" if shown else address)
        or _text(message, "from"),
        address=address.lower(),
        subject=_text(message, "subject"),
        date=_date(_text(message, "date")),
        automatic=is_automatic(message, address) or bool(bounce.ids),
        bounced=bounce.ids,
        bounce_words=bounce.words,
    )


def _date(text: str) -> str:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def is_automatic(message: Message, address: str) -> bool:
    """A bounce, an automatic reply, or a mail to a list."""
    automatic = _text(message, "auto-submitted").lower()
    returned = header(message, "return-path").strip()
    return (
        automatic not in ("", "no")
        or _text(message, "precedence").lower() in BULK
        or returned == b"<>"
        or message.get_content_type() == "multipart/report"
        or bool(header(message, "x-autoreply") or header(message, "x-autorespond"))
        or bool(ROBOTS.match(address.partition("@")[0]))
        or bool(ROBOT_SUBJECT.search(_text(message, "subject")))
    )


# --- the body ----------------------------------------------------------------------------------------------------


class _Reading:
    """Goes through the parts of a mail, also of the mails within it, and keeps what a person would."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.pages: list[str] = []
        self.parts: list[Part] = []
        self._pictures: list[tuple[str, Part]] = []
        self._left_out = 0
        self._unpacked = 0
        self._too_deep = False

    def read(self, message: Message, depth: int) -> None:
        if depth > DEEPEST:
            self._too_deep = True
            return
        if not message.is_multipart():
            self._leaf(message, depth)
            return
        deeper = depth + (message.get_content_type() == "message/rfc822")
        for part in message.get_payload():
            if isinstance(part, Message):
                self.read(part, deeper)

    def _leaf(self, message: Message, depth: int) -> None:
        disposition = header(message, "content-disposition")
        name = filename(disposition, header(message, "content-type"))
        kind = message.get_content_type()
        attached = disposition.strip().lower().startswith(b"attachment")
        if not attached and not name and kind in ("text/plain", "text/html"):
            charset = parameter(header(message, "content-type"), "charset")
            (self.texts if kind == "text/plain" else self.pages).append(decoded(_bytes(message), charset))
        elif kind.startswith("message/"):
            self.texts.append(decoded(_bytes(message)))
        elif not kind.startswith("multipart/"):
            self._attachment(message, name, kind, attached, depth)

    def _attachment(self, message: Message, name: str, kind: str, attached: bool, depth: int) -> None:
        if len(self.parts) + len(self._pictures) >= MOST_PARTS:
            self._left_out += 1
            return
        content = _bytes(message)
        name = name or f"未命名附件{guess_extension(kind) or ''}"
        mark = header(message, "content-id").strip().strip(b"<>").decode("ascii", "replace")
        if kind.startswith("image/") and mark and not attached:
            self._pictures.append((mark, Part(name, content, len(content))))
        elif name.lower().endswith(".eml"):
            self.read(message_from_bytes(content, policy=compat32), depth + 1)
        else:
            found = examined(name, kind, content)
            self._unpacked += sum(len(p.content) for p in found) if archive_kind(content) else 0
            self.parts += found if self._unpacked <= LARGEST_WHOLE else [too_much(name, len(content))]

    def remarks(self) -> tuple[str, ...]:
        """What the reader of the page has to know; pictures that the text does not show are attachments after all."""
        page = "".join(self.pages)
        within = [p for mark, p in self._pictures if f"cid:{mark}" in page]
        for mark, part in self._pictures:
            if f"cid:{mark}" not in page:
                self.parts += examined(part.filename, "image", part.content)
        return tuple(self._sentences(len(within)))

    def _sentences(self, pictures: int) -> Iterator[str]:
        if pictures:
            yield f"正文里夹有{pictures}张图片，没有当作附件收下；如是申报材料，请对方以附件发送。"
        if self._left_out:
            yield f"附件超过{MOST_PARTS}个，多出的{self._left_out}个没有收下。请对方分几封邮件发送。"
        if self._too_deep:
            yield "邮件里一层层附着转发的邮件，最里面的没有打开。请对方把材料直接作为附件发送。"
        if ELSEWHERE.search("".join([*self.texts, *self.pages])):
            yield "正文提到超大附件或云附件。系统不从网上下载文件，请对方以普通附件重发，或由您下载后上传。"


def _bytes(message: Message) -> bytes:
    payload = message.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def examined(name: str, kind: str, content: bytes) -> list[Part]:
    """One attachment, or the files of a zip; what can't be opened is named with the reason."""
    if kind in TNEF_TYPES or content.startswith(TNEF):
        text = "这是 Outlook 专用的打包附件（winmail.dat），系统打不开。请对方以普通附件重发。"
        return [refused(name, len(content), "winmail", text)]
    if len(content) > LARGEST_FILE and archive_kind(content) != "zip":
        return [too_large(name, len(content))]
    match archive_kind(content):
        case "zip":
            return unpacked(name, content)
        case "":
            return [Part(name, content, len(content))]
        case other:
            text = f"系统打不开 {other} 压缩包。请对方改用 zip 压缩，或以普通附件重发。"
            return [refused(name, len(content), "archive", text)]
