"""How does a program withdraw a candidate, disqualify one, or let one in late, and what would be lost (三（一）)?"""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.v1.caller import Calling, LongText, Text
from api.v1.cases import seen_case, told_case
from api.v1.problems import ProblemRoute, documented
from api.v1.schemas import CaseOut
from models.casefile import read_casefile
from models.leaving import losses
from tasks.intake import admit_late
from tasks.leaving import disqualify, withdraw

router = APIRouter(route_class=ProblemRoute, tags=["案件"])

REFUSALS = documented(400, 401, 403, 404, 409, 422)


class ReasonIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: LongText


class LossesOut(BaseModel):
    """What is lost if the candidate leaves now, as far as the caller may know."""

    losses: list[str] = Field(description="完整的句子")


@router.get("/cases/{no}/losses", responses=documented(401, 404, 422))
def list_losses(caller: Calling, no: Text) -> LossesOut:
    """现在撤回申报或取消参评资格会发生什么；调用人无权知道的不列。"""
    with caller.looking() as viewer:
        return LossesOut(losses=losses(viewer, read_casefile(viewer, seen_case(viewer, no))))


@router.post("/cases/{no}/withdraw", responses=REFUSALS)
def withdraw_case(caller: Calling, no: Text, given: ReasonIn) -> CaseOut:
    """撤回申报：由填报人或办公室；案件终结，不能恢复。"""
    with caller.changing() as viewer:
        return told_case(
            viewer, withdraw(viewer.session, seen_case(viewer, no).id, viewer.person, given.reason)
        )


@router.post("/cases/{no}/disqualify", responses=REFUSALS)
def disqualify_case(caller: Calling, no: Text, given: ReasonIn) -> CaseOut:
    """取消参评资格：由办公室，任何环节都可以；在名单上的，名额空出。"""
    with caller.changing() as viewer:
        return told_case(
            viewer, disqualify(viewer.session, seen_case(viewer, no).id, viewer.person, given.reason)
        )


@router.post("/cases/{no}/late-admission", responses=REFUSALS)
def admit_case(caller: Calling, no: Text, given: ReasonIn) -> CaseOut:
    """准予逾期申报：由办公室；准予以后填报人可以提交。"""
    with caller.changing() as viewer:
        return told_case(
            viewer, admit_late(viewer.session, seen_case(viewer, no).id, viewer.person, given.reason)
        )
