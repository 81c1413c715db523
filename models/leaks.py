"""What in a text must not become public (七（二）)? ID and telephone numbers, mailboxes, home addresses."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

GAP = r"[ \-‐-―·.]?"
PLACE = r"[^\s，。；,;]{0,30}"
# Longer numbers first: what one kind has taken, the next one does not see again.
PATTERNS = (
    ("身份证号", re.compile(rf"(?<!\d)\d(?:{GAP}\d){{16}}{GAP}[\dX](?!\d)", re.IGNORECASE)),
    ("身份证号", re.compile(rf"(?<!\d)\d(?:{GAP}\d){{14}}(?!\d)", re.IGNORECASE)),
    ("手机号码", re.compile(rf"(?<!\d)(?:\+?86{GAP})?1[3-9](?:{GAP}\d){{9}}(?!\d)")),
    ("固定电话", re.compile(r"(?<!\d)(?:\(?0\d{2,3}\)?[ \-‐-―]?)?[2-9]\d{6,7}(?!\d)")),
    ("电子邮箱", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("家庭住址", re.compile(rf"{PLACE}[\d一二三四五六七八九十]+(?:栋|幢|单元){PLACE}")),
    ("家庭住址", re.compile(rf"{PLACE}\d+号{PLACE}\d+(?:室|房|户)")),
)
DAY = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True)
class Leak:
    """What was found; `shown` tells it from its neighbours without repeating it whole."""

    what: str
    shown: str


def leaks(text: str, known: Iterable[tuple[str, str]] = ()) -> list[Leak]:
    """What in a text must not be published; `known` are the candidate's own sealed values by their labels."""
    plain = _plain(text)
    found = [Leak(label, _shown(value)) for label, value in known if value and _plain(value) in plain]
    for what, match in _matches(plain):
        leak = Leak(what, _shown(match))
        if leak not in found:
            found.append(leak)
    return found


def _matches(plain: str) -> Iterator[tuple[str, str]]:
    for what, pattern in PATTERNS:
        for match in [m[0] for m in pattern.finditer(plain)]:
            if not (what == "固定电话" and DAY.fullmatch(match)):
                yield what, match
                plain = plain.replace(match, "\n")


def _plain(text: str) -> str:
    """Half-width, without what is not seen."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return re.sub(r"[ \t]+", " ", seen)


def _shown(value: str) -> str:
    value = value.strip()
    return f"{value[:3]}****{value[-2:]}" if len(value) > 6 else "****"
