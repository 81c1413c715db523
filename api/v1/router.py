"""Where does each endpoint of the API live, and what does its OpenAPI document say?

Everything of a season exists twice: for the latest season, and under `/seasons/{season_id}` for any other.
"""

from functools import cache
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from starlette.routing import compile_path

from api.v1 import (
    amendments,
    appeals,
    archives,
    board,
    cases,
    consent,
    correcting,
    experts,
    gates,
    handing,
    health,
    honours,
    imports,
    inspections,
    joint,
    leaving,
    lists,
    mails,
    meetings,
    objections,
    panels,
    publication,
    publicity,
    reminders,
    season,
    sittings,
)
from api.v1.caller import named_season
from api.v1.problems import Problem, documented, problem
from models.verdict import Reason

PREFIX = "/api/v1"
OF_A_SEASON = (
    season.router,
    amendments.router,
    board.router,
    cases.router,
    consent.router,
    leaving.router,
    correcting.router,
    gates.router,
    inspections.router,
    panels.router,
    experts.router,
    lists.router,
    archives.router,
    imports.router,
    publicity.router,
    reminders.router,
    handing.router,
    meetings.router,
    sittings.router,
    publication.router,
    objections.router,
    mails.router,
    joint.router,
    honours.router,
    appeals.router,
)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"]

router = APIRouter(prefix=PREFIX)
router.include_router(health.router)
router.include_router(season.seasons)
for part in OF_A_SEASON:
    router.include_router(part)
    router.include_router(
        part,
        prefix="/seasons/{season_id}",
        dependencies=[Depends(named_season)],
        responses=documented(404, 422),
    )


@router.get("/openapi.json", include_in_schema=False)
def openapi() -> Response:
    return JSONResponse(document())


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, of these routes and of no page."""
    found: dict[str, Any] = get_openapi(
        title="柳州工匠认定系统接口",
        version="1",
        description="与网页同一规则、同一可见范围。错误以 application/problem+json（RFC 9457）返回，"
        "程序按 reasons 中的 code 判断，text 供人阅读。",
        routes=router.routes,
    )
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    found["components"]["schemas"] |= schema.pop("$defs") | {"Problem": schema}
    return found


@router.api_route("/{path:path}", methods=METHODS, include_in_schema=False)
def elsewhere(request: Request) -> Response:
    """No endpoint lives here, or none for this method; said as a problem and not as a page."""
    allowed = sorted(_allowed(request.url.path))
    if allowed:
        reason = Reason("method_not_allowed", f"这个地址只接受{'、'.join(allowed)}请求。")
        return problem(405, (reason,), {"Allow": ", ".join(allowed)})
    return problem(404, (Reason("not_found", "没有这个接口，请对照 /api/v1/openapi.json。"),))


def _allowed(path: str) -> set[str]:
    """The methods that the document knows for this path."""
    return {
        method.upper()
        for template, operations in document()["paths"].items()
        if compile_path(template)[0].match(path)
        for method in operations
    }
