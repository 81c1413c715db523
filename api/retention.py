"""Where does the office see what is to be erased, and confirm it by two people (个人信息保护法第47条)?"""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col, select

from api.deps import Missing, Visit, Visiting
from api.render import done, page
from models.case import Case
from models.people import Person
from models.retention import Erasure, erasures, items_of, open_erasure, standing_holds
from models.verdict import Reason, Refused, Verdict
from notices.retention import read_schedule
from tasks.dossiers import case_by_number
from tasks.holds import lift_hold, set_hold
from tasks.retention import check_propose, check_settle, propose, settle
from tasks.retention_list import listed
from tasks.retention_plan import plan

router = APIRouter()


@router.get("/retention")
def retention(visit: Visiting) -> Response:
    return _page(visit)


def _page(visit: Visit, *, status: int = 200, reasons: Verdict = ()) -> Response:
    viewer, session, season = visit.viewer, visit.session, visit.season
    waiting = open_erasure(session, season.id)
    rows = erasures(session, season.id)
    holds = standing_holds(session, season.id)
    people = {i for e in rows for i in (e.proposed_by, e.settled_by)} | {h.set_by for h in holds}
    names = dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(people))).all())
    held = {h.case_id for h in holds if h.case_id}
    numbers = dict(session.exec(select(Case.id, Case.number).where(col(Case.id).in_(held))).all())
    found, items = plan(session, season), items_of(session, waiting.id) if waiting else []
    return page(
        visit,
        "retention.html",
        status=status,
        reasons=reasons,
        plan=found,
        lines=listed(session, viewer.notice, items or found.due),
        kept=read_schedule().kept,
        waiting=waiting,
        items=items,
        rows=[e for e in rows if e is not waiting],
        names=names,
        holds=holds,
        numbers=numbers,
        may_propose=not check_propose(session, season, visit.person),
        may_confirm=waiting and not check_settle(session, season, waiting, visit.person, confirmed=True),
        may_decline=waiting and not check_settle(session, season, waiting, visit.person, confirmed=False),
        form=visit.form,
    )


@router.post("/retention/propose")
def propose_list(visit: Visiting) -> Response:
    try:
        propose(visit.session, visit.season.id, visit.person, visit.form.text("seen"))
    except Refused as error:
        return _refused(visit, error)
    return done("/retention", "清除清单已提出，请办公室另一人或公示审核人确认。")


@router.post("/retention/{erasure_id}/settle")
def settle_list(visit: Visiting, erasure_id: UUID) -> Response:
    """Say yes, and have the engine carry it out, or no."""
    confirmed = visit.form.text("answer") == "confirm"
    erasure = _found(visit, erasure_id)
    try:
        settle(visit.session, erasure.id, visit.person, confirmed=confirmed)
    except Refused as error:
        return _refused(visit, error)
    told = "已经确认，正在后台清除，进度见下。" if confirmed else "这份清单不予清除。"
    return done("/retention", told)


def _found(visit: Visit, erasure_id: UUID) -> Erasure:
    """The list, in its own season."""
    erasure = visit.session.get(Erasure, erasure_id)
    if erasure is None or erasure.season_id != visit.season.id:
        raise Missing
    return erasure


def _refused(visit: Visit, error: Refused) -> Response:
    visit.session.rollback()
    return _page(visit, status=error.status, reasons=error.reasons)


# --- held back ---------------------------------------------------------------------------------------------------


@router.post("/retention/holds")
def hold(visit: Visiting) -> Response:
    number = visit.form.text("hold_number")
    try:
        case = _case(visit, number) if number else None
        set_hold(visit.session, visit.season.id, case, visit.person, visit.form.text("hold_reason"))
    except Refused as error:
        return _refused(visit, error)
    return done("/retention", f"{case.number if case else '整个年度'}已登记暂缓清除。")


def _case(visit: Visit, number: str) -> Case:
    try:
        return case_by_number(visit.session, visit.season, number)
    except Refused:
        text = f"本年度没有编号为“{number[:40]}”的人选，请核对。"
        raise Refused(Reason("unknown_case", text, "", "invalid", "hold_number")) from None


@router.post("/retention/holds/{hold_id}/lift")
def lift(visit: Visiting, hold_id: UUID) -> Response:
    try:
        lift_hold(visit.session, hold_id, visit.person)
    except Refused as error:
        return _refused(visit, error)
    return done("/retention", "已解除暂缓清除。")
