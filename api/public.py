"""What may anybody read, and how does anybody object: the public notice that runs now, and nothing that is not in it?

The notice needs no script and no login. What is said in an objection goes to the office alone.
"""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from api.auth import AnonymousForm, with_token
from api.deps import Database, Form, Missing, chosen_season
from api.objection_form import read_account
from api.render import day, last_day, plain_page, private
from api.security import asking_address
from documents.public_page import public_page
from documents.qr import drawn
from models.hearing import is_running, last_window
from models.publication import on_show, published_at
from models.result import result_since
from models.season import Season, notice_of
from models.verdict import Refused, Verdict
from tasks.objecting import check_hearing, object_by_page, objectable
from tasks.objections import find_receipt
from tasks.public_files import Public, public_paper
from tasks.public_paper import notice_paper
from tasks.seasons import latest_season

router = APIRouter()

STYLE, CODE, RESULT = "/static/public.css", "/public/qr.svg", "/public/result"


@router.get("/public")
def public_notice(request: Request, session: Database) -> Response:
    if latest_season(session) is None:
        return plain_page("public_none.html", season=None, ended="", result=False)
    season = chosen_season(request, session)
    notice = notice_of(session, season)
    gate = last_window(session, season, notice)
    step = notice.step(gate.step) if gate else None
    result = result_since(session, season, notice) is not None
    if gate is None or step is None:
        return plain_page("public_none.html", season=season, ended="", result=result)
    running = is_running(season, gate)
    ended = f"公示已于{last_day(gate.due_at)}24时结束"
    if not running and not step.publishing.stays:
        return plain_page("public_none.html", season=season, ended=ended, result=result)
    shown = on_show(session, season, notice, step, published_at(session, season, step, gate))
    paper = notice_paper(session, season, notice, step, shown, gate)
    links = {"提出异议": "/public/objection"} if running else {}
    if result:
        links["认定结果"] = RESULT
    if not running:
        paper = replace(paper, notes=[f"{ended}，不再接受异议。", *paper.notes])
    return HTMLResponse(public_page(paper, style=STYLE, code=CODE, links=links | {"进入系统": "/"}))


@router.get("/public/qr.svg")
def public_code(request: Request, session: Database) -> Response:
    """The code of the notice's address, as it is printed."""
    season = chosen_season(request, session)
    notice = notice_of(session, season)
    gate = last_window(session, season, notice)
    if gate is None:
        raise Missing
    step = notice.step(gate.step)
    shown = on_show(session, season, notice, step, published_at(session, season, step, gate))
    address = notice_paper(session, season, notice, step, shown, gate).address
    return Response(drawn(address)[0], media_type="image/svg+xml")


@router.get("/public/result")
def public_result(request: Request, session: Database) -> Response:
    """Who was recognised, once it has gone out, with what was put right since."""
    if latest_season(session) is None:
        raise Missing
    season = chosen_season(request, session)
    if result_since(session, season, notice_of(session, season)) is None:
        raise Missing
    try:
        paper, _ = public_paper(session, season, Public.RESULT)
    except Refused:
        raise Missing from None
    return HTMLResponse(public_page(paper, style=STYLE, code=CODE, links={"进入系统": "/"}))


# --- objecting ---------------------------------------------------------------------------------------------------


@router.get("/public/objection")
def objection_page(request: Request, session: Database) -> Response:
    return _objection_page(request, session, chosen_season(request, session), Form())


def _objection_page(
    request: Request,
    session: Session,
    season: Season,
    form: Form,
    *,
    status: int = 200,
    reasons: Verdict = (),
) -> Response:
    return private(
        with_token(
            request,
            "public_objection.html",
            status=status,
            season=season,
            notice=notice_of(session, season),
            closed=check_hearing(session, season),
            rows=objectable(session, season),
            form=form,
            reasons=reasons,
        )
    )


@router.post("/public/objection")
def object_to_notice(request: Request, session: Database, form: AnonymousForm) -> Response:
    """Take an objection in and tell its number; refused, everything typed stays."""
    season = chosen_season(request, session)
    try:
        objection = object_by_page(
            session,
            season.id,
            _chosen(form.text("against")),
            read_account(form),
            agreed=form.text("agreed") == "yes",
            asked_from=asking_address(request),
            evidence=[(u.filename, u.content) for u in form.uploads("evidence")],
        )
    except Refused as error:
        session.rollback()
        season = chosen_season(request, session)
        return _objection_page(request, session, season, form, status=error.status, reasons=error.reasons)
    return RedirectResponse(f"/public/objection/{objection.receipt}", 303)


def _chosen(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


@router.get("/public/objection/{receipt}")
def objection_received(session: Database, receipt: str) -> Response:
    """That it has come in, and by when it is answered; never what it says."""
    objection = find_receipt(session, receipt)
    if objection is None:
        raise Missing
    season = session.get_one(Season, objection.season_id)
    response = plain_page(
        "public_received.html",
        season=season,
        notice=notice_of(session, season),
        receipt=objection.receipt,
        due=last_day(objection.due_at),
        registered=day(objection.registered_at),
    )
    return private(response)
