"""How does a person bind an authenticator app to the account, and log in with its six digits?"""

import base64
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from api.auth import Target, local_path, onward
from api.deps import Entering, Entry, clean
from api.render import plain_page, query
from api.security import set_cookie
from documents.qr import drawn
from models.account_words import Waits
from models.people import Person
from models.verdict import Refused, Verdict
from tasks.accounts import go_on
from tasks.second_factor import (
    address_of,
    begin_factor,
    codes_left,
    confirm_factor,
    factor_of,
    needs_factor,
    prove,
    renew_codes,
    secret_of,
)

router = APIRouter()
Given = TypeVar("Given")
OPEN = (None, Waits.ENROL)


# --- the code at the login ---------------------------------------------------------------------------------------


@router.get("/login/code")
def code_page(entry: Entering, target: Target = "/") -> Response:
    target = local_path(clean(target))
    if entry.waits_for is not Waits.CODE:
        return onward(entry.login.waits_for, target)
    return plain_page("login_code.html", visit=entry, target=target)


@router.post("/login/code")
def give_code(entry: Entering) -> Response:
    """A wrong code is counted: the session is committed also when it is refused."""
    target = local_path(entry.form.text("next"))
    if entry.waits_for is not Waits.CODE:
        return onward(entry.login.waits_for, target)
    try:
        prove(entry.session, entry.person, entry.form.text("code"))
    except Refused as error:
        return plain_page(
            "login_code.html", status=error.status, visit=entry, target=target, reasons=error.reasons
        )
    token, wait = go_on(entry.session, entry.login, entry.person, Waits.CODE)
    response = onward(wait or "", target)
    set_cookie(response, "session", token)
    return response


# --- binding -----------------------------------------------------------------------------------------------------


@router.get("/second-factor")
def factor_page(entry: Entering, target: Target = "/") -> Response:
    target = local_path(clean(target))
    if entry.waits_for not in OPEN:
        return onward(entry.login.waits_for, target)
    return _page(entry, target)


def _page(entry: Entry, target: str, *, status: int = 200, reasons: Verdict = ()) -> Response:
    session, person = entry.session, entry.person
    made = factor_of(session, person, confirmed=False)
    picture = base64.b64encode(drawn(address_of(made, person))[0].encode()).decode() if made else ""
    secret = secret_of(made) if made else ""
    return plain_page(
        "second_factor.html",
        status=status,
        visit=entry,
        target=target,
        reasons=reasons,
        has=factor_of(session, person) is not None,
        left=codes_left(session, person),
        needed=needs_factor(session, person),
        picture=picture,
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        waiting=entry.waits_for is Waits.ENROL,
    )


@router.post("/second-factor")
def begin(entry: Entering) -> Response:
    def go_on_binding(_: object, target: str) -> Response:
        return RedirectResponse(f"/second-factor?{query({'next': target})}", 303)

    return _with_code(entry, OPEN, begin_factor, go_on_binding)


def _with_code(
    entry: Entry,
    allowed: Collection[Waits | None],
    verb: Callable[[Session, Person, str], Given],
    answer: Callable[[Given, str], Response],
) -> Response:
    """Whoever is at this point of the login gives a code to the verb; a refusal comes back on the page."""
    target = local_path(entry.form.text("next"))
    if entry.waits_for not in allowed:
        return onward(entry.login.waits_for, target)
    try:
        given = verb(entry.session, entry.person, entry.form.text("code"))
    except Refused as error:
        return _page(entry, target, status=error.status, reasons=error.reasons)
    return answer(given, target)


@router.post("/second-factor/confirm")
def confirm(entry: Entering) -> Response:
    def show_and_go_on(codes: Sequence[str], target: str) -> Response:
        response = _codes_page(codes, target)
        if entry.waits_for:
            token, _ = go_on(entry.session, entry.login, entry.person, Waits.ENROL)
            set_cookie(response, "session", token)
        return response

    return _with_code(entry, OPEN, confirm_factor, show_and_go_on)


def _codes_page(codes: Sequence[str], target: str) -> Response:
    """The recovery codes stand on the page that answers, and nowhere else."""
    return plain_page("recovery_codes.html", codes=codes, target=target)


@router.post("/second-factor/codes")
def renew(entry: Entering) -> Response:
    return _with_code(entry, (None,), renew_codes, _codes_page)
