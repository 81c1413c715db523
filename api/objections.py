"""How does the office hear an objection: what was said, what was found, what was concluded (三（七）)?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting
from api.render import done, page
from models.objection import Objection
from models.queries import objections
from models.season import Season
from models.verdict import Reason, Refused, Verdict
from tasks.publicity import CLAUSE, conclude_objection, open_window, verify_objection

router = APIRouter()


@router.get("/objections")
def objection_list(visit: Visiting) -> Response:
    if not visit.viewer.is_office:
        raise Missing
    return _list(visit)


def _list(visit: Visit, *, at: UUID | None = None, status: int = 200, reasons: Verdict = ()) -> Response:
    return page(
        visit,
        "objections.html",
        status=status,
        reasons=reasons,
        rows=objections(visit.viewer),
        window=open_window(visit.session, visit.season),
        at=at,
        form=visit.form,
    )


def _seen(visit: Visit, objection_id: UUID) -> Objection:
    found = visit.session.get(Objection, objection_id)
    if found is None:
        raise Missing
    visit.enter(visit.session.get_one(Season, found.season_id))
    if not visit.viewer.is_office:
        raise Missing
    return found


def _refused(visit: Visit, objection_id: UUID, error: Refused) -> Response:
    visit.session.rollback()
    _seen(visit, objection_id)
    return _list(visit, at=objection_id, status=error.status, reasons=error.reasons)


@router.post("/objections/{objection_id}/verify")
def verify(visit: Visiting, objection_id: UUID) -> Response:
    _seen(visit, objection_id)
    try:
        verify_objection(visit.session, objection_id, visit.person, visit.form.text("finding"))
    except Refused as error:
        return _refused(visit, objection_id, error)
    return done("/objections", "核实情况已记录，请作出结论。")


@router.post("/objections/{objection_id}/conclude")
def conclude(visit: Visiting, objection_id: UUID) -> Response:
    _seen(visit, objection_id)
    try:
        if visit.form.text("upheld") not in ("yes", "no"):
            raise Refused(Reason("upheld_missing", "请选择异议是否成立。", CLAUSE, "invalid", "upheld"))
        upheld = visit.form.text("upheld") == "yes"
        conclusion = visit.form.text("conclusion")
        conclude_objection(visit.session, objection_id, visit.person, upheld=upheld, conclusion=conclusion)
    except Refused as error:
        return _refused(visit, objection_id, error)
    return done("/objections", "异议已作出结论，并记入流转记录。")
