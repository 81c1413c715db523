"""What may be answered at a gate, and what stands in the way?

`check_answer` is asked by the page that shows the buttons, by the verb that records the answer and by the API: one
rule, rendered everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import Session, col, select

from models.case import Case
from models.checklist import missing_documents
from models.consent import check_consent
from models.doubles import check_settled
from models.form_rules import check_form
from models.gates import Assignment, Decision, Gate
from models.hearing import titles_are_undisputed, window_is_over
from models.list_checks import check_list
from models.meeting import decided_places, recorded_facts
from models.meeting_checks import Sitting, check_confirming
from models.notice import Answer, Notice, Step, last_day
from models.people import Person
from models.personal import whole_form
from models.progress import laggards
from models.recognition_rules import check_recognition
from models.recusal_checks import recused_from_case, recused_from_places
from models.releasing import check_release
from models.returns import check_due
from models.season import Season, now
from models.seats import acts_for, may_answer
from models.verdict import Reason, Verdict
from models.words import AssignmentState, Effect, GateState, StepKind

SCORE_MAX = 100


@dataclass(frozen=True)
class Given:
    """An answer as someone gives it: `facts` holds scores, places on a list (place, reason, position), laggards.

    What a meeting decided stands in its record, not here (`as_recorded`).
    """

    answer: str
    opinion: str = ""
    reason: str = ""
    items: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """An assignment with everything that a check needs to know about it."""

    season: Season
    notice: Notice
    case: Case | None
    gate: Gate
    assignment: Assignment

    @property
    def step(self) -> Step:
        return self.notice.step(self.gate.step)


def decision_of(session: Session, task: Task, person: Person) -> Decision | None:
    """What this person answered at the task."""
    return session.exec(
        select(Decision).where(Decision.assignment_id == task.assignment.id, Decision.decided_by == person.id)
    ).first()


def check_answer(session: Session, task: Task, person: Person, given: Given) -> Verdict:
    """All reasons against this person giving this answer now; empty means that it may be given."""
    if standing := check_task(session, task, person):
        return standing
    answer = task.step.answer(given.answer)
    if answer is None:
        allowed = "、".join(a.label for a in task.step.answers)
        return (
            Reason(
                "unknown_answer",
                f"本关口没有这种答复。可选：{allowed}。",
                task.step.clause,
                "invalid",
                "answer",
            ),
        )
    return (
        *_reason_is_given(task, answer, given),
        *check_due(task.step, task.season, answer, given.facts),
        *_scores_are_complete(task.step, answer, given),
        *_form_is_complete(session, task),
        *_is_in_time(task),
        *window_is_over(session, task.season, task.step, task.gate, answer),
        *titles_are_undisputed(session, task.season, task.step, answer),
        *check_release(session, task.season, task.notice, task.step, answer, given.facts),
        *_laggards_are_named(session, task, answer, given),
        *_office_has_settled(session, task, answer),
        *check_recognition(session, task.season, task.notice, task.step, answer, given.facts),
        *_list_is_sound(session, task, person, given),
        *recused_from_places(session, task.season, task.step, person, given.facts),
    )


def as_recorded(session: Session, task: Task, given: Given) -> Given:
    """The answer with all it decides: a meeting's list is the one in its record."""
    if not _confirms(task, given) or task.step.kind is not StepKind.MEETING:
        return given
    return replace(given, facts={**given.facts, **recorded_facts(session, task.gate)})


def _confirms(task: Task, given: Given) -> bool:
    """Whether the answer brings a list into force."""
    answer = task.step.answer(given.answer)
    return task.step.is_list and answer is not None and answer.effect is Effect.PASS


def check_task(session: Session, task: Task, person: Person) -> Verdict:
    """Reasons against this person answering this assignment at all."""
    step = task.step
    if not may_answer(session, task.assignment, person, now(task.season)):
        body = task.notice.body(task.assignment.body).label
        return (Reason("not_your_task", f"这项任务由{body}办理，您不在其列。", step.clause, "forbidden"),)
    if task.assignment.state == AssignmentState.ANSWERED:
        return (Reason("already_answered", f"“{step.label}”已经答复过，不能再次答复。", step.clause),)
    if recused := recused_from_case(session, task.notice, task.case, task.gate, task.assignment, person):
        return recused
    if task.assignment.state in (AssignmentState.RECUSED, AssignmentState.RELEASED):
        return (Reason("released", f"办公室已把“{step.label}”改派他人，不需要您再办理。", step.clause),)
    if task.gate.state != GateState.OPEN or task.assignment.state != AssignmentState.OPEN:
        return (Reason("gate_closed", f"“{step.label}”已经办结，不再接受答复。", step.clause),)
    if label := _excluded_by(session, task, person):
        text = f"您已办理“{label}”，按规定不能再办理“{step.label}”。"
        return (Reason("exclusive", text, kind="forbidden"),)
    return _giver_is_free(session, task, person)


def _giver_is_free(session: Session, task: Task, person: Person) -> Verdict:
    """Whoever answers for somebody else is bound by what binds that person too."""
    giver_id = acts_for(session, task.assignment, person, now(task.season))
    if giver_id is None:
        return ()
    giver, step = session.get_one(Person, giver_id), task.step
    if recused_from_case(session, task.notice, task.case, task.gate, task.assignment, giver):
        text = f"您是代{giver.name}办理，而{giver.name}应当回避本案，不能由您代为办理。请联系办公室另派人员。"
        return (Reason("giver_recused", text, step.clause),)
    if label := _excluded_by(session, task, giver):
        text = f"您是代{giver.name}办理，而{giver.name}已办理“{label}”，按规定不能再办理“{step.label}”。"
        return (Reason("giver_exclusive", text, step.clause, "forbidden"),)
    return ()


def _excluded_by(session: Session, task: Task, person: Person) -> str:
    """The step that this person has decided, or was answered for, and that the notice file keeps apart from this."""
    for pair in task.notice.exclusive:
        if task.gate.step not in (pair.first, pair.second):
            continue
        other = pair.second if task.gate.step == pair.first else pair.first
        by_them = (col(Decision.decided_by) == person.id) | (col(Decision.acted_for) == person.id)
        decided = (
            select(Decision.id)
            .join(Gate, col(Gate.id) == col(Decision.gate_id))
            .where(Gate.season_id == task.season.id, Gate.step == other, by_them)
        )
        if task.case is not None:
            decided = decided.where((col(Gate.case_id) == task.case.id) | col(Gate.case_id).is_(None))
        if session.exec(decided.limit(1)).first():
            return task.notice.step(other).label
    return ""


def _reason_is_given(task: Task, answer: Answer, given: Given) -> Verdict:
    """Some answers always need a reason, some only as long as the step's last day is not over."""
    early = answer.early_reason and now(task.season) < task.gate.due_at
    if given.reason.strip() or not (answer.reason or early):
        return ()
    text = f"选择“{answer.label}”必须写明理由，请在“理由”一栏填写。"
    if early:
        text = f"{last_day(task.gate.due_at)}24时之前选择“{answer.label}”必须写明理由，请在“理由”一栏填写。"
    return (Reason("reason_missing", text, task.step.clause, "invalid", "reason"),)


def _scores_are_complete(step: Step, answer: Answer, given: Given) -> Verdict:
    if answer.effect is not Effect.SCORE:
        return ()
    scores = given.facts.get("scores") or {}
    found: list[Reason] = []
    for criterion in step.criteria:
        value = scores.get(criterion.key)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= SCORE_MAX:
            text = f"“{criterion.label}”须为0至{SCORE_MAX}之间的分数。"
            found.append(Reason("score_missing", text, step.clause, "invalid", f"score_{criterion.key}"))
    return tuple(found)


def _form_is_complete(session: Session, task: Task) -> Verdict:
    """四: every field that is asked for is filled in, every required document uploaded, and consent given."""
    if task.step.kind is not StepKind.FORM or task.case is None:
        return ()
    missing = tuple(
        Reason(
            "document_missing",
            f"还没有上传“{document.label}”，请在“材料清单”中上传后再提交。",
            document.clause,
            "invalid",
            document.key,
        )
        for document in missing_documents(session, task.notice, task.case)
    )
    form = check_form(task.notice, task.case.channel, whole_form(task.case))
    return form + missing + check_consent(session, task.notice, task.case)


def _is_in_time(task: Task) -> Verdict:
    """三（一）: a first application after the last day is refused unless the office has admitted it."""
    if task.step.kind is not StepKind.FORM or task.case is None or task.gate.round > 1:
        return ()
    if now(task.season) < task.gate.due_at or task.case.late_admitted:
        return ()
    text = f"申报已于{last_day(task.gate.due_at)}24时截止，不能再提交；确有原因的，请联系办公室准予逾期申报。"
    return (Reason("too_late", text, task.step.clause),)


def _office_has_settled(session: Session, task: Task, answer: Answer) -> Verdict:
    """The office lets a case pass its review only when it is clear by which channel, and as whom, it came in."""
    if task.case is None or task.step not in task.notice.office_reviews or answer.effect is not Effect.PASS:
        return ()
    return check_settled(session, task.case)


def _laggards_are_named(session: Session, task: Task, answer: Answer, given: Given) -> Verdict:
    """A list that closes a stage says what becomes of everyone who has not arrived."""
    if not task.step.gathers or answer.effect is not Effect.PASS:
        return ()
    named = given.facts.get("laggards") or {}
    found: list[Reason] = []
    for case in laggards(session, task.season, task.notice, task.step):
        fate = named.get(str(case.id))
        if fate not in ("lapse", "proceed"):
            text = f"{case.number}尚未到达本环节，请写明如何处理：不再等待，或逾期失效。"
            found.append(Reason("laggard_unnamed", text, task.step.clause, "invalid", f"laggard_{case.id}"))
        elif fate == "proceed" and not _has_score(session, case):
            text = f"{case.number}还没有任何专家评分，不能直接进入名单，只能逾期失效或等待评审。"
            found.append(Reason("laggard_unscored", text, task.step.clause, "invalid", f"laggard_{case.id}"))
    return tuple(found)


def _has_score(session: Session, case: Case) -> bool:
    scored = (
        select(Decision.id)
        .join(Gate, col(Gate.id) == col(Decision.gate_id))
        .where(Gate.case_id == case.id, Gate.state == GateState.OPEN, Decision.effect == Effect.SCORE)
    )
    return session.exec(scored.limit(1)).first() is not None


def _list_is_sound(session: Session, task: Task, person: Person, given: Given) -> Verdict:
    """A ranking that late cases come into now is checked once they are in it."""
    if not _confirms(task, given):
        return ()
    sitting = Sitting(session, task.season, task.notice, task.gate)
    places = given.facts.get("places") or {}
    if task.step.kind is not StepKind.MEETING:
        comes_in = "proceed" in (given.facts.get("laggards") or {}).values()
        return () if comes_in and task.step.gathers else check_list(task.step, sitting.rows, places)
    if places:
        text = "会议的名单结论由记录人写入会议记录，确认时不能再改。"
        return (Reason("recorded_elsewhere", text, task.step.clause, "invalid", "places"),)
    recorded = check_list(task.step, sitting.rows, decided_places(sitting.items))
    return (*check_confirming(sitting, person), *recorded)
