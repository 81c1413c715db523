"""What do administrators find about the runs of cases in Prefect, apart from where each waits?

Which of them are late, and what has happened to each: steps, bodies and days. No name of a person leaves the record,
and no word that a person wrote.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from models.case import Case
from models.database import real_now
from models.event import Event
from models.labels import label
from models.notice import SHANGHAI, Notice
from models.season import notice_by_digest
from models.words import EventKind, Outcome
from settings import settings

# The tag of a run whose gate is overdue, and the keys of the artifacts.
LATE = "late"
STALLED = "stalled-cases"
# What was recorded so lately is read once more the next time: a transaction at work may add to it.
SETTLED_AFTER = timedelta(minutes=1)

OVERDUE = text("""
    select distinct coalesce(c.flow_run_id, s.flow_run_id) as run_id, coalesce(g.case_id, g.season_id) as subject_id
    from gate g join season s on s.id = g.season_id left join "case" c on c.id = g.case_id
    where g.state = 'open' and s.closed_at is null
    and g.due_at <= :now + s.offset_seconds * interval '1 second'
    and (g.case_id is null or c.flow_run_id is not null) and coalesce(c.flow_run_id, s.flow_run_id) is not null
""")


def progress_key(season: str) -> str:
    """Under which key Prefect keeps the progress of a season."""
    return f"season-{season}"


def timeline_key(case_id: UUID) -> str:
    return f"case-{case_id}"


def case_address(case_id: UUID) -> str:
    """The page of a case, for those who look at it from Prefect's dashboard."""
    return f"{settings().base_url}/cases/{case_id}"


def overdue_runs(session: Session) -> dict[UUID, UUID]:
    """The runs that wait at an overdue gate, by their season's clock, and the case or season each walks."""
    found = session.connection().execute(OVERDUE, {"now": real_now()})
    return {row.run_id: row.subject_id for row in found}


# --- the timeline of a case --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Timeline:
    """What has happened to a case, as markdown, and the run beside which it is shown, once it has one."""

    key: str
    run_id: UUID | None
    number: str
    markdown: str


@dataclass(frozen=True)
class Portion:
    """Timelines of cases to which something has happened, and up to when nothing has been left out."""

    timelines: Sequence[Timeline]
    until: datetime


def timelines_since(session: Session, since: datetime, most: int) -> Portion:
    """The timelines of the cases that have events after `since` (real time), those left alone longest first."""
    read_at = real_now()
    last = func.max(Event.recorded_at)
    changed = session.exec(
        select(Case, last)
        .join(Event, col(Event.chain) == col(Case.id))
        .where(col(Event.recorded_at) > since)
        .group_by(col(Case.id))
        .order_by(last)
        .limit(most)
    ).all()
    events = _events_of(session, [case.id for case, _ in changed])
    timelines = [_timeline(session, case, events[case.id]) for case, _ in changed]
    seen = changed[-1][1] if len(changed) == most else read_at
    return Portion(timelines, min(seen, read_at - SETTLED_AFTER))


def _events_of(session: Session, case_ids: Sequence[UUID]) -> dict[UUID, list[Event]]:
    found: dict[UUID, list[Event]] = {case_id: [] for case_id in case_ids}
    for event in session.exec(
        select(Event).where(col(Event.chain).in_(case_ids)).order_by(col(Event.chain), col(Event.seq))
    ):
        found[event.chain].append(event)
    return found


def _timeline(session: Session, case: Case, events: Sequence[Event]) -> Timeline:
    notice = notice_by_digest(session, case.notice_digest)
    lines = [
        f"# {case.number}",
        f"[在认定系统中打开]({case_address(case.id)})",
        "",
        "| 时间 | 事项 | 环节 | 办理 |",
        "|---|---|---|---|",
        *(_line(notice, event) for event in events),
    ]
    if case.outcome:
        lines += ["", f"结果：{label(Outcome(case.outcome))}。"]
    return Timeline(timeline_key(case.id), case.flow_run_id, case.number, "\n".join(lines))


def _line(notice: Notice, event: Event) -> str:
    at = event.at.astimezone(SHANGHAI)
    cells = (f"{at:%Y-%m-%d %H:%M}", label(EventKind(event.kind)), *_where(notice, event.facts))
    return f"| {' | '.join(cells)} |"


def _where(notice: Notice, facts: dict[str, Any]) -> Iterator[str]:
    """The step and its round, and the body: of all facts only those that the notice names."""
    steps = {step.key: step.label for step in notice.steps}
    bodies = {body.key: body.label for body in notice.bodies}
    step = steps.get(str(facts.get("step", "")), "")
    round_ = facts.get("round", 1)
    yield f"{step}（第{round_}次）" if step and isinstance(round_, int) and round_ > 1 else step
    yield bodies.get(str(facts.get("body", "")), "")
