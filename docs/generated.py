"""How does a document that is made from the code and the data get written, or compared with what it should say?"""

from pathlib import Path


def settle(document: Path, wanted: str, *, check: bool) -> int:
    """Write it; with `check` only say by 1 that it is out of date."""
    if not check:
        document.write_text(wanted, encoding="utf-8")
        return 0
    return 0 if document.is_file() and document.read_text(encoding="utf-8") == wanted else 1
