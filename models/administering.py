"""Who looks after the system itself, and is this installation one for practice only?

There are three administrators (等级保护 三员分立): of the system, of security, of the audit. Each is a role of the
account, of which it has one at most, and no seat beside it. While there are none but practice seasons, the office of
one that is under way looks after the system, too: whoever tries it out begins with one account.
"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.account_words import AdminRole
from models.people import Person, Seat
from models.season import Season, notice_of
from models.seats import is_office

# The pages of each administrator: there are no others for him.
COMMON_PAGES = ("/account", "/seasons")
PAGES = {
    AdminRole.SYSTEM: ("/accounts", "/grants", "/status"),
    AdminRole.SECURITY: ("/grants", "/accounts"),
    AdminRole.AUDIT: ("/audit",),
}


def is_own_page(role: AdminRole, path: str) -> bool:
    """Whether an administrator may open this page at all."""
    own = (*COMMON_PAGES, *PAGES[role])
    return path == "/" or any(path == p or path.startswith(f"{p}/") for p in own)


def is_practising(session: Session) -> bool:
    """Whether there is a season, and none of them is real."""
    found = set(session.exec(select(Season.practice).distinct()))
    return found == {True}


def administers(session: Session, person: Person) -> bool:
    """Whether this person may see the state of the system and the dashboard."""
    if person.admin_role:
        return person.admin_role == AdminRole.SYSTEM
    seated = set(session.exec(select(Seat.season_id).where(Seat.person_id == person.id)))
    return any(
        is_office(session, season, notice_of(session, season), person)
        for season in _that_count(session)
        if season.id in seated
    )


def _that_count(session: Session) -> Sequence[Season]:
    """The practice seasons under way, or the one opened last; none once there is a real one."""
    if not is_practising(session):
        return []
    under_way = session.exec(select(Season).where(col(Season.closed_at).is_(None))).all()
    return under_way or session.exec(select(Season).order_by(col(Season.opened_at).desc()).limit(1)).all()
