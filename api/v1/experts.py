"""Who may be asked to inspect or judge, and how does a program say which trades they know (三（四）)?"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.v1.caller import Calling, Line
from api.v1.problems import ProblemRoute, documented
from models.panels import Member, members
from models.viewer import Viewer
from tasks.experts import set_trades

router = APIRouter(route_class=ProblemRoute, tags=["评审组"])

Category = Annotated[Line, Field(max_length=40)]


class TradesIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    trades: list[Category] = Field(max_length=100, description="附件5类别的键；空为未定")


class ExpertOut(BaseModel):
    """One who may be asked by name, once for each body in which he sits."""

    person: UUID
    name: str
    body: str
    employer: str
    trades: list[str] = Field(description="熟悉的类别（附件5）")
    open: int = Field(description="待办的任务数")
    late: int = Field(description="其中逾期的")
    answered: int
    recusals: int = Field(description="已登记的回避数")


@router.get("/experts", responses=documented(401, 404))
def list_experts(caller: Calling) -> list[ExpertOut]:
    """本年度的查验人员和评审专家，连同类别、工作量；只给办公室。"""
    with caller.looking() as viewer:
        return [_told(m) for m in members(viewer)]


@router.post("/experts/{person_id}/trades", responses=documented(400, 401, 403, 404, 409, 422))
def record_trades(caller: Calling, person_id: UUID, given: TradesIn) -> list[ExpertOut]:
    """登记一人熟悉的类别，今后自动提出人员时按此；由办公室。"""
    with caller.changing() as viewer:
        set_trades(viewer.session, viewer.season.id, person_id, viewer.person, given.trades)
        return _of(viewer, person_id)


def _of(viewer: Viewer, person_id: UUID) -> list[ExpertOut]:
    return [_told(m) for m in members(viewer) if m.person.id == person_id]


def _told(member: Member) -> ExpertOut:
    return ExpertOut(
        person=member.person.id,
        name=member.person.name,
        body=member.body,
        employer=member.person.employer or "",
        trades=member.trades,
        open=member.open,
        late=member.late,
        answered=member.answered,
        recusals=member.recusals,
    )
