"""Which mails have come in, and what does one of them hold? For the office, who claims them (`api.inbox_claims`).

Everything a mail says is shown as text. Its attachments are looked at as pictures, or fetched to be saved.
"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting
from api.downloads import download
from api.paging import PageNumber
from api.render import done, page, private
from api.uploads import Upload
from documents.picture import picture_pages
from documents.preview import can_preview, preview
from documents.problems import Refusal
from documents.sniff import inspect_upload
from models.inbox import (
    AUTOMATIC,
    PartRow,
    cases_named_in,
    content_of,
    letter_of,
    mails,
    parts_of,
    sees_mail,
    settler,
    sources,
)
from models.incoming import Incoming, IncomingPart
from models.season import Season
from models.verdict import Reason, Refused, Verdict
from models.words import AttachmentKind, IncomingState
from notifications.incoming import not_a_mail
from tasks.inbox import take_in
from tasks.inbox_parts import SHEETS, SUMMARY
from tasks.inbox_polling import collect, configured
from tasks.inbox_reading import FORM

router = APIRouter()

TABS = {
    str(IncomingState.WAITING): "待认领",
    str(IncomingState.CLAIMED): "已认领",
    str(IncomingState.IGNORED): "已忽略",
    AUTOMATIC: "自动邮件",
}
SOURCES = {"imap": "收信邮箱", "folder": "收信文件夹", "command": "命令行导入", "upload": "网页上传"}


# --- the list ----------------------------------------------------------------------------------------------------


@router.get("/inbox")
def inbox(visit: Visiting, p: PageNumber, tab: str = "") -> Response:
    return _list(visit, tab=tab, number=p)


def _list(
    visit: Visit, *, tab: str = "", number: int = 1, status: int = 200, reasons: Verdict = ()
) -> Response:
    tab = tab if tab in TABS else str(IncomingState.WAITING)
    shown = page(
        visit,
        "inbox.html",
        status=status,
        reasons=reasons,
        tab=tab,
        tabs=TABS,
        found=mails(visit.viewer, tab, number),
        base=f"/inbox?tab={tab}&",
        configured=configured(),
        sources=[(SOURCES[s.name], s) for s in sources(visit.session)],
    )
    return private(shown)


@router.post("/inbox")
def upload_mails(visit: Visiting) -> Response:
    """Take in mails that were exported from a mailbox; one that is none does not keep out the others."""
    uploads = visit.form.uploads("file")
    if not uploads:
        text = "还没有选择文件。请先选择从邮箱导出的 .eml 文件，再点“上传”。"
        return _list(visit, status=422, reasons=(Reason("no_file", text, "", "invalid", "file"),))
    reasons = tuple(
        Reason("not_a_mail", f"“{u.filename}”{why}", "", "invalid", "file")
        for u in uploads
        if (why := not_a_mail(u.content))
    )
    taken = [_take_in(visit, u) for u in uploads if not not_a_mail(u.content)]
    if reasons:
        return _list(visit, status=422, reasons=reasons)
    new = [mail for mail in taken if mail is not None]
    if len(taken) == 1 and new:
        return done(f"/inbox/{new[0].id}", "已收下这封邮件。")
    known = len(taken) - len(new)
    return done("/inbox", f"收下{len(new)}封来信" + (f"，另有{known}封此前已经收过。" if known else "。"))


def _take_in(visit: Visit, upload: Upload) -> Incoming | None:
    return take_in(visit.session, visit.season, upload.content, "upload")


@router.post("/inbox/fetch")
def fetch_now(visit: Visiting) -> Response:
    """Fetch at once what would come within five minutes."""
    found = collect()
    if found is None:
        return done("/inbox", "系统正在收信，请稍候刷新。")
    if found.trouble:
        reason = Reason("mailbox_trouble", found.trouble)
        return _list(visit, status=409, reasons=(reason,))
    return done("/inbox", f"已收取，新到{found.new}封。" if found.new else "已收取，没有新的来信。")


# --- one mail ----------------------------------------------------------------------------------------------------


def seen_mail(visit: Visit, mail_id: UUID) -> Incoming:
    """The mail, in its season; for whoever is not of that season's office it does not exist."""
    found = visit.session.get(Incoming, mail_id)
    if found is None:
        raise Missing
    visit.enter(visit.session.get_one(Season, found.season_id))
    mail = sees_mail(visit.viewer, mail_id)
    if mail is None:
        raise Missing
    return mail


@router.get("/inbox/{mail_id}")
def one_mail(visit: Visiting, mail_id: UUID) -> Response:
    return mail_page(visit, seen_mail(visit, mail_id))


def mail_page(visit: Visit, mail: Incoming, *, status: int = 200, reasons: Verdict = ()) -> Response:
    rows, letter = parts_of(visit.session, mail), letter_of(mail)
    names = " ".join([letter.subject, letter.sender, *(r.part.filename for r in rows)])
    free = [r for r in rows if r.usable and not r.placed]
    shown = page(
        visit,
        "inbox_mail.html",
        status=status,
        reasons=reasons,
        mail=mail,
        letter=letter,
        source=SOURCES.get(letter.source, letter.source),
        rows=rows,
        free=free,
        forms=[r for r in free if r.part.looks_like == FORM],
        sheets=[r for r in free if r.part.kind in SHEETS and r.part.looks_like in (SUMMARY, "")],
        likely=cases_named_in(visit.viewer, names),
        documents=visit.viewer.notice.documents,
        settler=settler(visit.session, mail),
        is_shown=is_shown,
        form=visit.form,
    )
    return private(shown)


# --- its attachments ---------------------------------------------------------------------------------------------


def seen_part(visit: Visit, mail_id: UUID, part_id: UUID) -> PartRow:
    """An attachment of this mail that was taken in."""
    mail = seen_mail(visit, mail_id)
    found = next((r for r in parts_of(visit.session, mail) if r.part.id == part_id and r.usable), None)
    if found is None:
        raise Missing
    return found


@router.get("/inbox/{mail_id}/files/{part_id}")
def fetch_part(visit: Visiting, mail_id: UUID, part_id: UUID) -> Response:
    part = seen_part(visit, mail_id, part_id).part
    return private(download(part.filename, content_of(part)))


@router.get("/inbox/{mail_id}/files/{part_id}/pages/{number}")
def part_page(visit: Visiting, mail_id: UUID, part_id: UUID, number: int) -> Response:
    """One page as a picture."""
    part = seen_part(visit, mail_id, part_id).part
    drawn, media_type = _drawn(part, number)
    if not drawn:
        raise Missing
    response = private(Response(drawn, media_type=media_type))
    response.headers["Cache-Control"] = "no-store"
    return response


def is_shown(kind: str) -> bool:
    """Whether there is a picture of such a file."""
    return can_preview(kind) or kind == AttachmentKind.DOCX


def _drawn(part: IncomingPart, number: int) -> tuple[bytes | None, str]:
    if part.kind == AttachmentKind.DOCX:
        pages = picture_pages(content_of(part))
        return (pages[number - 1] if 0 < number <= len(pages) else None), "image/png"
    if not can_preview(part.kind):
        return None, ""
    return preview(AttachmentKind(part.kind), content_of(part), number), "image/jpeg"


@router.get("/inbox/{mail_id}/files/{part_id}/view")
def view_part(visit: Visiting, mail_id: UUID, part_id: UUID, p: PageNumber) -> Response:
    """An attachment page by page."""
    row = seen_part(visit, mail_id, part_id)
    if not is_shown(row.part.kind):
        raise Missing
    pages = _pages(row.part)
    shown = page(visit, "inbox_view.html", mail_id=mail_id, part=row.part, p=min(p, pages), pages=pages)
    return private(shown)


def _pages(part: IncomingPart) -> int:
    if part.kind == AttachmentKind.DOCX:
        return max(1, len(picture_pages(content_of(part))))
    try:
        return inspect_upload(part.filename, content_of(part)).pages or 1
    except (Refusal, Refused):
        return 1
