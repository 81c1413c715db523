"""In which order do names stand in a public notice? By the strokes of the surname (按姓氏笔画为序), as ICU has it."""

from functools import lru_cache

import icu

# CLDR's order by strokes: radicals break ties, as the dictionaries have it.
LOCALE = "zh-u-co-stroke"


def stroke_key(name: str) -> str:
    """A text by which names sort by strokes: the collation key in hexadecimal, so that it can be kept."""
    key: bytes = _collator().getSortKey(name)
    return key.hex()


@lru_cache(maxsize=1)
def _collator() -> icu.Collator:
    return icu.Collator.createInstance(icu.Locale(LOCALE))
