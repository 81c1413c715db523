"""Which runs have to be woken, and which subjects does a run belong to?

The record's side of waking: it knows which cases and seasons are alive, which run each has, and what has been asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, literal, text
from sqlmodel import Session, col, select, update

from models.case import Case
from models.database import real_now
from models.gates import Gate
from models.progress import Progress
from models.season import Season, notice_of
from models.wakeup import Wakeup
from models.words import GateState
from tasks.record import wake
from tasks.walk import Subject

# Told to every worker when runs have been scheduled: there is something to fetch.
RUNS_CHANNEL = "gongjiang_runs"


@dataclass(frozen=True)
class Due:
    """A subject to be woken: its run, if it has one, and the rows that ask for it."""

    subject: Subject
    run_id: UUID | None
    live: bool
    rows: tuple[int, ...] = ()


DUE = text("""
    select w.case_id is not null as is_case,
        coalesce(w.case_id, w.season_id) as subject_id,
        case when w.case_id is null then s.flow_run_id else c.flow_run_id end as run_id,
        case when w.case_id is null then s.closed_at else c.closed_at end is null as live,
        array_agg(w.id) as rows
    from wakeup w join season s on s.id = w.season_id left join "case" c on c.id = w.case_id
    where w.done_at is null and w.due_at <= :now + s.offset_seconds * interval '1 second'
    group by 1, 2, 3, 4 order by min(w.id) limit :most
""")


def due_subjects(session: Session, most: int) -> list[Due]:
    """The subjects whose time has come by their season's clock, the longest waiting first."""
    found = session.connection().execute(DUE, {"now": real_now(), "most": most})
    return [
        Due(
            Subject("case" if row.is_case else "season", row.subject_id),
            row.run_id,
            row.live,
            tuple(row.rows),
        )
        for row in found
    ]


def season_stirs(session: Session, season_id: UUID) -> bool:
    """Whether the season's run would do anything now; every candidate who arrives asks, the last one matters."""
    season = session.get_one(Season, season_id)
    position = Progress(session, season, notice_of(session, season), None).ahead()
    return position is None or (position.gate is None and position.ready)


def mark_done(session: Session, rows: Iterable[int]) -> None:
    """These very rows are done; a row that was added meanwhile is not."""
    done_at = func.greatest(literal(real_now()), Wakeup.created_at)
    session.exec(update(Wakeup).where(col(Wakeup.id).in_(list(rows))).values(done_at=done_at))


def tell_workers(session: Session) -> None:
    session.exec(select(func.pg_notify(RUNS_CHANNEL, "")))


def remember_run(session: Session, subject: Subject, before: UUID | None, run_id: UUID) -> None:
    """Note the subject's new run in place of the one it had; nothing happens if someone was faster."""
    table = Case if subject.kind == "case" else Season
    session.exec(
        update(table)
        .where(col(table.id) == subject.id, col(table.flow_run_id).is_not_distinct_from(before))
        .values(flow_run_id=run_id)
    )


def live_subjects(session: Session) -> list[Due]:
    """Every case and season that is not closed: each of them must have a run that waits or works."""
    seasons = session.exec(select(Season.id, Season.flow_run_id).where(col(Season.closed_at).is_(None)))
    cases = session.exec(select(Case.id, Case.flow_run_id).where(col(Case.closed_at).is_(None)))
    return [
        *(Due(Subject("season", season_id), run_id, True) for season_id, run_id in seasons),
        *(Due(Subject("case", case_id), run_id, True) for case_id, run_id in cases),
    ]


def wake_stuck(session: Session) -> int:
    """Wake every live case without an open gate, and every season that has something to open; returns how many.

    No verb leaves a case like that without a wake-up: this is for the day on which one does.
    """
    stuck = _cases_without_gate(session)
    seasons = session.exec(select(Season).where(col(Season.closed_at).is_(None))).all()
    stirring = [s for s in seasons if not _is_asked_for(session, s.id, None) and season_stirs(session, s.id)]
    for case, season in stuck:
        wake(session, season, case)
    for season in stirring:
        wake(session, season)
    return len(stuck) + len(stirring)


def _cases_without_gate(session: Session) -> Sequence[tuple[Case, Season]]:
    has_gate = select(Gate.id).where(Gate.case_id == Case.id, Gate.state == GateState.OPEN).exists()
    asked_for = select(Wakeup.id).where(Wakeup.case_id == Case.id, col(Wakeup.done_at).is_(None)).exists()
    rows = session.exec(
        select(Case, Season)
        .join(Season, col(Season.id) == col(Case.season_id))
        .where(col(Case.closed_at).is_(None), ~has_gate, ~asked_for)
    )
    return [(case, season) for case, season in rows]


def _is_asked_for(session: Session, season_id: UUID, case_id: UUID | None) -> bool:
    rows = select(Wakeup.id).where(
        Wakeup.season_id == season_id,
        col(Wakeup.case_id).is_not_distinct_from(case_id),
        col(Wakeup.done_at).is_(None),
    )
    return session.exec(rows.limit(1)).first() is not None
