"""How is an objection handled by a program: registered, let in when it is late, verified, concluded (三（七）)?"""

from uuid import UUID

from fastapi import APIRouter

from api.deps import Missing
from api.v1.caller import Calling
from api.v1.cases import seen_case
from api.v1.problems import ProblemRoute, documented
from api.v1.requests import AdmissionIn, FindingIn, ObjectionConclusionIn, ObjectionIn
from api.v1.schemas import ObjectionOut, with_number
from models.case import Case
from models.objection import Account, Objection
from models.queries import objections
from models.viewer import Viewer
from tasks.objections import (
    Objecting,
    admit_objection,
    conclude_objection,
    register_objection,
    verify_objection,
)

router = APIRouter(route_class=ProblemRoute, tags=["异议"])


@router.get("/objections", responses=documented(401, 404))
def list_objections(caller: Calling) -> list[ObjectionOut]:
    """全部异议及其进度；只对办公室存在。反映人和反映的内容只在办公室的页面上。"""
    with caller.looking() as viewer:
        return [with_number(ObjectionOut, objection, case) for objection, case in objections(viewer)]


@router.post("/objections", status_code=201, responses=documented(400, 401, 403, 404, 409, 422))
def create_objection(caller: Calling, given: ObjectionIn) -> ObjectionOut:
    """登记一件对公示人选的异议；由办公室登记。"""
    with caller.changing() as viewer:
        case = seen_case(viewer, given.case)
        account = Account(given.objector, given.contact, given.text, given.kind, given.email)
        how = Objecting(given.source, given.received_on)
        objection = register_objection(viewer.session, case.id, viewer.person, account, how)
        return with_number(ObjectionOut, objection, case)


def _seen(viewer: Viewer, objection_id: UUID) -> Case:
    """The case of an objection of this season, for the office."""
    objection = viewer.session.get(Objection, objection_id)
    if objection is None or objection.season_id != viewer.season.id or not viewer.is_office:
        raise Missing
    return viewer.session.get_one(Case, objection.case_id)


@router.post("/objections/{objection_id}/admit", responses=documented(400, 401, 404, 409, 422))
def admit(caller: Calling, objection_id: UUID, given: AdmissionIn) -> ObjectionOut:
    """逾期提出的异议，决定是否受理。"""
    with caller.changing() as viewer:
        case = _seen(viewer, objection_id)
        heard, reason = given.heard, given.reason
        return with_number(
            ObjectionOut,
            admit_objection(viewer.session, objection_id, viewer.person, heard=heard, reason=reason),
            case,
        )


@router.post("/objections/{objection_id}/verify", responses=documented(400, 401, 404, 409, 422))
def verify(caller: Calling, objection_id: UUID, given: FindingIn) -> ObjectionOut:
    """记录核实情况。"""
    with caller.changing() as viewer:
        case = _seen(viewer, objection_id)
        return with_number(
            ObjectionOut, verify_objection(viewer.session, objection_id, viewer.person, given.finding), case
        )


@router.post("/objections/{objection_id}/conclude", responses=documented(400, 401, 404, 409, 422))
def conclude(caller: Calling, objection_id: UUID, given: ObjectionConclusionIn) -> ObjectionOut:
    """作出结论；成立的，取消参评资格，名额空出。"""
    with caller.changing() as viewer:
        case = _seen(viewer, objection_id)
        upheld, said = given.upheld, given.conclusion
        return with_number(
            ObjectionOut,
            conclude_objection(viewer.session, objection_id, viewer.person, upheld=upheld, conclusion=said),
            case,
        )
