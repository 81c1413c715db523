"""Where does an inspector add photos to his report, and who may look at them and print it?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.cases import seen_case
from api.decide import refused_task
from api.deps import Missing, OneCase, OneTask
from api.downloads import download
from api.render import done, private
from api.task_typing import keep_fields
from documents.preview import media_type
from models.casefile import read_casefile
from models.inspection import InspectionPhoto, may_see_photo
from models.verdict import Reason, Refused
from tasks.inspection_report import draw_photo, print_inspection
from tasks.inspections import add_photo, remove_photo
from tasks.printing import Format

router = APIRouter()


@router.post("/tasks/{assignment_id}/photos")
def upload_photos(visit: OneTask, assignment_id: UUID) -> Response:
    """Keep the photos, and with them what is typed so far: the page comes back with both."""
    try:
        uploads = visit.form.uploads("photo")
        if not uploads:
            text = "请先拍照或选择照片，再点“上传照片”。"
            raise Refused(Reason("no_file", text, "三（三）", "invalid", "photo"))
        for upload in uploads:
            add_photo(visit.session, assignment_id, upload.filename, upload.content, visit.person)
    except Refused as error:
        visit.session.rollback()
        return refused_task(visit, assignment_id, error)
    keep_fields(visit, assignment_id)
    return done(f"/tasks/{assignment_id}#photos", f"已上传{len(uploads)}张照片。")


@router.post("/tasks/{assignment_id}/photos/{photo_id}/remove")
def drop_photo(visit: OneTask, assignment_id: UUID, photo_id: UUID) -> Response:
    try:
        remove_photo(visit.session, assignment_id, photo_id, visit.person)
    except Refused as error:
        visit.session.rollback()
        return refused_task(visit, assignment_id, error)
    keep_fields(visit, assignment_id)
    return done(f"/tasks/{assignment_id}#photos", "已移除照片。")


@router.get("/cases/{case_id}/photos/{photo_id}")
def show_photo(visit: OneCase, case_id: UUID, photo_id: UUID) -> Response:
    """The photo drawn anew, for who reads the report."""
    case = seen_case(visit, case_id)
    photo = visit.session.get(InspectionPhoto, photo_id)
    if photo is None or photo.case_id != case_id or photo.removed_at is not None:
        raise Missing
    if not may_see_photo(visit.viewer, read_casefile(visit.viewer, case), photo):
        raise Missing
    drawn = draw_photo(photo)
    if drawn is None:
        raise Missing
    return private(Response(drawn, media_type=media_type(drawn)))


@router.get("/cases/{case_id}/inspection.{form}")
def print_report(visit: OneCase, case_id: UUID, form: Format) -> Response:
    made = print_inspection(visit.viewer, seen_case(visit, case_id), form)
    return download(made.filename, made.content)
