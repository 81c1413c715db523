"""How does someone log in and out?"""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session, select

from api.deps import (
    Database,
    Entering,
    ForeignPage,
    Form,
    StalePage,
    TypedForm,
    Visiting,
    any_login,
    chosen_season,
    clean,
)
from api.render import plain_page, query
from api.security import (
    SAFE_METHODS,
    comes_from_here,
    drop_cookie,
    forget_everything,
    is_https,
    read_cookie,
    set_cookie,
    tokens_match,
)
from models.account_words import AccountEventKind, Waits
from models.people import Person
from models.season import Season
from models.verdict import Reason
from tasks.account_log import note
from tasks.accounts import close_login, next_wait, open_login
from tasks.logging_in import (
    BROWSER_KNOWN_FOR,
    TooManyTries,
    authenticate,
    forget_old,
    remember_browser,
)
from tasks.practice import practice_accounts
from tasks.seasons import latest_season

router = APIRouter()

WRONG = "登录名或密码不对，或者账号已停用、暂时锁定。连续输错5次锁定15分钟；急用请联系系统管理员。"
SHUT_OUT = "您所在的网络刚才多次登录失败，为防止有人试探，请15分钟后再试。"
# Where a login gives what it waits for.
STEPS = {Waits.CODE: "/login/code", Waits.PASSWORD: "/password", Waits.ENROL: "/second-factor"}


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
    found = any_login(request, "session")
    if found is not None:
        return onward(found[0].waits_for, local_path(clean(target)))
    return _login_page(request, session, login="", target=local_path(clean(target)))


@router.post("/login")
def log_in(request: Request, session: Database, form: AnonymousForm) -> Response:
    """A failure is counted: the session is committed also when nobody is let in."""
    target = local_path(form.text("next"))
    try:
        person = authenticate(
            session,
            form.text("login"),
            form.fields.get("password", [""])[-1],
            read_cookie(request, "browser"),
        )
    except TooManyTries:
        reason = Reason("too_many_tries", SHUT_OUT)
        return _login_page(
            request, session, login=form.text("login"), target=target, status=429, reasons=(reason,)
        )
    if person is None:
        reason = Reason("not_let_in", WRONG, kind="invalid", field="login")
        return _login_page(
            request, session, login=form.text("login"), target=target, status=401, reasons=(reason,)
        )
    close_login(session, read_cookie(request, "session"))
    return let_in(request, session, person, target)


def let_in(request: Request, session: Session, person: Person, target: str) -> Response:
    """A session for who has proved to be this person; it leads to what it still waits for, then to `target`."""
    forget_old(session)
    browser = remember_browser(session, person, read_cookie(request, "browser"))
    wait = next_wait(session, person)
    response = onward(wait or "", target)
    set_cookie(response, "session", open_login(session, person, waits_for=wait))
    set_cookie(response, "browser", browser, seconds=int(BROWSER_KNOWN_FOR.total_seconds()))
    if wait is None:
        note(session, AccountEventKind.LOGGED_IN, person)
    return response


def onward(waits_for: str, target: str) -> Response:
    """To what a login waits for, and from there to where one wanted to go."""
    if not waits_for:
        return RedirectResponse(target, 303)
    step = STEPS[Waits(waits_for)]
    return RedirectResponse(f"{step}?{query({'next': target})}" if target != "/" else step, 303)


@router.post("/logout")
def log_out(entry: Entering) -> Response:
    close_login(entry.session, read_cookie(entry.request, "session"))
    note(entry.session, AccountEventKind.LOGGED_OUT, entry.person)
    response = RedirectResponse("/login", 303)
    drop_cookie(response, "session")
    forget_everything(response)
    return response


@router.post("/seasons")
def choose_season(visit: Visiting) -> Response:
    """Several years live side by side: look at another one."""
    season = visit.session.exec(select(Season).where(Season.key == visit.form.text("season"))).first()
    response = RedirectResponse("/", 303)
    if season is not None:
        response.set_cookie("season", season.key, path="/", secure=is_https(), httponly=True, samesite="lax")
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
