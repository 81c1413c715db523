"""Where is the joint document (五): drafted by the office, read and signed by the hosts, numbered and filed?"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from api.decide import seen_task
from api.deps import Missing, OneTask, Visit, Visiting
from api.downloads import download
from api.render import done, page, private
from models.hosts import host_rows, returns, signing_step
from models.joint import JointText, latest_text, number_in_force, text_versions
from models.season_file import season_files
from models.verdict import Reason, Refused, Verdict
from models.words import FilePurpose
from tasks.joint import check_number, check_scan, file_scan, print_document, record_number
from tasks.joint_text import check_write, text_to_edit, write_text
from tasks.printing import Format
from tasks.season_files import read_paper

router = APIRouter()

PAPERS = (FilePurpose.JOINT_SCAN, FilePurpose.HOST_COPY)


@router.get("/document")
def document_page(visit: Visiting) -> Response:
    return _page(visit)


def _page(visit: Visit, *, status: int = 200, reasons: Verdict = ()) -> Response:
    session, season, notice = visit.session, visit.season, visit.viewer.notice
    hosts = host_rows(session, season, notice)
    return page(
        visit,
        "document.html",
        status=status,
        reasons=reasons,
        written=latest_text(session, season),
        versions=text_versions(session, season),
        returns=returns(session, season, notice),
        hosts=hosts,
        copies={h.body: not check_scan(session, season, visit.person, h.body) for h in hosts},
        number=number_in_force(session, season),
        scans=season_files(session, season, FilePurpose.JOINT_SCAN),
        may_write=not check_write(session, season, visit.person),
        may_number=not check_number(session, season, visit.person),
        step=signing_step(notice),
        typed=_typed(visit) or text_to_edit(session, season, notice),
        form=visit.form,
    )


def _typed(visit: Visit) -> dict[str, str]:
    """The text as it was typed, if it was."""
    fields = ("title", "addressee", "body")
    return {f: visit.form.text(f) for f in fields} if "body" in visit.form.fields else {}


def _refused(visit: Visit, error: Refused) -> Response:
    visit.session.rollback()
    return _page(visit, status=error.status, reasons=error.reasons)


@router.post("/document/text")
def write(visit: Visiting) -> Response:
    try:
        written = write_text(visit.session, visit.season.id, visit.person, **(_typed(visit) or _nothing()))
    except Refused as error:
        return _refused(visit, error)
    return done("/document", f"文稿已保存为第{written.version}版。核对无误后，在“我的待办”中送主办单位会签。")


def _nothing() -> dict[str, str]:
    return {"title": "", "addressee": "", "body": ""}


@router.post("/document/number")
def number(visit: Visiting) -> Response:
    form = visit.form
    said: dict[str, Any] = {name: form.text(name) for name in ("number", "dated", "reason")}
    try:
        kept = record_number(visit.session, visit.season.id, visit.person, **said)
    except Refused as error:
        return _refused(visit, error)
    return done("/document", f"文号已登记为{kept.number}。")


@router.post("/document/files")
def add_file(visit: Visiting) -> Response:
    upload, body = visit.form.upload("file"), visit.form.text("host")
    try:
        if upload is None or not upload.content:
            raise Refused(Reason("no_file", "请先选择扫描件，再点“上传”。", "五", "invalid", "file"))
        kept = file_scan(
            visit.session,
            visit.season,
            visit.person,
            body=body,
            filename=upload.filename,
            content=upload.content,
        )
    except Refused as error:
        return _refused(visit, error)
    return done("/document", f"已存入“{kept.filename}”。")


@router.get("/document/files/{file_id}")
def fetch_file(visit: Visiting, file_id: UUID) -> Response:
    found, content = read_paper(visit.session, visit.season, file_id)
    if found.purpose not in PAPERS:
        raise Missing
    return private(download(found.filename, content))


@router.get("/document/versions/{version}.{form}")
def print_version(visit: Visiting, version: int, form: Format) -> Response:
    written = next((t for t in text_versions(visit.session, visit.season) if t.version == version), None)
    return _printed(visit, written, form)


@router.get("/tasks/{assignment_id}/document.{form}")
def print_to_sign(visit: OneTask, assignment_id: UUID, form: Format) -> Response:
    """The version that this task is about, also for who comes by a mailed link."""
    task = seen_task(visit, assignment_id)
    if task.step != signing_step(task.notice):
        raise Missing
    return _printed(visit, latest_text(visit.session, task.season), form)


def _printed(visit: Visit, written: JointText | None, form: Format) -> Response:
    if written is None:
        raise Missing
    made = print_document(visit.session, visit.season, visit.viewer.notice, written, form)
    return private(download(made.filename, made.content))
