"""How is a filled-in 附件1 or 附件4 put in instead of typing it: uploaded, read, checked beside its picture, saved?

Nothing is saved by reading. The form that is shown is the ordinary one; what it sends goes the ordinary way.
"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from api.application import edit_form, own_case
from api.deps import Missing, OneCase, Visit, Visiting
from api.entering import HEADER, new_page, usual_way
from api.fields import read_form
from api.reading_pane import Pane, base_of
from api.render import done, private
from documents.field_map import UNIT_LABEL, channel_of
from models.case import Case
from models.notice import Notice
from models.personal import whole_form
from models.queries import units
from models.season import notice_by_digest
from models.verdict import Refused, require
from tasks.intake import check_enter
from tasks.reading import Reading, drop_reading, read_reading, take_in
from tasks.reading_fields import Gathered, gather
from tasks.typing import of_case, of_new, read_typed

router = APIRouter()
UPLOAD = "word"
DROPPED = "已放弃读入的内容，没有保存任何改动。"


# --- for a new candidate -----------------------------------------------------------------------------------------


@router.post("/cases/new/read-form")
def read_new(visit: Visiting) -> Response:
    require(check_enter(visit.session, visit.season, visit.viewer.notice, visit.person))
    try:
        _take_in(visit, visit.viewer.notice, of_new(visit.season))
    except Refused as error:
        visit.session.rollback()
        return _new_page(visit, status=error.status, reasons=error.reasons)
    return done(base_of(None), "已读入，尚未保存。请对照原表核对后保存。")


@router.get("/cases/new/read-form")
def check_new(visit: Visiting) -> Response:
    """What was read, in the form for a new candidate."""
    about, notice = of_new(visit.season), visit.viewer.notice
    reading = _reading(visit, about)
    header = _header(visit, reading)
    found = gather(notice, header["channel"], reading)
    form = {"nationality": "中国", **found.form}
    if typed := _typed_since(visit, about, reading):
        header |= {name: typed.get(name, [""])[-1] for name in HEADER}
        form |= read_form(notice, typed)
    pane = Pane(base_of(None), reading.files, found)
    return new_page(visit, form=form, header=header, reasons=found.doubts, reading=pane)


@router.get("/cases/new/read-form/{number}.png")
def page_of_new(visit: Visiting, number: int) -> Response:
    return _page(visit, of_new(visit.season), number)


@router.post("/cases/new/read-form/drop")
def drop_new_reading(visit: Visiting) -> Response:
    drop_reading(visit.session, visit.person, of_new(visit.season))
    return done("/cases/new", DROPPED)


def _new_page(visit: Visit, **context: Any) -> Response:
    start: dict[str, Any] = {"nationality": "中国"}
    return new_page(visit, form=start, header=usual_way(visit), **context)


def _header(visit: Visit, reading: Reading) -> dict[str, str]:
    """The way that the form itself names, where it names one; otherwise what this person most often chooses."""
    usual, notice = usual_way(visit), visit.viewer.notice
    channel = _channel(notice, reading)
    if channel != notice.channels[0].key:
        routes = notice.channel(channel).routes
        route = routes[0] if len(routes) == 1 else ""
        return {"channel": channel, "route": route, "unit_id": "", "county": ""}
    named = (
        str(reading.form.found["fields"].get(UNIT_LABEL) or "").removesuffix("工会") if reading.form else ""
    )
    unit = next((u for u in units(visit.session) if named and u.name == named), None)
    if unit is None or not visit.viewer.is_office:
        return {**usual, "channel": channel}
    return {**usual, "channel": channel, "unit_id": str(unit.id), "county": unit.county or ""}


def _channel(notice: Notice, reading: Reading) -> str:
    """Who comes with letters of experts is recommended by them; for others the form says it."""
    recommended = next((c.key for c in notice.channels if reading.letters and c.recommenders), None)
    if recommended is not None:
        return recommended
    return channel_of(notice, reading.form.found if reading.form else {"fields": {}})


# --- for a candidate who is entered ------------------------------------------------------------------------------


@router.post("/cases/{case_id}/read-form")
def read_for_case(visit: OneCase, case_id: UUID) -> Response:
    case = own_case(visit, case_id)
    try:
        _take_in(visit, _notice(visit, case), of_case(case.id))
    except Refused as error:
        visit.session.rollback()
        case = own_case(visit, case_id)
        return edit_form(visit, case, target=_target(visit, case), status=error.status, reasons=error.reasons)
    return done(base_of(case), "已读入，尚未保存。请对照原表核对后保存。")


@router.get("/cases/{case_id}/read-form")
def check_case(visit: OneCase, case_id: UUID) -> Response:
    """What was read, in the form of the case; lines that are empty on the paper stay as they are saved."""
    case = own_case(visit, case_id)
    notice, about = _notice(visit, case), of_case(case.id)
    reading = _reading(visit, about)
    found: Gathered = gather(notice, case.channel, reading, whole_form(case))
    typed = _typed_since(visit, about, reading)
    form = {**found.form, **(read_form(notice, typed, case.channel) if typed else {})}
    pane = Pane(base_of(case), reading.files, found)
    return edit_form(visit, case, target=_target(visit, case), form=form, reasons=found.doubts, reading=pane)


@router.get("/cases/{case_id}/read-form/{number}.png")
def page_of_case(visit: OneCase, case_id: UUID, number: int) -> Response:
    return _page(visit, of_case(own_case(visit, case_id).id), number)


@router.post("/cases/{case_id}/read-form/drop")
def drop_case_reading(visit: OneCase, case_id: UUID) -> Response:
    case = own_case(visit, case_id)
    drop_reading(visit.session, visit.person, of_case(case.id))
    return done(_target(visit, case), DROPPED)


def _target(visit: Visit, case: Case) -> str:
    """Where the ordinary form of the case is, for a login and for a mailed link."""
    return f"/tasks/{visit.login.assignment_id}" if visit.limited else f"/cases/{case.id}/edit"


def _notice(visit: Visit, case: Case) -> Notice:
    return notice_by_digest(visit.session, case.notice_digest)


# --- for both ----------------------------------------------------------------------------------------------------


def _take_in(visit: Visit, notice: Notice, about: str) -> None:
    uploads = [(u.filename, u.content) for u in visit.form.uploads(UPLOAD)]
    take_in(visit.session, visit.person, notice, about, uploads)


def _reading(visit: Visit, about: str) -> Reading:
    reading = read_reading(visit.session, visit.person, about)
    if reading is None:
        raise Missing
    return reading


def _typed_since(visit: Visit, about: str, reading: Reading) -> dict[str, Any] | None:
    """What was typed over what was read."""
    kept = read_typed(visit.session, visit.person, about)
    if kept is None or reading.read_at is None or kept[1] < reading.read_at:
        return None
    return kept[0]


def _page(visit: Visit, about: str, number: int) -> Response:
    pages = _reading(visit, about).pages
    if not 1 <= number <= len(pages):
        raise Missing
    return private(Response(pages[number - 1], media_type="image/png"))
