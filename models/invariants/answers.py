"""Was every answer given once, by the right people, and is it still what was said (design §8, 2 7 8)?"""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import and_, exists, or_
from sqlmodel import col, select

from models.anchored import anchor_faults
from models.case import Case
from models.chain import faults
from models.gates import Assignment, Decision, Gate
from models.invariants.scene import Scene
from models.people import Person, Seat
from models.recusal import is_recused
from models.words import AssignmentState, Effect, GateState, Need, Relation, StepKind

TURNING = {Effect.RETURN, Effect.END, Effect.BACK, Effect.HOLD}


def decided_once(scene: Scene) -> Iterator[str]:
    """2: one decision an answered assignment (the table says so too), and one outcome a gate."""
    yield from _answered_without_a_decision(scene)
    answers: dict[UUID, list[tuple[str, str]]] = {}
    for gate_id, answer, effect in scene.session.exec(
        select(Decision.gate_id, Decision.answer, Decision.effect)
        .join(Gate, col(Gate.id) == col(Decision.gate_id))
        .where(Gate.season_id == scene.season.id)
    ):
        answers.setdefault(gate_id, []).append((answer, effect))
    gates = scene.session.exec(select(Gate).where(Gate.season_id == scene.season.id).order_by(col(Gate.step)))
    for gate in gates:
        given = answers.get(gate.id, [])
        where = f"{scene.about(gate.case_id)}的“{scene.label(gate.step)}”第{gate.round}轮"
        deciding = [a for a, effect in given if _decides(scene, gate, effect)]
        if len(deciding) > 1:
            yield f"{where}有{len(deciding)}个结论：{'、'.join(deciding)}。"
        elif deciding and gate.state == GateState.OPEN:
            yield f"{where}已有结论“{deciding[0]}”，却仍在等待。"
        elif gate.state == GateState.RETURNED and not deciding:
            yield f"{where}已退回，却没有退回的决定。"


def _decides(scene: Scene, gate: Gate, effect: str) -> bool:
    return effect in TURNING or scene.notice.step(gate.step).need is Need.ONE


def _answered_without_a_decision(scene: Scene) -> Iterator[str]:
    decided = exists().where(col(Decision.assignment_id) == col(Assignment.id))
    odd = or_(
        and_(col(Assignment.state) == AssignmentState.ANSWERED, ~decided),
        and_(col(Assignment.state) != AssignmentState.ANSWERED, decided),
    )
    rows = scene.session.exec(
        select(Gate, Assignment.body)
        .join(Assignment, col(Assignment.gate_id) == col(Gate.id))
        .where(Gate.season_id == scene.season.id, odd)
    )
    for gate, body in rows:
        label = scene.notice.body(body).label
        yield f"{scene.about(gate.case_id)}的“{scene.label(gate.step)}”中{label}的任务状态与决定不符。"


def chain_verifies(scene: Scene) -> Iterator[str]:
    """7: every chain of the season, every decision's digest, and what the anchors committed."""
    yield from (fault.text for fault in faults(scene.session, scene.season))
    yield from (fault.text for fault in anchor_faults(scene.session, scene.season))


def by_the_right_people(scene: Scene) -> Iterator[str]:
    """8: who decided held the seat then, or was assigned, and was not recused from the case at that time.

    Whoever recorded a meeting is not the one who confirmed its list.
    """
    yield from _without_a_seat(scene)
    yield from _confirmed_by_its_recorder(scene)
    for relation in Relation:
        yield from _by_the_recused(scene, relation)


def _by_the_recused(scene: Scene, relation: Relation) -> Iterator[str]:
    bodies = [b.key for b in scene.notice.bodies if b.relation is relation]
    rows = scene.session.exec(
        select(Gate, Decision.decided_by)
        .join(Decision, col(Decision.gate_id) == col(Gate.id))
        .join(Person, col(Person.id) == col(Decision.decided_by))
        .join(Case, col(Case.id) == col(Gate.case_id))
        .where(Gate.season_id == scene.season.id, col(Decision.body).in_(bodies))
        .where(is_recused(Person, relation, at=col(Decision.decided_at)))
    )
    for gate, person in rows:
        yield f"{scene.about(gate.case_id)}的“{scene.label(gate.step)}”由应当回避的人（{person}）办理。"


def _confirmed_by_its_recorder(scene: Scene) -> Iterator[str]:
    meetings = [s.key for s in scene.notice.steps if s.kind is StepKind.MEETING]
    rows = scene.session.exec(
        select(Gate.step, Decision.decided_by, Decision.facts)
        .join(Decision, col(Decision.gate_id) == col(Gate.id))
        .where(Gate.season_id == scene.season.id, col(Gate.step).in_(meetings))
    )
    for step, person, facts in rows:
        if str(person) in (facts.get("minutes") or {}).get("recorders", ()):
            yield f"“{scene.label(step)}”的名单由记录人（{person}）自己确认。"


def _without_a_seat(scene: Scene) -> Iterator[str]:
    seated = exists().where(
        col(Seat.season_id) == col(Assignment.season_id),
        col(Seat.body) == col(Assignment.body),
        col(Seat.person_id) == col(Decision.decided_by),
        col(Seat.since) <= col(Decision.decided_at),
        or_(col(Seat.until).is_(None), col(Seat.until) > col(Decision.decided_at)),
        or_(
            col(Assignment.organisation_id).is_(None),
            col(Seat.organisation_id) == col(Assignment.organisation_id),
        ),
    )
    rows = scene.session.exec(
        select(Gate, Decision)
        .join(Decision, col(Decision.gate_id) == col(Gate.id))
        .join(Assignment, col(Assignment.id) == col(Decision.assignment_id))
        .where(Gate.season_id == scene.season.id)
        .where(col(Assignment.person_id).is_distinct_from(col(Decision.decided_by)))
        .where(or_(col(Assignment.person_id).is_not(None), ~seated))
    )
    tally = Counter((gate.case_id, gate.step, decision.decided_by) for gate, decision in rows)
    for case_id, step, person in tally:
        yield f"{scene.about(case_id)}的“{scene.label(step)}”由当时不在其位的人（{person}）办理。"
