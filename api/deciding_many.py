"""How are many cases answered at once: chosen, shown person by person, confirmed?"""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting
from api.many_form import PLACES, given_for
from api.narrowing import Asked, remembered_list
from api.render import done, page
from api.review import OFFERED as OF_REVIEW
from api.review import queue_page
from api.todo import OFFERED as OF_WORK_LISTS
from api.todo import todo_page
from models.actions import Given, Task
from models.alike import is_given_alike
from models.case import Case
from models.season import now
from models.seats import may_answer
from models.verdict import Reason, Refused, Verdict
from tasks.decide import find_task
from tasks.deciding_many import common, decide_as_shown, show_many

router = APIRouter()


@dataclass(frozen=True)
class Outcome:
    """What became of one case: decided, or refused with the reasons."""

    case: Case
    reasons: Verdict = ()


@router.post("/many/preview")
def show(visit: Visiting) -> Response:
    """Nothing is decided here: the page says of each what will happen, and of whom it won't and why."""
    tasks = _chosen(visit)
    if lacking := _lacking(visit, tasks):
        return _list_page(visit, lacking)
    rows = show_many(visit.session, [(t, given_for(visit, t)) for t in tasks], visit.person)
    if wrong := common(rows):
        return _list_page(visit, wrong)
    step, form = tasks[0].step, visit.form
    free = form.lines("items")
    return page(
        visit,
        "many_preview.html",
        rows=rows,
        form=form,
        free=free,
        ticked={r.task.assignment.id: r.given.items[len(free) :] for r in rows},
        answer=step.answer(form.text("answer")),
        step=step,
        back=_back(visit),
    )


@router.post("/many/decide")
def decide_all(visit: Visiting) -> Response:
    """Each in a transaction of its own; whoever can't be decided is named."""
    tasks = _chosen(visit)
    if lacking := _lacking(visit, tasks):
        return _list_page(visit, lacking)
    found = [_decide(visit, task, given_for(visit, task)) for task in tasks]
    left = [o for o in found if o.reasons]
    answer = tasks[0].step.answer(visit.form.text("answer"))
    label = answer.label if answer else ""
    if not left:
        return done(_back(visit), f"已对{len(found)}名人选作出答复“{label}”。")
    decided = [o for o in found if not o.reasons]
    return page(
        visit,
        "many_done.html",
        status=200 if decided else 409,
        decided=decided,
        left=left,
        answered=label,
        back=_back(visit),
    )


def _back(visit: Visit) -> str:
    return PLACES.get(visit.form.text("back"), "/")


def _list_page(visit: Visit, reasons: Verdict) -> Response:
    """The list from which the form came, as it was left, with the reasons and what was typed."""
    if _back(visit) == "/review":
        wanted: Asked = remembered_list(visit, "review", OF_REVIEW)
        return queue_page(visit, wanted, status=422, reasons=reasons)
    wanted = remembered_list(visit, "waiting", OF_WORK_LISTS["waiting"])
    return todo_page(visit, "waiting", wanted, status=422, reasons=reasons)


def _decide(visit: Visit, task: Task, given: Given) -> Outcome:
    assert task.case is not None
    shown = visit.form.text(f"seen_{task.assignment.id}")
    try:
        decide_as_shown(visit.session, task.assignment.id, visit.person, given, shown)
    except Refused as error:
        visit.session.rollback()
        return Outcome(task.case, error.reasons)
    visit.session.commit()
    return Outcome(task.case)


def _chosen(visit: Visit) -> list[Task]:
    """The chosen tasks; what is not this person's, or is not answered for many, does not exist."""
    found = []
    for text in dict.fromkeys(visit.form.fields.get("task", [])):
        try:
            task = find_task(visit.session, UUID(text))
        except ValueError:
            raise Missing from None
        if task.season.id != visit.season.id or not is_given_alike(task.step):
            raise Missing
        if not may_answer(visit.session, task.assignment, visit.person, now(task.season)):
            raise Missing
        found.append(task)
    return found


def _lacking(visit: Visit, tasks: list[Task]) -> Verdict:
    if not tasks:
        text = "还没有选择人选。请先勾选，再选择答复。"
        return (Reason("nothing_chosen", text, kind="invalid", field="many"),)
    if len({t.gate.step for t in tasks}) > 1:
        text = "所选人选不在同一个环节，请分开办理。"
        return (Reason("several_steps", text, kind="invalid", field="many"),)
    if tasks[0].step.answer(visit.form.text("answer")) is None:
        text = "请选择对所选人选作出什么答复。"
        return (Reason("answer_missing", text, tasks[0].step.clause, "invalid", "answer"),)
    return ()
