"""What happens when someone opens the link of a mailed task?

Mail scanners open links too. So looking changes nothing and shows nobody's data; only the button opens the one task.
"""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session, select

from api.auth import AnonymousForm, with_token
from api.deps import Database, Missing, current_login
from api.render import plain_page, private
from api.security import TASK_COOKIE_SECONDS, set_cookie, task_cookie
from models.actions import Task
from models.gates import Decision
from models.mail import TaskLink
from models.people import Person
from models.words import AssignmentState, GateState
from notifications.links import token_digest
from tasks.accounts import open_login
from tasks.decide import find_task

router = APIRouter()


@dataclass(frozen=True)
class Mailed:
    """A mailed link with its task and person."""

    link: TaskLink
    task: Task
    person: Person

    @property
    def waits(self) -> bool:
        return self.task.gate.state == GateState.OPEN and self.task.assignment.state == AssignmentState.OPEN

    @property
    def revoked(self) -> bool:
        return self.link.revoked_at is not None or not self.person.active


def find_link(session: Session, token: str) -> Mailed:
    link = session.exec(select(TaskLink).where(TaskLink.digest == token_digest(token))).first()
    if link is None:
        raise Missing
    return Mailed(link, find_task(session, link.assignment_id), session.get_one(Person, link.person_id))


@router.get("/t/{token}")
def look(request: Request, session: Database, token: str) -> Response:
    mailed = find_link(session, token)
    if mailed.revoked or not mailed.waits:
        return _ended(session, mailed)
    task = mailed.task
    return private(
        with_token(request, "link.html", task=task, step=task.step, number=_number(task), token=token)
    )


@router.post("/t/{token}")
def enter(request: Request, session: Database, form: AnonymousForm, token: str) -> Response:
    """Open a login that is limited to this task; whoever is logged in as the same person keeps that login."""
    mailed = find_link(session, token)
    if mailed.revoked or not mailed.waits:
        response = _ended(session, mailed)
        response.status_code = 410
        return response
    assignment_id = mailed.task.assignment.id
    response = private(RedirectResponse(f"/tasks/{assignment_id}", 303))
    present = current_login(request, "session")
    if present is None or present[1].id != mailed.person.id:
        login = open_login(session, mailed.person, assignment_id=assignment_id)
        set_cookie(response, task_cookie(assignment_id), login, seconds=TASK_COOKIE_SECONDS)
    return response


def _number(task: Task) -> str:
    return task.case.number if task.case else task.season.title


def _ended(session: Session, mailed: Mailed) -> Response:
    """Read-only: when this person answered, or that there is nothing left to answer."""
    decision = session.exec(
        select(Decision).where(Decision.assignment_id == mailed.task.assignment.id)
    ).first()
    mine = decision if decision and decision.decided_by == mailed.person.id and not mailed.revoked else None
    return private(
        plain_page(
            "link_ended.html",
            status=410 if mailed.revoked else 200,
            task=mailed.task,
            step=mailed.task.step,
            number=_number(mailed.task),
            revoked=mailed.revoked,
            mine=mine,
        )
    )
