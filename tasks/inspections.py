"""How is a visit arranged, and how do photos come to an inspector's report (三（三）)?"""

import hashlib
from datetime import date
from uuid import UUID, uuid4

from sqlmodel import Session

from documents.problems import Refusal
from models.actions import Task, check_task
from models.filestore import LARGEST_FILE, drop_with
from models.inspection import InspectionPhoto, InspectionVisit, photos_of
from models.people import Person
from models.season import now
from models.verdict import Reason, Refused, Verdict, require
from models.words import AttachmentKind, EventKind
from tasks.attachment_checks import safe_name
from tasks.decide import lock_task
from tasks.panels import check_panel
from tasks.record import record
from tasks.taking import inspect_upload, keep_upload

MOST_PHOTOS = 12
PICTURES = (AttachmentKind.JPG, AttachmentKind.PNG)
MEGABYTE = 1024 * 1024


def add_photo(
    session: Session, assignment_id: UUID, filename: str, content: bytes, person: Person
) -> InspectionPhoto:
    """Keep a photo with a report that is not handed in yet."""
    kind = _looked_into(filename, content)
    task = lock_task(session, assignment_id)
    require(check_photos(session, task, person))
    digest = hashlib.sha256(content).hexdigest()
    kept = photos_of(session, [assignment_id])
    require(_fits(kept, digest))
    assert task.case is not None
    photo = InspectionPhoto(
        id=uuid4(),
        assignment_id=assignment_id,
        case_id=task.case.id,
        filename=safe_name(filename, kind),
        kind=kind,
        size=len(content),
        sha256=digest,
        uploaded_by=person.id,
        uploaded_at=now(task.season),
    )
    session.add(photo)
    keep_upload(session, photo.id, content)
    session.flush()
    return photo


def remove_photo(session: Session, assignment_id: UUID, photo_id: UUID, person: Person) -> None:
    """Take a photo out again, as long as the report is not handed in."""
    task = lock_task(session, assignment_id)
    require(check_photos(session, task, person))
    photo = session.get(InspectionPhoto, photo_id)
    if photo is None or photo.assignment_id != assignment_id or photo.removed_at is not None:
        raise Refused(Reason("unknown_photo", "没有找到这张照片。", kind="missing"))
    photo.removed_at = now(task.season)
    session.add(photo)
    drop_with(session, photo.id)


def check_photos(session: Session, task: Task, person: Person) -> Verdict:
    if not task.step.points:
        return (Reason("no_report", "这一环节不附照片。", task.step.clause),)
    return check_task(session, task, person)


def _looked_into(filename: str, content: bytes) -> AttachmentKind:
    def wrong(code: str, text: str) -> Refused:
        return Refused(Reason(code, f"“{filename}”{text}", "三（三）", "invalid", "photo"))

    if len(content) > LARGEST_FILE:
        raise wrong("file_too_large", f"超过{LARGEST_FILE // MEGABYTE}MB，请降低照片精度后再上传。")
    try:
        found = inspect_upload(filename, content)
    except Refusal as refusal:
        raise wrong(refusal.problem.code, f"：{refusal.problem.message}") from None
    if found.kind not in PICTURES:
        raise wrong("wrong_kind", "不是照片，请上传 JPG 或 PNG。")
    return found.kind


def _fits(kept: list[InspectionPhoto], digest: str) -> Verdict:
    if digest in {p.sha256 for p in kept}:
        return (Reason("same_file", "这张照片已经上传过了。", "三（三）", "invalid", "photo"),)
    if len(kept) >= MOST_PHOTOS:
        text = f"一份报告最多{MOST_PHOTOS}张照片，请先移除不需要的。"
        return (Reason("too_many", text, "三（三）", "invalid", "photo"),)
    return ()


def set_visit(
    session: Session, assignment_id: UUID, day: date | None, place: str, by: Person
) -> InspectionVisit:
    """The office arranges, or moves, the day of the visit to the candidate's unit."""
    task = lock_task(session, assignment_id)
    require(check_panel(session, task, by))
    if not task.step.points:
        raise Refused(Reason("no_report", "这一环节不到现场。", task.step.clause))
    if day is None:
        raise Refused(
            Reason("day_missing", "请填写查验日期，如“2026-03-13”。", task.step.clause, "invalid", "day")
        )
    visit = session.get(InspectionVisit, task.gate.id) or InspectionVisit(
        gate_id=task.gate.id, day=day, set_by=by.id, set_at=now(task.season)
    )
    visit.day, visit.place, visit.set_by, visit.set_at = day, place.strip()[:200], by.id, now(task.season)
    session.add(visit)
    record(
        session,
        EventKind.VISIT_SET,
        season=task.season,
        case=task.case,
        actor=by,
        step=task.gate.step,
        day=day.isoformat(),
        place=visit.place,
    )
    return visit
