"""Of what does the web application consist?"""

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api import (
    absences,
    account,
    accounts,
    amending,
    appeals,
    application,
    apply,
    attachments,
    attention,
    audit,
    auth,
    award,
    board,
    calls,
    case_record,
    cases,
    certificates,
    channels,
    consent,
    correcting,
    coverage,
    decide,
    deciding_many,
    dossiers,
    doubles,
    entering,
    experts,
    feeds,
    grants,
    handing,
    imports,
    inbox,
    inbox_claims,
    inspections,
    joint,
    link_codes,
    links,
    lists,
    mail_preview,
    mail_results,
    mailbox,
    mails,
    meetings,
    numbers,
    objections,
    panels,
    password,
    printing,
    priorities,
    public,
    publication,
    reading_form,
    recusals,
    retention,
    review,
    revoking,
    scans,
    season,
    second_factor,
    status,
    task_typing,
    todo,
    welcome,
    winners,
    workdays,
)
from api.dashboard import ROUTE as DASHBOARD
from api.denials import NotesExports
from api.errors import add_handlers
from api.metrics import Measured
from api.metrics import router as metrics
from api.render import FOLDER
from api.security import RemembersAsker, SecurityHeaders, allowed_hosts
from api.v1.router import router as json_api

PAGES = (
    auth,
    password,
    second_factor,
    account,
    welcome,
    accounts,
    grants,
    audit,
    todo,
    attention,
    absences,
    handing,
    apply,
    entering,
    application,
    reading_form,
    cases,
    case_record,
    consent,
    channels,
    correcting,
    decide,
    deciding_many,
    review,
    task_typing,
    inspections,
    doubles,
    dossiers,
    inbox,
    inbox_claims,
    joint,
    award,
    certificates,
    coverage,
    revoking,
    appeals,
    link_codes,
    links,
    feeds,
    lists,
    mailbox,
    mail_preview,
    mail_results,
    mails,
    calls,
    meetings,
    objections,
    panels,
    experts,
    public,
    recusals,
    retention,
    publication,
    season,
    amending,
    status,
    board,
    attachments,
    numbers,
    printing,
    scans,
    winners,
    imports,
    priorities,
    workdays,
)


def create_app() -> FastAPI:
    app = FastAPI(title="柳州工匠认定系统", docs_url=None, redoc_url=None, openapi_url=None)
    for part in PAGES:
        _answer_head(part.router)
        app.include_router(part.router)
    app.include_router(json_api)
    app.include_router(metrics)
    app.router.routes.append(DASHBOARD)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    add_handlers(app)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts())
    app.add_middleware(SecurityHeaders)
    app.add_middleware(NotesExports)
    app.add_middleware(Measured)
    app.add_middleware(RemembersAsker)
    return app


def _answer_head(router: APIRouter) -> None:
    """Whatever answers GET answers HEAD: mail scanners ask so."""
    for route in router.routes:
        if isinstance(route, APIRoute) and route.methods and "GET" in route.methods:
            route.methods.add("HEAD")
