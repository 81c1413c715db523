"""Does a mail that came in say that one of ours did not arrive, which one, and why?

A report (RFC 3464) says so in fields of its own; many Chinese providers write a page instead. Either way the mail that
came back names the Message-ID of ours, which nobody else knows: nothing else of a bounce is believed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from notifications.bodies import page_text
from notifications.plaintext import one_line
from notifications.words import decoded, header_text, parameter

# A message's own identifier, not that of its case.
OURS = re.compile(
    r"(?<![\w.-])([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@[\w.-]+", re.IGNORECASE
)
MACHINE = re.compile(r"mailer-daemon|postmaster", re.IGNORECASE)
UNDELIVERED = re.compile(
    r"退信|退回|投递失败|发送失败|undeliver|not delivered|delivery (status|fail|has failed)|returned mail|"
    r"failure notice|mail delivery failed",
    re.IGNORECASE,
)
DELAYED = re.compile(r"delay|延迟|warning", re.IGNORECASE)
REFUSAL = re.compile(r"^.*?\b(5\d\d[ -].{3,}|[45]\.\d{1,3}\.\d{1,3}\b.*)$", re.MULTILINE)
NO_WORDS = "对方没有写明原因"
MOST_PARTS, LONGEST_PART, LONGEST_WORDS, MOST_IDS = 50, 200_000, 300, 5
NAMING = ("message-id", "in-reply-to", "references")


@dataclass(frozen=True)
class Bounce:
    """Ids of our letters that did not arrive, and the words of who sent them back."""

    ids: tuple[str, ...] = ()
    words: str = ""


def read_bounce(message: Message, address: str, subject: str) -> Bounce:
    """What of ours came back; nothing for an ordinary mail, an automatic answer or a report of mere delay."""
    reports = [fields for part in _parts(message) for fields in _report(part)]
    failed = [r for r in reports if _field(r, "action").lower() == "failed"]
    if not failed and (reports or not _looks_returned(address, subject)):
        return Bounce()
    texts = [text for part in _parts(message) for text in _texts(part)]
    ids = list(dict.fromkeys(found.lower() for text in texts for found in OURS.findall(text)))
    return Bounce(tuple(ids[:MOST_IDS]), _words(failed, texts) if ids else "")


def _looks_returned(address: str, subject: str) -> bool:
    is_machine = MACHINE.search(address.partition("@")[0]) is not None
    return is_machine and UNDELIVERED.search(subject) is not None and not DELAYED.search(subject)


def _parts(message: Message) -> list[Message]:
    return [part for _, part in zip(range(MOST_PARTS), message.walk(), strict=False)]


def _report(part: Message) -> Iterator[Message]:
    """The groups of fields of a delivery report: of the mail, then of each recipient."""
    if part.get_content_type() == "message/delivery-status" and part.is_multipart():
        yield from (p for p in part.get_payload() if isinstance(p, Message))


def _field(fields: Message, name: str) -> str:
    return one_line(header_text(str(fields.get(name, "")).encode("utf-8", "surrogateescape")))


def _texts(part: Message) -> Iterator[str]:
    """Where the identifier of ours may stand: in the header lines of any mail within, and in what is written."""
    yield from (_field(part, name) for name in NAMING)
    kind = part.get_content_type()
    payload = part.get_payload(decode=True)
    if part.is_multipart() or not isinstance(payload, bytes) or not kind.startswith(("text/", "message/")):
        return
    charset = parameter(str(part.get("content-type", "")).encode("utf-8", "surrogateescape"), "charset")
    text = decoded(payload[:LONGEST_PART], charset)
    yield page_text(text) if kind == "text/html" else text


def _words(failed: list[Message], texts: list[str]) -> str:
    for fields in failed:
        if said := _field(fields, "diagnostic-code") or _field(fields, "status"):
            return said.removeprefix("smtp;").strip()[:LONGEST_WORDS]
    found = next((m for text in texts if (m := REFUSAL.search(text))), None)
    return one_line(found[1])[:LONGEST_WORDS] if found else NO_WORDS
