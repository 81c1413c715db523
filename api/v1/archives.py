"""How does another program fetch a whole case? As one zip of its papers and documents with a manifest."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api.downloads import MEDIA_TYPES, disposition
from api.v1.caller import Calling, Text
from api.v1.cases import seen_case
from api.v1.problems import ProblemRoute, documented
from tasks.archive import case_archive, zipped

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
