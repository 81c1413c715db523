"""How does somebody get the due dates of his own tasks into a calendar program, and stop it again?"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from models.actions import Task
from models.amendment import amendments
from models.case import Case
from models.database import real_now
from models.feed import CalendarFeed
from models.gates import Assignment, Gate
from models.people import Person
from models.season import Season, notice_by_digest, notice_of
from models.viewer import Viewer, read_viewer
from models.words import AssignmentState, GateState
from models.workdays import last_date
from notifications.calendars import DueDay
from notifications.links import feed_digest, token_digest
from settings import settings

MOST = 500


def live_feed(session: Session, person: Person) -> CalendarFeed | None:
    wanted = select(CalendarFeed).where(CalendarFeed.person_id == person.id)
    return session.exec(wanted.where(col(CalendarFeed.revoked_at).is_(None))).first()


def renew_feed(session: Session, person: Person) -> CalendarFeed:
    """A new secret address; the old one, if there is one, answers no more."""
    revoke_feed(session, person)
    feed = CalendarFeed(person_id=person.id, digest="")
    feed.digest = feed_digest(feed.id)
    session.add(feed)
    session.flush()
    return feed


def revoke_feed(session: Session, person: Person) -> None:
    """The address answers no more; without one nothing happens."""
    session.exec(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True)).one()
    if feed := live_feed(session, person):
        feed.revoked_at = real_now()
        session.add(feed)
        session.flush()


def owner_of(session: Session, token: str) -> Person | None:
    """Whose address this is, as long as it is not revoked and the person is active."""
    wanted = (
        select(Person)
        .join(CalendarFeed, col(CalendarFeed.person_id) == col(Person.id))
        .where(CalendarFeed.digest == token_digest(token), col(CalendarFeed.revoked_at).is_(None))
    )
    return session.exec(wanted.where(col(Person.active))).first()


def due_days(session: Session, person: Person) -> list[DueDay]:
    """The last days of everything that waits for this person, in all open seasons."""
    seasons = session.exec(
        select(Season).where(col(Season.closed_at).is_(None)).order_by(col(Season.opened_at))
    )
    viewers = [read_viewer(session, person, s, notice_of(session, s)) for s in seasons]
    return [day for viewer in viewers for day in _of_season(viewer)]


def due_day(session: Session, task: Task) -> DueDay:
    """The last day of one task."""
    version = len(amendments(session, task.season.id))
    return _day(task.assignment.id, task.gate, task.case, task.step.label, task.notice.award_name, version)


def _of_season(viewer: Viewer) -> Sequence[DueDay]:
    rows = viewer.session.execute(
        rows_of(Assignment, Gate, Case)
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .outerjoin(Case, col(Case.id) == col(Gate.case_id))
        .where(viewer.answerable())
        .where(col(Assignment.state) == AssignmentState.OPEN, col(Gate.state) == GateState.OPEN)
        .order_by(col(Gate.due_at), col(Case.number), col(Assignment.id))
        .limit(MOST)
    ).all()
    version = len(amendments(viewer.session, viewer.season.id)) if rows else 0
    found = []
    for assignment, gate, case in rows:
        notice = notice_by_digest(viewer.session, case.notice_digest) if case else viewer.notice
        label = notice.step(gate.step).label
        found.append(_day(assignment.id, gate, case, label, notice.award_name, version))
    return found


def _day(task: UUID, gate: Gate, case: Case | None, step: str, award: str, version: int) -> DueDay:
    return DueDay(
        task,
        step=step,
        number=case.number if case else "",
        award=award,
        last=last_date(gate.due_at),
        since=gate.opened_at,
        version=version,
        url=f"{settings().base_url}/tasks/{task}",
    )
