"""Which mails has the local catcher caught?

Each is a file `<time>-<number>.eml` in the mail folder. `index.jsonl` has a line for each, so that a list of
thousands needs no thousand files; it is rebuilt from the files when the catcher starts.
"""

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from notifications.plaintext import one_line
from settings import settings

KEPT = 20_000
INDEX = "index.jsonl"
NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}")


@dataclass(frozen=True)
class CaughtMail:
    """A mail as it was received; `text` and `html` are filled by `caught_mail` only."""

    id: str
    subject: str
    sender: str
    to: str
    date: datetime
    text: str = ""
    html: str = ""


def caught(limit: int = 50, offset: int = 0, query: str = "") -> list[CaughtMail]:
    """The mails whose subject, sender or recipient has every word of `query`, the newest first."""
    return _matching(query)[offset : offset + limit]


def caught_count(query: str = "") -> int:
    return len(_matching(query))


def caught_mail(mail_id: str) -> CaughtMail | None:
    """One mail with its text and its HTML; the HTML is to be shown in a frame that runs nothing."""
    if not NAME.fullmatch(mail_id):
        return None
    try:
        content = path_of(mail_id).read_bytes()
    except FileNotFoundError:
        return None
    mail = _parsed(content)
    return replace(_summary(mail_id, mail), text=_part(mail, "plain"), html=_part(mail, "html"))


# --- what the catcher writes


def new_id() -> str:
    """Sorts by time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}"


def path_of(mail_id: str) -> Path:
    return settings().mail_folder / f"{mail_id}.eml"


def keep(content: bytes) -> str:
    """Write a mail whole or not at all, then its line in the index."""
    mail_id = new_id()
    path = path_of(mail_id)
    draft = path.with_suffix(".new")
    draft.write_bytes(content)
    draft.rename(path)
    with _index().open("a") as index:
        index.write(_line(_summary(mail_id, _parsed(content))))
    return mail_id


def ids() -> list[str]:
    """What is there, the oldest first."""
    found = (entry.name.removesuffix(".eml") for entry in os.scandir(settings().mail_folder))
    return sorted(name for name in found if NAME.fullmatch(name))


def rebuild_index() -> list[str]:
    """Make the index say what the folder holds; half-written files of a killed catcher are removed."""
    folder = settings().mail_folder
    folder.mkdir(parents=True, exist_ok=True)
    for draft in folder.glob("*.new"):
        draft.unlink()
    known = {mail.id: mail for mail in _read_index(_stamp())}
    present = ids()
    rows = [known.get(name) or _summary(name, _parsed(path_of(name).read_bytes())) for name in present]
    _write_index(rows)
    return present


def drop(mail_ids: Sequence[str]) -> None:
    """Remove mails; their lines lie before those of every mail kept, and go when the index is rebuilt."""
    for mail_id in mail_ids:
        path_of(mail_id).unlink(missing_ok=True)


# --- inside


def _index() -> Path:
    return settings().mail_folder / INDEX


def _stamp() -> tuple[str, int, int]:
    """What changes whenever the index does."""
    try:
        status = _index().stat()
    except FileNotFoundError:
        return str(_index()), 0, 0
    return str(_index()), status.st_mtime_ns, status.st_size


@lru_cache(maxsize=2)
def _read_index(stamp: tuple[str, int, int]) -> list[CaughtMail]:
    """The index as it stood, the oldest first. A line that a kill cut short is left out."""
    path, _, size = stamp
    if not size:
        return []
    with open(path, "rb") as index:
        rows = index.read(size).decode().splitlines()
    return [mail for mail in map(_from_line, rows) if mail is not None]


def _matching(query: str) -> list[CaughtMail]:
    words = query.lower().split()
    newest_first = _read_index(_stamp())[: -KEPT - 1 : -1]
    return [mail for mail in newest_first if _has(mail, words)]


def _has(mail: CaughtMail, words: Iterable[str]) -> bool:
    text = f"{mail.subject}\n{mail.sender}\n{mail.to}".lower()
    return all(word in text for word in words)


def _write_index(rows: Iterable[CaughtMail]) -> None:
    draft = _index().with_suffix(".new")
    draft.write_text("".join(map(_line, rows)))
    draft.replace(_index())


def _line(mail: CaughtMail) -> str:
    facts = asdict(replace(mail, text="", html="")) | {"date": mail.date.isoformat()}
    return json.dumps(facts, ensure_ascii=False) + "\n"


def _from_line(line: str) -> CaughtMail | None:
    try:
        facts = json.loads(line)
        return CaughtMail(**facts | {"date": datetime.fromisoformat(facts["date"])})
    except (ValueError, KeyError, TypeError):
        return None


def _parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)


def _summary(mail_id: str, mail: EmailMessage) -> CaughtMail:
    """The catcher's own clock is what mails are listed by; whoever sends may write any date."""
    received = datetime.strptime(mail_id.partition("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    return CaughtMail(mail_id, _header(mail, "subject"), _header(mail, "from"), _header(mail, "to"), received)


def _header(mail: EmailMessage, name: str) -> str:
    """From the header as it came: the parsed one puts a blank between the encoded words of a long name."""
    raw = next((value for key, value in mail.raw_items() if key.lower() == name), "")
    try:
        return one_line(str(make_header(decode_header(raw))))
    except (LookupError, HeaderParseError, ValueError):
        return one_line(raw)


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, ValueError):
        payload = part.get_payload(decode=True)
        text = payload.decode(errors="replace") if isinstance(payload, bytes) else ""
    return text.replace("\r\n", "\n")
