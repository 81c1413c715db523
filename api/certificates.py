"""How are certificates numbered and printed by the office, and verified by anybody (五)?"""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import select

from api.cases import seen_case
from api.deps import Database, Visit, Visiting, clean
from api.downloads import download
from api.render import done, page, plain_page, private
from models.case import Case
from models.honours import Revocation, find_certificate, honoured
from models.joint import number_in_force
from models.season import Season, notice_of
from models.verdict import Refused, Verdict
from tasks.certificates import check_certificates, number_certificates, print_certificates
from tasks.printing import Format

router = APIRouter()


# --- for the office ----------------------------------------------------------------------------------------------


@router.get("/certificates/list")
def certificate_list(visit: Visiting) -> Response:
    return _page(visit)


def _page(visit: Visit, *, status: int = 200, reasons: Verdict = ()) -> Response:
    session, season = visit.session, visit.season
    people = honoured(session, season, visit.viewer.notice)
    return page(
        visit,
        "certificates.html",
        status=status,
        reasons=reasons,
        people=people,
        waiting=[h for h in people if not h.certificate and not h.revocation],
        stops=check_certificates(session, season, visit.person),
        issued=number_in_force(session, season),
    )


@router.post("/certificates/list")
def number(visit: Visiting) -> Response:
    try:
        made = number_certificates(visit.session, visit.season.id, visit.person)
    except Refused as error:
        visit.session.rollback()
        return _page(visit, status=error.status, reasons=error.reasons)
    said = f"已编号{len(made)}份证书。" if made else "每个人都已有证书编号，没有新编号。"
    return done("/certificates/list", said)


@router.get("/certificates/print/all.{form}")
def print_all(visit: Visiting, form: Format) -> Response:
    made = print_certificates(visit.session, visit.season, form)
    return private(download(made.filename, made.content))


@router.get("/cases/{case_id}/certificate.{form}")
def print_one(visit: Visiting, case_id: UUID, form: Format) -> Response:
    case = seen_case(visit, case_id)
    made = print_certificates(visit.session, visit.season, form, case.id)
    return private(download(made.filename, made.content))


# --- for anybody -------------------------------------------------------------------------------------------------


@router.get("/certificates")
def verify(session: Database, number: str = "", code: str = "") -> Response:
    """Name, title, year, number, date and state of one certificate, for who knows its number and its check code."""
    number, code = clean(number).strip()[:60], clean(code).strip().upper()[:20]
    found = find_certificate(session, number, code) if number and code else None
    status = 404 if (number or code) and found is None else 200
    if found is None:
        return private(plain_page("certificate.html", status=status, number=number, code=code, found=None))
    season = session.get_one(Season, found.season_id)
    revoked = session.exec(select(Revocation).where(Revocation.case_id == found.case_id)).first()
    return private(
        plain_page(
            "certificate.html",
            number=number,
            code=code,
            found=found,
            name=session.get_one(Case, found.case_id).name,
            notice=notice_of(session, season),
            season=season,
            revoked=revoked,
        )
    )
