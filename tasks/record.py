"""How is a fact put on record, and how is a run told that the record moved on?"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.case import Case
from models.database import real_now
from models.event import Event, event_hash
from models.people import Person
from models.season import Season, now
from models.wakeup import Wakeup
from models.words import EventKind

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


def record(
    session: Session,
    kind: EventKind,
    *,
    season: Season,
    case: Case | None = None,
    actor: Person | None = None,
    **facts: Any,
) -> Event:
    """Append one event to the chain of the case, or of the season. The row of the chain must be locked."""
    chain = case or season
    chain.event_seq += 1
    event = Event(
        season_id=season.id,
        chain=chain.id,
        seq=chain.event_seq,
        kind=kind,
        at=now(season),
        recorded_at=real_now(),
        actor_id=actor.id if actor else None,
        facts=facts,
        previous=chain.event_head,
        hash="",
    )
    event.hash = event_hash(event)
    chain.event_head = event.hash
    session.add_all([chain, event])
    return event


def wake(session: Session, season: Season, case: Case | None = None, at: datetime = AT_ONCE) -> None:
    """Ask that the run of the case, or of the season, reads the record again, at once or at a time of the season."""
    session.add(Wakeup(season_id=season.id, case_id=case.id if case else None, due_at=at))


def wake_all(session: Session, season: Season, cases: Iterable[Case]) -> None:
    session.add_all([Wakeup(season_id=season.id, case_id=c.id, due_at=AT_ONCE) for c in cases])


def lock_season(session: Session, season_id: Any) -> Season:
    """The season's row, locked; always taken before any case's, so that two verbs never wait for each other.

    The lock leaves the key free: rows that only point at a locked season or case may be written meanwhile. Otherwise a
    list that names a case and a gate that names the season would wait for each other.
    """
    return session.exec(
        select(Season)
        .where(Season.id == season_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def lock_cases(session: Session, case_ids: Iterable[Any]) -> list[Case]:
    """The cases' rows, locked in the order of their ids and read afresh."""
    return list(
        session.exec(
            select(Case)
            .where(col(Case.id).in_(list(case_ids)))
            .order_by(col(Case.id))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def lock_rows(session: Session, case_ids: Iterable[Any]) -> None:
    """The same locks in the same order, for who reads the cases only later."""
    wanted = select(Case.id).where(col(Case.id).in_(list(case_ids))).order_by(col(Case.id))
    session.exec(wanted.with_for_update(key_share=True)).all()
