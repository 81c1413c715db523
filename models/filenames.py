"""Under which name is a stranger's file kept? One that leads nowhere, shows what it is, and tells no number.

One way for uploads, attachments of mails and the files of a zip.
"""

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST = 200
LONGEST_ENDING = 10
UNNAMED = "未命名文件"
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
# An ID, telephone or account number, however it is grouped.
LONG_NUMBER = re.compile(r"\d[\d\s-]{9,}\d[XxＸｘ]?")
HIDDEN = "****"


def without_numbers(text: str) -> str:
    """The text with every long number of a person covered."""
    return LONG_NUMBER.sub(HIDDEN, text)


def safe_filename(name: str, unnamed: str = UNNAMED) -> str:
    """The last part of the name alone, without control or direction marks; never empty, never too long."""
    seen = "".join(c for c in name if unicodedata.category(c) not in UNSEEN)
    kept = unicodedata.normalize("NFC", seen).replace("\\", "/").rpartition("/")[2].strip(" .")
    kept = without_numbers(kept)
    ending = PurePosixPath(kept).suffix[:LONGEST_ENDING]
    if len(kept) > LONGEST:
        kept = kept[: LONGEST - len(ending)] + ending
    return kept or unnamed
