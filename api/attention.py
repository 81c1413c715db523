"""How is it noted that a task was opened, how is an answer asked for again, its sealed paper handed in later?"""

import re
from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import OneTask, Visit, Visiting
from api.render import done
from models.database import transaction
from models.verdict import Reason, Refused
from tasks.attention import note_opened, remind, was_opened
from tasks.decide import find_task
from tasks.opinions import FIELD, add_scan

router = APIRouter()

OUR_PAGES = re.compile(r"/(cases/[0-9a-f-]{36}|tasks/[0-9a-f-]{36}|review)")


def log_opened(visit: Visit, assignment_id: UUID) -> None:
    """The read log, in a transaction of its own: the page itself is read from one that can't write.

    Whoever comes so far is logged in, or has entered the mailed link by its button; a scanner does neither.
    """
    if visit.request.method == "GET" and not was_opened(visit.session, assignment_id, visit.person):
        with transaction() as session:
            note_opened(session, assignment_id, visit.person)


@router.post("/tasks/{assignment_id}/remind")
def remind_task(visit: Visiting, assignment_id: UUID) -> Response:
    task = find_task(visit.session, assignment_id)
    remind(visit.session, assignment_id, visit.person)
    given = visit.form.text("back")
    where = given if OUR_PAGES.fullmatch(given) else f"/cases/{task.case.id}" if task.case else "/season"
    about = f"{task.case.number}：" if task.case else ""
    body = task.notice.body(task.assignment.body).label
    return done(where, f"{about}已催办“{task.step.label}”（{body}），提醒邮件随即发出。")


@router.post("/tasks/{assignment_id}/scan")
def add_paper(visit: OneTask, assignment_id: UUID) -> Response:
    """The sealed paper of an answer that was given without it."""
    scan = visit.form.upload(FIELD)
    if scan is None:
        raise Refused(Reason("no_file", "还没有选择文件。请返回选择盖章后的扫描件。", "", "invalid", FIELD))
    add_scan(visit.session, assignment_id, visit.person, scan.filename, scan.content)
    return done(f"/tasks/{assignment_id}", f"已收到盖章扫描件“{scan.filename}”，随意见保存。")
