"""What happens when someone opens the link of a mailed task?

Mail scanners open links too. So looking changes nothing and shows nobody's data; only the button opens the one task.
"""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session, select

from api.auth import AnonymousForm, with_token
from api.deps import Database, Missing, OneTask, current_login
from api.guessing import shut_out, wrong_token
from api.render import plain_page, private
from api.security import (
    TASK_COOKIE_SECONDS,
    drop_cookie,
    set_cookie,
    task_cookie,
    task_cookies,
)
from models.actions import Task, decision_of
from models.links import Standing, code_tellers, needs_code, standing_of, waits_for
from models.mail import TaskLink
from models.people import Person
from models.verdict import Verdict
from models.words import Outcome
from notifications.links import link_token, token_digest
from tasks.accounts import hand_on_login, open_login
from tasks.decide import find_task
from tasks.link_codes import use_code

router = APIRouter()

# A browser that has opened many links keeps the proof of a few of them.
MOST_PROOFS = 12


@dataclass(frozen=True)
class Mailed:
    """A mailed link with its task and person, and what it serves for now."""

    link: TaskLink
    task: Task
    person: Person
    standing: Standing

    @property
    def number(self) -> str:
        return self.task.case.number if self.task.case else self.task.season.title


def find_link(request: Request, session: Session, token: str) -> Mailed:
    """What the token opens; one that opens nothing is counted, and too many are not even looked up."""
    shut_out(request, session)
    link = session.exec(select(TaskLink).where(TaskLink.digest == token_digest(token))).first()
    if link is None:
        raise wrong_token(request)
    task, person = find_task(session, link.assignment_id), session.get_one(Person, link.person_id)
    return Mailed(link, task, person, standing_of(session, task, person))


@router.get("/t/{token}")
def look(request: Request, session: Database, token: str) -> Response:
    mailed = find_link(request, session, token)
    if mailed.standing is not Standing.WAITS:
        return _ended(session, mailed)
    return _landing(request, mailed, token)


@router.post("/t/{token}")
def enter(request: Request, session: Database, form: AnonymousForm, token: str) -> Response:
    """Open a login that is limited to this task; whoever is logged in as the same person keeps that login.

    Where the notice asks for a second factor, only with the code that was told over the telephone.
    """
    mailed = find_link(request, session, token)
    if mailed.standing is not Standing.WAITS:
        response = _ended(session, mailed)
        response.status_code = 410
        return response
    assignment_id = mailed.task.assignment.id
    response = private(RedirectResponse(f"/tasks/{assignment_id}", 303))
    if _is_logged_in(request, mailed.person):
        return response
    proved = _is_proved(request, mailed)
    if needs_code(mailed.task) and not proved:
        if wrong := use_code(session, assignment_id, mailed.person, form.text("code")):
            return _landing(request, mailed, token, wrong)
        proved = True
    login = open_login(session, mailed.person, assignment_id=assignment_id, proved=proved)
    set_cookie(response, task_cookie(assignment_id), login, seconds=TASK_COOKIE_SECONDS)
    return response


@router.post("/tasks/{assignment_id}/next")
def go_on(visit: OneTask, assignment_id: UUID) -> Response:
    """From one mailed task to the next of the same person: this browser's login is handed on, and stays as limited."""
    visit.enter(find_task(visit.session, assignment_id).season)
    chosen = visit.form.named("next")
    link = waits_for(visit.viewer, chosen) if chosen else None
    if link is None:
        raise Missing
    if not visit.limited:
        return RedirectResponse(f"/tasks/{link.assignment_id}", 303)
    if needs_code(find_task(visit.session, link.assignment_id)) and visit.login.proved_at is None:
        return private(RedirectResponse(f"/t/{link_token(link.id)}", 303))
    token = hand_on_login(visit.session, visit.login, visit.person, link.assignment_id)
    response = private(RedirectResponse(f"/tasks/{link.assignment_id}", 303))
    drop_cookie(response, task_cookie(assignment_id))
    set_cookie(response, task_cookie(link.assignment_id), token, seconds=TASK_COOKIE_SECONDS)
    return response


# --- who is there ------------------------------------------------------------------------------------------------


def _is_logged_in(request: Request, person: Person) -> bool:
    present = current_login(request, "session")
    return present is not None and present[1].id == person.id


def _is_proved(request: Request, mailed: Mailed) -> bool:
    """Whether this browser has a live login of the same person that a code has proved already."""
    for assignment_id in task_cookies(request)[-MOST_PROOFS:]:
        present = current_login(request, task_cookie(assignment_id))
        if present and present[1].id == mailed.person.id and present[0].proved_at is not None:
            return True
    return False


# --- the pages ---------------------------------------------------------------------------------------------------


def _landing(request: Request, mailed: Mailed, token: str, reasons: Verdict = ()) -> Response:
    task = mailed.task
    code = needs_code(task) and not _is_logged_in(request, mailed.person) and not _is_proved(request, mailed)
    return private(
        with_token(
            request,
            "link.html",
            status=422 if reasons else 200,
            reasons=reasons,
            task=task,
            step=task.step,
            number=mailed.number,
            token=token,
            code=code,
            tellers=code_tellers(task.notice, task.step, task.assignment.body),
            account=mailed.person.login is not None,
        )
    )


def _ended(session: Session, mailed: Mailed) -> Response:
    """Read-only: what this person answered and when, or that there is nothing left to answer."""
    task = mailed.task
    mine = decision_of(session, task, mailed.person) if mailed.standing is Standing.ANSWERED else None
    answer = task.step.answer(mine.answer) if mine and not needs_code(task) else None
    return private(
        plain_page(
            "link_ended.html",
            status=410 if mailed.standing is Standing.GONE else 200,
            task=task,
            step=task.step,
            number=mailed.number,
            gone=mailed.standing is Standing.GONE,
            withdrawn=task.case is not None and task.case.outcome == Outcome.WITHDRAWN,
            mine=mine,
            answer=answer.label if answer else "",
        )
    )
