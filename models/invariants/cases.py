"""Is every case where its record says, is somebody asked, and does its run go on (design §8, 1 3 4 5)?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func
from sqlmodel import col, select

from models.database import real_now
from models.event import Event
from models.gates import Assignment, Gate
from models.invariants.scene import Scene, engine_lives
from models.mail import Message, TaskLink
from models.people import Person, Seat
from models.seats import answers_for
from models.stranded import has_more_to_do, season_is_stranded, stranded_cases
from models.wakeup import Wakeup
from models.words import AssignmentState, EventKind, GateState, Outcome, Scope, StepKind

PATIENCE = timedelta(minutes=1)
ALIVE = {"PAUSED", "RUNNING", "PENDING", "SCHEDULED"}


@dataclass
class Replay:
    """What the events of a case say about it."""

    stage: str
    outcome: str | None = None
    closed: bool = False

    def tell(self, kind: str, facts: Mapping[str, Any]) -> None:
        if kind == EventKind.GATE_OPENED:
            self.stage = facts["stage"]
        elif kind == EventKind.CASE_ENDED:
            self.outcome = facts["outcome"]
            self.closed = self.outcome != Outcome.RECOGNISED
        elif kind == EventKind.CASE_CLOSED:
            self.closed = True


def stage_equals_replay(scene: Scene) -> Iterator[str]:
    """1: stage, outcome and closing of every case follow from its events alone."""
    told = {c.id: Replay(scene.notice.steps[0].stage) for c in scene.cases}
    kinds = (EventKind.GATE_OPENED, EventKind.CASE_ENDED, EventKind.CASE_CLOSED)
    events = scene.session.exec(
        select(Event.chain, Event.kind, Event.facts)
        .where(Event.season_id == scene.season.id, Event.chain != scene.season.id, col(Event.kind).in_(kinds))
        .order_by(col(Event.chain), col(Event.seq))
    )
    for chain, kind, facts in events:
        if chain in told:
            told[chain].tell(kind, facts)
    for case in scene.cases:
        replay = told[case.id]
        if case.stage != replay.stage:
            yield f"{case.number}的环节是“{case.stage}”，按流转记录应为“{replay.stage}”。"
        if case.outcome != replay.outcome:
            yield f"{case.number}的结果是“{case.outcome}”，按流转记录应为“{replay.outcome}”。"
        if (case.closed_at is not None) != replay.closed:
            yield f"{case.number}是否办结与流转记录不符。"


def nothing_is_stranded(scene: Scene) -> Iterator[str]:
    """3: what is not done has an open gate or a wake-up to come, or only waits for the season to close."""
    if season_is_stranded(scene.session, scene.season):
        yield "本年度既没有待办的关口，也没有定时，不会再推进。"
    for case in stranded_cases(scene.session, scene.season, scene.notice):
        yield f"{case.number}既没有待办的关口，也没有待唤醒的流程，不会再推进。"
    yield from _without_a_run(scene)


def _wakeups(scene: Scene) -> Iterator[UUID | None]:
    yield from scene.session.exec(
        select(Wakeup.case_id)
        .where(Wakeup.season_id == scene.season.id, col(Wakeup.done_at).is_(None))
        .distinct()
    )


def _without_a_run(scene: Scene) -> Iterator[str]:
    """With Prefect asked: an open case that has begun has a run that can still go on."""
    if scene.runs is None:
        return
    waking = set(_wakeups(scene))
    for case in scene.cases:
        run = scene.runs.get(case.flow_run_id) if case.flow_run_id else None
        alive = run is not None and run.state in ALIVE
        if (
            case.closed_at is None
            and not alive
            and case.id not in waking
            and has_more_to_do(scene.session, scene.season, scene.notice, case)
        ):
            yield f"{case.number}在流程看板中没有可以继续的运行。"


def somebody_is_asked(scene: Scene) -> Iterator[str]:
    """4: at every gate that waits for an answer someone may give it, and each task's mail is written.

    A draft waits for its filler alone: one whose link the office has revoked is withdrawn, or lapses with the last day.
    """
    season_steps = {s.key for s in scene.notice.steps if s.scope is Scope.SEASON}
    forms = {s.key for s in scene.notice.steps if s.kind is StepKind.FORM}
    vacant = set(_waits_for_a_substitute(scene))
    for gate, assignments, held, told in _waiting(scene):
        where = f"{scene.about(gate.case_id)}的“{scene.label(gate.step)}”"
        if gate.case_id is not None and gate.step in season_steps:
            continue
        draft = gate.step in forms and gate.round == 1
        if not assignments and gate.id not in vacant:
            yield f"{where}没有分派给任何人。"
        elif held < assignments and not draft:
            yield f"{where}有{assignments - held}项任务没有人可以办理，请在名录中补齐。"
        elif told < assignments and not draft:
            yield f"{where}有{assignments - told}项任务没有写好通知邮件。"


def _waits_for_a_substitute(scene: Scene) -> Iterator[UUID]:
    """The gates at which the office is to assign somebody in place of one who is recused."""
    yield from scene.session.exec(
        select(Assignment.gate_id).where(
            Assignment.season_id == scene.season.id, Assignment.state == AssignmentState.RECUSED
        )
    )


def _waiting(scene: Scene) -> Iterator[tuple[Gate, int, int, int]]:
    """Each open gate; how many wait at it, how many of these can be answered, how many have a mail."""
    asked = and_(col(Assignment.gate_id) == col(Gate.id), col(Assignment.state) == AssignmentState.OPEN)
    rows = scene.session.exec(
        select(
            Gate,
            func.count(col(Assignment.id)),
            func.count(col(Assignment.id)).filter(_can_be_answered(scene.moment)),
            func.count(col(Assignment.id)).filter(_is_told()),
        )
        .outerjoin(Assignment, asked)
        .where(Gate.season_id == scene.season.id, Gate.state == GateState.OPEN)
        .group_by(col(Gate.id))
        .order_by(col(Gate.step), col(Gate.id))
    )
    yield from rows


def _can_be_answered(moment: datetime) -> ColumnElement[bool]:
    seated = (
        exists()
        .where(col(Seat.person_id) == col(Person.id), col(Person.active), answers_for(moment))
        .correlate(Assignment)
    )
    named = exists().where(col(Person.id) == col(Assignment.person_id), col(Person.active))
    return seated | named.correlate(Assignment)


def _is_told() -> ColumnElement[bool]:
    """A link was made for someone, and a mail of this gate is in the outbox for that person."""
    return (
        exists()
        .where(
            col(TaskLink.assignment_id) == col(Assignment.id),
            col(Message.gate_id) == col(Assignment.gate_id),
            col(Message.person_id) == col(TaskLink.person_id),
        )
        .correlate(Assignment)
    )


def runs_are_awake(scene: Scene) -> Iterator[str]:
    """5: while the engine runs, no wake-up whose time has come is older than a minute."""
    if scene.season.closed_at is not None or not engine_lives():
        return
    moved = _clock_last_moved(scene)
    offset = timedelta(seconds=scene.season.offset_seconds)
    pending = scene.session.exec(
        select(Wakeup)
        .where(Wakeup.season_id == scene.season.id, col(Wakeup.done_at).is_(None))
        .where(Wakeup.due_at <= scene.moment)
        .order_by(col(Wakeup.id))
    )
    late: dict[UUID | None, timedelta] = {}
    for row in pending:
        waited = real_now() - max(row.created_at, row.due_at - offset, moved)
        if waited > PATIENCE:
            late.setdefault(row.case_id, waited)
    for case_id, waited in late.items():
        yield f"{scene.about(case_id)}的流程应被唤醒，已等待{round(waited.total_seconds())}秒。"


def _clock_last_moved(scene: Scene) -> datetime:
    """Real time; a clock that jumps over a date makes its wake-ups due only then."""
    moved = select(func.max(Event.recorded_at)).where(
        Event.chain == scene.season.id, Event.kind == EventKind.CLOCK_MOVED
    )
    return scene.session.exec(moved).one() or scene.season.opened_at
