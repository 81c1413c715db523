"""Which lists has the season made?"""

from fastapi import APIRouter

from api.deps import Missing
from api.v1.caller import Calling
from api.v1.problems import ProblemRoute, documented
from api.v1.schemas import EntryOut, ShortlistOut
from models.lists import Shortlist
from models.queries import Row, list_rows, season_lists
from models.viewer import Viewer
from models.words import ListState
from tasks.shortlists import draft_digest, draft_entries

router = APIRouter(route_class=ProblemRoute, tags=["名单"])


@router.get("/shortlists", responses=documented(401, 404))
def list_shortlists(caller: Calling) -> list[ShortlistOut]:
    """全部名单及其位次；只对可以查看名单的机构存在。"""
    with caller.looking() as viewer:
        if not viewer.reads_opinions:
            raise Missing
        return [_shortlist(viewer, s) for s in season_lists(viewer.session, viewer.season)]


def _shortlist(viewer: Viewer, shortlist: Shortlist) -> ShortlistOut:
    draft = shortlist.state == ListState.DRAFT
    seen = draft_digest(draft_entries(viewer.session, shortlist)) if draft else shortlist.digest or ""
    known = shortlist.model_dump(include=set(ShortlistOut.model_fields) - {"digest"})
    return ShortlistOut(
        **known,
        digest=seen,
        label=viewer.notice.step(shortlist.step).label,
        entries=[_entry(row) for row in list_rows(viewer, shortlist)],
    )


def _entry(row: Row) -> EntryOut:
    return EntryOut(
        **row.entry.model_dump(include={"place", "position", "score", "tied", "reason"}),
        case=row.case.number,
        name=row.case.name,
        unit=row.unit,
    )
