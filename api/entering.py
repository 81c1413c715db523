"""How is a new candidate put in: the way the application takes, then the same form that corrects it later?"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.application import keep_consent
from api.consent_card import consent_card
from api.deps import Visit, Visiting
from api.fields import read_form, sections
from api.reading_pane import Pane, posted_pane, settle
from api.render import clock, counties, done, page
from api.rows import asked_rows
from models.channels import county_routes, fitting_routes, unit_channels
from models.people import Organisation
from models.queries import units
from models.season import now
from models.verdict import Reason, Refused, Verdict, require
from models.words import OrganisationKind, Relation
from tasks.intake import Application, enter_case
from tasks.typing import drop_typed, keep_typed, of_new, read_typed

router = APIRouter()

HEADER = ("channel", "route", "county", "unit_id")


@router.get("/cases/new")
def new_case(visit: Visiting) -> Response:
    own = _own_unit(visit)
    kept = read_typed(visit.session, visit.person, of_new(visit.season))
    if kept is None:
        start: dict[str, Any] = {"nationality": "中国", "employer": own.name if own else ""}
        return new_page(visit, form=start, header=usual_way(visit))
    given, saved_at = kept
    header = {name: given.get(name, [""])[-1] for name in HEADER}
    form = read_form(visit.viewer.notice, given)
    return new_page(visit, form=form, header=header, restored=saved_at)


def usual_way(visit: Visit) -> dict[str, str]:
    """What a clerk of a unit, or of a county, most often chooses is chosen already."""
    notice, own = visit.viewer.notice, _own_unit(visit)
    county = (own.county or "") if own else _own_county(visit)
    channel = next((c for c in notice.channels if own and c.key in unit_channels(notice)), None)
    routes = fitting_routes(notice, channel, own) if channel else []
    return {
        "channel": channel.key if channel else "",
        "route": next(iter(routes), ""),
        "county": county,
        "unit_id": str(own.id) if own else "",
    }


@router.post("/cases/new")
def create_case(visit: Visiting) -> Response:
    """Enter the candidate as a draft; files are uploaded, and the application handed in, on the page that follows."""
    notice = visit.viewer.notice
    header = {name: visit.form.text(name) for name in HEADER}
    header["route"] = header["route"] or only_route(visit, header["channel"])
    form = read_form(notice, visit.form.fields, header["channel"])
    if more := asked_rows(visit.form, form):
        return new_page(visit, form=form, header=header, more=more)
    try:
        require(header_is_given(header))
        case = enter_case(visit.session, visit.season.id, application_of(visit, header, form), visit.person)
        keep_consent(visit, case)
    except Refused as error:
        visit.session.rollback()
        return new_page(visit, form=form, header=header, status=error.status, reasons=error.reasons)
    drop_typed(visit.session, visit.person, of_new(visit.season))
    told = settle(visit, of_new(visit.season), case)
    text = (
        f"{case.number}已保存为草稿，还没有提交。请在下面补齐内容、上传材料，核对无误后点“保存并提交申报”。"
    )
    return done(f"/cases/{case.id}/edit", text + told)


@router.post("/cases/new/typed")
def keep_new(visit: Visiting) -> Response:
    """Keep what is typed, without checking any of it."""
    content = {k: v for k, v in visit.form.fields.items() if k != "csrf"}
    saved_at = keep_typed(visit.session, visit.person, of_new(visit.season), content)
    return JSONResponse({"saved_at": clock(saved_at)})


@router.post("/cases/new/typed/drop")
def drop_new(visit: Visiting) -> Response:
    drop_typed(visit.session, visit.person, of_new(visit.season))
    return done("/cases/new", "已放弃自动保存的内容。")


def only_route(visit: Visit, channel: str) -> str:
    """A channel with one route leaves no choice."""
    routes = next((c.routes for c in visit.viewer.notice.channels if c.key == channel), [])
    return routes[0] if len(routes) == 1 else ""


def header_is_given(header: dict[str, str]) -> Verdict:
    """Which way the application takes has to be chosen before anything else can be checked."""
    found: list[Reason] = []
    if not header["channel"]:
        found.append(Reason("channel_missing", "请选择申报渠道。", "四", "invalid", "channel"))
    if not header["route"]:
        found.append(Reason("route_missing", "请选择报送路径。", "四", "invalid", "route"))
    return tuple(found)


def application_of(visit: Visit, header: dict[str, str], form: dict[str, Any]) -> Application:
    """The unit counts only where a unit recommends, the county only on the way through its union."""
    notice = visit.viewer.notice
    unit = _unit(visit, header["unit_id"]) if header["channel"] in unit_channels(notice) else None
    county = header["county"] or (unit.county or "" if unit else "")
    return Application(
        name=str(form.get("name", "")),
        channel=header["channel"],
        route=header["route"],
        county=county if header["route"] in county_routes(notice) and county else None,
        unit_id=unit.id if unit else None,
        form=form,
    )


def _unit(visit: Visit, given: str) -> Organisation | None:
    try:
        return visit.session.get(Organisation, UUID(given))
    except ValueError:
        return None


def _own_unit(visit: Visit) -> Organisation | None:
    bodies = {b.key for b in visit.viewer.notice.bodies if b.relation is Relation.OWN_UNIT}
    seats = {s.organisation_id for s in visit.viewer.seats if s.body in bodies}
    own = (u for u in visit.viewer.units if u.id in seats and u.kind == OrganisationKind.UNIT)
    return next(own, None)


def _own_county(visit: Visit) -> str:
    return next((u.county for u in visit.viewer.units if u.county), "")


def new_page(
    visit: Visit,
    *,
    form: dict[str, Any],
    header: dict[str, str],
    status: int = 200,
    reasons: Verdict = (),
    **context: Any,
) -> Response:
    own = _own_unit(visit)
    notice = visit.viewer.notice
    first = notice.steps[0]
    return page(
        visit,
        "application_new.html",
        status=status,
        reasons=reasons,
        form=form,
        header={"channel": "", "route": "", "county": "", "unit_id": ""} | header,
        sections=sections(notice),
        units=[own] if own and not visit.viewer.is_office else units(visit.session),
        counties=counties(),
        unit_channels=unit_channels(notice),
        county_routes=county_routes(notice),
        offered=_offered(visit, own),
        due=notice.due(first.due),
        late=now(visit.season) >= notice.due(first.due),
        lacking=(),
        consent=consent_card(visit, None),
        **{"more": {}, "restored": None, "reading": _pane(visit, header)} | context,
    )


def _offered(visit: Visit, own: Organisation | None) -> dict[str, list[str]]:
    """Each route with the channels on which it may be taken: a unit's clerk sees what fits the unit."""
    notice = visit.viewer.notice
    unit = None if visit.viewer.is_office else own
    fitting = {c.key: fitting_routes(notice, c, unit) for c in notice.channels}
    return {r.key: [c for c, routes in fitting.items() if r.key in routes] for r in notice.routes}


def _pane(visit: Visit, header: dict[str, str]) -> Pane | None:
    """What was read from Word, when the form that had it beside it comes back."""
    notice = visit.viewer.notice
    channel = header.get("channel") or notice.channels[0].key
    return posted_pane(visit, of_new(visit.season), notice, channel, None)
