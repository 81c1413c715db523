"""What does a run read before it goes on, and how does it open a step?

A run carries one id. Everything else it learns here, afresh each time, in words that Prefect may show: numbers,
labels and keys, never a person's name.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeVar
from uuid import UUID

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlmodel import Session

from models.case import Case
from models.database import reading, transaction
from models.notice import Notice
from models.progress import Position, Progress
from models.season import Season, notice_by_digest, notice_of, now
from tasks.directory import county_labels
from tasks.opening import open_next
from tasks.runs import LATE

DATABASE_TROUBLE = (OperationalError, InterfaceError, NoConnectionFree)
RETRY_DELAYS = [0.2, 0.5, 1.0, 2.0, 5.0]

Answer = TypeVar("Answer")
OpenStep = Task[[UUID, UUID | None], None]


@dataclass(frozen=True)
class Subject:
    """What a run walks through the notice's steps: a case, or a season's own steps."""

    kind: Literal["case", "season"]
    id: UUID


@dataclass(frozen=True)
class Ahead:
    """What comes next for a run: `waits` for people, a day or the season. `name` and `tags` are for the dashboard."""

    season_id: UUID
    case_id: UUID | None
    label: str
    waits: bool
    name: str
    tags: tuple[str, ...]


def look_ahead(subject: Subject, run_id: UUID) -> Ahead | None:
    """What comes next; None when all is done, or when another run walks this subject."""
    return patiently(lambda: _look_ahead(subject, run_id))


def patiently(read: Callable[[], Answer]) -> Answer:
    """Read, and again while the database is in trouble: it may only be restarting."""
    for delay in RETRY_DELAYS:
        try:
            return read()
        except DATABASE_TROUBLE:
            time.sleep(delay)
    return read()


def _look_ahead(subject: Subject, run_id: UUID) -> Ahead | None:
    with reading() as session:
        if subject.kind == "case":
            case = session.get(Case, subject.id)
            if case is None or case.flow_run_id != run_id:
                return None
            season = session.get_one(Season, case.season_id)
            return _in_words(session, season, notice_by_digest(session, case.notice_digest), case)
        found = session.get(Season, subject.id)
        if found is None or found.flow_run_id != run_id:
            return None
        return _in_words(session, found, notice_of(session, found), None)


def _in_words(session: Session, season: Season, notice: Notice, case: Case | None) -> Ahead | None:
    position = Progress(session, season, notice, case).ahead()
    if position is None:
        return None
    return Ahead(
        season_id=season.id,
        case_id=case.id if case else None,
        label=position.step.label,
        waits=position.gate is not None or not position.ready,
        name=f"{case.number if case else season.title}·{position.step.label}",
        tags=_tags(season, notice, case, position),
    )


def _tags(season: Season, notice: Notice, case: Case | None, position: Position) -> tuple[str, ...]:
    tags = [f"season:{season.key}", f"stage:{notice.stage(position.step.stage).label}"]
    if case is not None and case.county:
        tags.append(f"county:{_counties().get(case.county, case.county)}")
    if position.gate is not None and position.gate.due_at <= now(season):
        tags.append(LATE)
    return tuple(tags)


@cache
def _counties() -> dict[str, str]:
    return county_labels()


def is_database_trouble(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Only trouble with the database is worth another try; a refusal stays one."""
    return isinstance(state.result(raise_on_failure=False), DATABASE_TROUBLE)


@task(
    name="open_step",
    retries=len(RETRY_DELAYS),
    retry_delay_seconds=RETRY_DELAYS,
    retry_condition_fn=is_database_trouble,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def open_step(season_id: UUID, case_id: UUID | None) -> None:
    """Open what comes next; done twice, the second time changes nothing."""
    with transaction() as session:
        open_next(session, season_id, case_id)


@cache
def opening(label: str) -> OpenStep:
    """The task that opens a step, under the name that the notice gives the step."""
    return open_step.with_options(name=label, task_run_name=label)
