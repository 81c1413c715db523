"""Which page of a list is asked for? What is no number is the first page."""

from typing import Annotated

from fastapi import Depends

HIGHEST = 100_000


def page_number(p: str = "1") -> int:
    return max(1, min(int(p), HIGHEST)) if p.isascii() and p.isdigit() and len(p) <= 6 else 1


PageNumber = Annotated[int, Depends(page_number)]
