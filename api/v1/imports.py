"""How does another program hand in a filled 附件2, and fetch the list of people?"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.downloads import MEDIA_TYPES, disposition
from api.v1.caller import Calling, Text
from api.v1.files import BINARY, Sent, body_of
from api.v1.problems import ProblemRoute, documented
from documents.problems import Severity
from models.verdict import Reason, require
from tasks.imports import check_sheet, checked_of, confirm_import, examine, own_organisation
from tasks.summaries import Wanted, take_list

router = APIRouter(route_class=ProblemRoute, tags=["汇总表"])

XLSX = MEDIA_TYPES["xlsx"]
UNNAMED = "汇总表.xlsx"
BODY = body_of("填好的汇总表", media_type=XLSX)
ANSWERS: dict[int | str, dict[str, Any]] = {
    **documented(401, 404, 422),
    200: {"description": "汇总表（附件2）", "content": {XLSX: BINARY}},
}


class FaultOut(BaseModel):
    column: str = Field(description="列名；关于整个文件的为空")
    code: str
    severity: Severity
    message: str


class RowOut(BaseModel):
    row: int = Field(description="表格中的行号")
    values: dict[str, str | int]
    problems: list[FaultOut]


class SkippedOut(BaseModel):
    row: int
    code: str
    message: str


class ImportOut(BaseModel):
    """What was read of a sheet; `imported` names the cases that were made of it."""

    rows: list[RowOut]
    accepted: int
    rejected: int
    problems: list[FaultOut]
    skipped: list[SkippedOut]
    imported: list[str] = []


@router.post("/imports", responses=documented(400, 401, 403, 404, 409, 422), openapi_extra=BODY)
def import_sheet(
    caller: Calling,
    sent: Sent,
    dry_run: Annotated[bool, Query(description="只校验，不录入")] = False,
) -> ImportOut:
    """导入附件2汇总表：没有错误时全部录入为草稿；有一处错误，一名也不录入（409），各条理由写明行和列。

    上传 multipart/form-data 的 file，或直接以文件为请求内容（文件名可写在 X-Filename 中）。
    """
    name = sent.filename or UNNAMED
    with caller.changing() as viewer:
        if dry_run:
            result = examine(viewer, name, sent.content, own_organisation(viewer)).result
            return ImportOut.model_validate(result)
        sheet = check_sheet(viewer.session, viewer.season, viewer.person, name, sent.content)
        result = checked_of(sheet).result
        require(_faults(result))
        cases = confirm_import(viewer.session, sheet.id, viewer.person)
        return ImportOut.model_validate(result | {"imported": [c.number for c in cases]})


def _faults(result: dict[str, Any]) -> tuple[Reason, ...]:
    """Every error as a reason; its field is the column."""
    found = [*result["problems"], *(p for row in result["rows"] for p in row["problems"])]
    return tuple(
        Reason(p["code"], p["message"], "附件2", "conflict", p["column"])
        for p in found
        if p["severity"] == Severity.ERROR
    )


@router.get("/exports/summary.xlsx", response_class=Response, responses=ANSWERS)
def export_summary(
    caller: Calling,
    county: Annotated[Text, Query(max_length=40, description="县（区）代码")] = "",
    unit: Annotated[Text, Query(max_length=200, description="推荐单位全称")] = "",
) -> Response:
    """调用人可见的人选，按附件2的列名、次序和版式；无权查看的号码以星号遮盖，导出他人填报的完整号码会留下记录。"""
    with caller.changing() as viewer:
        made = take_list(viewer, Wanted(county, unit))
    caller.request.state.rows = made.people
    headers = {"Content-Disposition": disposition(made.filename), "Cache-Control": "no-store"}
    return Response(made.content, media_type=XLSX, headers=headers)
