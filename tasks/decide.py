"""How is an answer recorded? One transaction: the decision, its event, what it changes, its mails and the wake-up."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, func, select

from models.actions import Given, Task, as_recorded, check_answer
from models.case import Case, group_digests
from models.casefile import last_return
from models.checklist import file_hashes
from models.gates import Assignment, Decision, Gate
from models.notice import Answer, Step
from models.people import Person
from models.progress import Progress
from models.recognition_rules import facts_on_record
from models.returns import with_due
from models.season import Season, notice_by_digest, notice_of, now
from models.seats import acts_for
from models.submission import Submission
from models.verdict import Reason, Refused, require
from models.words import AssignmentState, Effect, EventKind, GateState, Need, StepKind
from tasks.advance import clear_gate, close_gate, end_case, unseat
from tasks.closing import season_gate_cleared
from tasks.recognition import promote_next
from tasks.record import lock_cases, lock_season, record, wake

DECIDES_AT_ONCE = {Effect.RETURN, Effect.END, Effect.BACK, Effect.HOLD}


def decide(
    session: Session, assignment_id: UUID, person: Person, given: Given, *, recorded_by: Person | None = None
) -> Decision:
    """Record one answer at one assignment, and settle the gate if that decides it.

    Refused, with every reason, when the person may not answer, the gate is closed, the answer is unknown or lacks
    something. Two people at once: the second is refused.
    """
    task = lock_task(session, assignment_id)
    require(check_answer(session, task, person, given))
    given = as_recorded(session, task, given)
    answer = next(a for a in task.step.answers if a.key == given.answer)
    decision = Decision(
        gate_id=task.gate.id,
        assignment_id=assignment_id,
        body=task.assignment.body,
        decided_by=person.id,
        recorded_by=(recorded_by or person).id,
        acted_for=acts_for(session, task.assignment, person, now(task.season)),
        answer=answer.key,
        effect=answer.effect,
        opinion=given.opinion.strip(),
        reason=given.reason.strip(),
        items=[i.strip() for i in given.items if i.strip()],
        facts={
            **with_due(task.notice, task.season, answer, given.facts),
            **facts_on_record(session, task.season, task.notice, task.step),
        },
        seen=group_digests(task.notice, task.case, file_hashes(session, task.case)) if task.case else {},
        salt=secrets.token_hex(16),
        decided_at=now(task.season),
    )
    task.assignment.state = AssignmentState.ANSWERED
    session.add_all([decision, task.assignment])
    record(
        session,
        EventKind.ANSWER_GIVEN,
        season=task.season,
        case=task.case,
        actor=person,
        step=task.gate.step,
        round=task.gate.round,
        body=decision.body,
        answer=decision.answer,
        decision=str(decision.id),
        digest=decision.digest(),
        signature=decision.signature(),
    )
    session.flush()
    _settle(session, task, answer, given, person)
    return decision


def find_task(session: Session, assignment_id: UUID) -> Task:
    """The assignment with its gate, case, season and notice; unknown ids are refused as missing."""
    assignment = session.get(Assignment, assignment_id)
    if assignment is None:
        raise Refused(Reason("unknown_task", "没有找到这项任务。", kind="missing"))
    gate = session.get_one(Gate, assignment.gate_id)
    season = session.get_one(Season, gate.season_id)
    case = session.get_one(Case, gate.case_id) if gate.case_id else None
    notice = notice_by_digest(session, case.notice_digest) if case else notice_of(session, season)
    return Task(season=season, notice=notice, case=case, gate=gate, assignment=assignment)


def lock_task(session: Session, assignment_id: UUID) -> Task:
    """The same, with the case's row (or the season's, for its own gates) locked and everything read afresh."""
    seen = find_task(session, assignment_id)
    if seen.case is None:
        lock_season(session, seen.season.id)
    else:
        lock_cases(session, [seen.case.id])
    session.refresh(seen.gate)
    session.refresh(seen.assignment)
    return seen


def _settle(session: Session, task: Task, answer: Answer, given: Given, person: Person) -> None:
    """What the answer does to its gate (`Effect`)."""
    if answer.effect in DECIDES_AT_ONCE:
        _divert(session, task, answer, given, person)
    elif is_answered(session, task):
        outcome = answer.key if task.step.need is Need.ONE else "answered"
        clear_gate(session, task.season, task.case, task.gate, outcome, person)
        if task.case is None:
            season_gate_cleared(session, task, given, person)
        elif task.step.kind is StepKind.FORM:
            keep_submission(session, task.case, person, now(task.season))
            _void_what_changed(session, task, person)


def _divert(session: Session, task: Task, answer: Answer, given: Given, person: Person) -> None:
    state = GateState.ENDED if answer.effect is Effect.END else GateState.RETURNED
    close_gate(session, task.season, task.gate, state, answer.key)
    if answer.effect is Effect.END and task.case is not None and answer.outcome is not None:
        end_case(
            session,
            task.season,
            task.notice,
            task.case,
            answer.outcome,
            actor=person,
            step=task.gate.step,
            reason=given.reason,
        )
        return
    record(
        session,
        EventKind.GATE_RETURNED,
        season=task.season,
        case=task.case,
        actor=person,
        step=task.gate.step,
        round=task.gate.round,
        answer=answer.key,
        to=answer.to,
    )
    if answer.promotes:
        promote_next(session, task.season, task.notice, actor=person)
    if answer.to is not None:
        _go_back(session, task, task.notice.step(answer.to), person)
    wake(session, task.season, task.case)


def _go_back(session: Session, task: Task, target: Step, person: Person) -> None:
    """A returned case reopens the step that can correct it; the season goes through all steps from there again."""
    gates = Progress(session, task.season, task.notice, task.case).gates
    if task.case is not None:
        again = [target.key]
    else:
        keys = [s.key for s in task.notice.season_steps]
        again = keys[keys.index(target.key) : keys.index(task.gate.step) + 1]
    unseat(session, task.season, task.case, [gates[k] for k in again if k in gates], person)


def _void_what_changed(session: Session, task: Task, person: Person) -> None:
    """After a correction, approvals whose watched field groups have changed are asked again; the others stand.

    So are those still open where someone has answered already, before the correction was done.
    """
    if task.case is None or task.gate.round == 1:
        return
    returned = last_return(session, task.case)
    current = group_digests(task.notice, task.case, file_hashes(session, task.case))
    stale: list[Gate] = []
    for key, gate in Progress(session, task.season, task.notice, task.case).gates.items():
        watches = task.notice.step(key).watches
        if gate.state in (GateState.CLEARED, GateState.OPEN) and any(
            seen.get(group) != current[group]
            for seen in _seen_at(session, gate, returned)
            for group in watches
        ):
            stale.append(gate)
    unseat(session, task.season, task.case, stale, person)


def keep_submission(session: Session, case: Case, person: Person, moment: datetime) -> int:
    """The application as it was handed in or put right, to be compared with what comes after; its number."""
    earlier = select(func.count()).select_from(Submission).where(Submission.case_id == case.id)
    number = session.exec(earlier).one() + 1
    session.add(
        Submission(
            case_id=case.id,
            number=number,
            form_version=case.form_version,
            form=case.form,
            sealed=case.sealed,
            handed_in_by=person.id,
            handed_in_at=moment,
        )
    )
    return number


def _seen_at(session: Session, gate: Gate, returned: Decision | None) -> list[Mapping[str, str]]:
    """What each answer at the gate rested on: what was seen then or, before the return, as it stood at the return.

    What the office put right in between, leaving the approval as it was, is so no change of the correction.
    """
    given = session.exec(select(Decision).where(Decision.gate_id == gate.id)).all()
    return [returned.seen if returned and d.decided_at <= returned.decided_at else d.seen for d in given]


def is_answered(session: Session, task: Task) -> bool:
    """Whether as many have answered at the gate as it needs."""
    return _answered(session, task.gate) >= _needed(session, task)


def _answered(session: Session, gate: Gate) -> int:
    return len(session.exec(select(Decision.id).where(Decision.gate_id == gate.id)).all())


def _needed(session: Session, task: Task) -> int:
    if task.step.need is Need.ONE:
        return 1
    counted = Assignment.state != AssignmentState.RELEASED
    asked = session.exec(select(Assignment.id).where(Assignment.gate_id == task.gate.id, counted)).all()
    return len(asked) if task.step.need is Need.ALL else min(int(task.step.need), len(asked))
