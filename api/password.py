"""How does a person change the own password, at the first login, when it is due, or at any time?"""

from fastapi import APIRouter, Response

from api.auth import Target, local_path, onward
from api.deps import Entering, Entry, clean
from api.render import done, plain_page
from api.security import set_cookie
from models.account_words import Waits
from models.passwords import policy
from models.verdict import Reason, Refused, Verdict
from tasks.accounts import go_on, open_login
from tasks.logging_in import count_wrong, forget_wrong, is_locked
from tasks.passwords import change_password, days_left, note_wrong_change

router = APIRouter()
LOCKED = "现在的密码连续输错5次，15分钟内不能再试。"


@router.get("/password")
def password_page(entry: Entering, target: Target = "/") -> Response:
    return _page(entry, local_path(clean(target)))


def _page(entry: Entry, target: str, *, status: int = 200, reasons: Verdict = ()) -> Response:
    return plain_page(
        "password.html",
        status=status,
        visit=entry,
        target=target,
        reasons=reasons,
        policy=policy(),
        left=days_left(entry.person),
        waiting=entry.waits_for is Waits.PASSWORD,
    )


@router.post("/password")
def change(entry: Entering) -> Response:
    """Nothing that was typed is shown again; wrong tries at the current password are counted like logins."""
    session, person, target = entry.session, entry.person, local_path(entry.form.text("next"))
    count = f"change:{person.id}"
    if entry.waits_for not in (None, Waits.PASSWORD):
        return onward(entry.login.waits_for, target)
    if is_locked(session, count):
        return _page(entry, target, status=409, reasons=(Reason("locked", LOCKED, field="current"),))
    current, new, again = (entry.form.fields.get(n, [""])[-1] for n in ("current", "new", "again"))
    try:
        change_password(session, person, current, new, again)
    except Refused as error:
        if any(r.code == "wrong_password" for r in error.reasons):
            count_wrong(session, count)
            note_wrong_change(session, person)
        return _page(entry, target, status=error.status, reasons=error.reasons)
    forget_wrong(session, count)
    if entry.waits_for:
        token, wait = go_on(session, entry.login, person, Waits.PASSWORD)
        response = onward(wait or "", target)
    else:
        token = open_login(session, person)
        response = done(target, "密码已修改，其他设备上的登录都已退出。")
    set_cookie(response, "session", token)
    return response
