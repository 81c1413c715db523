"""How are many cases answered at once: chosen, shown person by person, confirmed?"""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting
from api.render import done, page
from api.review import queue_page
from models.actions import Given, Task
from models.case import Case
from models.queries import Filters
from models.returns import default_day
from models.season import now
from models.seats import may_answer
from models.verdict import Reason, Refused, Verdict
from models.words import Effect
from tasks.decide import find_task
from tasks.deciding_many import common, decide_as_shown, show_many

router = APIRouter()


@dataclass(frozen=True)
class Outcome:
    """What became of one case: decided, or refused with the reasons."""

    case: Case
    reasons: Verdict = ()


@router.post("/review/preview")
def show(visit: Visiting) -> Response:
    """Nothing is decided here: the page says of each what will happen, and of whom it won't and why."""
    tasks = _chosen(visit)
    if lacking := _lacking(visit, tasks):
        return queue_page(visit, Filters(), status=422, reasons=lacking)
    given = _given(visit, tasks[0])
    rows = show_many(visit.session, [t.assignment.id for t in tasks], visit.person, given)
    if wrong := common(rows):
        return queue_page(visit, Filters(), status=422, reasons=wrong)
    answer = tasks[0].step.answer(given.answer)
    return page(visit, "review_preview.html", rows=rows, given=given, answer=answer, step=tasks[0].step)


@router.post("/review/decide")
def decide_all(visit: Visiting) -> Response:
    """Each in a transaction of its own; whoever can't be decided is named."""
    tasks = _chosen(visit)
    if lacking := _lacking(visit, tasks):
        return queue_page(visit, Filters(), status=422, reasons=lacking)
    given = _given(visit, tasks[0])
    found = [_decide(visit, task, given) for task in tasks]
    left = [o for o in found if o.reasons]
    answer = tasks[0].step.answer(given.answer)
    label = answer.label if answer else given.answer
    if not left:
        return done("/review", f"已对{len(found)}名人选作出答复“{label}”。")
    decided = [o for o in found if not o.reasons]
    status = 200 if decided else 409
    return page(visit, "review_done.html", status=status, decided=decided, left=left, answered=label)


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
    """The chosen tasks of cases at the office's review; what is not this person's does not exist."""
    if not visit.viewer.is_office:
        raise Missing
    found = []
    for text in dict.fromkeys(visit.form.fields.get("task", [])):
        try:
            task = find_task(visit.session, UUID(text))
        except ValueError:
            raise Missing from None
        if task.case is None or task.season.id != visit.season.id or not _is_own(visit, task):
            raise Missing
        found.append(task)
    return found


def _is_own(visit: Visit, task: Task) -> bool:
    reviewed = task.step.key in {s.key for s in task.notice.office_reviews}
    return reviewed and may_answer(visit.session, task.assignment, visit.person, now(task.season))


def _lacking(visit: Visit, tasks: list[Task]) -> Verdict:
    if not tasks:
        text = "还没有选择人选。请先勾选，再选择答复。"
        return (Reason("nothing_chosen", text, "三（二）", "invalid", "many"),)
    if len({t.gate.step for t in tasks}) > 1:
        text = "所选人选不在同一个环节，请分开办理。"
        return (Reason("several_steps", text, "三（二）", "invalid", "many"),)
    if tasks[0].step.answer(visit.form.text("answer")) is None:
        text = "请选择对所选人选作出什么答复。"
        return (Reason("answer_missing", text, tasks[0].step.clause, "invalid", "answer"),)
    return ()


def _given(visit: Visit, task: Task) -> Given:
    form = visit.form
    answer = task.step.answer(form.text("answer"))
    returns = answer is not None and answer.effect is Effect.RETURN
    due = form.text("due") or str(default_day(task.notice, task.season))
    return Given(
        answer=form.text("answer"),
        opinion=form.text("opinion"),
        reason=form.text("reason"),
        items=form.lines("items") if returns else (),
        facts={"due": due} if returns else {},
    )
