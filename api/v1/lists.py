"""Which lists has the season made, and how is an objection registered?"""

from collections.abc import Sequence
from dataclasses import asdict

from fastapi import APIRouter

from api.deps import Missing
from api.v1.caller import Calling
from api.v1.cases import seen_case
from api.v1.problems import ProblemRoute, documented
from api.v1.requests import ObjectionIn
from api.v1.schemas import DivisionOut, EntryOut, ObjectionOut, ShortlistOut
from models.composition import Profile, composition, profiles
from models.lists import Shortlist
from models.queries import Row, list_rows, season_lists
from models.viewer import Viewer
from models.words import ListState, Place
from tasks.directory import county_labels
from tasks.publicity import register_objection
from tasks.shortlists import seen_digest

router = APIRouter(route_class=ProblemRoute, tags=["名单与异议"])


@router.get("/shortlists", responses=documented(401, 404))
def list_shortlists(caller: Calling) -> list[ShortlistOut]:
    """全部名单、位次和构成；构成只供了解情况，不参与计分和排名。只对可以查看名单的机构存在。"""
    with caller.looking() as viewer:
        if not viewer.reads_opinions:
            raise Missing
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
        **row.entry.model_dump(include={"place", "position", "score", "tied", "reason"}),
        case=row.case.number,
        name=row.case.name,
        unit=row.unit,
    )


@router.post("/objections", status_code=201, responses=documented(400, 401, 403, 404, 409, 422))
def create_objection(caller: Calling, given: ObjectionIn) -> ObjectionOut:
    """登记一件对公示人选的异议；由办公室登记。"""
    with caller.changing() as viewer:
        case = seen_case(viewer, given.case)
        objection = register_objection(
            viewer.session,
            case.id,
            viewer.person,
            objector=given.objector,
            contact=given.contact,
            text=given.text,
        )
        viewer.session.flush()
        known = objection.model_dump(include={"id", "state", "registered_at"})
        return ObjectionOut(**known, case=case.number)
