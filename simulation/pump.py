"""How does a season move without Prefect? Each subject that the record asks to wake is walked on, as its run would be.

Only wake-ups move anything: what a verb forgets to wake stays where it is, and the invariants say so.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select, update

from models.case import Case
from models.database import reading, real_now, transaction
from models.progress import Progress
from models.season import Season, notice_by_digest, notice_of, now
from models.wakeup import Wakeup
from tasks.opening import open_next


class Pump:
    """Stands in for the flows where a test is about the record alone."""

    def follow(self, season_id: UUID, case_id: UUID | None) -> None:
        self.settle(season_id)

    def settle(self, season_id: UUID) -> None:
        while subjects := _due(season_id):
            for case_id, rows in subjects.items():
                walk_on(season_id, case_id)
                with transaction() as session:
                    done = update(Wakeup).where(col(Wakeup.id).in_(rows)).values(done_at=real_now())
                    session.exec(done)

    def finish(self, season_id: UUID) -> None:
        self.settle(season_id)


def walk_on(season_id: UUID, case_id: UUID | None) -> None:
    """What a run does when it wakes: open step after step until one waits."""
    while goes_on(season_id, case_id):
        with transaction() as session:
            open_next(session, season_id, case_id)


def goes_on(season_id: UUID, case_id: UUID | None) -> bool:
    """Whether something could be opened now."""
    with reading() as session:
        season = session.get_one(Season, season_id)
        position = _progress(session, season, case_id).ahead()
        return position is not None and position.gate is None and position.ready


def _progress(session: Session, season: Season, case_id: UUID | None) -> Progress:
    if case_id is None:
        return Progress(session, season, notice_of(session, season), None)
    case = session.get_one(Case, case_id)
    return Progress(session, season, notice_by_digest(session, case.notice_digest), case)


def _due(season_id: UUID) -> dict[UUID | None, Sequence[int]]:
    """The rows that are due, by subject."""
    with reading() as session:
        season = session.get_one(Season, season_id)
        wanted = select(Wakeup).where(Wakeup.season_id == season_id, col(Wakeup.done_at).is_(None))
        rows = session.exec(wanted.where(Wakeup.due_at <= now(season)).order_by(col(Wakeup.id))).all()
    found: dict[UUID | None, list[int]] = {}
    for row in rows:
        if row.id is not None:
            found.setdefault(row.case_id, []).append(row.id)
    return dict(found)
