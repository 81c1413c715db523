"""How does the office hear an objection: let in, verified, concluded (三（七）)?"""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting
from api.downloads import download
from api.render import done, page
from models.case import Case
from models.file_scan import scan_states
from models.hearing import last_window, open_window
from models.objection import Account, Objection, ObjectionFile, read_account
from models.queries import objections
from models.season import Season
from models.verdict import Reason, Refused, Verdict
from models.words import ScanState
from tasks.objection_checks import CLAUSE, evidence_of
from tasks.objections import admit_objection, conclude_objection, read_evidence, verify_objection

router = APIRouter()


@dataclass(frozen=True)
class Heard:
    """An objection as those who handle it read it."""

    objection: Objection
    case: Case
    account: Account
    files: list[ObjectionFile]
    scans: dict[UUID, ScanState]


@router.get("/objections")
def objection_list(visit: Visiting) -> Response:
    return _list(visit)


def _list(visit: Visit, *, at: UUID | None = None, status: int = 200, reasons: Verdict = ()) -> Response:
    rows = [
        Heard(o, c, read_account(o), files := list(evidence_of(visit.session, o.id)), _scans(visit, files))
        for o, c in objections(visit.viewer)
    ]
    return page(
        visit,
        "objections.html",
        status=status,
        reasons=reasons,
        rows=sorted(rows, key=lambda r: (not r.objection.is_open, r.objection.due_at)),
        window=open_window(visit.session, visit.season, visit.viewer.notice),
        ended=last_window(visit.session, visit.season, visit.viewer.notice),
        at=at,
        form=visit.form,
    )


def _scans(visit: Visit, files: list[ObjectionFile]) -> dict[UUID, ScanState]:
    return scan_states(visit.session, [f.id for f in files])


def _seen(visit: Visit, objection_id: UUID) -> Objection:
    found = visit.session.get(Objection, objection_id)
    if found is None:
        raise Missing
    visit.enter(visit.session.get_one(Season, found.season_id))
    return found


def _refused(visit: Visit, objection_id: UUID, error: Refused) -> Response:
    visit.session.rollback()
    _seen(visit, objection_id)
    return _list(visit, at=objection_id, status=error.status, reasons=error.reasons)


def _is_yes(visit: Visit, name: str, text: str) -> bool:
    if visit.form.text(name) not in ("yes", "no"):
        raise Refused(Reason(f"{name}_missing", text, CLAUSE, "invalid", name))
    return visit.form.text(name) == "yes"


@router.get("/objections/{objection_id}/files/{file_id}")
def evidence(visit: Visiting, objection_id: UUID, file_id: UUID) -> Response:
    file, content = read_evidence(visit.session, _seen(visit, objection_id), file_id)
    return download(file.filename, content)


@router.post("/objections/{objection_id}/admit")
def admit(visit: Visiting, objection_id: UUID) -> Response:
    _seen(visit, objection_id)
    try:
        heard = _is_yes(visit, "heard", "请选择是否受理。")
        reason = visit.form.text("admission")
        admit_objection(visit.session, objection_id, visit.person, heard=heard, reason=reason)
    except Refused as error:
        return _refused(visit, objection_id, error)
    return done("/objections", "已决定受理，请核实。" if heard else "已决定不予受理，并记入流转记录。")


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
        upheld = _is_yes(visit, "upheld", "请选择异议是否成立。")
        conclusion = visit.form.text("conclusion")
        conclude_objection(visit.session, objection_id, visit.person, upheld=upheld, conclusion=conclusion)
    except Refused as error:
        return _refused(visit, objection_id, error)
    return done("/objections", "异议已作出结论，并记入流转记录。")
