"""Is the record still what was written? `gongjiang audit verify` and the administrators' pages ask here."""

from collections.abc import Iterator, Sequence
from itertools import chain

from sqlmodel import Session

from models.anchor_text import Kept
from models.anchored import anchor_faults, kept_faults
from models.chain import Fault, faults, notice_faults
from models.season import Season


def verify(session: Session, seasons: Sequence[Season], kept: Kept | None = None) -> Fault | None:
    """The first row that was changed, removed or slipped in, in these seasons; None when there is none.

    With an anchor that was kept outside, the record is compared with that as well.
    """
    return next(record_faults(session, seasons, kept), None)


def record_faults(session: Session, seasons: Sequence[Season], kept: Kept | None = None) -> Iterator[Fault]:
    """Every fault; that of a kept anchor comes first, since it can be trusted most."""
    yield from kept_faults(session, kept) if kept else ()
    yield from chain(notice_faults(session), _seasons_faults(session, seasons))


def _seasons_faults(session: Session, seasons: Sequence[Season]) -> Iterator[Fault]:
    for season in seasons:
        yield from faults(session, season)
        yield from anchor_faults(session, season)
