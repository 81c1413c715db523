"""Who looks after the system itself: its state, and Prefect's dashboard?

Whoever sits in the office of a season that is under way. While a real season is, those of practice seasons do not:
their accounts are known to many. With no season under way it is the office of the one opened last.
"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.people import Person, Seat
from models.season import Season, notice_of
from models.seats import is_office


def administers(session: Session, person: Person) -> bool:
    """Whether this person may see the state of the system and the dashboard."""
    seated = set(session.exec(select(Seat.season_id).where(Seat.person_id == person.id)))
    return any(
        is_office(session, season, notice_of(session, season), person)
        for season in _that_count(session)
        if season.id in seated
    )


def _that_count(session: Session) -> Sequence[Season]:
    under_way = session.exec(select(Season).where(col(Season.closed_at).is_(None))).all()
    if real := [season for season in under_way if not season.practice]:
        return real
    if under_way:
        return under_way
    return session.exec(select(Season).order_by(col(Season.opened_at).desc()).limit(1)).all()
