"""How are files put into a case, looked at, fetched and removed, and paper originals noted, on the pages?"""

import re
from dataclasses import replace
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response

from api.cases import seen_case
from api.deps import Missing, OneCase, Visit
from api.files_card import files_card
from api.render import TEMPLATES, done, page, private
from api.uploads import Upload
from documents.preview import can_preview, media_type, page_count, preview
from models.attachment import Attachment
from models.case import Case
from models.season import notice_by_digest
from models.verdict import Reason, Refused, Verdict
from models.words import AttachmentKind
from tasks.attachment_checks import advise_document
from tasks.attachments import attach, read_attachment, remove_attachment
from tasks.originals import receive_paper, undo_paper

router = APIRouter()

PAGES_AT_ONCE = 10
OUR_PAGES = re.compile(r"/(cases|tasks)/[0-9a-f-]{36}(/edit)?")
TYPES = {
    AttachmentKind.PDF: "application/pdf",
    AttachmentKind.JPG: "image/jpeg",
    AttachmentKind.PNG: "image/png",
    AttachmentKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    AttachmentKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


# --- the list ----------------------------------------------------------------------------------------------------


@router.get("/cases/{case_id}/files")
def files_page(visit: OneCase, case_id: UUID) -> Response:
    return _files_page(visit, seen_case(visit, case_id))


def _files_page(visit: Visit, case: Case, *, status: int = 200, reasons: Verdict = ()) -> Response:
    card = files_card(visit, case, visit.form.text("back"))
    return private(page(visit, "files.html", status=status, reasons=reasons, case=case, papers=card))


def _card(visit: Visit, case: Case, said: str, reasons: Verdict) -> Response:
    """Only the list, for a script that puts it in place of the old one."""
    card = files_card(visit, case, visit.form.text("back"))
    text = TEMPLATES.get_template("files_card.html").render(
        visit=visit, case=case, papers=card, said=said, reasons=reasons
    )
    return Response(text, media_type="text/html; charset=utf-8")


def _answer(visit: Visit, case_id: UUID, said: str, reasons: Verdict = ()) -> Response:
    """After something was done or refused: the list alone, the page with what is wrong, or where one came from."""
    case = seen_case(visit, case_id)
    if visit.request.headers.get("x-part") == "files":
        return _card(visit, case, said, reasons)
    if reasons:
        status = 422 if all(r.kind == "invalid" for r in reasons) else 409
        return _files_page(visit, case, status=status, reasons=reasons)
    return done(_back(visit, case_id), said)


def _back(visit: Visit, case_id: UUID) -> str:
    """The page from which the list was used, if it is one that shows it."""
    given = visit.form.text("back")
    if OUR_PAGES.fullmatch(given):
        return f"{given}#files"
    return f"/tasks/{visit.login.assignment_id}" if visit.limited else f"/cases/{case_id}/files"


# --- adding and removing -----------------------------------------------------------------------------------------


@router.post("/cases/{case_id}/files")
def add_files(visit: OneCase, case_id: UUID) -> Response:
    """Each file for itself: one that is refused does not keep out the others."""
    case = seen_case(visit, case_id)
    document = visit.form.text("document")
    uploads = visit.form.uploads("file")
    if not uploads:
        nothing = Reason("no_file", "还没有选择文件。请先选择文件，再点“上传”。", "四", "invalid", document)
        return _answer(visit, case_id, "", (nothing,))
    kept: list[Attachment] = []
    reasons: list[Reason] = []
    for upload in uploads:
        try:
            kept.append(_attach(visit, case, document, upload))
        except Refused as error:
            reasons += error.reasons
        # The next one is looked into while the case is not locked.
        visit.session.commit()
    advice = "".join(_advice(visit, case, document, u) for u in uploads) if kept and not reasons else ""
    said = f"已上传{len(kept)}份材料。{advice}" if kept else ""
    return _answer(visit, case_id, said, tuple(reasons))


def _attach(visit: Visit, case: Case, document: str, upload: Upload) -> Attachment:
    return attach(
        visit.session,
        case.id,
        document,
        upload.filename,
        upload.content,
        visit.person,
        sealed_and_signed=visit.form.text("sealed_and_signed") == "yes",
    )


def _advice(visit: Visit, case: Case, document: str, upload: Upload) -> str:
    notice = notice_by_digest(visit.session, case.notice_digest)
    return advise_document(notice.document(document), upload.filename, upload.content)


@router.post("/cases/{case_id}/files/{file_id}/remove")
def remove_file(visit: OneCase, case_id: UUID, file_id: UUID) -> Response:
    _own_file(visit, case_id, file_id)
    try:
        removed = remove_attachment(visit.session, file_id, visit.person)
    except Refused as error:
        visit.session.rollback()
        return _answer(visit, case_id, "", error.reasons)
    return _answer(visit, case_id, f"已移除“{removed.filename}”。")


@router.post("/cases/{case_id}/papers")
def note_paper(visit: OneCase, case_id: UUID) -> Response:
    """The paper original has arrived, or that was noted by mistake."""
    seen_case(visit, case_id)
    document, received = visit.form.text("document"), visit.form.text("received") == "yes"
    try:
        if received:
            receive_paper(visit.session, case_id, document, visit.person, visit.form.text("note"))
        else:
            undo_paper(visit.session, case_id, document, visit.person)
    except Refused as error:
        visit.session.rollback()
        fields = tuple(replace(r, field=document) for r in error.reasons)
        return _answer(visit, case_id, "", fields)
    return _answer(visit, case_id, "已登记收到纸质原件。" if received else "已撤销纸质原件的登记。")


# --- looking and fetching ----------------------------------------------------------------------------------------


def _own_file(visit: Visit, case_id: UUID, file_id: UUID) -> Attachment:
    """The file's row, if it belongs to this case and the case is in view."""
    seen_case(visit, case_id)
    found = visit.session.get(Attachment, file_id)
    if found is None or found.case_id != case_id:
        raise Missing
    return found


def _read(visit: Visit, case_id: UUID, file_id: UUID) -> tuple[Attachment, bytes]:
    _own_file(visit, case_id, file_id)
    return read_attachment(visit.session, file_id, visit.viewer)


@router.get("/cases/{case_id}/files/{file_id}")
def fetch_file(visit: OneCase, case_id: UUID, file_id: UUID) -> Response:
    """The file as it was uploaded, to be saved and never shown in the browser."""
    found, content = _read(visit, case_id, file_id)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.filename, safe='')}"}
    return private(Response(content, media_type=TYPES[AttachmentKind(found.kind)], headers=headers))


@router.get("/cases/{case_id}/files/{file_id}/pages/{number}")
def file_page(visit: OneCase, case_id: UUID, file_id: UUID, number: int) -> Response:
    """One page as a picture."""
    found, content = _read(visit, case_id, file_id)
    drawn = preview(AttachmentKind(found.kind), content, number)
    if drawn is None:
        raise Missing
    return private(Response(drawn, media_type=media_type(drawn)))


@router.get("/cases/{case_id}/files/{file_id}/view")
def view_file(visit: OneCase, case_id: UUID, file_id: UUID, p: int = 1) -> Response:
    """The pages of a file, a few at a time."""
    found, content = _read(visit, case_id, file_id)
    total = page_count(AttachmentKind(found.kind), content, found.pages)
    sheets = max(1, -(-total // PAGES_AT_ONCE))
    sheet = min(max(p, 1), sheets)
    first = (sheet - 1) * PAGES_AT_ONCE + 1
    case = seen_case(visit, case_id)
    return private(
        page(
            visit,
            "file_view.html",
            case=case,
            file=found,
            document=notice_by_digest(visit.session, case.notice_digest).document(found.document),
            shown=can_preview(found.kind) and total > 0,
            numbers=range(first, min(first + PAGES_AT_ONCE, total + 1)),
            total=total,
            sheet=sheet,
            sheets=sheets,
            back=f"/cases/{case_id}/files",
        )
    )
