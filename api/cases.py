"""How are cases found, looked at, withdrawn, let in late, or objected to?"""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response

from api.consent_card import consent_card
from api.deps import Missing, OwnCase, Visit, Visiting
from api.files_card import files_card
from api.narrowing import asked, narrowing, remember
from api.objection_form import read_account, read_how
from api.own_case import own_page
from api.render import done, page
from api.stages import case_stages
from models.case import Case
from models.casefile import read_casefile
from models.corrections import corrections
from models.countersigning import read_signing
from models.labels import label
from models.leaving import losses
from models.narrowing import LIVE
from models.queries import find_cases, objections, outcome_counts
from models.reading import may_read_numbers
from models.season import Season
from models.verdict import Refused, Verdict
from models.waiting import my_open_tasks
from models.words import Outcome
from tasks.correcting import check_correct
from tasks.intake import admit_late, check_admit_late, check_edit
from tasks.leaving import check_disqualify, check_withdraw, disqualify, withdraw
from tasks.objections import check_objection, register_objection

router = APIRouter()

OFFERED = (
    *("q", "stage", "step", "late", "outcome"),
    *("county", "unit", "category", "channel", "returned"),
)


@router.get("/cases")
def case_list(visit: Visiting) -> Response:
    wanted = asked(visit, "cases", OFFERED)
    found = find_cases(visit.viewer, wanted.filters, wanted.page)
    ended = outcome_counts(visit.viewer)
    outcomes = [(LIVE, f"在办（{ended.get(LIVE, 0)}）")]
    outcomes += [(o.value, f"{label(o)}（{ended.get(o.value, 0)}）") for o in Outcome]
    narrow = narrowing(visit, "/cases", wanted.filters, OFFERED, {"outcome": outcomes})
    return remember(page(visit, "cases.html", found=found, narrow=narrow), visit, wanted, found.page)


def seen_case(visit: Visit, case_id: UUID) -> Case:
    """The case, in its own season, if this person may see it."""
    case = visit.session.get(Case, case_id)
    if case is None:
        raise Missing
    visit.enter(visit.session.get_one(Season, case.season_id))
    found = visit.viewer.sees_case(case_id)
    if found is None:
        raise Missing
    return found


@router.get("/cases/{case_id}")
def case_page(visit: OwnCase, case_id: UUID) -> Response:
    return shown_case(visit, seen_case(visit, case_id))


def shown_case(visit: Visit, case: Case, *, status: int = 200, reasons: Verdict = ()) -> Response:
    """The page of a case as this person sees it; of a mailed link's visitor, the own application."""
    if visit.limited:
        return own_page(visit, case, status=status, reasons=reasons)
    session, season, person = visit.session, visit.season, visit.person
    file = read_casefile(visit.viewer, case)
    notice = file.notice
    return page(
        visit,
        "case.html",
        status=status,
        reasons=reasons,
        file=file,
        case=case,
        stages=case_stages(file),
        signing=read_signing(visit.viewer, file),
        mine={a.id for a in my_open_tasks(visit.viewer, case)},
        papers=files_card(visit, case, f"/cases/{case.id}"),
        consent=consent_card(visit, case),
        may_read_numbers=may_read_numbers(visit.viewer, case),
        may_edit=not check_edit(session, notice, case, person),
        may_withdraw=not check_withdraw(session, season, notice, case, person),
        may_disqualify=not check_disqualify(visit.viewer, case),
        may_correct=not check_correct(visit.viewer, notice, case),
        losses=losses(visit.viewer, file),
        corrections=corrections(session, file),
        may_admit=not case.late_admitted and not check_admit_late(session, season, notice, case, person),
        may_object=not check_objection(session, season, case, person),
        objections=[o for o, _ in objections(visit.viewer, case)] if visit.viewer.is_office else [],
        form=visit.form,
    )


def _refused(visit: Visit, case_id: UUID, error: Refused, reason: str = "reason") -> Response:
    """The same page again, with the reasons and what was typed; `reason` is what this form calls its reason."""
    visit.session.rollback()
    reasons = tuple(replace(r, field=reason) if r.field == "reason" else r for r in error.reasons)
    return shown_case(visit, seen_case(visit, case_id), status=error.status, reasons=reasons)


@router.post("/cases/{case_id}/withdraw")
def withdraw_case(visit: OwnCase, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    try:
        withdraw(visit.session, case.id, visit.person, visit.form.text("withdraw_reason"))
    except Refused as error:
        return _refused(visit, case_id, error, "withdraw_reason")
    return done(f"/cases/{case_id}", f"{case.number}已撤回申报。")


@router.post("/cases/{case_id}/disqualify")
def disqualify_case(visit: Visiting, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    try:
        disqualify(visit.session, case.id, visit.person, visit.form.text("disqualify_reason"))
    except Refused as error:
        return _refused(visit, case_id, error, "disqualify_reason")
    return done(f"/cases/{case_id}", f"已取消{case.number}的参评资格。")


@router.post("/cases/{case_id}/admit")
def admit_case(visit: Visiting, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    try:
        admit_late(visit.session, case.id, visit.person, visit.form.text("admit_reason"))
    except Refused as error:
        return _refused(visit, case_id, error, "admit_reason")
    return done(f"/cases/{case_id}", f"已准予{case.number}逾期申报，填报人现在可以提交。")


@router.post("/cases/{case_id}/objections")
def object_to_case(visit: Visiting, case_id: UUID) -> Response:
    case, form = seen_case(visit, case_id), visit.form
    try:
        objection = register_objection(
            visit.session, case.id, visit.person, read_account(form), read_how(form)
        )
    except Refused as error:
        return _refused(visit, case_id, error)
    return done("/objections", f"已登记对{case.number}的异议，回执编号{objection.receipt}，请及时核实。")
