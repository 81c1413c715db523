"""How does a case move? This is the one door: only here are a case's stage and outcome and a gate's state written.

Everything happens inside the caller's transaction, with the chain's row locked: state, event, mails and wake-up
together.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.casefile import last_return
from models.gates import Assignment, Gate
from models.notice import SHANGHAI, Notice, Step, day_end
from models.people import Person
from models.progress import Progress, waits_for_season
from models.returns import default_day, due_day
from models.season import Season, now
from models.words import AssignmentState, EventKind, GateState, Outcome, StepKind
from tasks.assigning import assignees
from tasks.mail import queue_tasks
from tasks.record import record, wake
from tasks.telling import tell_case_ended, tell_notice_open


def open_gate(session: Session, season: Season, notice: Notice, case: Case | None, step: Step) -> Gate:
    """Open `step` once: gate, assignments, stage, event and the deciders' mails. An open gate is returned as it is."""
    progress = Progress(session, season, notice, case)
    last = progress.gates.get(step.key)
    if last is not None and last.state == GateState.OPEN:
        return last
    gate = Gate(
        season_id=season.id,
        case_id=case.id if case else None,
        step=step.key,
        round=last.round + 1 if last else 1,
        opened_at=now(season),
        due_at=_due(session, season, notice, case, step, last),
    )
    session.add(gate)
    session.flush()
    stage = _furthest(notice, progress, step).stage
    if case is not None:
        case.stage = stage
    record(
        session,
        EventKind.GATE_OPENED,
        season=season,
        case=case,
        step=step.key,
        round=gate.round,
        stage=stage,
    )
    if waits_for_season(step, case):
        wake(session, season)
    else:
        assignments = [_assignment(gate, a) for a in assignees(session, season, notice, case, step)]
        session.add_all(assignments)
        session.flush()
        queue_tasks(session, season, notice, case, step, gate, assignments)
        if step.kind is StepKind.WINDOW:
            tell_notice_open(session, season, notice, step, gate)
    return gate


def _furthest(notice: Notice, progress: Progress, step: Step) -> Step:
    """The last open step: an approval that is asked again meanwhile takes no case back from where it waits."""
    open_now = {key for key, gate in progress.gates.items() if gate.state == GateState.OPEN}
    return max([step, *(s for s in notice.steps if s.key in open_now)], key=notice.steps.index)


def _assignment(gate: Gate, who: tuple[str, UUID | None, UUID | None]) -> Assignment:
    body, organisation_id, person_id = who
    return Assignment(
        season_id=gate.season_id,
        gate_id=gate.id,
        body=body,
        organisation_id=organisation_id,
        person_id=person_id,
    )


def _due(
    session: Session, season: Season, notice: Notice, case: Case | None, step: Step, last: Gate | None
) -> datetime:
    """The notice's date; a correction has the day that the return names.

    Another gate opened again gets days of its own, a public notice as many as the first one had.
    """
    due = notice.due(step.due)
    if last is None:
        return due
    if step.kind is StepKind.FORM and case is not None and last.state == GateState.VOID:
        return day_end(due_day(last_return(session, case)) or default_day(notice, season))
    days = timedelta(days=notice.correction.days)
    if step.kind is StepKind.WINDOW and step.opens:
        days = notice.dates[step.due].day - notice.dates[step.opens].day
    return max(due, day_end((now(season).astimezone(SHANGHAI) + days).date()))


def close_gate(session: Session, season: Season, gate: Gate, state: GateState, outcome: str | None) -> None:
    """Close an open gate; whoever has not answered no longer needs to."""
    gate.state, gate.outcome, gate.closed_at = state, outcome, now(season)
    session.add(gate)
    for assignment in open_assignments(session, [gate.id]):
        assignment.state = AssignmentState.CANCELLED
        session.add(assignment)


def clear_gate(
    session: Session,
    season: Season,
    case: Case | None,
    gate: Gate,
    outcome: str,
    actor: Person | None,
    **facts: Any,
) -> None:
    """The gate stands: its run goes on."""
    close_gate(session, season, gate, GateState.CLEARED, outcome)
    record(
        session,
        EventKind.GATE_CLEARED,
        season=season,
        case=case,
        actor=actor,
        step=gate.step,
        round=gate.round,
        outcome=outcome,
        **facts,
    )
    wake(session, season, case)


def unseat(
    session: Session, season: Season, case: Case | None, gates: Iterable[Gate], actor: Person | None
) -> None:
    """Gates that stood, or are still open, stand no longer: the run opens them again when their turn comes."""
    for gate in gates:
        if gate.state == GateState.OPEN:
            close_gate(session, season, gate, GateState.VOID, None)
        elif gate.state == GateState.CLEARED:
            gate.state = GateState.VOID
            session.add(gate)
        else:
            continue
        _record_void(session, season, case, gate, actor)


def set_aside(
    session: Session, season: Season, case: Case, gates: Iterable[Gate], *, applies: bool, actor: Person
) -> None:
    """Gates that another way through the steps has made void; those that still apply open again in their turn."""
    for gate in gates:
        close_gate(session, season, gate, GateState.ENDED, gate.outcome)
        _record_void(session, season, case, gate, actor, applies=applies)


def _record_void(
    session: Session, season: Season, case: Case | None, gate: Gate, actor: Person | None, **facts: bool
) -> None:
    record(
        session,
        EventKind.GATE_VOIDED,
        season=season,
        case=case,
        actor=actor,
        step=gate.step,
        round=gate.round,
        **facts,
    )


def end_case(
    session: Session,
    season: Season,
    notice: Notice,
    case: Case,
    outcome: Outcome,
    *,
    actor: Person | None,
    step: str = "",
    reason: str = "",
) -> None:
    """A case that won't be recognised ends: open gates close, the unit and the applicant hear of it, its run ends."""
    case.outcome, case.closed_at = outcome, now(season)
    session.add(case)
    for gate in open_gates(session, case):
        close_gate(session, season, gate, GateState.ENDED, gate.outcome)
    record(
        session,
        EventKind.CASE_ENDED,
        season=season,
        case=case,
        actor=actor,
        outcome=outcome,
        step=step,
        reason=reason,
    )
    tell_case_ended(session, season, notice, case, outcome)
    wake(session, season, case)
    wake(session, season)


def recognise(session: Session, season: Season, notice: Notice, case: Case, *, actor: Person | None) -> None:
    """The hosts have signed: the candidate holds the title (五); the case stays open for publicity."""
    case.outcome = Outcome.RECOGNISED
    session.add(case)
    record(
        session,
        EventKind.CASE_ENDED,
        season=season,
        case=case,
        actor=actor,
        outcome=case.outcome,
        step="",
        reason="",
    )
    tell_case_ended(session, season, notice, case, Outcome.RECOGNISED)


def file_case(session: Session, season: Season, case: Case, *, actor: Person | None) -> None:
    """Everything is done for a recognised case: it is closed."""
    case.closed_at = now(season)
    session.add(case)
    for gate in open_gates(session, case):
        close_gate(session, season, gate, GateState.CLEARED, "closed")
    record(session, EventKind.CASE_CLOSED, season=season, case=case, actor=actor)
    wake(session, season, case)


def open_gates(session: Session, case: Case) -> Sequence[Gate]:
    return session.exec(select(Gate).where(Gate.case_id == case.id, Gate.state == GateState.OPEN)).all()


def open_assignments(session: Session, gate_ids: Sequence[UUID]) -> Sequence[Assignment]:
    return session.exec(
        select(Assignment).where(
            col(Assignment.gate_id).in_(gate_ids),
            col(Assignment.state).in_((AssignmentState.OPEN, AssignmentState.RECUSED)),
        )
    ).all()
