"""Which characters of a text are kept, and how many are there?

One way for pages, imports and the API; `api/static/form.js` counts the same. It needs nothing else of the program, so
that readers of strangers' files can use it too.
"""

import re
import unicodedata

# Marks that show nothing (direction, zero width, byte order); the joiner inside an emoji stays.
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_LONE_JOINER = re.compile("(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d")


def tidy_text(text: str) -> str:
    """Several lines: control and invisible characters dropped, composed (NFC), nothing blank at the ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", without_hidden(kept)).strip()


def without_hidden(text: str) -> str:
    """The text without marks that show nothing."""
    return _LONE_JOINER.sub("", _HIDDEN.sub("", text))


def tidy_line(text: str) -> str:
    """The same on one line."""
    return tidy_text(text.replace("\r", " ").replace("\n", " "))


def count_characters(text: str) -> int:
    """How long a text is: its characters without line breaks, and without blanks at the ends."""
    return len(tidy_text(text).replace("\n", ""))
