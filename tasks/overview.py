"""What do the administrators see of a season in Prefect: how far is it, and which cases stand still?

Numbers, steps and bodies only; names of people never leave the record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.case import Case
from models.gates import Assignment, Gate
from models.labels import label
from models.notice import SHANGHAI, Notice
from models.season import Season, notice_of, now
from models.words import AssignmentState, GateState, Outcome

LONGEST_LIST = 500


@dataclass(frozen=True)
class Standstill:
    """An open case whose gate is overdue, or that waits for nobody at all."""

    season: str
    number: str
    case_id: UUID | None
    step: str
    waits_for: str
    since: datetime | None
    due: datetime | None
    days_late: int


@dataclass(frozen=True)
class Stage:
    label: str
    open_cases: int
    open_gates: int
    overdue: int


@dataclass(frozen=True)
class SeasonOverview:
    key: str
    title: str
    cases: int
    stages: Sequence[Stage]
    ended: Sequence[tuple[str, int]]


def open_seasons(session: Session) -> Sequence[Season]:
    return session.exec(
        select(Season).where(col(Season.closed_at).is_(None)).order_by(col(Season.opened_at))
    ).all()


def standstills(session: Session, season: Season) -> list[Standstill]:
    """The cases without any gate, then the overdue gates of the season and its cases, the longest overdue first."""
    notice = notice_of(session, season)
    stranded = [
        Standstill(
            season.key, case.number, case.id, notice.stage(case.stage).label, "没有开启的关口", None, None, 0
        )
        for case in _without_gate(session, season)
    ]
    still_asked = col(Assignment.state) == AssignmentState.OPEN
    overdue = session.exec(
        select(Gate, Case.number, func.array_agg(col(Assignment.body).distinct()).filter(still_asked))
        .outerjoin(Case, col(Case.id) == col(Gate.case_id))
        .outerjoin(Assignment, col(Assignment.gate_id) == col(Gate.id))
        .where(Gate.season_id == season.id, Gate.state == GateState.OPEN, Gate.due_at <= now(season))
        .group_by(col(Gate.id), col(Case.number))
        .order_by(col(Gate.due_at), col(Case.number))
        .limit(LONGEST_LIST)
    )
    return stranded + [
        _overdue(season, notice, gate, number, bodies or []) for gate, number, bodies in overdue
    ]


def _overdue(
    season: Season, notice: Notice, gate: Gate, number: str | None, bodies: Sequence[str]
) -> Standstill:
    return Standstill(
        season=season.key,
        number=number or "年度",
        case_id=gate.case_id,
        step=notice.step(gate.step).label,
        waits_for="、".join(notice.body(b).label for b in bodies) or "年度的集体步骤",
        since=gate.opened_at.astimezone(SHANGHAI),
        due=gate.due_at.astimezone(SHANGHAI),
        days_late=(now(season) - gate.due_at).days,
    )


def _without_gate(session: Session, season: Season) -> Sequence[Case]:
    has_gate = select(Gate.id).where(Gate.case_id == Case.id, Gate.state == GateState.OPEN).exists()
    statement = select(Case).where(Case.season_id == season.id, col(Case.closed_at).is_(None), ~has_gate)
    return session.exec(statement.order_by(col(Case.number)).limit(LONGEST_LIST)).all()


def overview(session: Session, season: Season) -> SeasonOverview:
    """How many cases, open gates and overdue gates each stage of the notice has."""
    notice, moment = notice_of(session, season), now(season)
    cases = dict(
        session.exec(
            select(Case.stage, func.count())
            .where(Case.season_id == season.id, col(Case.closed_at).is_(None))
            .group_by(Case.stage)
        ).all()
    )
    gates = session.exec(
        select(Gate.step, func.count(), func.count().filter(col(Gate.due_at) <= moment))
        .where(Gate.season_id == season.id, Gate.state == GateState.OPEN)
        .group_by(Gate.step)
    ).all()
    stage_of = {step.key: step.stage for step in notice.steps}
    ended = session.exec(
        select(Case.outcome, func.count())
        .where(Case.season_id == season.id, col(Case.outcome).is_not(None))
        .group_by(Case.outcome)
    ).all()
    return SeasonOverview(
        key=season.key,
        title=season.title,
        cases=season.case_count,
        stages=[
            Stage(
                stage.label,
                cases.get(stage.key, 0),
                sum(n for step, n, _ in gates if stage_of[step] == stage.key),
                sum(late for step, _, late in gates if stage_of[step] == stage.key),
            )
            for stage in notice.stages
        ],
        ended=[(label(Outcome(outcome)), n) for outcome, n in ended if outcome],
    )
