"""Which public notice is heard now, which objections to it are open, and what do these keep from being final?"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.gates import Gate
from models.notice import Answer, Notice, Step, day_of, last_day
from models.objection import Objection
from models.season import Season, now
from models.verdict import OPEN, Reason, Verdict
from models.words import Effect, GateState, StepKind
from models.workdays import last_date

SHOWN = (GateState.OPEN, GateState.CLEARED)


def last_window(session: Session, season: Season, notice: Notice) -> Gate | None:
    """The public notice that opened last; one that was taken back does not count."""
    windows = [s.key for s in notice.steps if s.kind is StepKind.WINDOW]
    return session.exec(
        select(Gate)
        .where(Gate.season_id == season.id, col(Gate.case_id).is_(None), col(Gate.step).in_(windows))
        .where(col(Gate.state).in_(SHOWN))
        .order_by(col(Gate.opened_at).desc())
        .limit(1)
    ).first()


def is_running(season: Season, gate: Gate) -> bool:
    """Until 24:00 of its last day, by the season's clock, whether or not anybody has confirmed its end."""
    return gate.state == GateState.OPEN and now(season) < gate.due_at


def open_window(session: Session, season: Season, notice: Notice) -> Gate | None:
    """The public notice that runs now."""
    gate = last_window(session, season, notice)
    return gate if gate is not None and is_running(season, gate) else None


def public_days(notice: Notice, step: Step, gate: Gate) -> tuple[date, date]:
    """The first and the last day of a public notice, both included; one that opens again has days of its own."""
    first = day_of(gate.opened_at)
    if step.opens and gate.round == 1:
        first = notice.dates[step.opens].day
    return first, last_date(gate.due_at)


# --- what is not final -------------------------------------------------------------------------------------------


def open_objections(session: Session, season_id: UUID) -> Sequence[Objection]:
    """Every objection without a conclusion, those that came late included."""
    return session.exec(
        select(Objection).where(Objection.season_id == season_id, col(Objection.concluded_at).is_(None))
    ).all()


def objection_counts(session: Session, season_id: UUID) -> dict[str, int]:
    """How many objections there are in each state."""
    wanted = select(Objection.state, func.count()).where(Objection.season_id == season_id)
    return dict(session.exec(wanted.group_by(Objection.state)).all())


def open_count(session: Session, season_id: UUID) -> int:
    wanted = select(func.count()).select_from(Objection).where(Objection.season_id == season_id)
    return session.exec(wanted.where(col(Objection.concluded_at).is_(None))).one()


def window_is_over(session: Session, season: Season, step: Step, gate: Gate, answer: Answer) -> Verdict:
    """三（七）: the conclusion of a public notice waits for its last day and for every objection."""
    if step.kind is not StepKind.WINDOW or answer.effect is not Effect.PASS:
        return OPEN
    found: list[Reason] = []
    if now(season) < gate.due_at:
        text = f"公示到{last_day(gate.due_at)}24时才期满，期满后再确认结论。"
        found.append(Reason("window_open", text, step.clause))
    return (*found, *_objections_are_concluded(session, season, step))


def titles_are_undisputed(session: Session, season: Season, step: Step, answer: Answer) -> Verdict:
    """Nobody is recognised while an objection, though it came late, has no conclusion."""
    if not step.settles or answer.effect not in (Effect.PASS, Effect.NOTE):
        return OPEN
    return _objections_are_concluded(session, season, step)


def _objections_are_concluded(session: Session, season: Season, step: Step) -> Verdict:
    if waiting := open_count(session, season.id):
        text = f"还有{waiting}件异议没有结论，请先核实并作出结论。"
        return (Reason("objections_open", text, step.clause),)
    return OPEN
