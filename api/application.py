"""How is a candidate put in and corrected: the application as a form, saved as a draft or handed in?"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from api.cases import seen_case
from api.deps import Visit, Visiting
from api.fields import RECOMMENDERS, check_shape, read_form
from api.render import counties, done, page
from models.case import Case
from models.casefile import last_return
from models.notice import Step
from models.people import Organisation
from models.queries import units
from models.season import notice_by_digest
from models.verdict import Reason, Refused, Verdict, require
from models.words import Relation
from tasks.intake import Application, check_edit, edit_case, enter_case, submit_case

router = APIRouter()


# --- a new candidate ---------------------------------------------------------------------------------------------


@router.get("/cases/new")
def new_case(visit: Visiting) -> Response:
    own = _own_unit(visit)
    start: dict[str, Any] = {"nationality": "中国", "employer": own.name if own else ""}
    return _new_page(visit, form=start, header=_usual_way(visit, own))


def _usual_way(visit: Visit, own: Organisation | None) -> dict[str, str]:
    """What a clerk of a unit, or of a county, most often chooses is chosen already."""
    notice = visit.viewer.notice
    county = (own.county or "") if own else _own_county(visit)
    channel = next((c for c in notice.channels if own and c.key in _unit_channels(visit)), None)
    routes = channel.routes if channel else []
    by_county = [r for r in routes if (r in _county_routes(visit)) == bool(county)]
    return {
        "channel": channel.key if channel else "",
        "route": next(iter(by_county or routes), ""),
        "county": county,
        "unit_id": str(own.id) if own else "",
    }


@router.post("/cases/new")
def create_case(visit: Visiting) -> Response:
    notice = visit.viewer.notice
    channel = visit.form.text("channel")
    form = read_form(notice, visit.form.fields, recommenders=_wants(visit, channel))
    header = {name: visit.form.text(name) for name in ("channel", "route", "county", "unit_id")}
    header["route"] = header["route"] or _only_route(visit, channel)
    try:
        require(_header_is_given(header) or check_shape(notice, form))
        case = enter_case(visit.session, visit.season.id, _application(visit, header, form), visit.person)
        return _handed_in(visit, case) if visit.form.text("action") == "submit" else _saved(case)
    except Refused as error:
        visit.session.rollback()
        return _new_page(visit, form=form, header=header, status=error.status, reasons=error.reasons)


def _wants(visit: Visit, channel: str) -> bool:
    """Whether the channel asks for recommenders."""
    return any(c.key == channel and c.recommenders for c in visit.viewer.notice.channels)


def _only_route(visit: Visit, channel: str) -> str:
    """A channel with one route leaves no choice."""
    routes = next((c.routes for c in visit.viewer.notice.channels if c.key == channel), [])
    return routes[0] if len(routes) == 1 else ""


def _header_is_given(header: dict[str, str]) -> Verdict:
    """Which way the application takes has to be chosen before anything else can be checked."""
    found: list[Reason] = []
    if not header["channel"]:
        found.append(Reason("channel_missing", "请选择申报渠道。", "四", "invalid", "channel"))
    if not header["route"]:
        found.append(Reason("route_missing", "请选择报送路径。", "四", "invalid", "route"))
    return tuple(found)


def _application(visit: Visit, header: dict[str, str], form: dict[str, Any]) -> Application:
    """The unit counts only where a unit recommends, the county only on the way through its union."""
    unit = _unit(visit, header["unit_id"]) if header["channel"] in _unit_channels(visit) else None
    county = header["county"] or (unit.county or "" if unit else "")
    return Application(
        name=str(form.get("name", "")),
        channel=header["channel"],
        route=header["route"],
        county=county if header["route"] in _county_routes(visit) and county else None,
        unit_id=unit.id if unit else None,
        form=form,
    )


def _unit(visit: Visit, given: str) -> Organisation | None:
    try:
        return visit.session.get(Organisation, UUID(given))
    except ValueError:
        return None


def _reached(
    visit: Visit, relation: Relation, attribute: Callable[[Step], list[str] | None], every: list[str]
) -> set[str]:
    """The channels, or routes, on which a body of this relation has something to decide."""
    notice = visit.viewer.notice
    found: set[str] = set()
    for step in notice.steps:
        if any(notice.body(d.body).relation is relation for d in step.deciders):
            found |= set(attribute(step) or every)
    return found


def _unit_channels(visit: Visit) -> set[str]:
    every = [c.key for c in visit.viewer.notice.channels]
    return _reached(visit, Relation.OWN_UNIT, lambda step: step.channels, every)


def _county_routes(visit: Visit) -> set[str]:
    every = [r.key for r in visit.viewer.notice.routes]
    return _reached(visit, Relation.OWN_COUNTY, lambda step: step.routes, every)


def _own_unit(visit: Visit) -> Organisation | None:
    bodies = {b.key for b in visit.viewer.notice.bodies if b.relation is Relation.OWN_UNIT}
    seats = {s.organisation_id for s in visit.viewer.seats if s.body in bodies}
    return next((u for u in visit.viewer.units if u.id in seats), None)


def _own_county(visit: Visit) -> str:
    return next((u.county for u in visit.viewer.units if u.county), "")


def _new_page(
    visit: Visit, *, form: dict[str, Any], header: dict[str, str], status: int = 200, reasons: Verdict = ()
) -> Response:
    own = _own_unit(visit)
    notice = visit.viewer.notice
    return page(
        visit,
        "application_new.html",
        status=status,
        reasons=reasons,
        form=form,
        header={"channel": "", "route": "", "county": "", "unit_id": ""} | header,
        units=[own] if own and not visit.viewer.is_office else units(visit.session),
        counties=counties(),
        unit_channels=_unit_channels(visit),
        county_routes=_county_routes(visit),
        recommending=[c.key for c in notice.channels if c.recommenders],
        recommenders=RECOMMENDERS,
    )


# --- a draft, or a correction ------------------------------------------------------------------------------------


@router.get("/cases/{case_id}/edit")
def edit_page(visit: Visiting, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    require(
        check_edit(visit.session, notice_by_digest(visit.session, case.notice_digest), case, visit.person)
    )
    return edit_form(visit, case, form=case.form, target=f"/cases/{case_id}/edit")


@router.post("/cases/{case_id}/edit")
def change_case(visit: Visiting, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    form = given_form(visit, case)
    try:
        case = edit_case(visit.session, case.id, given_form(visit, case, check=True), visit.person)
        return _handed_in(visit, case) if visit.form.text("action") == "submit" else _saved(case)
    except Refused as error:
        return _refused(visit, case_id, form, error)


@router.post("/cases/{case_id}/submit")
def hand_in(visit: Visiting, case_id: UUID) -> Response:
    """Hand in what was saved; what is still missing is shown on the form."""
    case = seen_case(visit, case_id)
    try:
        return _handed_in(visit, case)
    except Refused as error:
        return _refused(visit, case_id, case.form, error)


def _refused(visit: Visit, case_id: UUID, form: Mapping[str, Any], error: Refused) -> Response:
    """The form again with the reasons and what was typed; a case that can't be edited says only why."""
    visit.session.rollback()
    case = seen_case(visit, case_id)
    require(
        check_edit(visit.session, notice_by_digest(visit.session, case.notice_digest), case, visit.person)
    )
    target = f"/cases/{case_id}/edit"
    return edit_form(visit, case, form=form, target=target, status=error.status, reasons=error.reasons)


def given_form(visit: Visit, case: Case, *, check: bool = False) -> dict[str, Any]:
    """The application as typed; with `check` refused if it can't be kept like that."""
    notice = notice_by_digest(visit.session, case.notice_digest)
    form = read_form(notice, visit.form.fields, recommenders=notice.channel(case.channel).recommenders > 0)
    if check:
        require(_name_is_given(form) or check_shape(notice, form))
    return form


def _name_is_given(form: dict[str, Any]) -> Verdict:
    if str(form.get("name", "")).strip():
        return ()
    return (Reason("name_missing", "请填写姓名。", "四", "invalid", "name"),)


def edit_form(
    visit: Visit,
    case: Case,
    *,
    form: Mapping[str, Any],
    target: str,
    status: int = 200,
    reasons: Verdict = (),
) -> Response:
    """The application as a form that is sent to `target`."""
    notice = notice_by_digest(visit.session, case.notice_digest)
    return page(
        visit,
        "application_edit.html",
        status=status,
        reasons=reasons,
        case=case,
        form=form,
        target=target,
        recommending=notice.channel(case.channel).recommenders > 0,
        recommenders=RECOMMENDERS,
        returned=last_return(visit.session, case),
    )


def _handed_in(visit: Visit, case: Case) -> Response:
    submit_case(visit.session, case.id, visit.person)
    return done(f"/cases/{case.id}", f"{case.number}已提交。办理进度见本页，有需要补正的会发邮件通知。")


def _saved(case: Case) -> Response:
    return done(f"/cases/{case.id}", f"{case.number}已保存为草稿，还没有提交。核对无误后请点“提交申报”。")
