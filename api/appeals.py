"""How does the office hear an appeal against a refusal (C18): registered from the case, answered from the list?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.cases import seen_case
from api.deps import Missing, Visit, Visiting
from api.render import done, page
from models.appeal import Appeal, Said, appeals
from models.case import Case
from models.season import Season
from models.verdict import Reason, Refused, Verdict, require
from tasks.appealing import answer_appeal, check_appeal, register_appeal

router = APIRouter()


@router.get("/appeals")
def appeal_list(visit: Visiting) -> Response:
    return _list(visit)


def _list(visit: Visit, *, at: UUID | None = None, status: int = 200, reasons: Verdict = ()) -> Response:
    rows = appeals(visit.viewer)
    return page(visit, "appeals.html", status=status, reasons=reasons, rows=rows, at=at, form=visit.form)


@router.get("/cases/{case_id}/appeal")
def appeal_page(visit: Visiting, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    require(check_appeal(visit.session, visit.season, case, visit.person))
    return _form(visit, case)


def _form(visit: Visit, case: Case, *, status: int = 200, reasons: Verdict = ()) -> Response:
    return page(visit, "appeal.html", status=status, reasons=reasons, case=case, form=visit.form)


@router.post("/cases/{case_id}/appeal")
def register(visit: Visiting, case_id: UUID) -> Response:
    case, form = seen_case(visit, case_id), visit.form
    said = Said(form.text("appellant"), form.text("contact"), form.text("text"))
    try:
        register_appeal(visit.session, case.id, visit.person, said)
    except Refused as error:
        visit.session.rollback()
        return _form(visit, seen_case(visit, case_id), status=error.status, reasons=error.reasons)
    return done("/appeals", f"已登记{case.number}的申诉，请在时限内答复。")


@router.post("/appeals/{appeal_id}/answer")
def answer(visit: Visiting, appeal_id: UUID) -> Response:
    found = visit.session.get(Appeal, appeal_id)
    if found is None:
        raise Missing
    visit.enter(visit.session.get_one(Season, found.season_id))
    chosen, text = visit.form.text("upheld"), visit.form.text("answer")
    try:
        if chosen not in ("yes", "no"):
            raise Refused(Reason("upheld_missing", "请选择申诉是否成立。", "—", "invalid", "upheld"))
        answer_appeal(visit.session, appeal_id, visit.person, upheld=chosen == "yes", answer=text)
    except Refused as error:
        visit.session.rollback()
        return _list(visit, at=appeal_id, status=error.status, reasons=error.reasons)
    return done("/appeals", "申诉已答复，并记入流转记录。")
