"""Where does the office record that a title was taken back, and read the paper that says so?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.cases import seen_case
from api.deps import Missing, Visit, Visiting
from api.downloads import download
from api.render import done, page, private
from models.case import Case
from models.season_file import season_files
from models.verdict import Refused, Verdict, require
from models.words import FilePurpose
from tasks.revoking import check_revoke, deciding_body, revoke_title
from tasks.season_files import read_paper

router = APIRouter()


@router.get("/cases/{case_id}/revoke")
def revoke_page(visit: Visiting, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    require(check_revoke(visit.session, visit.season, case, visit.person))
    return _page(visit, case)


def _page(visit: Visit, case: Case, *, status: int = 200, reasons: Verdict = ()) -> Response:
    body = deciding_body(visit.viewer.notice)
    return page(visit, "revoke.html", status=status, reasons=reasons, case=case, body=body, form=visit.form)


@router.post("/cases/{case_id}/revoke")
def revoke(visit: Visiting, case_id: UUID) -> Response:
    case, form, upload = seen_case(visit, case_id), visit.form, visit.form.upload("file")
    try:
        revoke_title(
            visit.session,
            case.id,
            visit.person,
            paper=form.text("paper"),
            decided_on=form.text("decided_on"),
            reason=form.text("reason"),
            filename=upload.filename if upload else "",
            content=upload.content if upload else b"",
        )
    except Refused as error:
        visit.session.rollback()
        return _page(visit, seen_case(visit, case_id), status=error.status, reasons=error.reasons)
    return done(f"/cases/{case_id}", f"已登记撤销{case.number}的称号。")


@router.get("/cases/{case_id}/revoke/paper")
def revocation_paper(visit: Visiting, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    files = season_files(visit.session, visit.season, FilePurpose.REVOCATION)
    wanted = next((f for f in files if f.about == str(case.id)), None)
    if wanted is None:
        raise Missing
    found, content = read_paper(visit.session, visit.season, wanted.id)
    return private(download(found.filename, content))
