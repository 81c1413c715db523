"""How far are the cases of a confirmed list on their way: for how many of them has the next gate opened?

One decision moves a whole list; the runs of its cases then open what comes next, one after the other.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.case import Case
from models.gates import Gate
from models.lists import Entry, Shortlist
from models.season import Season
from models.words import ListState, Place


@dataclass(frozen=True)
class Onward:
    """`opened` of `total` live cases that the list names; who is off it or in reserve waits where he is."""

    opened: int
    total: int

    @property
    def under_way(self) -> bool:
        return self.opened < self.total


def onward(session: Session, shortlist: Shortlist | None) -> Onward:
    """Counted from the record; nothing is under way for a draft."""
    if shortlist is None or shortlist.confirmed_at is None:
        return Onward(0, 0)
    later = select(Gate.id).where(Gate.case_id == Case.id, Gate.opened_at >= shortlist.confirmed_at)
    counted = select(func.count(), func.count().filter(later.exists())).select_from(Entry)
    live = counted.join(Case, col(Case.id) == col(Entry.case_id)).where(
        Entry.shortlist_id == shortlist.id, Entry.place == Place.ON, col(Case.outcome).is_(None)
    )
    total, opened = session.exec(live).one()
    return Onward(opened, total)


def onward_after(session: Session, gate_id: UUID) -> Onward:
    """Of the list that was confirmed at this gate."""
    return onward(session, session.exec(select(Shortlist).where(Shortlist.gate_id == gate_id)).first())


def latest_onward(session: Session, season: Season) -> Onward:
    """Of the list that was confirmed last."""
    confirmed = select(Shortlist).where(
        Shortlist.season_id == season.id, Shortlist.state == ListState.CONFIRMED
    )
    return onward(
        session, session.exec(confirmed.order_by(col(Shortlist.confirmed_at).desc()).limit(1)).first()
    )
