"""How does somebody pass a task to a colleague (转办、委派), or enter an answer that came on paper (代录)?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.decide_form import read_given, typed_total
from api.deps import Missing, OneTask, Visit, Visiting
from api.render import done, page, private
from models.actions import Task
from models.attention import may_remind
from models.gates import Gate
from models.handing import check_hand, colleagues
from models.people import Person
from models.season import now
from models.seats import may_answer, people_for
from models.verdict import Reason, Refused, Verdict
from models.words import Handing
from tasks.decide import find_task
from tasks.handing import delegate, hand_over, take_back
from tasks.opinions import FIELD
from tasks.paper_answers import check_enter, enter_paper, paper_sheet

router = APIRouter()


def _passable(visit: Visit, assignment_id: UUID) -> Task:
    """The task, for those who may answer it, for who has delegated it, and for the office."""
    task = find_task(visit.session, assignment_id)
    visit.enter(task.season)
    mine = may_answer(visit.session, task.assignment, visit.person, now(task.season))
    given = task.assignment.given_by == visit.person.id
    office = not visit.limited and visit.viewer.is_office
    hidden = task.case is not None and task.case.id in visit.viewer.recused_from
    if hidden or not (mine or given or office):
        raise Missing
    return task


@router.get("/tasks/{assignment_id}/hand")
def hand_page(visit: OneTask, assignment_id: UUID) -> Response:
    return _hand_page(visit, _passable(visit, assignment_id))


def _hand_page(visit: Visit, task: Task, *, status: int = 200, reasons: Verdict = ()) -> Response:
    session, given = visit.session, task.assignment
    now_with = session.get_one(Person, given.person_id) if given.person_id else None
    free = colleagues(session, task.season, given.body, given.organisation_id)
    return private(
        page(
            visit,
            "hand.html",
            status=status,
            reasons=reasons,
            task=task,
            step=task.step,
            case=task.case,
            standing=check_hand(session, task, visit.person),
            colleagues=[p for p in free if p.id not in (visit.person.id, given.person_id)],
            now_with=now_with,
            given_by=session.get_one(Person, given.given_by) if given.given_by else None,
            may_take_back=given.person_id is not None
            and (visit.viewer.is_office or given.given_by == visit.person.id),
            form=visit.form,
        )
    )


@router.post("/tasks/{assignment_id}/hand")
def hand_task(visit: OneTask, assignment_id: UUID) -> Response:
    task = _passable(visit, assignment_id)
    verb = delegate if visit.form.text("how") == Handing.DELEGATED else hand_over
    try:
        taker = verb(
            visit.session, assignment_id, _colleague(visit), visit.person, visit.form.text("reason")[:500]
        )
    except Refused as error:
        visit.session.rollback()
        task = _passable(visit, assignment_id)
        return _hand_page(visit, task, status=error.status, reasons=error.reasons)
    said = f"“{task.step.label}”已转交{taker.name}，任务邮件随即发出。"
    return done("/login" if visit.limited else _back(visit, task), said)


@router.post("/tasks/{assignment_id}/take-back")
def take_back_task(visit: OneTask, assignment_id: UUID) -> Response:
    task = _passable(visit, assignment_id)
    try:
        take_back(visit.session, assignment_id, visit.person)
    except Refused as error:
        visit.session.rollback()
        return _hand_page(visit, _passable(visit, assignment_id), status=error.status, reasons=error.reasons)
    return done(_back(visit, task), f"“{task.step.label}”已收回，仍由原单位办理。")


def _back(visit: Visit, task: Task) -> str:
    if task.case is not None and visit.viewer.sees_case(task.case.id):
        return f"/cases/{task.case.id}"
    return "/"


def _colleague(visit: Visit) -> UUID:
    if (chosen := visit.form.named("to")) is None:
        raise Refused(Reason("nobody_chosen", "请选择转交给谁。", "", "invalid", "to"))
    return chosen


# --- an answer that came on paper --------------------------------------------------------------------------------


def _enterable(visit: Visit, assignment_id: UUID) -> Task:
    """The task, for the office and for those above who answers; for anybody else the page does not exist."""
    task = find_task(visit.session, assignment_id)
    visit.enter(task.season)
    seen = task.case is not None and visit.viewer.sees_case(task.case.id) is not None
    if not seen or not may_remind(visit.viewer, task.step, task.case):
        raise Missing
    return task


@router.get("/tasks/{assignment_id}/paper")
def paper_page(visit: Visiting, assignment_id: UUID) -> Response:
    return _paper_page(visit, _enterable(visit, assignment_id))


def _paper_page(visit: Visit, task: Task, *, status: int = 200, reasons: Verdict = ()) -> Response:
    return private(
        page(
            visit,
            "task_paper.html",
            status=status,
            reasons=reasons,
            task=task,
            step=task.step,
            case=task.case,
            gate=visit.session.get_one(Gate, task.gate.id),
            standing=check_enter(visit.session, task, visit.person),
            deciders=people_for(visit.session, task.assignment, now(task.season)),
            sheet=paper_sheet(task),
            total=typed_total(visit.form, task.step),
            form=visit.form,
        )
    )


@router.post("/tasks/{assignment_id}/paper")
def enter_answer(visit: Visiting, assignment_id: UUID) -> Response:
    task = _enterable(visit, assignment_id)
    try:
        scan = visit.form.upload(FIELD)
        if scan is None:
            text = "请选择签字盖章后的扫描件，代录必须附扫描件。"
            raise Refused(Reason("no_file", text, task.step.clause, "invalid", FIELD))
        given = read_given(visit, task)
        enter_paper(
            visit.session,
            assignment_id,
            visit.form.named("decider"),
            given,
            scan.filename,
            scan.content,
            visit.person,
        )
    except Refused as error:
        visit.session.rollback()
        return _paper_page(
            visit, _enterable(visit, assignment_id), status=error.status, reasons=error.reasons
        )
    return done(_back(visit, task), f"已按纸质件录入“{task.step.label}”的答复，并已邮件告知本人。")
