"""How does a program put a wrong entry right (七（二）), or the way by which a candidate comes in (四）)?"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.v1.caller import Calling, Line, LongText, Text
from api.v1.cases import brief, seen_case, told_case
from api.v1.problems import ProblemRoute, documented
from api.v1.requests import FormIn
from api.v1.schemas import CaseBrief, CaseOut
from models.people import Organisation
from models.season import notice_by_digest
from models.verdict import Reason, Refused, require
from models.viewer import Viewer
from tasks.channels import Way, confirm_channel, doubted
from tasks.correcting import approvals_of, check_correct, correct_entry, correctable

router = APIRouter(route_class=ProblemRoute, tags=["案件"])

REFUSALS = documented(400, 401, 403, 404, 409, 422)
Key = Annotated[Line, Field(max_length=40)]


class CorrectionIn(BaseModel):
    """New contents of fields that were handed in; those that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    fields: FormIn
    reason: LongText
    ask_again: list[Key] = Field([], max_length=50, description="须重新征求意见的环节的键")


class ApprovalOut(BaseModel):
    """An approval that looked at the fields; one that depends on them is asked again in any case."""

    step: str
    label: str
    always: bool = Field(description="更正这些栏目，必须重新征求意见")


class CorrectableOut(BaseModel):
    fields: list[str] = Field(description="可以更正的栏目")
    approvals: list[ApprovalOut] = Field(description="审看过所问栏目的环节")


class CorrectedOut(CaseOut):
    asked_again: list[str] = Field(description="重新征求意见的环节")


class WayIn(BaseModel):
    """By which channel and route, through which county, recommended by which unit; what does not apply is left out."""

    model_config = ConfigDict(extra="forbid")

    channel: Key
    route: Key
    county: Key | None = None
    unit_id: UUID | None = None


class ChannelIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    way: WayIn | None = Field(None, description="改为；不写的，按现在的渠道确认")
    reason: LongText = ""


@router.get("/cases/{no}/corrections", responses=documented(401, 403, 404, 409, 422))
def read_correctable(
    caller: Calling, no: Text, field: Annotated[list[Text] | None, Query(max_length=100)] = None
) -> CorrectableOut:
    """可以更正的栏目；field 写明要更正的栏目的，列出审看过它们的环节。"""
    with caller.looking() as viewer:
        case = seen_case(viewer, no)
        notice = notice_by_digest(viewer.session, case.notice_digest)
        require(check_correct(viewer, notice, case))
        looked = approvals_of(viewer.session, viewer.season, notice, case, field or [])
        return CorrectableOut(
            fields=[f.key for f in correctable(notice, case)],
            approvals=[ApprovalOut(step=s.key, label=s.label, always=always) for s, always in looked],
        )


@router.post("/cases/{no}/corrections", responses=REFUSALS)
def correct_case(caller: Calling, no: Text, given: CorrectionIn) -> CorrectedOut:
    """更正提交以后发现的差错；由办公室。材料成为新的一版，案件在现在的环节继续。"""
    with caller.changing() as viewer:
        case, changes = seen_case(viewer, no), given.fields.model_dump()
        asked = correct_entry(viewer.session, case.id, viewer.person, changes, given.reason, given.ask_again)
        return CorrectedOut(**told_case(viewer, case).model_dump(), asked_again=asked)


@router.get("/channels", responses=documented(401, 404))
def list_doubted(caller: Calling) -> list[CaseBrief]:
    """申报渠道有待办公室确认的人选；只给办公室。"""
    with caller.looking() as viewer:
        return [
            brief(case, _unit(viewer, case.unit_id), []) for case in doubted(viewer.session, viewer.season.id)
        ]


def _unit(viewer: Viewer, unit_id: UUID | None) -> str | None:
    found = viewer.session.get(Organisation, unit_id) if unit_id else None
    return found.name if found else None


@router.post("/cases/{no}/channel", responses=REFUSALS)
def confirm_way(caller: Calling, no: Text, given: ChannelIn) -> CaseOut:
    """确认或变更申报渠道；由办公室。变更以后，与原单位、原县（区）有关的环节重新办理。"""
    with caller.changing() as viewer:
        case = seen_case(viewer, no)
        way = _way(viewer, given.way) if given.way else None
        return told_case(viewer, confirm_channel(viewer.session, case.id, viewer.person, way, given.reason))


def _way(viewer: Viewer, given: WayIn) -> Way:
    if given.unit_id is not None and viewer.session.get(Organisation, given.unit_id) is None:
        text = "没有这个推荐单位，请核对 unit_id。"
        raise Refused(Reason("unknown_unit", text, "四", "invalid", "way.unit_id"))
    return Way(given.channel, given.route, given.county, given.unit_id)
