"""Is the record still what was written? `gongjiang audit verify` and the administrators' pages ask here."""

from collections.abc import Iterator
from itertools import chain

from sqlmodel import Session, col, select

from models.chain import Fault, faults, notice_faults
from models.season import Season


def verify(session: Session) -> Fault | None:
    """The first row that was changed, removed or slipped in, over all seasons; None when there is none."""
    return next(chain(notice_faults(session), _seasons_faults(session)), None)


def _seasons_faults(session: Session) -> Iterator[Fault]:
    for season in session.exec(select(Season).order_by(col(Season.opened_at))).all():
        yield from faults(session, season)
