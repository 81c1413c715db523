"""How does someone log in and out?"""

import secrets
import threading
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session, select

from api.deps import (
    Database,
    ForeignPage,
    Form,
    StalePage,
    TypedForm,
    Visiting,
    chosen_season,
    clean,
    current_login,
)
from api.render import plain_page
from api.security import SAFE_METHODS, comes_from_here, drop_cookie, read_cookie, set_cookie, tokens_match
from models.season import Season
from models.verdict import Reason
from tasks.accounts import authenticate, close_login, open_login
from tasks.practice import practice_accounts
from tasks.seasons import latest_season

router = APIRouter()

# Checking a password takes 64 MiB: at most a few at once.
_checking = threading.BoundedSemaphore(4)
WRONG = "登录名或密码不对，或者账号已暂停使用。连续输错5次，账号将锁定15分钟。"


def local_path(target: str) -> str:
    """Where to go after the login: only to a page of ours."""
    if target.startswith("/") and not target.startswith(("//", "/\\")):
        return target
    return "/"


def anonymous_form(request: Request, form: TypedForm) -> Form:
    """A form sent by someone who is not logged in: it carries the token of a cookie that our page has set."""
    if request.method not in SAFE_METHODS:
        if not comes_from_here(request):
            raise ForeignPage
        if not tokens_match(form.text("csrf"), read_cookie(request, "pre")):
            raise StalePage(read_cookie(request, "pre"))
    return form


AnonymousForm = Annotated[Form, Depends(anonymous_form)]


def with_token(request: Request, template: str, *, status: int = 200, **context: object) -> Response:
    """A page with a form for someone who is not logged in."""
    token = read_cookie(request, "pre") or secrets.token_urlsafe(24)
    response = plain_page(template, status=status, csrf=token, **context)
    if not read_cookie(request, "pre"):
        set_cookie(response, "pre", token)
    return response


Target = Annotated[str, Query(alias="next")]


@router.get("/login")
def login_page(request: Request, session: Database, target: Target = "/") -> Response:
    if current_login(request, "session") is not None:
        return RedirectResponse(local_path(clean(target)), 303)
    return _login_page(request, session, login="", target=local_path(clean(target)))


@router.post("/login")
def log_in(request: Request, session: Database, form: AnonymousForm) -> Response:
    """A failure is counted: the session is committed also when nobody is let in."""
    target = local_path(form.text("next"))
    with _checking:
        person = authenticate(session, form.text("login"), form.fields.get("password", [""])[-1])
    if person is None:
        reason = Reason("not_let_in", WRONG, kind="invalid", field="login")
        return _login_page(
            request, session, login=form.text("login"), target=target, status=401, reasons=(reason,)
        )
    close_login(session, read_cookie(request, "session"))
    response = RedirectResponse(target, 303)
    set_cookie(response, "session", open_login(session, person))
    return response


@router.post("/logout")
def log_out(visit: Visiting) -> Response:
    close_login(visit.session, read_cookie(visit.request, "session"))
    response = RedirectResponse("/login", 303)
    drop_cookie(response, "session")
    return response


@router.post("/seasons")
def choose_season(visit: Visiting) -> Response:
    """Several years live side by side: look at another one."""
    season = visit.session.exec(select(Season).where(Season.key == visit.form.text("season"))).first()
    response = RedirectResponse("/", 303)
    if season is not None:
        response.set_cookie("season", season.key, path="/", httponly=True, samesite="lax")
    return response


def _login_page(
    request: Request,
    session: Session,
    *,
    login: str,
    target: str,
    status: int = 200,
    reasons: tuple[Reason, ...] = (),
) -> Response:
    season = chosen_season(request, session) if latest_season(session) else None
    accounts = practice_accounts(session, season) if season else []
    return with_token(
        request,
        "login.html",
        status=status,
        login=login,
        target=target,
        season=season,
        accounts=accounts,
        reasons=reasons,
    )
