"""How is a meeting recorded by a program, and its list confirmed?"""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select

from api.deps import Missing
from api.v1.caller import Calling
from api.v1.gates import ids_by_number
from api.v1.problems import ProblemRoute, documented
from api.v1.requests import CloseIn, ConclusionIn, MeetingIn
from api.v1.schemas import MeetingOut
from models.actions import Given
from models.gates import Assignment, Gate
from models.lists import Shortlist
from models.meeting import Meeting, may_see_meeting
from models.meeting_checks import Sitting
from models.people import Person
from models.verdict import Reason, Refused
from models.viewer import Viewer
from models.words import Effect, GateState, ListState
from tasks.decide import decide, lock_task
from tasks.meetings import Conclusion, Head, Noted, find_sitting, keep_minutes
from tasks.shortlists import seen_digest

router = APIRouter(route_class=ProblemRoute, tags=["会议"])


@router.post("/meetings", status_code=201, responses=documented(400, 401, 403, 404, 409, 422))
def record_meeting(caller: Calling, given: MeetingIn) -> MeetingOut:
    """保存会议记录：可分次保存，没有写的部分保持不变；确认之前不影响任何人选。"""
    with caller.changing() as viewer:
        sitting = seen_sitting(viewer, given.gate)
        head = (
            Head(given.number, given.held_on, given.place, given.chair, given.note)
            if given.has_head
            else None
        )
        attendance = {str(p): was for p, was in given.attendance.items()} or None
        noted = Noted(head, attendance, _conclusions(sitting, given.conclusions) or None)
        return told_meeting(
            viewer, sitting.gate, keep_minutes(viewer.session, given.gate, viewer.person, noted)
        )


@router.post("/meetings/{meeting_id}/close", responses=documented(400, 401, 403, 404, 409, 422))
def close_meeting(caller: Calling, meeting_id: UUID, given: CloseIn) -> MeetingOut:
    """由与会者确认整张名单，一次生效；记录过的人不能确认。draft 是看到的会议记录的散列。"""
    with caller.changing() as viewer:
        meeting = viewer.session.get(Meeting, meeting_id)
        if meeting is None:
            raise Missing
        gate = seen_sitting(viewer, meeting.gate_id).gate
        task = lock_task(viewer.session, _assignment(viewer, gate).id)
        if given.draft is not None and given.draft != _digest(viewer, gate):
            text = "您看过之后，会议记录或名单草案有了变动，请重新读取后再确认。"
            raise Refused(Reason("draft_changed", text, task.step.clause, field="draft"))
        answer = next(a.key for a in task.step.answers if a.effect is Effect.PASS)
        ids = ids_by_number(viewer, given.laggards)
        facts = {"laggards": {ids[number]: fate for number, fate in given.laggards.items()}}
        said = Given(answer, opinion=given.opinion, facts=facts)
        decide(viewer.session, task.assignment.id, viewer.person, said)
        viewer.session.refresh(meeting)
        return told_meeting(viewer, task.gate, meeting)


def seen_sitting(viewer: Viewer, gate_id: UUID) -> Sitting:
    """The meeting, for the office, who records it and who meets."""
    try:
        sitting = find_sitting(viewer.session, gate_id)
    except Refused:
        raise Missing from None
    if sitting.season.id != viewer.season.id or not may_see_meeting(viewer, sitting.step):
        raise Missing
    return sitting


def _assignment(viewer: Viewer, gate: Gate) -> Assignment:
    """The caller's own task at this gate; somebody else's is left for the verb to refuse."""
    tasks = viewer.session.exec(select(Assignment).where(Assignment.gate_id == gate.id)).all()
    return next((t for t in tasks if t.body in viewer.bodies), tasks[0])


def _conclusions(sitting: Sitting, given: Mapping[str, ConclusionIn]) -> dict[UUID, Conclusion]:
    ids = {case.number: case.id for _, case in sitting.rows}
    if unknown := [n for n in given if n not in ids]:
        text = f"{'、'.join(unknown)}不在名单草案中。"
        raise Refused(Reason("not_on_list", text, sitting.step.clause, "invalid", "conclusions"))
    return {
        ids[number]: Conclusion(
            said.place, said.position, said.reason, said.votes, frozenset(str(p) for p in said.recused)
        )
        for number, said in given.items()
    }


def _digest(viewer: Viewer, gate: Gate) -> str:
    shortlist = viewer.session.exec(
        select(Shortlist).where(Shortlist.gate_id == gate.id, Shortlist.state == ListState.DRAFT)
    ).first()
    return seen_digest(viewer.session, shortlist) if shortlist else ""


def told_meeting(viewer: Viewer, gate: Gate, meeting: Meeting) -> MeetingOut:
    """The head of the record, who was there, and the digest of what would be confirmed."""
    names = {
        p.id: p.name
        for p in viewer.session.exec(
            select(Person).where(col(Person.id).in_([UUID(p) for p in meeting.recorders]))
        )
    }
    return MeetingOut(
        **meeting.model_dump(include={"id", "number", "held_on", "place", "saved_at"}),
        gate=gate.id,
        step=gate.step,
        state="open" if gate.state == GateState.OPEN else "closed",
        attendance=meeting.attendance,
        recorders=sorted(names.values()),
        scanned=meeting.scan_id is not None,
        draft=_digest(viewer, gate),
    )
