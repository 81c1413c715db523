"""How is what somebody types at a task kept until it is answered?"""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.deps import Form, OneTask, Visit
from api.render import clock, done
from models.actions import check_task
from models.verdict import require
from tasks.decide import find_task
from tasks.typing import drop_typed, keep_typed, of_task, read_typed

router = APIRouter()

# What belongs to the page and not to the answer.
OF_THE_PAGE = {"csrf", "draft", "confirmed", "step_back", "photo"}


@router.post("/tasks/{assignment_id}/typed")
def keep_answer(visit: OneTask, assignment_id: UUID) -> Response:
    """Keep what is typed, without checking any of it."""
    require(check_task(visit.session, find_task(visit.session, assignment_id), visit.person))
    return JSONResponse({"saved_at": clock(keep_fields(visit, assignment_id))})


@router.post("/tasks/{assignment_id}/typed/drop")
def drop_answer(visit: OneTask, assignment_id: UUID) -> Response:
    require(check_task(visit.session, find_task(visit.session, assignment_id), visit.person))
    drop_typed(visit.session, visit.person, of_task(assignment_id))
    return done(f"/tasks/{assignment_id}", "已放弃自动保存的内容。")


def keep_fields(visit: Visit, assignment_id: UUID) -> datetime:
    """Keep what the page has sent; when that was."""
    content = {k: v for k, v in visit.form.fields.items() if k not in OF_THE_PAGE}
    return keep_typed(visit.session, visit.person, of_task(assignment_id), content)


def restore(visit: Visit, assignment_id: UUID) -> datetime | None:
    """Put what was kept back into the form; when that was."""
    kept = read_typed(visit.session, visit.person, of_task(assignment_id))
    if kept is None:
        return None
    visit.form = Form(kept[0])
    return kept[1]
