"""How does someone answer what waits for them: one task, by a login or by a mailed link?"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlmodel import select

from api.application import edit_form, save_form
from api.attention import log_opened
from api.compare import proofs
from api.decide_form import (
    SeasonMatter,
    is_to_be_confirmed,
    named_as_tied,
    read_given,
    season_matter,
    typed_total,
)
from api.deps import Missing, OneTask, Visit
from api.files_card import files_card
from api.narrowing import remembered_list
from api.render import done, page, private
from api.security import drop_cookie, forget_everything, read_cookie, task_cookie
from api.task_typing import restore
from api.todo import OFFERED
from models.actions import Given, Task, check_answer, check_task, decision_of
from models.casefile import CaseFile, last_return, read_casefile, read_gate
from models.changes import Change, changes_since, marked, watched
from models.checklist import not_yet_there
from models.consequences import consequence
from models.countersigning import read_signing
from models.form_advice import advise_form
from models.gates import Decision, Gate
from models.handing import check_hand
from models.inspection import photos_of, visit_of
from models.links import TAKEN_AWAY, others_waiting
from models.notice import Answer
from models.people import Person
from models.personal import whole_form
from models.returns import aftermath, default_day
from models.review_matters import read_matters
from models.reviewing import Line, may_see_lines, review_lines
from models.season import now
from models.seats import may_answer
from models.verdict import Reason, Refused, Verdict, require
from models.waiting import next_task
from models.words import AssignmentState, Effect, Need, StepKind
from tasks.accounts import close_login
from tasks.decide import decide, find_task, lock_task
from tasks.opinions import FIELD, check_add_scan, decide_with_scan, paper_of
from tasks.recusals import apply_for_recusal, check_apply, note_attempt
from tasks.typing import drop_typed, of_task

router = APIRouter()

# What stands in the way only as the list is now: the person can put it right on the page.
MENDABLE = {"member_gone"}
RECUSED = "recused"


@dataclass(frozen=True)
class Choice:
    """One answer with what stands in its way whatever is filled in."""

    answer: Answer
    reasons: Verdict
    effect: str = ""


def seen_task(visit: Visit, assignment_id: UUID) -> Task:
    """The task in its own season, if it is, or was, this person's to answer."""
    task = find_task(visit.session, assignment_id)
    visit.enter(task.season)
    decision = decision_of(visit.session, task, visit.person)
    if decision is None and not may_answer(visit.session, task.assignment, visit.person, now(task.season)):
        raise Missing
    return task


def choices(visit: Visit, task: Task) -> list[Choice]:
    """Every answer of the notice; one that can't be given now is greyed with its reasons."""
    found = []
    for answer in task.step.answers:
        verdict = check_answer(visit.session, task, visit.person, Given(answer.key, reason="—"))
        mendable = set() if task.step.kind is StepKind.MEETING else MENDABLE
        lasting = tuple(r for r in verdict if r.kind != "invalid" and r.code not in mendable)
        found.append(Choice(answer, lasting, _effect(visit, task, answer)))
    return found


def _effect(visit: Visit, task: Task, answer: Answer) -> str:
    """What a passing or ending answer will do to the case, where one answer decides."""
    decides = task.case is not None and task.step.need is Need.ONE
    if not decides or answer.effect not in (Effect.PASS, Effect.END):
        return ""
    return consequence(visit.session, task, Given(answer.key))


# --- looking -----------------------------------------------------------------------------------------------------


@router.get("/tasks/{assignment_id}")
def task_page(visit: OneTask, assignment_id: UUID) -> Response:
    task = seen_task(visit, assignment_id)
    standing = check_task(visit.session, task, visit.person)
    if standing:
        return _own_case(visit, task) or _closed_page(visit, task, standing)
    log_opened(visit, assignment_id)
    if task.step.kind is StepKind.FORM and task.case is not None:
        if not visit.limited:
            return RedirectResponse(f"/cases/{task.case.id}/edit", 303)
        return edit_form(visit, task.case, target=f"/tasks/{assignment_id}")
    return _task_page(visit, task, restored=restore(visit, assignment_id))


def _own_case(visit: Visit, task: Task) -> Response | None:
    """Who fills in an application by a mailed link goes on reading it on a page of his own."""
    if not visit.limited or task.case is None or task.case.entered_by != visit.person.id:
        return None
    return RedirectResponse(f"/cases/{task.case.id}", 303)


def _task_page(
    visit: Visit,
    task: Task,
    *,
    status: int = 200,
    reasons: Verdict = (),
    confirming: bool = False,
    restored: datetime | None = None,
) -> Response:
    file: CaseFile | None = read_casefile(visit.viewer, task.case) if task.case else None
    matter: SeasonMatter | None = season_matter(visit.viewer, task) if task.case is None else None
    changes = _changes(visit, task)
    returned = last_return(visit.session, task.case) if task.case else None
    papers = files_card(visit, task.case, f"/tasks/{task.assignment.id}") if task.case else None
    response = page(
        visit,
        "task.html",
        status=status,
        reasons=reasons,
        task=task,
        step=task.step,
        gate=read_gate(visit.viewer, task.notice, task.gate),
        choices=choices(visit, task),
        file=file,
        case=task.case,
        matter=matter,
        tied=named_as_tied(visit.form, reasons),
        form=visit.form,
        returned=returned,
        confirming=confirming,
        restored=restored,
        total=typed_total(visit.form, task.step),
        photos=photos_of(visit.session, [task.assignment.id]) if task.step.points else [],
        planned=visit_of(visit.session, task.gate.id) if task.step.points else None,
        changes=changes,
        altered=marked(changes),
        signing=read_signing(visit.viewer, file) if file else None,
        paper=paper_of(task.notice, task.step) if task.case else None,
        lines=_lines(visit, task),
        due_default=default_day(task.notice, task.season),
        after=aftermath(file, returned) if file else None,
        papers=papers,
        proofs=proofs(task.notice, papers) if papers else {},
        lacking=not_yet_there(visit.session, task.notice, task.case, task.step) if task.case else (),
        may_pass_on=not check_hand(visit.session, task, visit.person),
        may_stay_away=not check_apply(task, visit.person, "—"),
        advice=advise_form(task.notice, task.case.channel, whole_form(task.case)) if task.case else (),
    )
    return private(response)


def _lines(visit: Visit, task: Task) -> list[Line]:
    """What should be looked at, for who decides alone about the application."""
    if task.case is None or task.step.need is not Need.ONE or not task.step.watches:
        return []
    if not may_see_lines(visit.viewer, task.case):
        return []
    matters = read_matters(visit.session, task.notice, [task.case])
    return review_lines(visit.viewer, task.notice, task.case, matters[task.case.id])


def _changes(visit: Visit, task: Task) -> list[Change]:
    """What has changed since the case was sent back: for who sent it back everything, else what the gate watches."""
    if task.case is None:
        return []
    returned = last_return(visit.session, task.case)
    found = changes_since(visit.session, task.notice, task.case, returned)
    if returned and visit.session.get_one(Gate, returned.gate_id).step == task.gate.step:
        return found
    return watched(task.notice, task.step.watches, found)


def _closed_page(visit: Visit, task: Task, standing: Verdict) -> Response:
    """The task has ended, or is not this person's for a reason: nothing but reading is left."""
    decision = decision_of(visit.session, task, visit.person)
    gone = visit.limited and decision is None and any(r.code in TAKEN_AWAY for r in standing)
    waiting, soonest = others_waiting(visit.viewer, task.assignment.id) if visit.limited else (0, ())
    other = visit.session.exec(select(Decision).where(Decision.assignment_id == task.assignment.id)).first()
    by = visit.session.get_one(Person, other.decided_by) if other else None
    return private(
        page(
            visit,
            "task_closed.html",
            status=410 if gone else 200,
            task=task,
            step=task.step,
            case=None if gone else task.case,
            waiting=waiting,
            upcoming=[find_task(visit.session, i) for i in soonest],
            sees_case=task.case is not None and visit.viewer.sees_case(task.case.id) is not None,
            standing=standing,
            decision=decision,
            answered_by=by,
            answered_at=other.decided_at if other else task.gate.closed_at,
            answer=task.step.answer(other.answer) if other else None,
            answered=task.assignment.state == AssignmentState.ANSWERED,
            paper=None
            if check_add_scan(visit.session, task, visit.person)
            else paper_of(task.notice, task.step),
        )
    )


# --- answering ---------------------------------------------------------------------------------------------------


@router.post("/tasks/{assignment_id}")
def answer_task(visit: OneTask, assignment_id: UUID) -> Response:
    """Whether it is this person's to answer is for the verb to say; what is not theirs does not exist."""
    try:
        task = find_task(visit.session, assignment_id)
        visit.enter(task.season)
        if task.step.is_list:
            task = lock_task(visit.session, assignment_id)
        if task.step.kind is StepKind.FORM:
            return _handed_in(visit, task)
        given = read_given(visit, task)
        if is_to_be_confirmed(visit.form, task.step, given):
            require(check_answer(visit.session, task, visit.person, given))
            return _task_page(visit, task, confirming=not visit.form.text("step_back"))
        _decide(visit, assignment_id, given)
        drop_typed(visit.session, visit.person, of_task(assignment_id))
    except Refused as error:
        visit.session.rollback()
        return refused_task(visit, assignment_id, error)
    answer = task.step.answer(given.answer)
    number = f"{task.case.number}：" if task.case else ""
    said = f"{number}“{task.step.label}”已答复“{answer.label if answer else given.answer}”。"
    return _go_on(visit, task, said)


def _go_on(visit: Visit, task: Task, said: str) -> Response:
    """Back to the list; straight to the next task of it, as it is narrowed, where that was asked for."""
    if visit.limited:
        return done(f"/tasks/{task.assignment.id}", said)
    if visit.form.text("then") != "next":
        return done("/", said)
    filters = remembered_list(visit, "waiting", OFFERED["waiting"]).filters
    number = task.case.number if task.case else ""
    found = next_task(visit.viewer, filters, task.assignment, task.gate, number)
    if found is None:
        return done("/", f"{said}没有下一件了。")
    return done(f"/tasks/{found.id}", f"{said}这是下一件。")


def _decide(visit: Visit, assignment_id: UUID, given: Given) -> None:
    """The answer, with its sealed paper where one came along."""
    scan = visit.form.upload(FIELD)
    if scan is None:
        decide(visit.session, assignment_id, visit.person, given)
    else:
        decide_with_scan(visit.session, assignment_id, visit.person, given, scan.filename, scan.content)


def refused_task(visit: Visit, assignment_id: UUID, error: Refused) -> Response:
    """The same page with the reasons and what was typed; a task that has ended meanwhile shows how it ended."""
    if RECUSED in {r.code for r in error.reasons}:
        note_attempt(visit.session, assignment_id, visit.person)
    task = seen_task(visit, assignment_id)
    if standing := check_task(visit.session, task, visit.person):
        response = _closed_page(visit, task, standing)
        response.status_code = error.status
        return response
    return _task_page(visit, task, status=error.status, reasons=error.reasons)


def _handed_in(visit: Visit, task: Task) -> Response:
    """The applicant corrects the application by the mailed link: saved, and handed in if asked for."""
    if task.case is None:
        raise Refused(Reason("no_case", "这项任务没有申报材料。"))
    require(check_task(visit.session, task, visit.person))
    where = f"/tasks/{task.assignment.id}"
    return save_form(visit, task.case, where, where if visit.limited else f"/cases/{task.case.id}")


@router.post("/tasks/{assignment_id}/recusal")
def stay_away(visit: OneTask, assignment_id: UUID) -> Response:
    """Who is asked by name stays away from the case."""
    try:
        apply_for_recusal(visit.session, assignment_id, visit.person, visit.form.text("recusal_reason"))
    except Refused as error:
        visit.session.rollback()
        return refused_task(visit, assignment_id, error)
    where = f"/tasks/{assignment_id}" if visit.limited else "/"
    return done(where, "已申请回避，办公室会另派人员；本案不再对您显示。")


@router.post("/tasks/{assignment_id}/leave")
def leave_task(visit: OneTask, assignment_id: UUID) -> Response:
    """End the login that a mailed link has opened; an ordinary one goes on."""
    close_login(visit.session, read_cookie(visit.request, task_cookie(assignment_id)))
    response = RedirectResponse("/login", 303)
    drop_cookie(response, task_cookie(assignment_id))
    forget_everything(response)
    return response
