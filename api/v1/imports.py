"""How does another program hand in a filled 附件2, and fetch the list of people?"""

from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from api.downloads import MEDIA_TYPES, disposition
from api.uploads import Garbled, TooLarge, is_multipart, read_parts
from api.v1.caller import Calling, Text
from api.v1.problems import ProblemRoute, documented
from documents.problems import Severity
from models.filenames import safe_filename
from models.filestore import LARGEST_FILE
from models.verdict import Reason, Refused, require
from tasks.imports import check_sheet, checked_of, confirm_import, examine, own_organisation
from tasks.summaries import Wanted, take_list

router = APIRouter(route_class=ProblemRoute, tags=["汇总表"])

XLSX = MEDIA_TYPES["xlsx"]
RAW = "application/octet-stream"
UNNAMED = "汇总表.xlsx"
BINARY = {"schema": {"type": "string", "format": "binary"}}
FORM = {
    "schema": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary", "description": "填好的汇总表"}},
        "required": ["file"],
    }
}
BODY = {
    "requestBody": {"required": True, "content": {"multipart/form-data": FORM, RAW: BINARY, XLSX: BINARY}}
}
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


async def sent_file(request: Request) -> tuple[str, bytes]:
    """The file of a form, or the body itself, named by `X-Filename`."""
    try:
        if is_multipart(request):
            return await _file_of_form(request)
        return await _body(request)
    except TooLarge as error:
        raise Refused(Reason("too_large", error.text, "", "invalid", "file")) from None
    except Garbled:
        raise Refused(Reason("garbled", "上传没有传完，请重新上传。", "", "invalid", "file")) from None


async def _file_of_form(request: Request) -> tuple[str, bytes]:
    parts = await read_parts(request, largest_text=100_000, most_fields=20, largest=LARGEST_FILE + 100_000)
    if parts.refusal is not None:
        raise parts.refusal
    for _, upload in parts.files:
        return upload.filename, upload.content
    raise Refused(Reason("file_missing", "没有收到文件，请在 file 中上传汇总表。", "", "invalid", "file"))


async def _body(request: Request) -> tuple[str, bytes]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FILE:
            raise TooLarge("文件超过20MB，系统没有接收。")
    return safe_filename(unquote(request.headers.get("x-filename", UNNAMED))), bytes(body)


Sent = Annotated[tuple[str, bytes], Depends(sent_file)]


@router.post("/imports", responses=documented(400, 401, 403, 404, 409, 422), openapi_extra=BODY)
def import_sheet(
    caller: Calling,
    sent: Sent,
    dry_run: Annotated[bool, Query(description="只校验，不录入")] = False,
) -> ImportOut:
    """导入附件2汇总表：没有错误时全部录入为草稿；有一处错误，一名也不录入（409），各条理由写明行和列。

    上传 multipart/form-data 的 file，或直接以文件为请求内容（文件名可写在 X-Filename 中）。
    """
    filename, content = sent
    with caller.changing() as viewer:
        if dry_run:
            result = examine(viewer, filename, content, own_organisation(viewer)).result
            return ImportOut.model_validate(result)
        sheet = check_sheet(viewer.session, viewer.season, viewer.person, filename, content)
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
    headers = {"Content-Disposition": disposition(made.filename), "Cache-Control": "no-store"}
    return Response(made.content, media_type=XLSX, headers=headers)
