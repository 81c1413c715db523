"""How is a visit arranged by a program, its photos kept, and its reports read (三（三）)?

What the inspectors found is their answer: `POST /gates/{id}/decisions` with `facts.findings`.
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from api.deps import Missing
from api.v1.caller import Calling, Line, Text
from api.v1.cases import seen_case
from api.v1.files import Sent, body_of
from api.v1.gates import own_task, seen_gate
from api.v1.problems import ProblemRoute, documented
from models.casefile import read_casefile
from models.gates import Assignment
from models.inspection import Report, reports
from tasks.inspections import add_photo, set_visit

router = APIRouter(route_class=ProblemRoute, tags=["查验"])


class VisitIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    day: date
    place: Annotated[Line, Field(max_length=200)] = ""


class VisitOut(BaseModel):
    day: date
    place: str
    set_at: datetime


class PhotoOut(BaseModel):
    id: UUID
    filename: str
    size: int
    sha256: str


class FindingOut(BaseModel):
    point: str
    text: str


class InspectionOut(BaseModel):
    """One inspector's report, as far as the caller may read it."""

    gate: UUID
    inspector: str
    answer: str = Field(description="建议")
    opinion: str
    decided_at: datetime
    visit: VisitOut | None
    findings: list[FindingOut]
    photos: list[PhotoOut]


@router.get("/cases/{no}/inspections", responses=documented(401, 404, 422))
def list_inspections(caller: Calling, no: Text) -> list[InspectionOut]:
    """已交的查验报告；只列调用人可看的。"""
    with caller.looking() as viewer:
        file = read_casefile(viewer, seen_case(viewer, no))
        return [_report(r) for r in reports(viewer, file)]


def _report(report: Report) -> InspectionOut:
    decision = report.answered.decision
    assert decision is not None
    return InspectionOut(
        gate=report.opened.gate.id,
        inspector=report.answered.who,
        answer=report.answered.answer,
        opinion=decision.opinion,
        decided_at=decision.decided_at,
        visit=VisitOut.model_validate(report.visit, from_attributes=True) if report.visit else None,
        findings=[FindingOut(point=point, text=text) for point, text in report.findings],
        photos=[PhotoOut.model_validate(p, from_attributes=True) for p in report.photos],
    )


@router.post("/gates/{gate_id}/visit", responses=documented(400, 401, 403, 404, 409, 422))
def plan_visit(caller: Calling, gate_id: UUID, given: VisitIn) -> VisitOut:
    """安排或更改查验日期、地点；由办公室。"""
    with caller.changing() as viewer:
        gate = seen_gate(viewer, gate_id)
        wanted = select(Assignment.id).where(Assignment.gate_id == gate.id).order_by(col(Assignment.id))
        first = viewer.session.exec(wanted).first()
        if first is None:
            raise Missing
        visit = set_visit(viewer.session, first, given.day, given.place, viewer.person)
        return VisitOut.model_validate(visit, from_attributes=True)


@router.post(
    "/gates/{gate_id}/photos",
    status_code=201,
    responses=documented(400, 401, 403, 404, 409, 422),
    openapi_extra=body_of("现场照片（JPG、PNG）"),
)
def keep_photo(caller: Calling, sent: Sent, gate_id: UUID) -> PhotoOut:
    """为调用人自己还没有交的查验报告存一张照片。"""
    with caller.changing() as viewer:
        task = own_task(viewer, seen_gate(viewer, gate_id), None)
        photo = add_photo(viewer.session, task.id, sent.filename, sent.content, viewer.person)
        return PhotoOut.model_validate(photo, from_attributes=True)
