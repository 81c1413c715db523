"""How does the office confirm by which channel someone comes in whom another's list names?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.cases import seen_case
from api.deps import Visit, Visiting
from api.render import counties, done, page
from models.case import Case
from models.channels import county_routes, unit_channels
from models.people import Organisation, Person
from models.queries import units
from models.verdict import Refused, Verdict
from tasks.channels import Way, check_confirm, confirm_channel, doubted

router = APIRouter()


@router.get("/channels")
def channels_page(visit: Visiting) -> Response:
    """Everyone whose channel is in doubt."""
    return _page(visit, list(doubted(visit.session, visit.season.id)))


@router.get("/cases/{case_id}/channel")
def channel_page(visit: Visiting, case_id: UUID) -> Response:
    """One candidate, whose channel may be put right until the office has let the case pass."""
    case = seen_case(visit, case_id)
    return _page(visit, [case], one=case)


def _page(
    visit: Visit,
    cases: list[Case],
    *,
    one: Case | None = None,
    status: int = 200,
    reasons: Verdict = (),
    about: UUID | None = None,
) -> Response:
    session, notice = visit.session, visit.viewer.notice
    names = {i: session.get_one(Person, i).name for i in {c.entered_by for c in cases}}
    named = {i: session.get_one(Organisation, i).name for i in {c.unit_id for c in cases if c.unit_id}}
    fixed = {
        c.id: check_confirm(session, visit.season, notice, c, visit.person, changing=True) for c in cases
    }
    return page(
        visit,
        "channels.html",
        status=status,
        reasons=reasons,
        about=about,
        one=one,
        cases=cases,
        fixed=fixed,
        names=names,
        named=named,
        units=units(session),
        counties=counties(),
        unit_channels=unit_channels(notice),
        county_routes=county_routes(notice),
        form=visit.form,
    )


@router.post("/cases/{case_id}/channel")
def confirm(visit: Visiting, case_id: UUID) -> Response:
    """Confirm as it is, or as it was chosen on the page."""
    case = seen_case(visit, case_id)
    was_doubted = case.channel_doubted
    way = None if visit.form.text("action") == "as_it_is" else _chosen(visit)
    try:
        case = confirm_channel(visit.session, case_id, visit.person, way, visit.form.text("reason"))
    except Refused as error:
        visit.session.rollback()
        case = seen_case(visit, case_id)
        rest = [case] if not was_doubted else list(doubted(visit.session, visit.season.id))
        one = None if was_doubted else case
        return _page(visit, rest, one=one, status=error.status, reasons=error.reasons, about=case_id)
    label = visit.viewer.notice.channel(case.channel).label
    where = "/channels" if was_doubted else f"/cases/{case_id}"
    return done(where, f"{case.number}的申报渠道已确认为“{label}”。")


def _chosen(visit: Visit) -> Way:
    form = visit.form
    try:
        unit = UUID(form.text("unit_id")) if form.text("unit_id") else None
    except ValueError:
        unit = None
    known = visit.session.get(Organisation, unit) if unit else None
    return Way(
        form.text("channel"), form.text("route"), form.text("county") or None, known.id if known else None
    )
