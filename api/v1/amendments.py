"""How does a program read and record amendments of the season's dates?"""

from fastapi import APIRouter

from api.v1.caller import Calling
from api.v1.problems import ProblemRoute, documented
from api.v1.requests import AmendmentIn
from api.v1.schemas import AmendmentOut, ChangeOut
from models.amendment import Amendment, amendments
from tasks.amending import Amending, amend_dates

router = APIRouter(route_class=ProblemRoute, tags=["年度"])


@router.get("/amendments", responses=documented(401, 404))
def list_amendments(caller: Calling) -> list[AmendmentOut]:
    """日期调整，按编号。"""
    with caller.looking() as viewer:
        return [_told(a) for a in amendments(viewer.session, viewer.season.id)]


@router.post("/amendments", status_code=201, responses=documented(400, 401, 403, 404, 409, 422))
def amend(caller: Calling, given: AmendmentIn) -> AmendmentOut:
    """办公室调整日期：办理中的关口改按新日期，相关人员各收到一封邮件。提前的或已经过去的日期须写 confirmed: true。"""
    with caller.changing() as viewer:
        asked = Amending(given.dates, given.paper, given.reason, given.confirmed)
        return _told(amend_dates(viewer.session, viewer.season.id, viewer, asked))


def _told(kept: Amendment) -> AmendmentOut:
    known = kept.model_dump(
        include={"number", "paper", "reason", "recorded_at", "before_digest", "after_digest"}
    )
    changes = [ChangeOut.model_validate(c, from_attributes=True) for c in kept.moved]
    return AmendmentOut(**known, changes=changes)
