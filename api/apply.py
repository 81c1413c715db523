"""How does someone without an account nominate himself (四（三）)? By a page that anybody may read, and a mailed link.

Looking at the link changes nothing and shows nobody's data; only its button opens the application.
"""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from api.auth import AnonymousForm, with_token
from api.deps import Database, Visit, Visiting, chosen_season
from api.guessing import shut_out, wrong_token
from api.render import done, page, plain_page, private
from api.security import TASK_COOKIE_SECONDS, asking_address, set_cookie, task_cookie
from models.channels import self_channel
from models.incoming import Invitation
from models.people import Person
from models.season import Season, notice_of, now
from models.verdict import Refused, Verdict
from tasks.accounts import open_login
from tasks.inviting import (
    ask,
    begin,
    check_open,
    check_usable,
    due_of,
    find_invitation,
    invitations,
    invite,
    revoke,
)
from tasks.seasons import latest_season

router = APIRouter()


@router.get("/apply")
def apply_page(request: Request, session: Database) -> Response:
    if latest_season(session) is None:
        return plain_page("public_none.html", season=None)
    return _apply_page(request, session)


def _apply_page(
    request: Request,
    session: Session,
    *,
    status: int = 200,
    reasons: Verdict = (),
    name: str = "",
    email: str = "",
) -> Response:
    season = chosen_season(request, session)
    notice = notice_of(session, season)
    return with_token(
        request,
        "apply.html",
        status=status,
        season=season,
        notice=notice,
        channel=self_channel(notice),
        closed=check_open(season, notice),
        due=due_of(notice),
        reasons=reasons,
        name=name,
        email=email,
    )


@router.post("/apply")
def ask_for_link(request: Request, session: Database, form: AnonymousForm) -> Response:
    """The answer is the same whether or not the address is known."""
    name, email = form.text("name"), form.text("email")
    season = chosen_season(request, session)
    try:
        ask(session, season.id, name, email, asked_from=asking_address(request))
    except Refused as error:
        session.rollback()
        return _apply_page(
            request, session, status=error.status, reasons=error.reasons, name=name, email=email
        )
    return RedirectResponse("/apply/sent", 303)


@router.get("/apply/sent")
def link_sent(request: Request, session: Database) -> Response:
    season = chosen_season(request, session)
    return plain_page("apply_sent.html", season=season, notice=notice_of(session, season))


# --- the link ----------------------------------------------------------------------------------------------------


def _found(request: Request, session: Session, token: str) -> Invitation:
    shut_out(request, session)
    invitation = find_invitation(session, token)
    if invitation is None:
        raise wrong_token(request)
    return invitation


def _link_page(request: Request, session: Session, invitation: Invitation, token: str) -> Response:
    season = session.get_one(Season, invitation.season_id)
    notice = notice_of(session, season)
    return private(
        with_token(
            request,
            "apply_link.html",
            season=season,
            notice=notice,
            ended=check_usable(session, invitation),
            begun=invitation.case_id is not None,
            due=due_of(notice),
            late=now(season) >= due_of(notice),
            token=token,
        )
    )


@router.get("/a/{token}")
def look(request: Request, session: Database, token: str) -> Response:
    return _link_page(request, session, _found(request, session, token), token)


@router.post("/a/{token}")
def enter(request: Request, session: Database, form: AnonymousForm, token: str) -> Response:
    """Open the application, with a login for it alone; whoever else is logged in here keeps that login."""
    invitation = _found(request, session, token)
    if check_usable(session, invitation):
        response = _link_page(request, session, invitation, token)
        response.status_code = 410
        return response
    assignment = begin(session, invitation.id)
    person = session.get_one(Person, invitation.person_id)
    response = private(RedirectResponse(f"/tasks/{assignment.id}", 303))
    login = open_login(session, person, assignment_id=assignment.id)
    set_cookie(response, task_cookie(assignment.id), login, seconds=TASK_COOKIE_SECONDS)
    return response


# --- the office --------------------------------------------------------------------------------------------------


@router.get("/invitations")
def invitations_page(visit: Visiting) -> Response:
    return _invitations_page(visit)


def _invitations_page(visit: Visit, *, status: int = 200, reasons: Verdict = ()) -> Response:
    return page(
        visit,
        "invitations.html",
        status=status,
        reasons=reasons,
        links=invitations(visit.session, visit.season.id),
        late=now(visit.season) >= due_of(visit.viewer.notice),
        form=visit.form,
    )


@router.post("/invitations")
def send_link(visit: Visiting) -> Response:
    form = visit.form
    try:
        sent = invite(visit.session, visit.season.id, form.text("name"), form.text("email"), visit.person)
    except Refused as error:
        visit.session.rollback()
        return _invitations_page(visit, status=error.status, reasons=error.reasons)
    return done("/invitations", f"自荐链接将发送给{sent.name}。")


@router.post("/invitations/{invitation_id}/revoke")
def revoke_link(visit: Visiting, invitation_id: UUID) -> Response:
    invitation = revoke(visit.session, invitation_id, visit.person)
    return done("/invitations", f"{invitation.name}的自荐链接已停用。")
