"""How does the office record the award, export its payment list and the reserve (五)?"""

from fastapi import APIRouter, Response

from api.deps import Visit, Visiting
from api.downloads import download
from api.render import done, page, private
from models.honours import amount_in_force, honoured
from models.verdict import Refused, Verdict
from tasks.award import payment_list, reserve_list, set_amount, settle_payments, totals

router = APIRouter()


@router.get("/award")
def award_page(visit: Visiting) -> Response:
    return _page(visit)


def _page(visit: Visit, *, status: int = 200, reasons: Verdict = ()) -> Response:
    people = honoured(visit.session, visit.season, visit.viewer.notice)
    return page(
        visit,
        "award.html",
        status=status,
        reasons=reasons,
        amount=amount_in_force(visit.session, visit.season),
        people=people,
        totals=totals(people),
        chosen=set(visit.form.fields.get("people", [])),
        form=visit.form,
    )


def _refused(visit: Visit, error: Refused) -> Response:
    visit.session.rollback()
    return _page(visit, status=error.status, reasons=error.reasons)


@router.post("/award/amount")
def amount(visit: Visiting) -> Response:
    said = {name: visit.form.text(name) for name in ("amount", "paper", "reason")}
    try:
        kept = set_amount(visit.session, visit.season.id, visit.person, **said)
    except Refused as error:
        return _refused(visit, error)
    return done("/award", f"已登记每人{kept.amount_yuan}元。")


@router.post("/award/payments")
def payments(visit: Visiting) -> Response:
    form = visit.form
    try:
        made = settle_payments(
            visit.session,
            visit.season.id,
            visit.person,
            visit.form.all_named("people"),
            paid_on=form.text("paid_on"),
            note=form.text("note"),
        )
    except Refused as error:
        return _refused(visit, error)
    return done("/award", f"已登记{len(made)}人。")


@router.post("/award/payments.xlsx")
def payment_sheet(visit: Visiting) -> Response:
    """A button and no link: with ID numbers in it, that is put on record."""
    made = payment_list(visit.viewer, with_numbers=visit.form.text("numbers") == "yes")
    visit.request.state.rows = made.rows
    return private(download(made.filename, made.content))


@router.get("/award/reserve.xlsx")
def reserve_sheet(visit: Visiting) -> Response:
    made = reserve_list(visit.viewer)
    visit.request.state.rows = made.rows
    return private(download(made.filename, made.content))
