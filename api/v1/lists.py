"""Which lists has the season made?"""

from collections.abc import Sequence
from dataclasses import asdict

from fastapi import APIRouter

from api.v1.caller import Calling
from api.v1.problems import ProblemRoute, documented
from api.v1.schemas import DivisionOut, EntryOut, ShortlistOut
from models.composition import Profile, composition, profiles
from models.lists import Shortlist
from models.queries import Row, list_rows, season_lists
from models.viewer import Viewer
from models.words import ListState, Place
from tasks.directory import county_labels
from tasks.shortlists import seen_digest

router = APIRouter(route_class=ProblemRoute, tags=["名单"])


@router.get("/shortlists", responses=documented(401, 404))
def list_shortlists(caller: Calling) -> list[ShortlistOut]:
    """全部名单、位次和构成；构成只供了解情况，不参与计分和排名。只对可以查看名单的机构存在。"""
    with caller.looking() as viewer:
        people = profiles(viewer)
        return [_shortlist(viewer, s, people) for s in season_lists(viewer.session, viewer.season)]


def _shortlist(viewer: Viewer, shortlist: Shortlist, people: Sequence[Profile]) -> ShortlistOut:
    rows = list_rows(viewer, shortlist)
    listed = {r.case.id for r in rows if r.entry.place == Place.ON}
    draft = shortlist.state == ListState.DRAFT
    seen = seen_digest(viewer.session, shortlist) if draft else shortlist.digest or ""
    known = shortlist.model_dump(include=set(ShortlistOut.model_fields) - {"digest"})
    return ShortlistOut(
        **known,
        digest=seen,
        label=viewer.notice.step(shortlist.step).label,
        entries=[_entry(row) for row in rows],
        composition=[
            DivisionOut.model_validate(asdict(d))
            for d in composition(viewer.notice, listed, people, county_labels())
        ],
    )


def _entry(row: Row) -> EntryOut:
    return EntryOut(
        **row.entry.model_dump(include={"place", "position", "tied", "reason"}),
        score=row.score,
        case=row.case.number,
        name=row.case.name,
        unit=row.unit,
    )
