"""How is a meeting recorded, step by step, and its signed minutes kept (三（五）、三（六）)?

The record is a draft: it changes no case and binds nobody until another person confirms the list as a whole
(`tasks.decide`). Who writes in it is remembered, and may not be the one who confirms.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlmodel import Session

from documents.problems import Refusal
from models.filestore import LARGEST_FILE, FileGone, drop_with, get, refusal
from models.gates import Gate
from models.meeting import Meeting, MeetingItem
from models.meeting_checks import Sitting, check_recording
from models.people import Person
from models.season import Season, notice_of, now
from models.text import tidy_line, tidy_text
from models.verdict import Reason, Refused, require
from models.words import AttachmentKind, Attendance, EventKind, GateState, Place
from tasks.attachment_checks import safe_name
from tasks.record import lock_season, record
from tasks.taking import inspect_upload, keep_upload

SCANS = (AttachmentKind.PDF, AttachmentKind.JPG, AttachmentKind.PNG)
MOST_VOTES = 1000
LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Head:
    """When and where, under which number, who took the chair."""

    number: str = ""
    held_on: date | None = None
    place: str = ""
    chair_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True)
class Conclusion:
    """What was concluded on one case; what is empty stays as drafted. `votes`: for, against, abstained."""

    place: Place | None = None
    position: int | None = None
    reason: str = ""
    votes: tuple[int, int, int] | None = None
    recused: frozenset[str] = frozenset()

    @property
    def says_something(self) -> bool:
        return self != Conclusion()


@dataclass(frozen=True)
class Noted:
    """The part of the record that is saved now; None leaves what is there."""

    head: Head | None = None
    attendance: Mapping[str, Attendance] | None = None
    conclusions: Mapping[UUID, Conclusion] | None = None


def find_sitting(session: Session, gate_id: UUID) -> Sitting:
    """A season's gate of a meeting step; anything else is refused as missing."""
    gate = session.get(Gate, gate_id)
    if gate is None or gate.case_id is not None:
        raise Refused(Reason("unknown_meeting", "没有找到这次会议。", kind="missing"))
    season = session.get_one(Season, gate.season_id)
    return Sitting(session, season, notice_of(session, season), gate)


def keep_minutes(session: Session, gate_id: UUID, person: Person, noted: Noted) -> Meeting:
    """Save a part of the record of an open meeting; whoever saves is one of its recorders from then on."""
    sitting = _locked(session, gate_id)
    require(check_recording(sitting, person))
    meeting = sitting.meeting or Meeting(
        season_id=sitting.season.id, gate_id=gate_id, saved_at=now(sitting.season)
    )
    if noted.head is not None:
        _keep_head(sitting, meeting, noted.head)
    if noted.attendance is not None:
        seated = {str(p.id) for p in sitting.members}
        meeting.attendance = {p: a for p, a in noted.attendance.items() if p in seated}
    meeting.recorders = sorted({*meeting.recorders, str(person.id)})
    meeting.version, meeting.saved_at = meeting.version + 1, now(sitting.season)
    session.add(meeting)
    session.flush()
    if noted.conclusions is not None:
        _keep_conclusions(sitting, meeting, noted.conclusions)
    session.flush()
    return meeting


def _locked(session: Session, gate_id: UUID) -> Sitting:
    """The season's row is locked, so that nobody confirms what is being written."""
    found = find_sitting(session, gate_id)
    lock_season(session, found.season.id)
    session.refresh(found.gate)
    if found.meeting is not None:
        session.refresh(found.meeting)
    return found


def _keep_head(sitting: Sitting, meeting: Meeting, head: Head) -> None:
    if head.chair_id is not None and head.chair_id not in {p.id for p in sitting.members}:
        text = "主持人须是应到者，请从名单中选择。"
        raise Refused(Reason("unknown_chair", text, sitting.step.clause, "invalid", "chair"))
    meeting.number, meeting.place = tidy_line(head.number)[:80], tidy_line(head.place)[:100]
    meeting.held_on, meeting.chair_id = head.held_on, head.chair_id
    meeting.note = tidy_text(head.note)[:LONGEST_NOTE]


def _keep_conclusions(sitting: Sitting, meeting: Meeting, conclusions: Mapping[UUID, Conclusion]) -> None:
    """One row for each case on which something was said; the rows of the other cases stay as they are."""
    session, known = sitting.session, {c.id: (e, c) for e, c in sitting.rows}
    seated = {str(p.id) for p in sitting.members}
    if strange := set(conclusions) - set(known):
        raise Refused(Reason("not_on_list", f"有{len(strange)}名不在名单草案中。", kind="invalid"))
    for case_id, said in conclusions.items():
        item = sitting.items.get(case_id)
        if not said.says_something:
            if item is not None:
                session.delete(item)
            continue
        entry, case = known[case_id]
        _require_sound(case.number, case_id, said)
        item = item or MeetingItem(meeting_id=meeting.id, case_id=case_id)
        item.place = said.place if said.place != entry.place else None
        item.position, item.reason = said.position, tidy_line(said.reason)[:500]
        item.votes_for, item.votes_against, item.votes_abstained = said.votes or (None, None, None)
        item.recused = sorted(said.recused & seated)
        session.add(item)


def _require_sound(number: str, case_id: UUID, said: Conclusion) -> None:
    if said.votes is not None and not all(0 <= v <= MOST_VOTES for v in said.votes):
        text = f"{number}的票数须是0至{MOST_VOTES}的整数。"
        raise Refused(Reason("votes_malformed", text, kind="invalid", field=f"for_{case_id}"))
    if said.position is not None and said.position < 1:
        text = f"{number}的次序须是从1起的整数。"
        raise Refused(Reason("order_malformed", text, kind="invalid", field=f"position_{case_id}"))


# --- the signed minutes ------------------------------------------------------------------------------------------


def keep_scan(session: Session, gate_id: UUID, person: Person, filename: str, content: bytes) -> Meeting:
    """Keep the scan of the signed minutes, also after the list was confirmed; a newer one replaces it."""
    kind = _kind_of(filename, content)
    sitting = _locked(session, gate_id)
    meeting = sitting.meeting
    reasons = [r for r in check_recording(sitting, person) if r.code != "gate_closed"]
    require(tuple(reasons))
    if meeting is None:
        raise Refused(Reason("meeting_unrecorded", "请先保存会议记录，再上传纪要扫描件。", field="scan"))
    if meeting.scan_id is not None:
        drop_with(session, meeting.scan_id)
    meeting.scan_id, meeting.scan_name = uuid4(), safe_name(filename, kind)
    meeting.scan_sha256 = hashlib.sha256(content).hexdigest()
    session.add(meeting)
    keep_upload(session, meeting.scan_id, content)
    record(
        session,
        EventKind.MINUTES_SCANNED,
        season=sitting.season,
        actor=person,
        step=sitting.step.key,
        round=sitting.gate.round,
        sha256=meeting.scan_sha256,
        confirmed=sitting.gate.state != GateState.OPEN,
    )
    session.flush()
    return meeting


def _kind_of(filename: str, content: bytes) -> AttachmentKind:
    if len(content) > LARGEST_FILE:
        text = f"“{filename}”超过20MB，请降低扫描精度后再上传。"
        raise Refused(Reason("file_too_large", text, kind="invalid", field="scan"))
    try:
        kind = inspect_upload(filename, content).kind
    except Refusal as refusal:
        text = f"“{filename}”：{refusal.problem.message}"
        raise Refused(Reason(refusal.problem.code, text, kind="invalid", field="scan")) from None
    if kind not in SCANS:
        text = "纪要扫描件只收PDF、JPG或PNG，请重新选择文件。"
        raise Refused(Reason("wrong_kind", text, kind="invalid", field="scan"))
    return kind


def read_scan(meeting: Meeting) -> bytes:
    """The scan's bytes; refused as missing when there is none."""
    if meeting.scan_id is None:
        raise Refused(Reason("unknown_file", "还没有上传纪要扫描件。", kind="missing"))
    try:
        return get(meeting.scan_id)
    except FileGone as error:
        gone = Reason("file_gone", "纪要扫描件的内容不在文件夹里，请联系管理员。")
        raise refusal(error, gone) from None
