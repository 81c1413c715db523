"""Is the record still what was written? `gongjiang audit verify` and the administrators' pages ask here."""

from collections.abc import Iterator, Sequence
from itertools import chain

from sqlmodel import Session

from models.chain import Fault, faults, notice_faults
from models.season import Season


def verify(session: Session, seasons: Sequence[Season]) -> Fault | None:
    """The first row that was changed, removed or slipped in, in these seasons; None when there is none."""
    return next(chain(notice_faults(session), _seasons_faults(session, seasons)), None)


def _seasons_faults(session: Session, seasons: Sequence[Season]) -> Iterator[Fault]:
    for season in seasons:
        yield from faults(session, season)
