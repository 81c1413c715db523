"""Which reports are on record, and how does a program record one (三（八）)?"""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from api.deps import Missing
from api.v1.caller import Calling, Line, LongText, Text
from api.v1.problems import ProblemRoute, documented
from models.coverage import Coverage, Draft, Narrowed, Reported, reads_coverage, reports
from models.honours import recognised_cases
from models.notice import Notice
from models.season import Season
from models.verdict import Reason, Refused
from tasks.coverage import add_coverage, remove_coverage, tidy_draft

router = APIRouter(route_class=ProblemRoute, tags=["宣传展示"])

Filter = Annotated[Text, Query(max_length=80)]


class ReportIn(BaseModel):
    """A report; `cases` are the numbers of those whom it concerns, none for the season as a whole."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[Line, Field(max_length=40, description="通知 publicity.kinds 的键")]
    medium: Line
    title: Line
    published_on: date
    link: Annotated[Text, Field(max_length=2000)] = ""
    cases: list[Line] = []


class RemovalIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: LongText


class ReportOut(BaseModel):
    id: UUID
    kind: str
    medium: str
    title: str
    published_on: date
    link: str
    cases: list[str] = Field(description="所报道的人选的编号")
    clipping: bool = Field(description="是否存有剪报")


@router.get("/publicity", responses=documented(401, 404, 422))
def list_reports(
    caller: Calling, kind: Filter = "", medium: Filter = "", month: Filter = ""
) -> list[ReportOut]:
    """宣传报道，最近的在前；month 如 2026-05。"""
    with caller.looking() as viewer:
        return [_told(r) for r in reports(viewer.session, viewer.season, Narrowed(kind, medium, month))]


@router.post("/publicity", status_code=201, responses=documented(400, 401, 403, 404, 409, 422))
def create_report(caller: Calling, given: ReportIn) -> ReportOut:
    """登记一条宣传报道；由办公室和通知列名的媒体登记。剪报在网页上传。"""
    with caller.changing() as viewer:
        draft = Draft(
            kind=given.kind,
            medium=given.medium,
            title=given.title,
            published_on=given.published_on.isoformat(),
            link=given.link,
            case_ids=_ids(viewer.session, viewer.season, viewer.notice, given.cases),
        )
        kept = add_coverage(viewer.session, viewer.season.id, viewer.person, tidy_draft(draft))
        told = next(r for r in reports(viewer.session, viewer.season) if r.coverage.id == kept.id)
        return _told(told)


@router.post(
    "/publicity/{report_id}/remove", status_code=204, responses=documented(400, 401, 403, 404, 409, 422)
)
def remove_report(caller: Calling, report_id: UUID, given: RemovalIn) -> None:
    """移除误登的报道，须写明理由，记录留存；办公室可移除任何一条，媒体可移除自己登记的。"""
    with caller.changing() as viewer:
        found = viewer.session.get(Coverage, report_id)
        if not reads_coverage(viewer) or found is None or found.season_id != viewer.season.id:
            raise Missing
        remove_coverage(viewer.session, report_id, viewer.person, given.reason)


def _ids(session: Session, season: Season, notice: Notice, numbers: list[str]) -> tuple[UUID, ...]:
    known = {c.number: c.id for c in recognised_cases(session, season, notice)}
    if unknown := [n for n in numbers if n not in known]:
        text = f"没有编号为{'、'.join(unknown)}的获认定人员。"
        raise Refused(Reason("not_recognised", text, "三（八）", "invalid", "cases"))
    return tuple(known[n] for n in numbers)


def _told(one: Reported) -> ReportOut:
    known = one.coverage.model_dump(include=set(ReportOut.model_fields) - {"cases", "clipping"})
    return ReportOut(**known, cases=[c.number for c in one.people], clipping=one.clipping is not None)
