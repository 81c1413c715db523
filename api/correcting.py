"""How does the office put a wrong entry right on the pages: which fields, what they should say, who is asked again?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.cases import seen_case
from api.deps import Visit, Visiting
from api.fields import read_form
from api.render import done, page
from models.case import Case
from models.form_field import FormField
from models.personal import masked_form, whole_form
from models.season import notice_by_digest
from models.verdict import Refused, Verdict, require
from tasks.correcting import approvals_of, check_correct, correct_entry, correctable

router = APIRouter()


@router.get("/cases/{case_id}/correct")
def correct_page(visit: Visiting, case_id: UUID) -> Response:
    """First the fields are ticked, then each is shown with what it says now."""
    case = seen_case(visit, case_id)
    return _page(visit, case, _chosen(visit, case, visit.request.query_params.getlist("field")))


@router.post("/cases/{case_id}/correct")
def correct_case(visit: Visiting, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    fields = _chosen(visit, case, visit.form.fields.get("field", []))
    typed = read_form(notice_by_digest(visit.session, case.notice_digest), visit.form.fields, case.channel)
    keys = {f.key for f in fields if not (f.sealed and not typed.get(f.key))}
    changes = {k: v for k, v in typed.items() if k in keys}
    again = visit.form.fields.get("again", [])
    try:
        asked = correct_entry(visit.session, case.id, visit.person, changes, visit.form.text("reason"), again)
    except Refused as error:
        visit.session.rollback()
        case = seen_case(visit, case_id)
        return _page(visit, case, fields, typed=typed, status=error.status, reasons=error.reasons)
    told = f"，{len(asked)}个环节重新征求意见" if asked else "，此前各环节的意见仍然有效"
    return done(f"/cases/{case_id}", f"{case.number}的材料已更正{told}。")


def _chosen(visit: Visit, case: Case, keys: list[str]) -> list[FormField]:
    notice = notice_by_digest(visit.session, case.notice_digest)
    return [f for f in correctable(notice, case) if f.key in keys]


def _page(
    visit: Visit,
    case: Case,
    fields: list[FormField],
    *,
    typed: dict[str, object] | None = None,
    status: int = 200,
    reasons: Verdict = (),
) -> Response:
    """Personal numbers are not shown in full: they are typed anew, and an empty one stays as it is."""
    session, season = visit.session, visit.season
    notice = notice_by_digest(session, case.notice_digest)
    require(check_correct(visit.viewer, notice, case))
    held = {k: v for k, v in whole_form(case).items() if not notice.field(k).sealed}
    return page(
        visit,
        "correct.html",
        status=status,
        reasons=reasons,
        case=case,
        notice=notice,
        fields=fields,
        values={**held, **(typed or {})},
        masked=masked_form(notice, case),
        correctable=correctable(notice, case),
        approvals=approvals_of(session, season, notice, case, {f.key for f in fields}),
        form=visit.form,
    )
