"""How is a long list shown page by page?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func
from sqlalchemy import select as rows_of
from sqlmodel import Session

PAGE = 50
Row = TypeVar("Row")


@dataclass(frozen=True)
class Listed(Generic[Row]):
    """One page of a list; `total` counts the rows of all pages."""

    rows: Sequence[Row]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return pages_of(self.total)


def pages_of(total: int) -> int:
    return max(1, -(-total // PAGE))


def total_of(session: Session, wanted: "Select[Any]") -> int:
    """How many rows a query has, whatever its columns."""
    counted = rows_of(func.count()).select_from(wanted.order_by(None).subquery())
    total: int = session.execute(counted).scalar_one()
    return total


def offset_of(page: int, total: int) -> tuple[int, int]:
    """The page that there is, the last one at most, and how many rows stand before it."""
    number = max(1, min(page, pages_of(total)))
    return number, (number - 1) * PAGE
