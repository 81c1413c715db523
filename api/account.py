"""我的账号: password, authenticator app, and where am I logged in?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Visiting
from api.render import done, page
from models.passwords import policy
from tasks.accounts import end_login, end_other_logins, logins_of
from tasks.passwords import days_left
from tasks.second_factor import codes_left, factor_of, needs_factor

router = APIRouter()


@router.get("/account")
def account_page(visit: Visiting) -> Response:
    session, person = visit.session, visit.person
    return page(
        visit,
        "account.html",
        logins=logins_of(session, person),
        left=days_left(person),
        policy=policy(),
        has_factor=factor_of(session, person) is not None,
        needs_factor=needs_factor(session, person),
        codes_left=codes_left(session, person),
    )


@router.post("/account/logins/{login_id}/end")
def end_one(visit: Visiting, login_id: UUID) -> Response:
    end_login(visit.session, visit.person, login_id)
    return done("/account", "这次登录已经结束。")


@router.post("/account/logins/end")
def end_others(visit: Visiting) -> Response:
    ended = end_other_logins(visit.session, visit.person, visit.login)
    return done("/account", f"已结束其他{ended}次登录。")
