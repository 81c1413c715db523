"""What happens when somebody opens the mailed link to set a password? Looking changes nothing; the form uses it up."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from api.auth import AnonymousForm, let_in, with_token
from api.deps import Database
from api.errors import told
from api.guessing import shut_out, wrong_token
from api.render import private
from models.granting import AccountInvitation
from models.passwords import policy
from models.people import Person
from models.verdict import Refused, Verdict
from tasks.administering import find_account_link, is_usable, set_by_link

router = APIRouter()


@router.get("/welcome/{token}")
def welcome(request: Request, session: Database, token: str) -> Response:
    return _page(request, session, token)


def _page(
    request: Request, session: Session, token: str, *, status: int = 200, reasons: Verdict = ()
) -> Response:
    link = _found(request, session, token)
    if not is_usable(session, link):
        return _over()
    person = session.get_one(Person, link.person_id)
    return private(
        with_token(
            request,
            "welcome.html",
            status=status,
            token=token,
            person=person,
            policy=policy(),
            reasons=reasons,
        )
    )


def _found(request: Request, session: Session, token: str) -> AccountInvitation:
    """The link; one that opens nothing is counted, and too many are not even looked up."""
    shut_out(request, session)
    link = find_account_link(session, token)
    if link is None:
        raise wrong_token(request)
    return link


def _over() -> Response:
    why = "这个链接已经用过、超过了72小时，或者已被新的链接代替。"
    how = "密码已经设置好的，请直接登录；还没有的，请联系系统管理员重新发送。"
    return private(told(410, "链接已失效", why, how))


@router.post("/welcome/{token}")
def set_password(request: Request, session: Database, form: AnonymousForm, token: str) -> Response:
    link = _found(request, session, token)
    if not is_usable(session, link):
        return _over()
    new, again = (form.fields.get(n, [""])[-1] for n in ("new", "again"))
    try:
        person = set_by_link(session, link.id, new, again)
    except Refused as error:
        session.rollback()
        return _page(request, session, token, status=error.status, reasons=error.reasons)
    return let_in(request, session, person, "/")
