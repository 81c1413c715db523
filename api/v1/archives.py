"""How does another program fetch a whole case? As one zip of its papers and documents with a manifest."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from api.downloads import MEDIA_TYPES, disposition
from api.v1.caller import Calling, Text
from api.v1.cases import seen_case
from api.v1.problems import ProblemRoute, documented
from tasks.archive import case_archive, zipped
from tasks.award import need_office, payment_list

router = APIRouter(route_class=ProblemRoute, tags=["导出"])

BINARY = {MEDIA_TYPES["zip"]: {"schema": {"type": "string", "format": "binary"}}}
ANSWERS: dict[int | str, dict[str, Any]] = {
    **documented(401, 404, 409, 422),
    200: {"description": "全案材料", "content": BINARY},
}


@router.get("/exports/cases/{no}.zip", response_class=StreamingResponse, responses=ANSWERS)
def export_case(caller: Calling, no: Text) -> StreamingResponse:
    """一案的表格（PDF、Word）和调用人可看的材料；manifest.json 列出每个文件的 SHA-256 和未包括的材料。

    他人填报的案件，导出完整号码会记入流转记录。
    """
    with caller.changing() as viewer:
        case = seen_case(viewer, no)
        archive = case_archive(viewer.session, viewer, case)
    headers = {"Content-Disposition": disposition(f"{no}.zip"), "Cache-Control": "no-store"}
    return StreamingResponse(zipped(archive), media_type=MEDIA_TYPES["zip"], headers=headers)


SHEET: dict[int | str, dict[str, Any]] = {
    **documented(401, 404, 422),
    200: {
        "description": "激励金发放表",
        "content": {MEDIA_TYPES["xlsx"]: {"schema": {"type": "string", "format": "binary"}}},
    },
}


@router.get("/exports/awards.xlsx", response_class=Response, responses=SHEET)
def export_awards(caller: Calling) -> Response:
    """获认定人员的姓名、单位、激励金金额和发放日期；身份证号和银行账号两栏留空。只给办公室。"""
    with caller.looking() as viewer:
        need_office(viewer)
        made = payment_list(viewer)
    headers = {"Content-Disposition": disposition(made.filename), "Cache-Control": "no-store"}
    return Response(made.content, media_type=MEDIA_TYPES["xlsx"], headers=headers)
