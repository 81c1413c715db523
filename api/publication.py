"""How do the office and the releaser handle what is public: the list, its corrections, the files for the website?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting
from api.downloads import download
from api.render import done, page
from models.notice import Step
from models.publication import PublicRow, drafted, on_show
from models.published import Correction
from models.result import Result, result_now
from models.season import Season
from models.verdict import Reason, Refused, Verdict
from models.words import StepKind
from tasks.printing import Format
from tasks.public_files import Public, Released, export, latest_release, print_public
from tasks.publicity import ask_correction, settle_correction, waiting_corrections

router = APIRouter()

ZIP = "zip"


@router.get("/publication")
def publication_page(visit: Visiting) -> Response:
    return _page(visit)


def _page(visit: Visit, *, status: int = 200, reasons: Verdict = ()) -> Response:
    session, season, notice = visit.session, visit.season, visit.viewer.notice
    released = latest_release(session, season, notice)
    window = released.window if released else _next_window(visit)
    result = _result(visit, released)
    return page(
        visit,
        "publication.html",
        status=status,
        reasons=reasons,
        released=released,
        window=window,
        rows=_rows(visit, released, window, result),
        waiting=waiting_corrections(session, season),
        result=result,
        form=visit.form,
    )


def _result(visit: Visit, released: Released | None) -> Result | None:
    """The result, as soon as there is one."""
    if released is None:
        return None
    session, season, notice = visit.session, visit.season, visit.viewer.notice
    found = result_now(session, season, notice, released.window, released.publication)
    return found if found.shown.rows else None


def _rows(
    visit: Visit, released: Released | None, window: Step | None, result: Result | None
) -> list[PublicRow]:
    """What can be put right: the result, otherwise what is published, otherwise what is to be."""
    session, season, notice = visit.session, visit.season, visit.viewer.notice
    if result is not None:
        return [r.row for r in result.shown.rows]
    shown = None
    if released is not None:
        shown = on_show(session, season, notice, released.window, released.publication).rows
    if shown:
        return [r.row for r in shown]
    return drafted(session, season, notice, window) if window else []


def _next_window(visit: Visit) -> Step | None:
    """The public notice whose list is in preparation: the last one that has a check, otherwise the last."""
    windows = [s for s in visit.viewer.notice.season_steps if s.kind is StepKind.WINDOW]
    return windows[-1] if windows else None


# --- putting right -----------------------------------------------------------------------------------------------


@router.post("/publication/corrections")
def ask(visit: Visiting) -> Response:
    """A text is wrong: the office says what it should be, and why."""
    form = visit.form
    try:
        correction = ask_correction(
            visit.session,
            visit.season.id,
            visit.person,
            window=form.text("window"),
            case_id=_chosen(form.text("case")),
            column=form.text("column"),
            text=form.text("text"),
            reason=form.text("reason"),
        )
    except Refused as error:
        visit.session.rollback()
        return _page(visit, status=error.status, reasons=error.reasons)
    then = "由脱密审核人审核后公布" if correction.published_id else "随公示前审核一并审核"
    return done("/publication", f"更正已提出，{then}。")


def _chosen(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        text = "请选择要更正哪一名人选。"
        raise Refused(Reason("row_missing", text, kind="invalid", field="case")) from None


@router.post("/publication/corrections/{correction_id}")
def settle(visit: Visiting, correction_id: UUID) -> Response:
    """The second person releases it, or does not."""
    found = visit.session.get(Correction, correction_id)
    if found is None:
        raise Missing
    visit.enter(visit.session.get_one(Season, found.season_id))
    try:
        if visit.form.text("released") not in ("yes", "no"):
            raise Refused(Reason("released_missing", "请选择是否同意更正。", "", "invalid", "released"))
        released = visit.form.text("released") == "yes"
        settle_correction(visit.session, correction_id, visit.person, released=released)
    except Refused as error:
        visit.session.rollback()
        return _page(visit, status=error.status, reasons=error.reasons)
    return done("/publication", "更正已公布。" if released else "更正未予同意，公布的内容不变。")


# --- files -------------------------------------------------------------------------------------------------------


@router.get("/publication/{what}.{ending}")
def public_files(visit: Visiting, what: Public, ending: str) -> Response:
    """Word, PDF, or all of it as static files for the union's own website."""
    if ending == ZIP:
        made = export(visit.session, visit.season, what)
    elif ending in set(Format):
        made = print_public(visit.session, visit.season, what, Format(ending))
    else:
        raise Missing
    return download(made.filename, made.content)
