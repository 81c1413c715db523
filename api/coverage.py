"""What was brought about the recognised people (三（八）): listed, counted, recorded and taken out again?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting, clean
from api.downloads import download
from api.render import done, page, private
from models.coverage import (
    Coverage,
    Draft,
    Narrowed,
    figures,
    reports,
    without_coverage,
)
from models.honours import recognised_cases
from models.season_file import season_files
from models.verdict import Refused, Verdict
from models.words import FilePurpose
from tasks.coverage import add_coverage, check_coverage, remove_coverage, tidy_draft
from tasks.season_files import read_paper

router = APIRouter()


@router.get("/publicity")
def publicity_page(
    visit: Visiting, kind: str = "", medium: str = "", month: str = "", person: str = ""
) -> Response:
    return _page(visit, Narrowed(clean(kind), clean(medium), clean(month), _id(person)))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _page(visit: Visit, narrowed: Narrowed, *, status: int = 200, reasons: Verdict = ()) -> Response:
    session, season, notice = visit.session, visit.season, visit.viewer.notice
    every = reports(session, season)
    counted, people = figures(every), recognised_cases(session, season, notice)
    return page(
        visit,
        "publicity.html",
        status=status,
        reasons=reasons,
        narrowed=narrowed,
        found=reports(session, season, narrowed),
        total=len(every),
        counted=counted,
        named=[(c.id, c.name) for c in people],
        media=[(name, name) for name, _ in counted.media],
        months=[(name, name) for name, _ in counted.months],
        people=people,
        without=without_coverage(session, season, notice),
        kinds={k.key: k.label for k in notice.publicity.kinds} if notice.publicity else {},
        may_record=not check_coverage(visit.viewer),
        chosen=set(visit.form.fields.get("people", [])),
        form=visit.form,
    )


def _refused(visit: Visit, error: Refused) -> Response:
    visit.session.rollback()
    return _page(visit, Narrowed(), status=error.status, reasons=error.reasons)


@router.post("/publicity")
def add(visit: Visiting) -> Response:
    upload = visit.form.upload("file")
    try:
        kept = add_coverage(
            visit.session,
            visit.season.id,
            visit.person,
            _typed(visit),
            filename=upload.filename if upload else "",
            content=upload.content if upload else b"",
        )
    except Refused as error:
        return _refused(visit, error)
    return done("/publicity", f"已登记“{kept.title}”。")


def _typed(visit: Visit) -> Draft:
    form = visit.form
    ids = (_id(text) for text in form.fields.get("people", []))
    return tidy_draft(
        Draft(
            kind=form.text("kind"),
            medium=form.text("medium"),
            title=form.text("title"),
            published_on=form.text("published_on"),
            link=form.text("link"),
            case_ids=tuple(i for i in ids if i),
        )
    )


@router.post("/publicity/{coverage_id}/remove")
def remove(visit: Visiting, coverage_id: UUID) -> Response:
    _seen(visit, coverage_id)
    try:
        gone = remove_coverage(visit.session, coverage_id, visit.person, visit.form.text("reason"))
    except Refused as error:
        return _refused(visit, error)
    return done("/publicity", f"已移除“{gone.title}”。")


def _seen(visit: Visit, coverage_id: UUID) -> Coverage:
    """The report, if it belongs to this season and its page exists for this person."""
    found = visit.session.get(Coverage, coverage_id)
    if found is None or found.season_id != visit.season.id or found.removed_at is not None:
        raise Missing
    return found


@router.get("/publicity/{coverage_id}/clipping")
def clipping(visit: Visiting, coverage_id: UUID) -> Response:
    kept = _seen(visit, coverage_id)
    files = season_files(visit.session, visit.season, FilePurpose.CLIPPING)
    wanted = next((f for f in files if f.about == str(kept.id)), None)
    if wanted is None:
        raise Missing
    found, content = read_paper(visit.session, visit.season, wanted.id)
    return private(download(found.filename, content))
