"""How does the office move dates of the season: what is changed, what follows from it, and then for good?"""

from datetime import date

from fastapi import APIRouter, Response

from api.deps import Visit, Visiting
from api.render import done, page
from api.season import date_rows
from models.notice import day_of
from models.verdict import Reason, Refused, Verdict
from models.workdays import is_workday
from tasks.amending import Amending, Preview, amend_dates, preview

router = APIRouter()
PREFIX = "day-"


@router.get("/season/dates")
def dates_page(visit: Visiting) -> Response:
    return _page(visit)


@router.post("/season/dates")
def amend(visit: Visiting) -> Response:
    """First the consequences are shown; with the button of that page the dates are moved."""
    try:
        days = _days(visit)
        if visit.form.text("again"):
            return _page(visit)
        if not visit.form.text("sure"):
            return _page(visit, ahead=preview(visit.session, visit.season, days))
        given = Amending(
            days, visit.form.text("paper"), visit.form.text("reason"), bool(visit.form.text("confirmed"))
        )
        kept = amend_dates(visit.session, visit.season.id, visit.viewer, given)
    except Refused as error:
        visit.session.rollback()
        return _page(visit, status=error.status, reasons=error.reasons)
    return done("/season", f"第{kept.number}号日期调整已登记，相关人员将收到邮件。")


def _page(
    visit: Visit, *, status: int = 200, reasons: Verdict = (), ahead: Preview | None = None
) -> Response:
    """After a refusal of the confirmed form its consequences are shown again, if they can be."""
    if ahead is None and visit.form.text("sure") and not visit.form.text("again"):
        ahead = _ahead(visit)
    today = day_of(visit.viewer.moment)
    return page(
        visit,
        "dates.html",
        status=status,
        reasons=reasons,
        rows=date_rows(visit.viewer.notice, today),
        typed=visit.form.keyed(PREFIX),
        ahead=ahead,
        free=[c for c in ahead.changes if not is_workday(visit.session, c.after)] if ahead else [],
        form=visit.form,
    )


def _ahead(visit: Visit) -> Preview | None:
    try:
        return preview(visit.session, visit.season, _days(visit))
    except Refused:
        return None


def _days(visit: Visit) -> dict[str, date]:
    """The days as typed; a field left empty moves nothing."""
    found, reasons = {}, []
    for key, text in visit.form.keyed(PREFIX).items():
        try:
            if text.strip():
                found[key] = date.fromisoformat(text.strip())
        except ValueError:
            said = f"“{text[:20]}”不是日期，请按 2026-03-09 这样填写。"
            reasons.append(Reason("not_a_date", said, "—", "invalid", PREFIX + key))
    if reasons:
        raise Refused(*reasons)
    return found
