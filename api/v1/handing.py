"""How does a program pass a task to a colleague, and name who stands in for somebody (转办、委派、代理)?"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from api.deps import Missing
from api.v1.caller import Calling, Line
from api.v1.gates import seen_gate
from api.v1.problems import ProblemRoute, documented
from models.gates import Assignment
from models.handing import taken_over
from models.notice import day_end, day_start
from models.people import Seat
from models.season import now
from models.verdict import Reason, Refused
from models.viewer import Viewer
from tasks.handing import delegate, hand_over, take_back
from tasks.substitutes import end_substitute, name_substitute

router = APIRouter(route_class=ProblemRoute, tags=["关口"])

ANSWERS = documented(400, 401, 403, 404, 409, 422)


class HandingIn(BaseModel):
    """To which colleague a task of the gate goes, and how; `task` names it where the gate has several."""

    model_config = ConfigDict(extra="forbid")

    task: UUID
    to: UUID | None = Field(None, description="接手的同事；how 为 taken_back 时不写")
    how: Literal["handed_over", "delegated", "taken_back"] = "handed_over"
    reason: Annotated[Line, Field(max_length=500)] = ""


class HandingOut(BaseModel):
    """Who has the task now: nobody by name means that its whole body may answer."""

    task: UUID
    person: UUID | None
    acts_for: UUID | None


class SubstituteIn(BaseModel):
    """Who stands in for whom on which days (both included); `away` is the caller himself unless the office names it."""

    model_config = ConfigDict(extra="forbid")

    substitute: UUID
    since: date
    until: date
    reason: Annotated[Line, Field(max_length=200)]
    away: UUID | None = None


class SubstituteOut(BaseModel):
    id: UUID
    body: str
    away: UUID
    substitute: UUID
    since: datetime
    until: datetime | None


@router.post("/gates/{gate_id}/handings", status_code=201, responses=ANSWERS)
def hand_gate(caller: Calling, gate_id: UUID, given: HandingIn) -> HandingOut:
    """把关口的一项任务转办、委派给同一单位的同事，或收回。"""
    with caller.changing() as viewer:
        task = _task(viewer, gate_id, given.task)
        if given.how == "taken_back":
            take_back(viewer.session, task.id, viewer.person)
        elif given.to is None:
            raise Refused(Reason("nobody_chosen", "请用 to 写明转交给谁。", kind="invalid", field="to"))
        else:
            verb = delegate if given.how == "delegated" else hand_over
            verb(viewer.session, task.id, given.to, viewer.person, given.reason)
        return HandingOut(task=task.id, person=task.person_id, acts_for=task.given_by)


def _task(viewer: Viewer, gate_id: UUID, task_id: UUID) -> Assignment:
    """The task, for who may see its gate, and for who has delegated it."""
    found = viewer.session.exec(
        select(Assignment).where(col(Assignment.gate_id) == gate_id, col(Assignment.id) == task_id)
    ).first()
    if found is None or found.given_by != viewer.person.id:
        seen_gate(viewer, gate_id)
    if found is None:
        text = "这个关口没有这项任务。"
        raise Refused(Reason("unknown_task", text, kind="invalid", field="task"))
    return found


@router.get("/substitutes", responses=documented(401, 404, 422))
def list_substitutes(caller: Calling) -> list[SubstituteOut]:
    """没有结束的代理：办公室看全部，其他人看与自己有关的。"""
    with caller.looking() as viewer:
        whose = None if viewer.is_office else viewer.person
        return [_out(s.seat) for s in taken_over(viewer.session, viewer.season, whose)]


@router.post("/substitutes", status_code=201, responses=ANSWERS)
def add_substitute(caller: Calling, given: SubstituteIn) -> list[SubstituteOut]:
    """登记不在岗和代理人，每个席位一行。"""
    with caller.changing() as viewer:
        made = name_substitute(
            viewer.session,
            viewer.season.id,
            given.away or viewer.person.id,
            given.substitute,
            max(day_start(given.since), now(viewer.season)),
            day_end(given.until),
            viewer.person,
            given.reason,
        )
        return [_out(seat) for seat in made]


@router.post("/substitutes/{substitute_id}/end", responses=ANSWERS)
def stop_substitute(caller: Calling, substitute_id: UUID) -> SubstituteOut:
    """提前结束代理。"""
    with caller.changing() as viewer:
        seat = viewer.session.get(Seat, substitute_id)
        if seat is None or seat.season_id != viewer.season.id or not viewer.seats:
            raise Missing
        end_substitute(viewer.session, substitute_id, viewer.person)
        return _out(seat)


def _out(seat: Seat) -> SubstituteOut:
    assert seat.stands_in_for is not None
    return SubstituteOut(
        id=seat.id,
        body=seat.body,
        away=seat.stands_in_for,
        substitute=seat.person_id,
        since=seat.since,
        until=seat.until,
    )
