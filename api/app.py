"""Of what does the web application consist?"""

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api import (
    appeals,
    application,
    apply,
    attachments,
    attention,
    auth,
    award,
    cases,
    certificates,
    channels,
    correcting,
    coverage,
    decide,
    deciding_many,
    doubles,
    entering,
    imports,
    inbox,
    inbox_claims,
    inspections,
    joint,
    links,
    lists,
    mailbox,
    meetings,
    numbers,
    objections,
    panels,
    printing,
    priorities,
    public,
    publication,
    reading_form,
    recusals,
    review,
    revoking,
    scans,
    season,
    task_typing,
    todo,
    winners,
)
from api.errors import add_handlers
from api.render import FOLDER
from api.security import SecurityHeaders, allowed_hosts
from api.v1.router import router as json_api

PAGES = (
    auth,
    todo,
    attention,
    apply,
    entering,
    application,
    reading_form,
    cases,
    channels,
    correcting,
    decide,
    deciding_many,
    review,
    task_typing,
    inspections,
    doubles,
    inbox,
    inbox_claims,
    joint,
    award,
    certificates,
    coverage,
    revoking,
    appeals,
    links,
    lists,
    mailbox,
    meetings,
    objections,
    panels,
    public,
    recusals,
    publication,
    season,
    attachments,
    numbers,
    printing,
    scans,
    winners,
    imports,
    priorities,
)


def create_app() -> FastAPI:
    app = FastAPI(title="柳州工匠认定系统", docs_url=None, redoc_url=None, openapi_url=None)
    for part in PAGES:
        _answer_head(part.router)
        app.include_router(part.router)
    app.include_router(json_api)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    add_handlers(app)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts())
    app.add_middleware(SecurityHeaders)
    return app


def _answer_head(router: APIRouter) -> None:
    """Whatever answers GET answers HEAD: mail scanners ask so."""
    for route in router.routes:
        if isinstance(route, APIRoute) and route.methods and "GET" in route.methods:
            route.methods.add("HEAD")
