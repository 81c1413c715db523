"""How is a filled 附件2 uploaded, looked at and confirmed; how does one get its template, and the list of people?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import Session, col, select

from api.deps import Missing, Visit, Visiting
from api.downloads import download
from api.paging import PageNumber
from api.render import counties, done, page
from documents.problems import Severity
from documents.summary_sheet import write_findings, write_template
from models.case import Case
from models.checklist import missing_documents
from models.form_rules import check_form
from models.importing import SheetImport
from models.notice import Notice
from models.people import Organisation
from models.personal import whole_form
from models.priorities import advice, recommending
from models.reading import may_read_numbers
from models.verdict import Reason, Refused, Verdict
from models.words import ImportState
from tasks.imports import (
    Checked,
    check_confirm,
    check_sheet,
    checked_of,
    confirm_import,
    discard_import,
    find_import,
    find_imports,
)
from tasks.summaries import Wanted, counties_in_view, take_list, units_in_view

router = APIRouter()

PAGE = 50
FAULTY = "faulty"


# --- upload ------------------------------------------------------------------------------------------------------


@router.get("/imports")
def imports_page(visit: Visiting) -> Response:
    return _start(visit)


def _start(visit: Visit, *, status: int = 200, reasons: Verdict = ()) -> Response:
    viewer = visit.viewer
    names = {o.id: o.name for o in visit.session.exec(select(Organisation))}
    return page(
        visit,
        "imports_start.html",
        status=status,
        reasons=reasons,
        imports=find_imports(viewer),
        names=names,
        own=recommending(viewer),
        every=_recommenders(visit.session) if viewer.is_office else [],
        form=visit.form,
    )


def _recommenders(session: Session) -> Sequence[Organisation]:
    kinds = ("unit", "county_union")
    wanted = select(Organisation).where(col(Organisation.kind).in_(kinds))
    return session.exec(wanted.order_by(col(Organisation.kind), col(Organisation.name))).all()


@router.post("/imports")
def upload(visit: Visiting) -> Response:
    given = visit.form.upload("file")
    try:
        if given is None or not given.content:
            text = "请先选择填好的汇总表（.xlsx 或 .xls），再点“上传并校验”。"
            raise Refused(Reason("file_missing", text, "附件2", "invalid", "file"))
        sheet = check_sheet(
            visit.session, visit.season, visit.person, given.filename, given.content, _on_behalf(visit)
        )
    except Refused as error:
        visit.session.rollback()
        return _start(visit, status=error.status, reasons=error.reasons)
    return done(f"/imports/{sheet.id}", f"已读完“{given.filename}”，请核对下面的内容。")


def _on_behalf(visit: Visit) -> Organisation | None:
    """For whom the sheet is imported, where that can be chosen."""
    try:
        return visit.session.get(Organisation, UUID(visit.form.text("organisation")))
    except ValueError:
        return None


@router.get("/imports/template.xlsx")
def template(visit: Visiting) -> Response:
    notice = visit.viewer.notice
    if notice.summary is None:
        raise Missing
    return download(f"{notice.summary.title}（模板）.xlsx", write_template(notice))


# --- look at it --------------------------------------------------------------------------------------------------


@router.get("/imports/{import_id}")
def import_page(visit: Visiting, import_id: UUID, p: PageNumber = 1, show: str = "") -> Response:
    return _shown(visit, _seen(visit, import_id), p, show)


def _seen(visit: Visit, import_id: UUID) -> SheetImport:
    found = find_import(visit.viewer, import_id)
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Shown:
    """One page of the rows."""

    rows: list[dict[str, Any]]
    total: int
    page: int
    pages: int


def _part(rows: list[dict[str, Any]], number: int) -> Shown:
    pages = max(1, -(-len(rows) // PAGE))
    number = min(number, pages)
    return Shown(rows[(number - 1) * PAGE : number * PAGE], len(rows), number, pages)


def _shown(
    visit: Visit, sheet: SheetImport, p: int, show: str, *, status: int = 200, reasons: Verdict = ()
) -> Response:
    checked = checked_of(sheet)
    if sheet.state == ImportState.CONFIRMED:
        return _result_page(visit, sheet, checked, p)
    rows = checked.result["rows"]
    faulty = [r for r in rows if r["problems"]]
    show = show if show in ("all", FAULTY) else (FAULTY if faulty else "all")
    stops = check_confirm(visit.viewer, sheet)
    return page(
        visit,
        "imports_check.html",
        status=status,
        reasons=reasons,
        sheet=sheet,
        checked=checked,
        found=_part(faulty if show == FAULTY else rows, p),
        faulty=len(faulty),
        show=show,
        stops=stops,
        headings=[*checked.result["headings"], *checked.result["unknown"]],
        by_cell=_by_cell,
        worst=_worst,
        advice=advice(visit.viewer.notice, len(rows)),
        ImportState=ImportState,
    )


def _by_cell(row: dict[str, Any], heading: str) -> list[dict[str, str]]:
    return [p for p in row["problems"] if p["column"] == heading]


def _worst(problems: Sequence[dict[str, str]]) -> str:
    """`error`, `warning`, or nothing."""
    found = {p["severity"] for p in problems}
    return next((str(s) for s in (Severity.ERROR, Severity.WARNING) if s in found), "")


@dataclass(frozen=True)
class Draft:
    case: Case
    missing: list[str]


def _result_page(visit: Visit, sheet: SheetImport, checked: Checked, p: int) -> Response:
    """The drafts that were made, with what each of them still lacks."""
    part = _part(checked.result["rows"], p)
    ids = [UUID(checked.cases[str(row["row"])]) for row in part.rows]
    cases = {c.id: c for c in visit.session.exec(visit.viewer.cases().where(col(Case.id).in_(ids)))}
    notice = visit.viewer.notice
    drafts = [Draft(cases[i], _missing(visit, notice, cases[i])) for i in ids if i in cases]
    return page(visit, "imports_done.html", sheet=sheet, found=part, drafts=drafts)


def _missing(visit: Visit, notice: Notice, case: Case) -> list[str]:
    if case.outcome is not None or not may_read_numbers(visit.viewer, case):
        return []
    form = [r.text for r in check_form(notice, case.channel, whole_form(case))]
    return form + [f"还没有上传“{d.label}”。" for d in missing_documents(visit.session, notice, case)]


@router.get("/imports/{import_id}/findings.xlsx")
def findings(visit: Visiting, import_id: UUID) -> Response:
    """The uploaded rows with what is wrong with them."""
    sheet = _seen(visit, import_id)
    checked = checked_of(sheet)
    if not checked.result["rows"]:
        raise Missing
    stem = sheet.filename.rpartition(".")[0] or sheet.filename
    return download(f"{stem}（校验结果）.xlsx", write_findings(visit.viewer.notice, checked.result))


# --- settle it ---------------------------------------------------------------------------------------------------


@router.post("/imports/{import_id}/confirm")
def confirm(visit: Visiting, import_id: UUID) -> Response:
    sheet = _seen(visit, import_id)
    try:
        cases = confirm_import(visit.session, sheet.id, visit.person)
    except Refused as error:
        visit.session.rollback()
        reasons = tuple(replace(r, field="") for r in error.reasons)
        return _shown(visit, _seen(visit, import_id), 1, "", status=error.status, reasons=reasons)
    return done(f"/imports/{import_id}", f"已录入{len(cases)}名人选的草稿。请逐一补齐材料后提交。")


@router.post("/imports/{import_id}/discard")
def discard(visit: Visiting, import_id: UUID) -> Response:
    sheet = _seen(visit, import_id)
    discard_import(visit.session, sheet.id, visit.person)
    return done("/imports", f"已放弃“{sheet.filename}”，没有录入任何人选。")


# --- the list of people ------------------------------------------------------------------------------------------


@router.get("/summary")
def summary_page(visit: Visiting) -> Response:
    return _summary(visit)


def _summary(visit: Visit, *, status: int = 200, reasons: Verdict = ()) -> Response:
    return page(
        visit,
        "imports_export.html",
        status=status,
        reasons=reasons,
        counties=[(key, counties()[key]) for key in counties_in_view(visit.viewer)],
        units=units_in_view(visit.viewer),
    )


@router.post("/summary.xlsx")
def summary(visit: Visiting) -> Response:
    """A button and no link: that somebody's full numbers were taken away is put on record."""
    wanted = Wanted(visit.form.text("county"), visit.form.text("unit"))
    try:
        made = take_list(visit.viewer, wanted, paper="A3" if visit.form.text("paper") == "A3" else "A4")
    except Refused as error:
        visit.session.rollback()
        return _summary(visit, status=error.status, reasons=error.reasons)
    visit.request.state.rows = made.people
    return download(made.filename, made.content)
