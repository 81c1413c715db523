"""How does sending stand: does somebody or the server want it stopped, is there trouble, is a sender there at all?

A row for the real seasons' mails and one for the practice seasons'; the carrier keeps it, pages read it.
"""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select, update

from models.database import real_now, transaction
from models.mail import MailRoute, Message
from models.season import Season
from models.words import MessageState

# Nobody writes down a pause anew for a change as small as this.
SAME = timedelta(seconds=30)


def may_send(practice: bool, mark: str) -> bool:
    """Whether anything may be sent now; a stop by the server ends when another account or server is set."""
    with transaction() as session:
        route = _route(session, practice)
        if route.stopped_at is not None and route.stopped_by is None and route.mark != mark:
            go_on(route)
            session.add(route)
        return route.stopped_at is None


def _route(session: Session, practice: bool) -> MailRoute:
    found = session.get(MailRoute, practice)
    if found is None:
        row = {"practice": practice, "reason": "", "mark": "", "trouble": ""}
        session.execute(insert(MailRoute).values(row).on_conflict_do_nothing())
        found = session.get_one(MailRoute, practice)
    return found


def locked_route(session: Session, practice: bool) -> MailRoute:
    """The row, locked for who is to change it."""
    _route(session, practice)
    return session.get_one(MailRoute, practice, with_for_update=True, populate_existing=True)


def go_on(route: MailRoute) -> None:
    route.stopped_at, route.stopped_by, route.reason, route.mark = None, None, "", ""
    route.trouble, route.trouble_since = "", None


def stop_by_server(practice: bool, mark: str, explained: str) -> None:
    """The server has closed our account to us: nothing is tried until a person or another setting says so."""
    with transaction() as session:
        route = locked_route(session, practice)
        if route.stopped_at is None:
            route.stopped_at, route.stopped_by = real_now(), None
            route.reason, route.mark = explained, mark
            session.add(route)


def note_trouble(practice: bool, explained: str) -> None:
    """Write on every waiting message why it waits; nothing, once there is no reason left."""
    season = select(Season.id).where(Season.practice == practice)
    now = real_now()
    with transaction() as session:
        route = locked_route(session, practice)
        route.trouble_since = (route.trouble_since or now) if explained else None
        route.trouble = explained
        session.add(route)
        session.flush()
        session.exec(
            update(Message)
            .where(col(Message.state) == MessageState.QUEUED, col(Message.season_id).in_(season))
            .where(col(Message.next_at) <= now, col(Message.error) != explained)
            .values(error=explained)
        )


def note_alive(practice: bool, paused_until: datetime | None) -> None:
    """A sender is there; until a moment it waits because enough has been sent."""
    with transaction() as session:
        route = _route(session, practice)
        route.alive_at = real_now()
        if _differs(route.paused_until, paused_until):
            route.paused_until = paused_until
        session.add(route)


def _differs(one: datetime | None, other: datetime | None) -> bool:
    return one is not other and (one is None or other is None or abs(one - other) > SAME)
