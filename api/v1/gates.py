"""What waits, and how does a program answer for its person?"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import ColumnElement, Select, func, true
from sqlalchemy import select as rows_of
from sqlmodel import col, select

from api.deps import Missing
from api.v1.caller import Calling
from api.v1.narrowing import Narrowed
from api.v1.problems import ProblemRoute, documented
from api.v1.requests import DecisionIn, FactsIn, RecusalIn
from api.v1.schemas import Choice, DecisionOut, GateOut, GatePage, RecusalOut, TaskOut
from models.actions import Given
from models.case import Case
from models.gates import Assignment, Gate
from models.lists import Shortlist
from models.narrowing import Filters, case_is, gate_is
from models.notice import Notice, Step
from models.people import Person
from models.season import notice_by_digest
from models.verdict import Reason, Refused
from models.viewer import Viewer
from models.waiting import urgency
from models.words import AssignmentState, GateState, ListState
from tasks.decide import decide, lock_task
from tasks.recusals import apply_for_recusal, note_attempt, recuse
from tasks.shortlists import draft_entries, seen_digest

router = APIRouter(route_class=ProblemRoute, tags=["关口"])

PAGE = 50


@router.get("/gates", responses=documented(401, 404, 422))
def list_gates(
    caller: Calling,
    narrowed: Narrowed,
    mine: bool = False,
    state: Literal["open", "cleared", "returned", "ended", "void", "all"] = "open",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> GatePage:
    """关口，最急的在前。mine=true 只列调用人要办（或办过）的，否则列可见案件和年度的全部关口。筛选与网页相同。"""
    with caller.looking() as viewer:
        wanted = _wanted(viewer, mine=mine, state=state)
        if narrowed.set:
            wanted = wanted.where(*gate_is(viewer, narrowed), _of_cases(narrowed))
        total = viewer.session.execute(rows_of(func.count()).select_from(wanted.subquery())).scalar_one()
        rows = viewer.session.execute(
            wanted.outerjoin(Case, col(Case.id) == col(Gate.case_id))
            .add_columns(Case)
            .order_by(*urgency(), col(Gate.id))
            .limit(PAGE)
            .offset((page - 1) * PAGE)
        ).all()
        tasks = _own_tasks(viewer, [gate.id for gate, _ in rows])
        items = [_gate(viewer, gate, case, tasks.get(gate.id, [])) for gate, case in rows]
        return GatePage(items=items, total=total, page=page, pages=max(1, -(-total // PAGE)))


def _wanted(viewer: Viewer, *, mine: bool, state: str) -> "Select[Gate]":
    wanted = rows_of(Gate).where(col(Gate.season_id) == viewer.season.id)
    if state != "all":
        wanted = wanted.where(col(Gate.state) == state)
    if not mine:
        seen = viewer.cases().with_only_columns(col(Case.id))
        return wanted.where(col(Gate.case_id).is_(None) | col(Gate.case_id).in_(seen))
    own = select(Assignment.gate_id).where(viewer.answerable())
    if state == GateState.OPEN:
        own = own.where(Assignment.state == AssignmentState.OPEN)
    return wanted.where(col(Gate.id).in_(own))


def _of_cases(narrowed: Filters) -> ColumnElement[bool]:
    """Gates of the cases that are looked for; those of the season where nothing is asked of a case."""
    asked = list(case_is(narrowed))
    return col(Gate.case_id).in_(select(Case.id).where(*asked)) if asked else true()


def _own_tasks(viewer: Viewer, gates: list[UUID]) -> dict[UUID, list[Assignment]]:
    found: dict[UUID, list[Assignment]] = {}
    rows = viewer.session.exec(
        select(Assignment)
        .where(viewer.answerable(), col(Assignment.gate_id).in_(gates))
        .order_by(col(Assignment.body), col(Assignment.id))
    )
    for assignment in rows:
        found.setdefault(assignment.gate_id, []).append(assignment)
    return found


def _gate(viewer: Viewer, gate: Gate, case: Case | None, tasks: list[Assignment]) -> GateOut:
    notice = notice_by_digest(viewer.session, case.notice_digest) if case else viewer.notice
    step = notice.step(gate.step)
    return GateOut(
        **gate.model_dump(include={"id", "step", "round", "state", "opened_at", "due_at", "closed_at"}),
        case=case.number if case else None,
        label=step.label,
        clause=step.clause,
        kind=step.kind,
        tasks=[_task(notice, assignment) for assignment in tasks],
        choices=[Choice(key=a.key, label=a.label, effect=a.effect, reason=a.reason) for a in step.answers],
        criteria=[c.key for c in step.criteria],
    )


def _task(notice: Notice, assignment: Assignment) -> TaskOut:
    return TaskOut.model_validate(
        {
            "id": assignment.id,
            "body": assignment.body,
            "label": notice.body(assignment.body).label,
            "state": assignment.state,
        }
    )


@router.post(
    "/gates/{gate_id}/decisions", status_code=201, responses=documented(400, 401, 403, 404, 409, 422)
)
def decide_gate(caller: Calling, gate_id: UUID, given: DecisionIn) -> DecisionOut:
    """在一个关口作出答复。答复的是调用人自己的任务；在同一关口有几项任务的，用 task 指明一项。"""
    with _attempts_on_record(caller, gate_id, given.task), caller.changing() as viewer:
        gate = seen_gate(viewer, gate_id)
        task = lock_task(viewer.session, own_task(viewer, gate, given.task).id)
        said = Given(
            answer=given.answer,
            opinion=given.opinion,
            reason=given.reason,
            items=tuple(given.items),
            facts=_facts(viewer, task.gate, task.step, given.facts),
        )
        decision = decide(viewer.session, task.assignment.id, viewer.person, said)
        return DecisionOut.model_validate(
            {
                **decision.model_dump(include={"id", "answer", "effect", "decided_at"}),
                "gate": gate.id,
                "task": task.assignment.id,
                "gate_state": task.gate.state,
                "case": task.case.number if task.case else None,
                "outcome": task.case.outcome if task.case else None,
            }
        )


@contextmanager
def _attempts_on_record(caller: Calling, gate_id: UUID, named: UUID | None) -> Iterator[None]:
    """That somebody who is recused has tried to answer is put on record, in a transaction of its own."""
    try:
        yield
    except Refused as error:
        if "recused" in {r.code for r in error.reasons}:
            with caller.changing() as viewer:
                task = own_task(viewer, seen_gate(viewer, gate_id), named)
                note_attempt(viewer.session, task.id, viewer.person)
        raise


@router.post("/gates/{gate_id}/recusals", status_code=201, responses=documented(400, 401, 403, 404, 409, 422))
def recuse_at_gate(caller: Calling, gate_id: UUID, given: RecusalIn) -> RecusalOut:
    """回避本案：被指派的人为自己申请；办公室写明 person，登记他人回避。"""
    with caller.changing() as viewer:
        session, gate = viewer.session, seen_gate(viewer, gate_id)
        if gate.case_id is None:
            raise Refused(Reason("no_case", "年度的集体环节没有具体人选，请在该人选的关口登记回避。"))
        if given.person is None:
            task = own_task(viewer, gate, None)
            recusal = apply_for_recusal(session, task.id, viewer.person, given.reason)
        else:
            recusal = recuse(session, gate.case_id, given.person, viewer.person, given.reason)
        return RecusalOut(
            person=session.get_one(Person, recusal.person_id).name,
            declared_by=viewer.person.name,
            reason=recusal.reason,
            declared_at=recusal.declared_at,
        )


def seen_gate(viewer: Viewer, gate_id: UUID) -> Gate:
    """The gate, if it is the season's, or the caller may see its case or is, or was, asked there himself."""
    gate = viewer.session.get(Gate, gate_id)
    if gate is None or gate.season_id != viewer.season.id:
        raise Missing
    if gate.case_id is None or viewer.sees_case(gate.case_id) or _own_tasks(viewer, [gate.id]):
        return gate
    raise Missing


def own_task(viewer: Viewer, gate: Gate, named: UUID | None) -> Assignment:
    """The caller's own assignment, an open one first; somebody else's is left for the verb to refuse."""
    tasks = viewer.session.exec(
        select(Assignment).where(Assignment.gate_id == gate.id).order_by(col(Assignment.id))
    ).all()
    if not tasks:
        text = "这个关口不由个人答复，案件在此等待全年度的决定。"
        raise Refused(Reason("waits_for_season", text))
    if named is not None:
        return next((t for t in tasks if t.id == named), None) or _no_such_task()
    own = _own_tasks(viewer, [gate.id]).get(gate.id, [])
    waiting = [t for t in own if t.state == AssignmentState.OPEN]
    if len(waiting) > 1:
        text = f"您在这个关口有{len(waiting)}项任务，请用 task 指明答复哪一项。"
        raise Refused(Reason("several_tasks", text, kind="invalid", field="task"))
    return (waiting or own or list(tasks))[0]


def _no_such_task() -> Assignment:
    raise Refused(Reason("unknown_task", "这个关口没有这项任务。", kind="invalid", field="task"))


# --- what is said beside the answer ------------------------------------------------------------------------------


def _facts(viewer: Viewer, gate: Gate, step: Step, given: FactsIn) -> dict[str, Any]:
    """The facts as the verbs keep them: cases by their ids, only places that differ from the draft."""
    facts: dict[str, Any] = {}
    if given.scores:
        facts["scores"] = _scores(step, given.scores)
        facts["comments"] = {c.key: said for c in step.criteria if (said := given.comments.get(c.key))}
    if step.points:
        facts["findings"] = {p.key: said for p in step.points if (said := given.findings.get(p.key))}
    if step.is_list and (places := _places(viewer, gate, step, given)):
        facts["places"] = places
    if given.laggards:
        ids = ids_by_number(viewer, given.laggards)
        facts["laggards"] = {ids[number]: fate for number, fate in given.laggards.items()}
    if given.due is not None:
        facts["due"] = given.due.isoformat()
    if given.draft is not None and viewer.notice.window_of(step):
        facts["public"] = given.draft
    return facts


def _scores(step: Step, given: Mapping[str, float]) -> dict[str, float | int]:
    if unknown := set(given) - {c.key for c in step.criteria}:
        text = f"本关口没有评分项“{'、'.join(sorted(unknown))}”。"
        raise Refused(Reason("unknown_criterion", text, step.clause, "invalid", "facts.scores"))
    return {key: int(score) if score.is_integer() else score for key, score in given.items()}


def _places(viewer: Viewer, gate: Gate, step: Step, given: FactsIn) -> dict[str, tuple[str, str]]:
    shortlist = viewer.session.exec(
        select(Shortlist).where(Shortlist.gate_id == gate.id, Shortlist.state == ListState.DRAFT)
    ).first()
    if shortlist is None:
        return {}
    entries = draft_entries(viewer.session, shortlist)
    if given.draft is not None and given.draft != seen_digest(viewer.session, shortlist):
        text = "您看过之后，名单草案有了变动，请重新读取名单后再确认。"
        raise Refused(Reason("draft_changed", text, step.clause, field="facts.draft"))
    ids = ids_by_number(viewer, given.places)
    arriving = {number for number, fate in given.laggards.items() if fate == "proceed"}
    drafted = {str(e.case_id) for e in entries}
    if missing := [n for n in given.places if ids[n] not in drafted and n not in arriving]:
        text = f"{'、'.join(missing)}不在名单草案中。"
        raise Refused(Reason("not_on_list", text, step.clause, "invalid", "facts.places"))
    return {ids[number]: (row.place.value, row.reason) for number, row in given.places.items()}


def ids_by_number(viewer: Viewer, numbers: Mapping[str, object]) -> dict[str, str]:
    """The ids of cases by their numbers; one that the caller may not see does not exist."""
    rows = viewer.session.exec(viewer.cases().where(col(Case.number).in_(list(numbers)))).all()
    found = {case.number: str(case.id) for case in rows}
    if unknown := [n for n in numbers if n not in found]:
        raise Refused(
            Reason("unknown_case", f"没有编号为{'、'.join(unknown)}的案件。", "", "invalid", "facts")
        )
    return found
