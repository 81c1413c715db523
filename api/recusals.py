"""Where does somebody name his relatives, and the office put recusals on record?"""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col

from api.deps import Missing, Visit, Visiting
from api.render import done, page
from models.case import Case
from models.recusal import Relative
from models.recusal_lists import declared, found, relatives, seated
from models.verdict import Reason, Refused, Verdict
from tasks.recusals import name_relative, recuse, strike_relative

router = APIRouter()


@router.get("/recusals")
def recusals_page(visit: Visiting) -> Response:
    return _page(visit)


def _page(visit: Visit, *, status: int = 200, reasons: Verdict = ()) -> Response:
    viewer, office = visit.viewer, visit.viewer.is_office
    return page(
        visit,
        "recusals.html",
        status=status,
        reasons=reasons,
        declared=declared(viewer),
        relatives=relatives(viewer),
        found=found(viewer) if office else [],
        people=seated(viewer) if office else {},
        form=visit.form,
    )


def _refused(visit: Visit, error: Refused) -> Response:
    visit.session.rollback()
    return _page(visit, status=error.status, reasons=error.reasons)


@router.post("/recusals/relatives")
def add_relative(visit: Visiting) -> Response:
    form = visit.form
    try:
        name_relative(
            visit.session,
            visit.season.id,
            visit.person,
            form.text("relative_name")[:80],
            form.text("kinship")[:40],
        )
    except Refused as error:
        return _refused(visit, error)
    return done("/recusals", "已申报，同名的人选不会再派给您。")


@router.post("/recusals/relatives/{relative_id}/strike")
def remove_relative(visit: Visiting, relative_id: UUID) -> Response:
    relative = visit.session.get(Relative, relative_id)
    if relative is None or relative.season_id != visit.season.id or not visit.viewer.is_office:
        raise Missing
    strike_relative(visit.session, relative_id, visit.person)
    return done("/recusals", "已撤销这条亲属申报。")


@router.post("/recusals")
def declare(visit: Visiting) -> Response:
    """The office puts on record that somebody stays away from a case."""
    if not visit.viewer.is_office:
        raise Missing
    try:
        case = _named_case(visit)
        recuse(visit.session, case.id, _chosen(visit), visit.person, visit.form.text("reason"))
    except Refused as error:
        return _refused(visit, error)
    return done("/recusals", f"已登记对{case.number}的回避；须补派的，在“评审组”中办理。")


def _named_case(visit: Visit) -> Case:
    number = visit.form.text("case").strip()
    case = visit.session.exec(visit.viewer.cases().where(col(Case.number) == number)).first()
    if case is None:
        text = "没有这个编号的人选，请照案件页面上的编号填写，如“2026-0001”。"
        raise Refused(Reason("unknown_case", text, "三（四）", "invalid", "case"))
    return case


def _chosen(visit: Visit) -> UUID:
    if (chosen := visit.form.named("person")) is None:
        text = "请选择回避的人员。"
        raise Refused(Reason("nobody_chosen", text, "三（四）", "invalid", "person"))
    return chosen
