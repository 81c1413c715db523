"""What does the page of one case tell, and how much of it may this viewer read?"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.event import Event
from models.gates import Assignment, Decision, Gate
from models.notice import Notice, Stage, Step
from models.people import Organisation, Person
from models.season import notice_by_digest
from models.viewer import Viewer
from models.words import AssignmentState, Effect, EventKind, GateState, Relation, Scope

INTERNAL = {Effect.NOTE, Effect.SCORE}
BY_NAME = (Relation.ASSIGNED, Relation.FILLER)
FOR_READERS = {
    EventKind.PLACE_GIVEN,
    EventKind.RECUSAL_DECLARED,
    EventKind.RECUSED_REFUSED,
    EventKind.PANEL_CHANGED,
}
# That there is an objection is known to those who handle it; whom it costs the place reads that in the outcome.
HEARING = {
    EventKind.OBJECTION_REGISTERED,
    EventKind.OBJECTION_ADMITTED,
    EventKind.OBJECTION_VERIFIED,
    EventKind.OBJECTION_CONCLUDED,
}


@dataclass(frozen=True)
class Answered:
    """One who is, or was, asked at a gate; what they said is hidden unless `readable`."""

    assignment: Assignment
    body: str
    who: str
    decision: Decision | None
    decided_by: str
    answer: str
    readable: bool
    handled_by: str = ""


@dataclass(frozen=True)
class Opened:
    """One opening of one step."""

    gate: Gate
    step: Step
    asked: list[Answered]

    @property
    def is_open(self) -> bool:
        return self.gate.state == GateState.OPEN

    @property
    def waiting(self) -> list[Answered]:
        return [a for a in self.asked if a.assignment.state == AssignmentState.OPEN]

    @property
    def answered(self) -> list[Answered]:
        return [a for a in self.asked if a.decision is not None]

    @property
    def counted(self) -> list[Answered]:
        """Those of whom an answer is, or was, expected: whoever left the panel is counted no longer."""
        return [a for a in self.asked if a.assignment.state != AssignmentState.RELEASED]


@dataclass(frozen=True)
class Happened:
    """One line of the 流转记录."""

    kind: EventKind
    at: datetime
    actor: str
    facts: dict[str, Any]
    decision: Answered | None
    seq: int = 0
    actor_id: UUID | None = None


@dataclass(frozen=True)
class CaseFile:
    case: Case
    notice: Notice
    unit: str
    entered_by: str
    gates: list[Opened]
    record: list[Happened]
    readable: bool

    @cached_property
    def open(self) -> list[Opened]:
        return [g for g in self.gates if g.is_open]

    @cached_property
    def parallel(self) -> list[Opened]:
        """The latest opening of each gate at which several are asked (会签), in the notice's order."""
        latest = {g.step.key: g for g in self.gates if len(g.asked) > 1}
        return [latest[s.key] for s in self.notice.steps if s.key in latest]

    @cached_property
    def decisions(self) -> list[tuple[Opened, Answered]]:
        found = [(g, a) for g in self.gates for a in g.answered]
        return sorted(
            found, key=lambda row: row[1].decision.decided_at if row[1].decision else row[0].gate.opened_at
        )

    @cached_property
    def stages(self) -> list[Stage]:
        """The stages that a case of this channel and route passes."""
        steps = self.notice.case_steps(self.case.channel, self.case.route)
        passed = {s.stage for s in steps} | {s.stage for s in self.notice.steps if s.scope is Scope.SEASON}
        opened = {g.step.key for g in self.gates}
        skipped = {s.stage for s in steps if s.when and s.key not in opened} - {
            s.stage for s in self.notice.steps if not s.when
        }
        return [s for s in self.notice.stages if s.key in passed - skipped]


def read_casefile(viewer: Viewer, case: Case) -> CaseFile:
    """Everything for one page in a constant number of statements."""
    session = viewer.session
    notice = notice_by_digest(session, case.notice_digest)
    gates = session.exec(
        select(Gate)
        .where(Gate.case_id == case.id)
        .order_by(col(Gate.opened_at), col(Gate.round), col(Gate.id))
    ).all()
    readable = viewer.reads(case)
    asked = _asked(viewer, notice, {g.id: g for g in gates}, readable)
    opened = [Opened(g, notice.step(g.step), asked.get(g.id, [])) for g in gates]
    events = session.exec(select(Event).where(Event.chain == case.id).order_by(col(Event.seq))).all()
    names = _names(session, {e.actor_id for e in events if e.actor_id} | {case.entered_by})
    unit = session.get(Organisation, case.unit_id) if case.unit_id else None
    by_decision = {str(a.decision.id): a for row in asked.values() for a in row if a.decision}
    return CaseFile(
        case=case,
        notice=notice,
        unit=unit.name if unit else "",
        entered_by=names[case.entered_by],
        gates=opened,
        record=[
            _happened(e, names, by_decision) for e in events if _is_told(viewer, readable, EventKind(e.kind))
        ],
        readable=readable,
    )


def _is_told(viewer: Viewer, readable: bool, kind: EventKind) -> bool:
    """Places and panels are for those who read opinions; comparisons with others for those who see every case."""
    if kind in HEARING:
        return viewer.is_office
    if kind is EventKind.SAMENESS_SETTLED:
        return viewer.sees_all
    return readable or kind not in FOR_READERS


def read_gate(viewer: Viewer, notice: Notice, gate: Gate) -> Opened:
    """One gate of the season with everyone who is asked there."""
    asked = _asked(viewer, notice, {gate.id: gate}, viewer.reads_opinions)
    return Opened(gate, notice.step(gate.step), asked.get(gate.id, []))


def _asked(
    viewer: Viewer, notice: Notice, gates: dict[UUID, Gate], readable: bool
) -> dict[UUID, list[Answered]]:
    """Everyone asked at these gates; `readable` says whether the viewer may read what others said.

    Scores are blind: nobody but the expert himself reads a sheet until the panel's last one has closed the gate.
    """
    rows = viewer.session.exec(
        select(Assignment, Decision, Organisation, Person)
        .outerjoin(Decision, col(Decision.assignment_id) == col(Assignment.id))
        .outerjoin(Organisation, col(Organisation.id) == col(Assignment.organisation_id))
        .outerjoin(Person, col(Person.id) == col(Assignment.person_id))
        .where(col(Assignment.gate_id).in_(gates))
    ).all()
    names = _names(viewer.session, {i for a, d, _, _ in rows for i in _involved(a, d)})
    found: dict[UUID, list[Answered]] = {}
    for assignment, decision, organisation, person in rows:
        gate = gates[assignment.gate_id]
        step = notice.step(gate.step)
        blind = bool(step.criteria) and gate.state == GateState.OPEN
        mine = person is not None and person.id == viewer.person.id
        by_me = decision is not None and decision.decided_by == viewer.person.id
        internal = decision is not None and decision.effect in INTERNAL
        report = notice.body(assignment.body).relation is Relation.ASSIGNED and not step.criteria
        reads_report = report and viewer.is_assigned and gate.case_id not in viewer.recused_from
        may_read = by_me or is_read(readable=readable or reads_report, internal=internal, blind=blind)
        named = readable or mine or by_me or not step.criteria
        given = step.answer(decision.answer) if decision else None
        handed = person is not None and notice.body(assignment.body).relation not in BY_NAME
        who = organisation.name if organisation else person.name if person and named and not handed else ""
        found.setdefault(assignment.gate_id, []).append(
            Answered(
                assignment=assignment,
                body=notice.body(assignment.body).label,
                who=who,
                decision=decision,
                decided_by=_signed(decision, names) if decision and named else "",
                handled_by=_handled(assignment, names) if handed else "",
                answer=given.label if given and may_read else "已答复" if given else "",
                readable=may_read,
            )
        )
    order = {d.body: n for s in notice.steps for n, d in enumerate(s.deciders)}
    return {gate_id: sorted(asked, key=lambda a: _place(order, a)) for gate_id, asked in found.items()}


def is_read(*, readable: bool, internal: bool, blind: bool) -> bool:
    """Whether what somebody else has said is read: `internal` by few only, `blind` by nobody yet."""
    return not blind and (readable or not internal)


def _place(order: dict[str, int], asked: Answered) -> tuple[int, bool, str, bool, str]:
    """By body and the name that is shown, then who answered first: a name that is not shown orders nothing."""
    decided = asked.decision.decided_at.isoformat() if asked.decision else ""
    body = order.get(asked.assignment.body, 0)
    return (body, not asked.who, asked.who, not decided, decided)


def _involved(assignment: Assignment, decision: Decision | None) -> set[UUID]:
    people = {assignment.person_id, assignment.given_by}
    if decision is not None:
        people |= {decision.decided_by, decision.recorded_by, decision.acted_for}
    return {i for i in people if i is not None}


def _signed(decision: Decision, names: dict[UUID, str]) -> str:
    """Who decided; for whom, and who entered it from paper, where these are others."""
    said = names.get(decision.decided_by, "")
    if decision.acted_for:
        said += f"（代{names.get(decision.acted_for, '')}办理）"
    if decision.recorded_by != decision.decided_by:
        said += f"（{names.get(decision.recorded_by, '')}按纸质件代录）"
    return said


def _handled(assignment: Assignment, names: dict[UUID, str]) -> str:
    """The colleague who was given the task, and on whose behalf."""
    said = names.get(assignment.person_id, "") if assignment.person_id else ""
    return said + (f"（受{names.get(assignment.given_by, '')}委派）" if assignment.given_by else "")


def _happened(event: Event, names: dict[UUID, str], by_decision: dict[str, Answered]) -> Happened:
    answered = by_decision.get(str(event.facts.get("decision")))
    actor = names.get(event.actor_id, "") if event.actor_id else "系统"
    if answered is not None:
        actor = answered.decided_by or answered.body
    return Happened(EventKind(event.kind), event.at, actor, event.facts, answered, event.seq, event.actor_id)


def _names(session: Session, people: set[UUID]) -> dict[UUID, str]:
    rows = session.exec(select(Person.id, Person.name).where(col(Person.id).in_(people)))
    return dict(rows.all())


def last_return(session: Session, case: Case) -> Decision | None:
    """The decision that sent the case back last: what it asked to be corrected."""
    return session.exec(
        select(Decision)
        .join(Gate, col(Gate.id) == col(Decision.gate_id))
        .where(Gate.case_id == case.id, Decision.effect == Effect.RETURN)
        .order_by(col(Decision.decided_at).desc())
        .limit(1)
    ).first()


def season_record(viewer: Viewer, limit: int = 30) -> list[Happened]:
    """The latest events that concern the season and no one case."""
    events = viewer.session.exec(
        select(Event).where(Event.chain == viewer.season.id).order_by(col(Event.seq).desc()).limit(limit)
    ).all()
    names = _names(viewer.session, {e.actor_id for e in events if e.actor_id})
    return [_happened(e, names, {}) for e in events]
