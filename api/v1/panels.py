"""Who inspects and judges what, who could step in, and how does a program change it (三（三）、三（四）)?"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from api.deps import Missing
from api.v1.caller import Calling, LongText, Text
from api.v1.problems import ProblemRoute, documented
from models.gates import Assignment, Gate
from models.panels import Member, Panel, Sheet, assigned_steps, members, one_panel, open_panels
from models.verdict import Reason, Refused
from models.viewer import Viewer
from models.words import AssignmentState
from tasks.panels import add_member, replace_member, take_away

router = APIRouter(route_class=ProblemRoute, tags=["评审组"])

REFUSALS = documented(400, 401, 403, 404, 409, 422)
PROPOSED = 10


class SheetOut(BaseModel):
    task: UUID
    person: UUID
    name: str
    state: AssignmentState
    vacant: bool = Field(description="是否须补派")


class ProposedOut(BaseModel):
    """One who could join: not recused and not on the panel."""

    person: UUID
    name: str
    knows: bool = Field(description="是否熟悉该案的类别")
    load: int = Field(description="本年度已派的案件数")


class PanelOut(BaseModel):
    """Those who are asked by name at one gate; no score and no opinion stands here."""

    gate: UUID
    case: str
    category: str
    step: str
    due_at: datetime
    asked: int = Field(description="规定人数")
    answered: int
    members: list[SheetOut]
    proposed: list[ProposedOut] = Field(description=f"系统建议的人员，最合适的在前，最多{PROPOSED}名")


class PanelPage(BaseModel):
    items: list[PanelOut]
    total: int
    page: int
    pages: int


class MemberIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person: UUID
    replaces: UUID | None = Field(None, description="所更换的任务；不写的为加派")


class LeaveIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    task: UUID
    reason: LongText = ""


@router.get("/panels", responses=documented(401, 404, 422))
def list_panels(
    caller: Calling,
    step: Annotated[Text, Query(max_length=40)] = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> PanelPage:
    """在办的查验组、评审组，须补派的在前；只给办公室。"""
    with caller.looking() as viewer:
        found = open_panels(viewer, members(viewer), page, step)
        items = [_panel(p) for p in found.rows]
        return PanelPage(items=items, total=found.total, page=found.page, pages=found.pages)


@router.get("/gates/{gate_id}/panel", responses=documented(401, 404, 422))
def read_panel(caller: Calling, gate_id: UUID) -> PanelOut:
    """一个关口的人员和可补派的人；只给办公室。"""
    with caller.looking() as viewer:
        return _told(viewer, _gate(viewer, gate_id))


@router.post("/gates/{gate_id}/panel", status_code=201, responses=REFUSALS)
def assign(caller: Calling, gate_id: UUID, given: MemberIn) -> PanelOut:
    """加派一人，或以他更换尚未答复的一人；由办公室。"""
    with caller.changing() as viewer:
        session, gate = viewer.session, _gate(viewer, gate_id)
        if given.replaces is not None:
            replace_member(session, _task(viewer, gate, given.replaces), given.person, viewer.person)
        else:
            add_member(session, _task(viewer, gate, None), given.person, viewer.person)
        return _told(viewer, gate)


@router.post("/gates/{gate_id}/panel/leave", responses=REFUSALS)
def release(caller: Calling, gate_id: UUID, given: LeaveIn) -> PanelOut:
    """撤下一人，不再等待他的答复；少于规定人数的须写明理由。由办公室。"""
    with caller.changing() as viewer:
        gate = _gate(viewer, gate_id)
        take_away(viewer.session, _task(viewer, gate, given.task), viewer.person, given.reason)
        return _told(viewer, gate)


def _gate(viewer: Viewer, gate_id: UUID) -> Gate:
    """A gate of a case in view at which people are asked by name."""
    gate = viewer.session.get(Gate, gate_id)
    if gate is None or gate.case_id is None or gate.step not in assigned_steps(viewer):
        raise Missing
    if gate.season_id != viewer.season.id or not viewer.sees_case(gate.case_id):
        raise Missing
    return gate


def _task(viewer: Viewer, gate: Gate, named: UUID | None) -> UUID:
    """The assignment that is named, or any of the gate's: it says which body is asked."""
    wanted = select(Assignment.id).where(Assignment.gate_id == gate.id).order_by(col(Assignment.id))
    ids = viewer.session.exec(wanted).all()
    if not ids or (named is not None and named not in ids):
        raise Refused(Reason("unknown_task", "这个关口没有这项任务。", kind="invalid", field="task"))
    return named or ids[0]


def _told(viewer: Viewer, gate: Gate) -> PanelOut:
    viewer.session.flush()
    case = viewer.sees_case(gate.case_id or gate.id)
    if case is None:
        raise Missing
    return _panel(one_panel(viewer, members(viewer), gate, case))


def _panel(panel: Panel) -> PanelOut:
    return PanelOut(
        gate=panel.gate.id,
        case=panel.case.number,
        category=panel.case.category,
        step=panel.gate.step,
        due_at=panel.gate.due_at,
        asked=panel.decider.assign or 1,
        answered=panel.answered,
        members=[_sheet(s) for s in panel.sheets],
        proposed=[_proposed(m, panel.case.category) for m in panel.fitting[:PROPOSED]],
    )


def _sheet(sheet: Sheet) -> SheetOut:
    return SheetOut(
        task=sheet.assignment.id,
        person=sheet.person.id,
        name=sheet.person.name,
        state=sheet.state,
        vacant=sheet.is_vacant,
    )


def _proposed(member: Member, category: str) -> ProposedOut:
    return ProposedOut(
        person=member.person.id, name=member.person.name, knows=category in member.trades, load=member.load
    )
