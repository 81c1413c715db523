"""授权申请: what waits for the second person, and what has been settled?"""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response

from api.accounts import enter
from api.deps import Visit, Visiting
from api.paging import PageNumber
from api.render import done, page
from models.account_words import STATES, AdminRole, ProposalState
from models.queries import PAGE
from models.verdict import Refused, Verdict
from tasks.granting import check_settle, confirm, decline, proposals, withdraw

router = APIRouter()


@router.get("/grants")
def grants(visit: Visiting, p: PageNumber) -> Response:
    return _page(visit, p)


def _page(visit: Visit, p: int = 1, *, status: int = 200, reasons: Verdict = ()) -> Response:
    role = enter(visit, AdminRole.SYSTEM, AdminRole.SECURITY)
    waiting, _ = proposals(visit.session, is_open=True)
    settled, total = proposals(visit.session, is_open=False, page=p)
    return page(
        visit,
        "grants.html",
        status=status,
        reasons=reasons,
        role=role,
        waiting=[(s, check_settle(s.proposal, visit.person)) for s in waiting],
        settled=settled,
        states=STATES,
        ProposalState=ProposalState,
        form=visit.form,
        p=p,
        pages=max(1, -(-total // PAGE)),
    )


@router.post("/grants/{proposal_id}/confirm")
def agree(visit: Visiting, proposal_id: UUID) -> Response:
    enter(visit, AdminRole.SECURITY)
    try:
        confirm(visit.session, proposal_id, visit.person)
    except Refused as error:
        visit.session.rollback()
        return _page(visit, status=error.status, reasons=error.reasons)
    return done("/grants", "已确认，立即生效。")


@router.post("/grants/{proposal_id}/decline")
def refuse(visit: Visiting, proposal_id: UUID) -> Response:
    enter(visit, AdminRole.SECURITY)
    field = f"answer-{proposal_id}"
    try:
        decline(visit.session, proposal_id, visit.person, visit.form.text(field))
    except Refused as error:
        visit.session.rollback()
        reasons = tuple(replace(r, field=field if r.field else "") for r in error.reasons)
        return _page(visit, status=error.status, reasons=reasons)
    return done("/grants", "已驳回。")


@router.post("/grants/{proposal_id}/withdraw")
def take_back(visit: Visiting, proposal_id: UUID) -> Response:
    enter(visit, AdminRole.SYSTEM, AdminRole.SECURITY)
    withdraw(visit.session, proposal_id, visit.person)
    return done("/grants", "申请已撤回。")
