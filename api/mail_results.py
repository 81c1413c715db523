"""How does the office look at the mails about ended cases before it lets the units have them?"""

from fastapi import APIRouter, Response

from api.deps import Visit, Visiting
from api.paging import PageNumber
from api.render import done, page, private
from models.outbox import held_cases, held_count
from models.queries import PAGE
from models.verdict import Reason, Refused, Verdict
from tasks.outcomes import release_results, withhold_results

router = APIRouter()


@router.get("/mails/results")
def results_page(visit: Visiting, p: PageNumber) -> Response:
    return _page(visit, p)


def _page(visit: Visit, number: int = 1, *, status: int = 200, reasons: Verdict = ()) -> Response:
    total = held_count(visit.session, visit.season.id)
    pages = max(1, -(-total // PAGE))
    number = min(number, pages)
    shown = page(
        visit,
        "mail_results.html",
        status=status,
        reasons=reasons,
        rows=held_cases(visit.session, visit.season.id, number),
        total=total,
        p=number,
        pages=pages,
        form=visit.form,
    )
    return private(shown)


@router.post("/mails/results")
def settle_results(visit: Visiting) -> Response:
    """Release what was chosen, release all of what was counted on the page, or keep back what was chosen."""
    action = visit.form.text("action")
    try:
        if action == "withhold":
            reason = visit.form.text("reason")
            cases, mails = withhold_results(
                visit.session, visit.season.id, visit.person, visit.form.all_named("case"), reason
            )
            return done("/mails/results", f"{cases}名人选的{mails}封结果通知不再发送，理由已记入流转记录。")
        if action == "all":
            _check_count(visit)
        chosen = None if action == "all" else visit.form.all_named("case")
        cases, mails = release_results(visit.session, visit.season.id, visit.person, chosen)
    except Refused as error:
        visit.session.rollback()
        return _page(visit, status=error.status, reasons=error.reasons)
    return done("/mails/results", f"已放行{cases}名人选的{mails}封结果通知，随即发出。")


def _check_count(visit: Visit) -> None:
    """All of them only if there are as many as the page said: nothing is released that nobody has seen counted."""
    if visit.form.text("total") != str(held_count(visit.session, visit.season.id)):
        text = "您打开页面之后，待放行的人选有了变动。请核对下面最新的名单，再重新放行。"
        raise Refused(Reason("results_changed", text))
