"""How do sealed papers come back as scans on the pages? Many files at once, each told where it went.

Without scripts one form takes all the files; with them each file is sent for itself, so that a long pile shows where
it is. A file that found no place is offered again with a choice; it is sent again and kept nowhere in between.
"""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col

from api.cases import seen_case
from api.deps import OwnCase, Visit, Visiting
from api.render import TEMPLATES, done, page
from models.case import Case
from models.verdict import Reason, Refused, Verdict
from tasks.scans import Filed, file_by_hand, file_scan, find_by_hand

router = APIRouter()

NOTHING = Reason("no_file", "还没有选择文件。请先选择扫描件，再点“上传并识别”。", "四", "invalid", "file")
MOST_SUGGESTED = 500
MOST_TOLD = 3
MOST_PAGES = 400
PAGE = re.compile(r"[0-9]{1,3}")


@router.get("/scans")
def scans_page(visit: Visiting) -> Response:
    return _page(visit, [])


@router.post("/scans")
def take_scans(visit: Visiting) -> Response:
    """Each file for itself: what one of them lacks does not keep out the others."""
    results: list[Filed] = []
    for upload in visit.form.uploads("file"):
        results += file_scan(visit.session, upload.filename, upload.content, visit.person)
        visit.session.commit()
    if not results:
        nothing = Reason(
            "no_file", "还没有选择文件。请先选择扫描件，再点“上传并识别”。", "四", "invalid", "file"
        )
        raise Refused(nothing)
    return _answer(visit, results)


@router.post("/scans/by-hand")
def put_by_hand(visit: Visiting) -> Response:
    """A scan without a mark, put where a person says."""
    form = visit.form
    upload = form.upload("file")
    if upload is None:
        again = Reason("no_file", "请再选择一次这个扫描件，然后点“归入”。", "四", "invalid", "file")
        return _page(visit, [], status=422, reasons=(again,))
    filename, pages = upload.filename, page_numbers(form.text("pages"))
    found = find_by_hand(visit.session, visit.season, visit.person, form.text("case"))
    reason = _not_one(form.text("case"), found) or _no_document(form.text("document"))
    if reason is not None:
        return _answer(
            visit, [Filed(filename, pages, found[0] if len(found) == 1 else None, reasons=(reason,))]
        )
    args = (visit.session, filename, upload.content, visit.person, found[0], form.text("document"), pages)
    return _answer(visit, [file_by_hand(*args)])


@router.post("/cases/{case_id}/scans")
def take_own_scans(visit: OwnCase, case_id: UUID) -> Response:
    """The scans of one case, by whoever fills it in: their marks say which document they are."""
    case = seen_case(visit, case_id)
    results: list[Filed] = []
    for upload in visit.form.uploads("file"):
        results += file_scan(visit.session, upload.filename, upload.content, visit.person, only=case)
        visit.session.commit()
    kept = [filed for filed in results if filed.attachment]
    wrong = [_told(filed) for filed in results if not filed.attachment]
    if not kept:
        raise Refused(*([r for filed in results for r in filed.reasons] or [NOTHING]))
    said = f"已收到{len(kept)}份盖章扫描件。"
    if wrong:
        said += f"没有收下：{''.join(wrong[:MOST_TOLD])}{f'等{len(wrong)}处。' if wrong[MOST_TOLD:] else ''}"
    return done(f"/cases/{case_id}", said)


def _told(filed: Filed) -> str:
    """What was not taken in of one file, and why."""
    pages = f"第{'、'.join(map(str, filed.pages))}页" if filed.pages else ""
    return f"“{filed.filename}”{pages}，{''.join(r.text for r in filed.reasons)}"


def page_numbers(text: str) -> tuple[int, ...]:
    """`3,4,7` as the form keeps the pages of a part."""
    numbers = (int(part) for part in text.split(",")[:MOST_PAGES] if PAGE.fullmatch(part))
    return tuple(n for n in numbers if 1 <= n <= MOST_PAGES)


def _not_one(wanted: str, found: Sequence[Case]) -> Reason | None:
    if not wanted:
        return Reason("which_case", "请填写人选的编号或姓名。", "四", "invalid", "case")
    if not found:
        text = f"在您可见的范围内没有找到“{wanted[:80]}”。请填写完整的编号或姓名。"
        return Reason("unknown_case", text, "四", "invalid", "case")
    if len(found) > 1:
        numbers = "、".join(c.number for c in found)
        text = f"“{wanted[:80]}”有{len(found)}名：{numbers}。请改填编号。"
        return Reason("several_cases", text, "四", "invalid", "case")
    return None


def _no_document(document: str) -> Reason | None:
    return None if document else Reason("which_document", "请选择是哪一份材料。", "四", "invalid", "document")


# --- the page ----------------------------------------------------------------------------------------------------


def _answer(visit: Visit, results: Sequence[Filed]) -> Response:
    if visit.request.headers.get("x-part") == "scans":
        text = TEMPLATES.get_template("scans_rows.html").render(visit=visit, **_context(visit, results))
        return Response(text, media_type="text/html; charset=utf-8")
    return _page(visit, results)


def _page(visit: Visit, results: Sequence[Filed], *, status: int = 200, reasons: Verdict = ()) -> Response:
    known = visit.viewer.cases().where(col(Case.closed_at).is_(None)).order_by(col(Case.number))
    suggested = visit.session.exec(known.limit(MOST_SUGGESTED)).all()
    shown = _context(visit, results)
    return page(visit, "scans.html", status=status, reasons=reasons, suggested=suggested, **shown)


def _context(visit: Visit, results: Sequence[Filed]) -> dict[str, Any]:
    notice = visit.viewer.notice
    return {"results": results, "documents": notice.documents, "label_of": notice.document}
