"""Which candidates are there, what has happened to one, and how is one entered?"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlmodel import col, select

from api.deps import Missing
from api.v1.caller import Calling, Text
from api.v1.narrowing import Narrowed
from api.v1.problems import ProblemRoute, documented
from api.v1.requests import CaseIn
from api.v1.schemas import AnswerGiven, CaseBrief, CaseGate, CaseOut, CasePage, CheckOut, EventOut, RecusalOut
from models.case import Case
from models.casefile import Answered, Happened, Opened, read_casefile
from models.consent import candidate_standing
from models.labels import label
from models.notice import Notice
from models.people import Organisation
from models.personal import masked_form
from models.queries import find_cases, open_gates
from models.recusal_lists import Declared, declared
from models.review_matters import read_matters
from models.reviewing import may_see_lines, review_lines
from models.season import notice_by_digest
from models.verdict import Reason, require
from models.viewer import Viewer
from models.words import Relation
from tasks.consent import give_consent
from tasks.directory import county_labels
from tasks.intake import Application, enter_case, submit_case

router = APIRouter(route_class=ProblemRoute, tags=["案件"])

Page = Annotated[int, Query(ge=1, le=1_000_000)]


@router.get("/cases", responses=documented(401, 404, 422))
def list_cases(
    caller: Calling,
    narrowed: Narrowed,
    page: Page = 1,
) -> CasePage:
    """调用人可见的案件，按编号排列，筛选与网页相同。"""
    with caller.looking() as viewer:
        found = find_cases(viewer, narrowed, page)
        items = [brief(r.case, r.unit, [g.step for g in r.gates]) for r in found.rows]
        return CasePage(items=items, total=found.total, page=found.page, pages=found.pages)


@router.post("/cases", status_code=201, responses=documented(400, 401, 403, 404, 409, 422))
def create_case(caller: Calling, given: CaseIn, response: Response) -> CaseOut:
    """录入一名人选（草稿）；submit 为真时随即提交。"""
    with caller.changing() as viewer:
        form = given.form.model_dump()
        case = enter_case(viewer.session, viewer.season.id, _application(viewer, given, form), viewer.person)
        if given.consent.said:
            give_consent(viewer.session, case.id, viewer.person, given.consent.said)
        if given.submit:
            submit_case(viewer.session, case.id, viewer.person)
        response.headers["Location"] = f"/api/v1/seasons/{caller.season_id}/cases/{case.number}"
        return told_case(viewer, case)


def _application(viewer: Viewer, given: CaseIn, form: dict[str, Any]) -> Application:
    """The unit counts only where a unit recommends, the county only on the way through its bodies."""
    needed = {
        viewer.notice.body(d.body).relation
        for s in viewer.notice.case_steps(given.channel, given.route)
        for d in s.deciders
    }
    if given.county is not None and given.county not in county_labels():
        text = f"没有代码为“{given.county}”的县（区），请核对。"
        require((Reason("unknown_county", text, "四", "invalid", "county"),))
    return Application(
        name=given.name,
        channel=given.channel,
        route=given.route,
        county=given.county if Relation.OWN_COUNTY in needed else None,
        unit_id=given.unit_id if Relation.OWN_UNIT in needed else None,
        form=form,
    )


@router.get("/cases/{no}", responses=documented(401, 404, 422))
def read_case(caller: Calling, no: Text) -> CaseOut:
    """一名人选：申请表、各关口与答复。"""
    with caller.looking() as viewer:
        return told_case(viewer, seen_case(viewer, no))


@router.get("/cases/{no}/events", responses=documented(401, 404, 422))
def list_events(caller: Calling, no: Text) -> list[EventOut]:
    """一名人选的流转记录，按先后排列。"""
    with caller.looking() as viewer:
        file = read_casefile(viewer, seen_case(viewer, no))
        return [_event(happened) for happened in file.record]


def seen_case(viewer: Viewer, number: str) -> Case:
    """The case of this number, if it exists for the caller."""
    case = viewer.session.exec(viewer.cases().where(col(Case.number) == number)).first()
    if case is None:
        raise Missing
    return case


def brief(case: Case, unit: str | None, open_steps: list[str]) -> CaseBrief:
    facts = case.model_dump(include=set(CaseBrief.model_fields))
    return CaseBrief(**facts, unit=unit, open_steps=open_steps)


def told_case(viewer: Viewer, case: Case) -> CaseOut:
    """The case as this caller may know it."""
    viewer.session.flush()
    unit = viewer.session.exec(select(Organisation.name).where(Organisation.id == case.unit_id)).first()
    notice = notice_by_digest(viewer.session, case.notice_digest)
    steps = [g.step for g in open_gates(viewer.session, [case.id]).get(case.id, [])]
    return CaseOut(
        **brief(case, unit, steps).model_dump(),
        form=masked_form(notice, case),
        form_version=case.form_version,
        late_admitted=case.late_admitted,
        consent=sorted(candidate_standing(viewer.session, case).scopes),
        checklist=_checklist(viewer, notice, case),
        gates=[_gate(opened) for opened in read_casefile(viewer, case).gates],
        recusals=[_recusal(d) for d in declared(viewer, case)] if viewer.is_office else [],
    )


def _recusal(found: Declared) -> RecusalOut:
    return RecusalOut(
        person=found.person.name,
        declared_by=found.declared_by.name,
        reason=found.recusal.reason,
        declared_at=found.recusal.declared_at,
    )


def _checklist(viewer: Viewer, notice: Notice, case: Case) -> list[CheckOut] | None:
    if not may_see_lines(viewer, case):
        return None
    matters = read_matters(viewer.session, notice, [case])
    lines = review_lines(viewer, notice, case, matters[case.id])
    return [CheckOut(**{k: v for k, v in vars(line).items() if k != "href"}) for line in lines]


def _gate(opened: Opened) -> CaseGate:
    return CaseGate(
        **opened.gate.model_dump(include=set(CaseGate.model_fields)),
        label=opened.step.label,
        answers=[_given(answered) for answered in opened.asked],
    )


def _given(answered: Answered) -> AnswerGiven:
    given = AnswerGiven.model_validate(
        {
            "body": answered.body,
            "who": answered.who,
            "state": answered.assignment.state,
            "decided_by": answered.decided_by,
            "answer": answered.answer,
        }
    )
    if answered.decision is None:
        return given
    said = {"decided_at", "opinion", "reason", "items"} if answered.readable else {"decided_at"}
    return given.model_copy(update=answered.decision.model_dump(include=said))


def _event(happened: Happened) -> EventOut:
    """The salted digests that hold the chain together, and answers that may not be read, are left out."""
    hidden = {"digest", "signature", "decision"}
    if happened.decision is not None and not happened.decision.readable:
        hidden |= {"answer"}
    return EventOut(
        kind=happened.kind,
        label=label(happened.kind),
        at=happened.at,
        actor=happened.actor,
        facts={k: v for k, v in happened.facts.items() if k not in hidden},
    )
