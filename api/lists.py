"""Which lists has the year made, who is on them, of whom do they consist, and what did each change?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visiting
from api.render import counties, page
from models.composition import composition, profiles
from models.list_changes import changes_between
from models.lists import Shortlist
from models.onward import latest_onward, onward
from models.progress import latest_list
from models.queries import list_rows, place_counts, season_lists
from models.score_sheets import read_board
from models.season import Season
from models.words import Place

router = APIRouter()


@router.get("/lists")
def all_lists(visit: Visiting) -> Response:
    lists = season_lists(visit.session, visit.season)
    return page(
        visit,
        "lists.html",
        lists=lists,
        counts=place_counts(visit.session, visit.season),
        moving=latest_onward(visit.session, visit.season),
    )


@router.get("/lists/{list_id}")
def one_list(visit: Visiting, list_id: UUID) -> Response:
    shortlist = visit.session.get(Shortlist, list_id)
    if shortlist is None:
        raise Missing
    visit.enter(visit.session.get_one(Season, shortlist.season_id))
    viewer = visit.viewer
    rows = list_rows(viewer, shortlist)
    by_place = {place: [r for r in rows if r.entry.place == place] for place in Place}
    listed = {r.case.id for r in by_place[Place.ON]}
    before = latest_list(visit.session, visit.season, viewer.notice, before=shortlist.step)
    return page(
        visit,
        "list.html",
        shortlist=shortlist,
        moving=onward(visit.session, shortlist),
        by_place=by_place,
        divisions=composition(viewer.notice, listed, profiles(viewer), counties()),
        before=before,
        changes=changes_between(list_rows(viewer, before), rows) if before else [],
        board=read_board(viewer, shortlist, rows),
    )
