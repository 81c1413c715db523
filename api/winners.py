"""How does the office keep the list of those who won the title in earlier years?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Visit, Visiting
from api.render import done, page
from models.verdict import Refused, Verdict
from tasks.past_winners import PASTED, add_winners, strike_winner, winners

router = APIRouter()


@router.get("/winners")
def winners_page(visit: Visiting) -> Response:
    return _page(visit)


def _page(visit: Visit, *, status: int = 200, reasons: Verdict = ()) -> Response:
    found = winners(visit.session, visit.viewer.notice)
    return page(visit, "winners.html", status=status, reasons=reasons, winners=found, form=visit.form)


@router.post("/winners")
def add(visit: Visiting) -> Response:
    """A file, or else what was pasted."""
    upload = visit.form.upload("list_file")
    content, name = visit.form.text("list").encode(), PASTED
    if upload is not None and upload.content:
        content, name = upload.content, upload.filename
    try:
        added = add_winners(visit.session, visit.season, visit.person, content, name)
    except Refused as error:
        visit.session.rollback()
        return _page(visit, status=error.status, reasons=error.reasons)
    return done("/winners", f"新登记{added}人，已在名单中的没有重复登记。")


@router.post("/winners/{winner_id}/strike")
def strike(visit: Visiting, winner_id: UUID) -> Response:
    winner = strike_winner(visit.session, visit.season, winner_id, visit.person)
    return done("/winners", f"已从往年名单中删去{winner.year}年度的{winner.name}。")
