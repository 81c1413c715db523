"""How is a program told what stands in the way? As problem details (RFC 9457) with the reasons and their codes."""

import logging
from collections.abc import Callable, Coroutine, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.denials import put_denial_on_record
from api.deps import Missing
from models.verdict import Reason, Refused, Verdict

log = logging.getLogger("gongjiang.api")

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "请求有误",
    401: "请先出示令牌",
    403: "不能办理",
    404: "没有找到",
    405: "不支持这种请求",
    409: "现在不能办理",
    422: "填写有误",
    503: "系统繁忙，请重试",
}
SECONDS_TO_RETRY = "5"


class Unauthorised(Exception):
    """No token, or one that is not, or no longer, good."""


class ReasonOut(BaseModel):
    """One reason against. Programs go by `code`; `text` is for people."""

    code: str = Field(examples=["reason_missing"])
    text: str = Field(description="完整的中文句子：什么事、怎么改")
    clause: str = Field("", description="所依据的通知条款")
    field: str = Field("", description="请求中与之有关的字段")


class Problem(BaseModel):
    """What stands in the way (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(description="各条理由连成的一段话")
    reasons: list[ReasonOut] = []


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems an endpoint may answer with, for the OpenAPI document; trouble with the database is always one."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {s: {"description": TITLES[s], "content": content} for s in sorted({*statuses, 503})}


def problem(status: int, reasons: Verdict, headers: dict[str, str] | None = None) -> Response:
    told = [ReasonOut(code=r.code, text=r.text, clause=r.clause, field=r.field) for r in reasons]
    title = TITLES.get(status, HTTPStatus(status).phrase)
    body = Problem(title=title, status=status, detail="".join(r.text for r in reasons) or title, reasons=told)
    return JSONResponse(body.model_dump(), status, headers=headers, media_type=MEDIA_TYPE)


class ProblemRoute(APIRoute):
    """A route whose refusals and faults are answered as problems, whatever the pages do with theirs."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_or_tell(request: Request) -> Response:
            try:
                return await handle(request)
            except tuple(ANSWERS) as error:
                if isinstance(error, Missing) or (isinstance(error, Refused) and error.status in (403, 404)):
                    forbidden = isinstance(error, Refused) and error.status == 403
                    await run_in_threadpool(put_denial_on_record, request, whatever=forbidden)
                return _answer(error)

        return handle_or_tell


def _answer(error: Exception) -> Response:
    return next(answer(error) for kind, answer in ANSWERS.items() if isinstance(error, kind))


def _unauthorised(error: Exception) -> Response:
    text = "请在 Authorization 请求头中以 Bearer 出示有效的接口令牌；令牌由管理员签发。"
    return problem(401, (Reason("token_missing", text),), {"WWW-Authenticate": "Bearer"})


def _missing(error: Exception) -> Response:
    return problem(404, (Reason("not_found", "没有找到，或者不在您的可见范围内，请核对编号。"),))


def _refused(error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem(error.status, error.reasons)


def _invalid(error: Exception) -> Response:
    """The shape of the request is wrong; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)
    return problem(422, tuple(_shape_reason(e["loc"], e["type"]) for e in error.errors()))


def _shape_reason(loc: Sequence[int | str], kind: str) -> Reason:
    field = ".".join(str(part) for part in loc[1:])
    if kind == "missing":
        return Reason("field_missing", f"缺少“{field or '请求内容'}”，请补上。", "", "invalid", field)
    if kind == "json_invalid":
        return Reason("not_json", "请求内容不是有效的 JSON，请检查格式。", "", "invalid")
    return Reason(kind, f"“{field}”的格式或取值不对，请对照接口文档改正。", "", "invalid", field)


def _http(error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    reason = Reason("bad_request", "请求无法读取，请对照接口文档改正。")
    return problem(error.status_code, (reason,), dict(error.headers or {}))


def _busy(error: Exception) -> Response:
    log.warning("database trouble: %s", type(getattr(error, "orig", error)).__name__)
    reason = Reason("busy", "系统繁忙，刚才的操作没有生效，请稍后重试。")
    return problem(503, (reason,), {"Retry-After": SECONDS_TO_RETRY})


def _collided(error: Exception) -> Response:
    reason = Reason(
        "collided", "就在刚才，另一位办理人完成了同样的操作，您的操作没有生效，请重新读取后再办理。"
    )
    return problem(409, (reason,))


def _unstorable(error: Exception) -> Response:
    reason = Reason("unstorable", "有内容过长，或含有不能保存的字符，请修改后再提交。", kind="invalid")
    return problem(422, (reason,))


def _database(error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    if error.connection_invalidated:
        return _busy(error)
    raise error


# The first that fits answers.
ANSWERS: dict[type[Exception], Callable[[Exception], Response]] = {
    Unauthorised: _unauthorised,
    Missing: _missing,
    Refused: _refused,
    RequestValidationError: _invalid,
    HTTPException: _http,
    OperationalError: _busy,
    InterfaceError: _busy,
    NoConnectionFree: _busy,
    IntegrityError: _collided,
    DataError: _unstorable,
    DBAPIError: _database,
}
