"""How is an appeal against a refusal registered and answered by a program?"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Missing
from api.v1.caller import Calling, Line, LongText, Text
from api.v1.cases import seen_case
from api.v1.problems import ProblemRoute, documented
from api.v1.schemas import with_number
from models.appeal import Appeal, Said, appeals
from models.case import Case
from models.viewer import Viewer
from tasks.appealing import answer_appeal, register_appeal

router = APIRouter(route_class=ProblemRoute, tags=["申诉"])

REFUSALS = documented(400, 401, 403, 404, 409, 422)


class AppealIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    case: Annotated[Line, Field(max_length=40, description="案件编号")]
    appellant: Line
    contact: Line
    text: Annotated[Text, Field(max_length=6000)]


class AppealAnswerIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    upheld: bool = Field(description="申诉是否成立；案件的结果不因此改变")
    answer: LongText


class AppealOut(BaseModel):
    """How far an appeal has come; who said what stands on the office's page only."""

    id: UUID
    case: str
    registered_at: datetime
    due_at: datetime
    upheld: bool | None
    answer: str
    answered_at: datetime | None


@router.get("/appeals", responses=documented(401, 404))
def list_appeals(caller: Calling) -> list[AppealOut]:
    """全部申诉，未答复的在前；只给办公室。申诉人和申诉的内容只在办公室的页面上。"""
    with caller.looking() as viewer:
        _appeals_here(viewer)
        return [with_number(AppealOut, appeal, case) for appeal, case, _ in appeals(viewer)]


def _appeals_here(viewer: Viewer) -> None:
    if viewer.notice.appeals is None:
        raise Missing


@router.post("/appeals", status_code=201, responses=REFUSALS)
def create_appeal(caller: Calling, given: AppealIn) -> AppealOut:
    """登记一件对审核不通过、未入选、取消资格、逾期失效的申诉；由办公室。"""
    with caller.changing() as viewer:
        _appeals_here(viewer)
        case = seen_case(viewer, given.case)
        said = Said(given.appellant, given.contact, given.text)
        return with_number(AppealOut, register_appeal(viewer.session, case.id, viewer.person, said), case)


@router.post("/appeals/{appeal_id}/answer", responses=REFUSALS)
def answer(caller: Calling, appeal_id: UUID, given: AppealAnswerIn) -> AppealOut:
    """答复一件申诉，只答复一次；由办公室。"""
    with caller.changing() as viewer:
        _appeals_here(viewer)
        found = viewer.session.get(Appeal, appeal_id)
        if found is None or found.season_id != viewer.season.id:
            raise Missing
        kept = answer_appeal(
            viewer.session, appeal_id, viewer.person, upheld=given.upheld, answer=given.answer
        )
        return with_number(AppealOut, kept, viewer.session.get_one(Case, kept.case_id))
