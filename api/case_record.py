"""How does somebody read the whole record of a case, and take it away as PDF or JSON? Who sees the case may."""

import json
from uuid import UUID

from fastapi import APIRouter, Response

from api.cases import seen_case
from api.deps import Visiting
from api.downloads import download
from api.render import Tag, page
from models.anchor import newest_anchor
from models.casefile import read_casefile
from tasks.record_export import check_record, record_json, record_pdf
from tasks.record_texts import of_case, read_told

router = APIRouter()


@router.get("/cases/{case_id}/record")
def record_page(visit: Visiting, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    file = read_casefile(visit.viewer, case)
    return page(
        visit,
        "case_record.html",
        case=case,
        told=read_told(visit.viewer, of_case(file)),
        fault=check_record(visit.session, case),
        good_tag=Tag("完整", "green"),
        bad_tag=Tag("有改动", "red"),
        anchor=newest_anchor(visit.session, case.season_id),
    )


@router.get("/cases/{case_id}/record.pdf")
def record_on_paper(visit: Visiting, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    return download(
        f"{case.number}流转记录.pdf", record_pdf(visit.viewer, of_case(read_casefile(visit.viewer, case)))
    )


@router.get("/cases/{case_id}/record.json")
def record_as_data(visit: Visiting, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    told = record_json(visit.viewer, of_case(read_casefile(visit.viewer, case)))
    return download(f"{case.number}流转记录.json", json.dumps(told, ensure_ascii=False, indent=2).encode())
