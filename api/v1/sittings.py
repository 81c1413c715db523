"""What does a program read of a meeting, line by line, and how does it file the signed minutes (三（五）、三（六）)?"""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlmodel import col, select

from api.deps import Missing
from api.v1.caller import Calling
from api.v1.files import Sent, body_of
from api.v1.meetings import seen_sitting, told_meeting
from api.v1.problems import ProblemRoute, documented
from api.v1.schemas import MeetingOut
from models.gates import Gate
from models.meeting import Meeting, may_see_meeting
from models.meeting_checks import Sitting
from models.minutes import Line, read_minutes
from models.viewer import Viewer
from models.words import Attendance, GateState, Place, StepKind, Turn
from tasks.meetings import keep_scan

router = APIRouter(route_class=ProblemRoute, tags=["会议"])


class SittingBrief(BaseModel):
    """A meeting that has been called; `meeting` is empty until something is recorded."""

    gate: UUID
    step: str
    label: str
    round: int
    state: GateState
    due_at: datetime
    meeting: UUID | None


class MemberOut(BaseModel):
    person: UUID
    name: str
    attendance: Attendance | None = Field(description="空为尚未记录")


class LineOut(BaseModel):
    """One case as the meeting leaves it."""

    case: str
    name: str
    unit: str
    drafted: Place
    place: Place
    position: int
    turn: Turn
    reason: str
    votes: tuple[int, int, int] | None = Field(description="赞成、反对、弃权")
    recused: list[str] = Field(description="不计入票数的与会者")


class SittingOut(SittingBrief):
    """The meeting with those who are to come and its list, in the order of the draft."""

    record: MeetingOut | None
    members: list[MemberOut]
    lines: list[LineOut]


@router.get("/meetings", responses=documented(401, 404))
def list_meetings(caller: Calling) -> list[SittingBrief]:
    """本年度已召集的会议；只列调用人记录、参加或查看的。"""
    with caller.looking() as viewer:
        steps = [s for s in viewer.notice.season_steps if s.kind is StepKind.MEETING]
        seen = [s.key for s in steps if may_see_meeting(viewer, s)]
        if not seen:
            raise Missing
        gates = viewer.session.exec(
            select(Gate)
            .where(Gate.season_id == viewer.season.id, col(Gate.case_id).is_(None), col(Gate.step).in_(seen))
            .order_by(col(Gate.opened_at), col(Gate.round))
        )
        return [_brief(Sitting(viewer.session, viewer.season, viewer.notice, g)) for g in gates]


@router.get("/gates/{gate_id}/meeting", responses=documented(401, 404, 422))
def read_meeting(caller: Calling, gate_id: UUID) -> SittingOut:
    """一次会议：应到者、到会情况、逐名结论和票数。"""
    with caller.looking() as viewer:
        return _whole(viewer, seen_sitting(viewer, gate_id))


@router.post(
    "/meetings/{meeting_id}/scan",
    responses=documented(400, 401, 403, 404, 409, 422),
    openapi_extra=body_of("签字纪要的扫描件（PDF、JPG、PNG）"),
)
def file_minutes(caller: Calling, sent: Sent, meeting_id: UUID) -> MeetingOut:
    """存入签字纪要的扫描件，新的替换旧的；由记录人所在机构。"""
    with caller.changing() as viewer:
        meeting = viewer.session.get(Meeting, meeting_id)
        if meeting is None:
            raise Missing
        gate = seen_sitting(viewer, meeting.gate_id).gate
        kept = keep_scan(viewer.session, gate.id, viewer.person, sent.filename, sent.content)
        return told_meeting(viewer, gate, kept)


def _brief(sitting: Sitting) -> SittingBrief:
    return SittingBrief(**_facts(sitting))


def _facts(sitting: Sitting) -> dict[str, object]:
    gate = sitting.gate
    return {
        **gate.model_dump(include={"step", "round", "state", "due_at"}),
        "gate": gate.id,
        "label": sitting.step.label,
        "meeting": sitting.meeting.id if sitting.meeting else None,
    }


def _whole(viewer: Viewer, sitting: Sitting) -> SittingOut:
    record = sitting.meeting
    attended = record.attendance if record else {}
    members = [
        MemberOut.model_validate({"person": p.id, "name": p.name, "attendance": attended.get(str(p.id))})
        for p in sitting.members
    ]
    return SittingOut.model_validate(
        {
            **_facts(sitting),
            "record": told_meeting(viewer, sitting.gate, record) if record else None,
            "members": members,
            "lines": [_line(line) for line in read_minutes(sitting).drafted],
        }
    )


def _line(line: Line) -> LineOut:
    return LineOut(
        case=line.case.number,
        name=line.case.name,
        unit=line.unit,
        drafted=Place(line.entry.place),
        place=Place(line.place),
        position=line.position,
        turn=line.turn,
        reason=line.reason,
        votes=line.item.votes if line.item else None,
        recused=list(line.recused),
    )
