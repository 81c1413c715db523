"""Where is consent given on paper, taken back, and looked after by the office (个人信息保护法第13、15、17条)?"""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response

from api.cases import seen_case, shown_case
from api.deps import Missing, OwnCase, Visit, Visiting
from api.render import done, page
from models.case import Case
from models.consent import expert_standings, texts
from models.consent_list import experts, lacking
from models.verdict import Refused
from tasks.consent import Scan, expert_consents, give_consent, take_back

router = APIRouter()


@router.post("/cases/{case_id}/consent")
def give(visit: OwnCase, case_id: UUID) -> Response:
    """Ticks beside the form, or a scan of the signed paper with what it consents to."""
    case = seen_case(visit, case_id)
    upload = visit.form.upload("consent_scan")
    scan = Scan(upload.filename, upload.content) if upload and upload.content else None
    try:
        acts = give_consent(visit.session, case.id, visit.person, visit.form.fields.get("consent", []), scan)
    except Refused as error:
        return _refused(visit, case_id, error)
    return done(_where(visit, case), "同意已登记。" if acts else "没有勾选还缺的项目，没有登记。")


@router.post("/cases/{case_id}/consent/withdraw")
def take_consent_back(visit: OwnCase, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    try:
        case = take_back(visit.session, case.id, visit.person, visit.form.text("consent_reason"))
    except Refused as error:
        return _refused(visit, case_id, error)
    told = "申报已随之撤回。" if not case.live else "已经作出的认定不变，公示和宣传请由办公室处理。"
    return done(f"/cases/{case.id}", f"{case.number}的撤回同意已登记，{told}")


def _where(visit: Visit, case: Case) -> str:
    wanted = visit.form.text("back")
    return f"/cases/{case.id}/edit" if wanted == "edit" and not visit.limited else f"/cases/{case.id}"


def _refused(visit: Visit, case_id: UUID, error: Refused) -> Response:
    visit.session.rollback()
    reasons = tuple(replace(r, field=r.field or "consent_scan") for r in error.reasons)
    return shown_case(visit, seen_case(visit, case_id), status=error.status, reasons=reasons)


# --- the office, and experts for themselves ----------------------------------------------------------------------


@router.get("/consents")
def consents(visit: Visiting) -> Response:
    viewer = visit.viewer
    own = expert_standings(visit.session, visit.season.id).get(visit.person.id)
    return page(
        visit,
        "consents.html",
        texts=texts(visit.session, visit.season.id),
        lacking=lacking(visit.session, visit.season) if viewer.is_office else [],
        experts=experts(viewer) if viewer.is_office else [],
        own=own,
    )


@router.post("/consents/experts/{person_id}")
def expert(visit: Visiting, person_id: UUID) -> Response:
    """An expert for himself, or the office for one whose signed paper it keeps."""
    himself = visit.viewer.is_assigned and person_id == visit.person.id
    known = visit.viewer.is_office and person_id in {row.person.id for row in experts(visit.viewer)}
    if not (himself or known):
        raise Missing
    act = expert_consents(visit.session, visit.season.id, person_id, visit.person)
    return done("/consents", f"{act.subject}的同意已登记。")
