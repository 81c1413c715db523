"""What does a person see when something stands in the way? A Chinese page that says what, and keeps what was typed."""

import logging

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.denials import put_denial_on_record
from api.deps import (
    ForeignPage,
    Form,
    LimitedLogin,
    Missing,
    NotLoggedIn,
    StalePage,
)
from api.guessing import ShutOut, WrongToken
from api.render import plain_page, private, query
from api.security import SAFE_METHODS
from api.uploads import Garbled, TooLarge
from models.crypto import KeysMissing, Unreadable
from models.filestore import FileGone
from models.links import LOCKED_FOR
from models.verdict import Refused
from processes.logs import request_id

log = logging.getLogger("gongjiang.web")

COLLIDED = "就在刚才，另一位办理人完成了同样的操作，您的操作没有生效。请返回后刷新页面查看。"
SPOILT = "这项内容不在存放的地方，或者已经损坏，打不开。其他内容不受影响；请联系管理员从备份恢复这一项。"
SECRET_FIELDS = {"csrf", "password", "current", "new", "again", "code"}
TITLES = {
    400: "请求有误",
    403: "不能办理",
    404: "没有找到",
    405: "请求有误",
    409: "现在不能办理",
    413: "内容过大",
    422: "填写有误",
}


def typed(request: Request) -> Form:
    """What was typed, without what must never be shown again."""
    form: Form = getattr(request.state, "form", Form())
    return Form({k: v for k, v in form.fields.items() if k not in SECRET_FIELDS})


def kept(request: Request, status: int, title: str, text: str, *, csrf: str = "") -> Response:
    """A page from which the same can be sent once more, with everything that was typed."""
    form = typed(request) if request.method not in SAFE_METHODS else Form()
    return plain_page(
        "kept.html", status=status, title=title, text=text, form=form, path=request.url.path, csrf=csrf
    )


def told(status: int, title: str, *texts: str) -> Response:
    return plain_page("told.html", status=status, title=title, texts=texts)


# --- who ---------------------------------------------------------------------------------------------------------


def not_logged_in(request: Request, error: Exception) -> Response:
    if request.method not in SAFE_METHODS:
        text = "登录已经失效。请先在新窗口重新登录，再回到本页点“重新提交”，您填写的内容都还在。"
        return kept(request, 401, "请重新登录", text)
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/login?" + query({"next": target}) if target != "/" else "/login", 303)


def stale_page(request: Request, error: Exception) -> Response:
    assert isinstance(error, StalePage)
    text = "这个页面是在上一次登录时打开的，为防止误操作没有直接办理。请核对下面的内容，确认后重新提交。"
    return kept(request, 403, "请确认后重新提交", text, csrf=error.token)


def foreign_page(request: Request, error: Exception) -> Response:
    put_denial_on_record(request, whatever=True)
    return told(403, "不能办理", "这个请求来自别的网站，系统没有办理。请从本系统的页面操作。")


def limited_login(request: Request, error: Exception) -> Response:
    put_denial_on_record(request, whatever=True)
    return told(403, "不能查看", "邮件链接只能办理它所指的那一项任务。要查看其他内容，请用账号登录。")


def wrong_token(request: Request, error: Exception) -> Response:
    why = "这个链接打不开：可能没有复制完整，或者不是本系统发出的。"
    how = "请回到邮件，直接点其中的链接；仍打不开的，请联系发件的办公室。"
    return private(told(404, "链接打不开", why, how))


def shut_out(request: Request, error: Exception) -> Response:
    why = "您所在的网络刚才多次打开错误的链接，为防止有人试探，邮件链接暂停使用15分钟。"
    how = "请到时再打开邮件里的链接；急办的可以用账号登录，或者致电办公室。"
    response = private(told(429, "请稍后再试", why, how))
    response.headers["Retry-After"] = str(int(LOCKED_FOR.total_seconds()))
    return response


# --- what --------------------------------------------------------------------------------------------------------


def missing(request: Request, error: Exception) -> Response:
    if isinstance(error, Missing | Refused):
        put_denial_on_record(request)
    return told(404, "没有找到", "没有找到这个页面，或者它不在您的可见范围内。请核对网址，或从首页重新进入。")


def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    if error.status == 403:
        put_denial_on_record(request, whatever=True)
    if error.status == 404:
        return missing(request, error)
    texts = [f"{r.text}{f'（{r.clause}）' if r.clause else ''}" for r in error.reasons]
    return told(error.status, TITLES[error.status], *texts)


def too_large(request: Request, error: Exception) -> Response:
    assert isinstance(error, TooLarge)
    if typed(request).fields:
        text = f"{error.text}您填写的文字都在下面，点“重新提交”可先保存文字，文件请之后重新选择。"
        return kept(request, 413, "内容过大", text, csrf=_csrf(request))
    return told(413, "内容过大", error.text)


def garbled(request: Request, error: Exception) -> Response:
    return told(400, "请求有误", "提交的内容没有完整送达，系统没有办理。请返回后重新选择文件再提交一次。")


def http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return missing(request, error)
    if error.status_code == 405:
        return told(405, "请求有误", "这个网址不能这样访问。请从首页重新进入。")
    return told(
        error.status_code, TITLES.get(error.status_code, "请求有误"), "系统没有办理这个请求。请返回后重试。"
    )


def invalid(request: Request, error: Exception) -> Response:
    """An address that names nothing: for a person it is the same as one that leads nowhere."""
    return missing(request, error)


def keys_missing(request: Request, error: Exception) -> Response:
    log.error("keys: %s", error)
    return kept(request, 503, "打不开加密的内容", str(error), csrf=_csrf(request))


def spoilt(request: Request, error: Exception) -> Response:
    log.error("sealed content: %s", error)
    return kept(request, 409, "打不开加密的内容", SPOILT, csrf=_csrf(request))


# --- the database ------------------------------------------------------------------------------------------------


def busy(request: Request, error: Exception) -> Response:
    log.warning("database trouble at %s: %s", request.method, type(getattr(error, "orig", error)).__name__)
    text = "系统繁忙，请重试。刚才的操作没有生效，您填写的内容都还在，点“重新提交”即可再试一次。"
    response = kept(request, 503, "系统繁忙，请重试", text, csrf=_csrf(request))
    response.headers["Retry-After"] = "5"
    return response


def collided(request: Request, error: Exception) -> Response:
    log.warning("two at once at %s: %s", request.method, type(getattr(error, "orig", error)).__name__)
    return told(409, "已经有人办理", COLLIDED)


def unstorable(request: Request, error: Exception) -> Response:
    log.warning("unstorable data at %s: %s", request.method, type(getattr(error, "orig", error)).__name__)
    return kept(
        request, 422, "填写有误", "有内容过长，或含有不能保存的字符。请修改后再提交。", csrf=_csrf(request)
    )


def database_error(request: Request, error: Exception) -> Response:
    """Whatever else the database says: a lost connection is busy, the rest is a fault of ours."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return busy(request, error)
    return fault(request, error)


def fault(request: Request, error: Exception) -> Response:
    log.error("fault at %s", request.method, exc_info=error)
    return kept(
        request,
        500,
        "系统出错",
        f"系统出错，刚才的操作没有生效。错误已经记录，请联系管理员，并告诉他编号 {request_id.get()}。",
        csrf=_csrf(request),
    )


def _csrf(request: Request) -> str:
    """The token that was sent: it is good for the same login."""
    form: Form = getattr(request.state, "form", Form())
    return form.text("csrf")


HANDLERS = {
    NotLoggedIn: not_logged_in,
    StalePage: stale_page,
    ForeignPage: foreign_page,
    LimitedLogin: limited_login,
    WrongToken: wrong_token,
    ShutOut: shut_out,
    Missing: missing,
    Refused: refused,
    KeysMissing: keys_missing,
    Unreadable: spoilt,
    FileGone: spoilt,
    TooLarge: too_large,
    Garbled: garbled,
    ClientDisconnect: garbled,
    RequestValidationError: invalid,
    HTTPException: http_error,
    OperationalError: busy,
    InterfaceError: busy,
    PoolTimeout: busy,
    IntegrityError: collided,
    DataError: unstorable,
    DBAPIError: database_error,
    Exception: fault,
}


def add_handlers(app: FastAPI) -> None:
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
