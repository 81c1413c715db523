"""Which open cases have nothing ahead of them: no task that somebody owes and no timer (design §8, 3)?

The board's red tile and the invariants ask the same questions here.
"""

from collections.abc import Sequence

from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.case import Case
from models.gates import Assignment, Gate
from models.notice import Notice
from models.progress import Progress
from models.season import Season
from models.wakeup import Wakeup
from models.words import AssignmentState, GateState, Scope

OWED = (AssignmentState.OPEN, AssignmentState.RECUSED)
# Recognised cases that wait for the season to close have to be looked at one by one.
MOST = 100


def season_is_stranded(session: Session, season: Season) -> bool:
    """Whether the season itself has neither an open gate nor a timer, and so would never go on."""
    if season.closed_at is not None:
        return False
    gate = select(Gate.id).where(Gate.season_id == season.id, col(Gate.case_id).is_(None))
    timer = select(Wakeup.id).where(Wakeup.season_id == season.id, col(Wakeup.case_id).is_(None))
    open_gate = gate.where(Gate.state == GateState.OPEN).exists()
    pending = timer.where(col(Wakeup.done_at).is_(None)).exists()
    return not session.execute(rows_of(open_gate | pending)).scalar_one()


def stranded_cases(
    session: Session,
    season: Season,
    notice: Notice,
    cases: SelectOfScalar[Case] | None = None,
    most: int | None = None,
) -> list[Case]:
    """The open cases of `cases` (of the season unless given) without a gate or a timer that have more to do."""
    gates = select(Gate.id).where(Gate.case_id == Case.id, Gate.state == GateState.OPEN)
    timers = select(Wakeup.id).where(Wakeup.case_id == Case.id, col(Wakeup.done_at).is_(None))
    wanted = cases if cases is not None else select(Case).where(Case.season_id == season.id)
    wanted = wanted.where(col(Case.closed_at).is_(None), ~gates.exists(), ~timers.exists())
    found = session.exec(wanted.order_by(col(Case.number)).limit(most)).all()
    return [case for case in found if has_more_to_do(session, season, notice, case)]


def has_more_to_do(session: Session, season: Season, notice: Notice, case: Case) -> bool:
    """A recognised case that stands at every step of its own waits for the season to close."""
    return case.live or Progress(session, season, notice, case).ahead() is not None


def unasked_gates(
    session: Session,
    season: Season,
    notice: Notice,
    cases: SelectOfScalar[Case] | None = None,
    most: int | None = None,
) -> Sequence[tuple[Gate, Case]]:
    """The open gates of cases at which an answer is waited for that nobody owes."""
    of_season = [s.key for s in notice.steps if s.scope is Scope.SEASON]
    owed = select(Assignment.id).where(Assignment.gate_id == Gate.id, col(Assignment.state).in_(OWED))
    wanted = (
        select(Gate, Case)
        .join(Case, col(Case.id) == col(Gate.case_id))
        .where(Gate.season_id == season.id, Gate.state == GateState.OPEN)
        .where(col(Gate.step).not_in(of_season), ~owed.exists())
    )
    if cases is not None:
        wanted = wanted.where(col(Case.id).in_(cases.with_only_columns(col(Case.id))))
    return session.exec(wanted.order_by(col(Case.number)).limit(most)).all()
