"""How does the county's union, or the office, tell somebody the code that his mailed link asks for (附件3)?

The code stands on the page that answers the button, once: in no address, no cookie and no mail.
"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting
from api.render import page, private
from models.actions import Task
from models.links import CODE_LASTS, CODE_TRIES, check_code
from models.verdict import Refused, Verdict
from tasks.decide import find_task
from tasks.link_codes import issue_code, people_to_ring

router = APIRouter()


@router.get("/tasks/{assignment_id}/code")
def code_page(visit: Visiting, assignment_id: UUID) -> Response:
    return _code_page(visit, _seen(visit, assignment_id))


@router.post("/tasks/{assignment_id}/code")
def make_code(visit: Visiting, assignment_id: UUID) -> Response:
    task = _seen(visit, assignment_id)
    chosen = visit.form.named("person")
    try:
        code = issue_code(visit.session, assignment_id, chosen, visit.person)
    except Refused as error:
        visit.session.rollback()
        return _code_page(visit, task, status=error.status, reasons=error.reasons)
    return _code_page(visit, task, code=code, told=chosen)


def _seen(visit: Visit, assignment_id: UUID) -> Task:
    """The task, if this person may see its case and a code is asked for at all."""
    task = find_task(visit.session, assignment_id)
    visit.enter(task.season)
    if task.case is None or visit.viewer.sees_case(task.case.id) is None:
        raise Missing
    verdict = check_code(visit.viewer, task.notice, task.case, task.gate, task.assignment)
    if any(r.kind in ("missing", "forbidden") for r in verdict):
        raise Missing
    return task


def _code_page(
    visit: Visit,
    task: Task,
    *,
    status: int = 200,
    reasons: Verdict = (),
    code: str = "",
    told: UUID | None = None,
) -> Response:
    standing = check_code(visit.viewer, task.notice, task.case, task.gate, task.assignment)
    people = people_to_ring(visit.session, task)
    return private(
        page(
            visit,
            "link_code.html",
            status=status,
            reasons=reasons or standing,
            open=not standing,
            task=task,
            step=task.step,
            case=task.case,
            people=[p for p in people if p.id != visit.person.id],
            told=next((p for p in people if p.id == told), None),
            code=code,
            minutes=int(CODE_LASTS.total_seconds() // 60),
            tries=CODE_TRIES,
        )
    )
