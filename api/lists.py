"""Which lists has the year made, and who is on them?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visiting
from api.render import page
from models.lists import Shortlist
from models.queries import list_rows, season_lists
from models.score_sheets import read_board
from models.season import Season
from models.words import Place

router = APIRouter()


@router.get("/lists")
def all_lists(visit: Visiting) -> Response:
    if not visit.viewer.reads_opinions:
        raise Missing
    return page(visit, "lists.html", lists=season_lists(visit.session, visit.season))


@router.get("/lists/{list_id}")
def one_list(visit: Visiting, list_id: UUID) -> Response:
    shortlist = visit.session.get(Shortlist, list_id)
    if shortlist is None:
        raise Missing
    visit.enter(visit.session.get_one(Season, shortlist.season_id))
    if not visit.viewer.reads_opinions:
        raise Missing
    rows = list_rows(visit.viewer, shortlist)
    by_place = {place: [r for r in rows if r.entry.place == place] for place in Place}
    board = read_board(visit.viewer, shortlist, rows)
    return page(visit, "list.html", shortlist=shortlist, by_place=by_place, board=board)
