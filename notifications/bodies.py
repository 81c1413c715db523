"""What does the body of a stranger's mail say, as plain text?"""

import re
from html.parser import HTMLParser

from notifications.plaintext import one_line

LONGEST_TEXT = 100_000
BREAKS = {"br", "p", "div", "tr", "li", "table", "h1", "h2", "h3"}
UNREAD = {"script", "style", "title"}


def one_text(texts: list[str], pages: list[str]) -> str:
    """The plain text of the mail; of one that has only a web page, the words of the page."""
    text = "\n\n".join(t.strip() for t in texts if t.strip())
    if not text:
        text = "\n\n".join(page_text(p) for p in pages)
    kept = "\n".join(one_line(line) for line in text.replace("\r\n", "\n").splitlines())
    return re.sub(r"\n{3,}", "\n\n", kept).strip()[:LONGEST_TEXT]


def page_text(page: str) -> str:
    words = _Words()
    words.feed(page[: 10 * LONGEST_TEXT])
    words.close()
    return re.sub(r"[ \t\xa0]+", " ", "".join(words.seen)).strip()


class _Words(HTMLParser):
    """The words of a web page, one line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in UNREAD
        if tag in BREAKS:
            self.seen.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in UNREAD))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.seen.append(" ".join(data.split()) + " ")
