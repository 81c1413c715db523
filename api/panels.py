"""Where does the office see who inspects and judges what, and change it?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.cases import seen_case
from api.deps import Missing, Visit, Visiting, clean
from api.paging import PageNumber
from api.render import done, page
from models.gates import Assignment, Gate
from models.inspection import visit_of
from models.panels import assigned_steps, members, one_panel, open_panels
from models.people import Person
from models.values import read_day
from models.verdict import Reason, Refused, Verdict
from tasks.inspections import set_visit
from tasks.panels import add_member, replace_member, take_away

router = APIRouter()


@router.get("/panels")
def panels_page(visit: Visiting, p: PageNumber = 1, step: str = "") -> Response:
    chosen = clean(step)
    return page(
        visit,
        "panels.html",
        steps=[s for s in visit.viewer.notice.steps if s.key in assigned_steps(visit.viewer)],
        step=chosen,
        found=open_panels(visit.viewer, members(visit.viewer), p, chosen),
    )


@router.get("/panels/{gate_id}")
def panel_page(visit: Visiting, gate_id: UUID) -> Response:
    return _panel_page(visit, _seen_gate(visit, gate_id))


def _seen_gate(visit: Visit, gate_id: UUID) -> Gate:
    """A gate at which people are asked by name; for the office alone."""
    gate = visit.session.get(Gate, gate_id)
    if gate is None or gate.case_id is None:
        raise Missing
    seen_case(visit, gate.case_id)
    if not visit.viewer.is_office or gate.step not in assigned_steps(visit.viewer):
        raise Missing
    return gate


def _panel_page(visit: Visit, gate: Gate, *, status: int = 200, reasons: Verdict = ()) -> Response:
    case = seen_case(visit, gate.case_id or gate.id)
    panel = one_panel(visit.viewer, members(visit.viewer), gate, case)
    planned = visit_of(visit.session, gate.id)
    return page(
        visit, "panel.html", status=status, reasons=reasons, panel=panel, planned=planned, form=visit.form
    )


@router.post("/panels/{gate_id}")
def change_panel(visit: Visiting, gate_id: UUID) -> Response:
    """Replace one, add one, or take one away; which it is stands on the button."""
    gate = _seen_gate(visit, gate_id)
    try:
        said = _changed(visit, gate)
    except Refused as error:
        visit.session.rollback()
        return _panel_page(visit, _seen_gate(visit, gate_id), status=error.status, reasons=error.reasons)
    back = "/panels" if visit.form.text("back") else f"/panels/{gate_id}"
    return done(back, said)


def _changed(visit: Visit, gate: Gate) -> str:
    form, session = visit.form, visit.session
    assignment = _id(form.text("assignment"), "请选择要调整的人员。", "assignment")
    found = session.get(Assignment, assignment)
    if found is None or found.gate_id != gate.id:
        raise Missing
    if form.text("action") == "take_away":
        take_away(session, assignment, visit.person, form.text("reason"))
        return "已撤下，不再等待这一份答复。"
    if form.text("action") == "visit":
        set_visit(session, assignment, read_day(form.text("day")), form.text("place"), visit.person)
        return "已安排查验日期，查验人员在任务页面看得到。"
    person = _id(form.text("person"), "请选择要指派的人员。", "person")
    verb = add_member if form.text("action") == "add" else replace_member
    verb(session, assignment, person, visit.person)
    return f"已指派{session.get_one(Person, person).name}，任务邮件随即发出。"


def _id(text: str, missing: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused(Reason("nobody_chosen", missing, "三（四）", "invalid", field)) from None
