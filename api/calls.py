"""Who has to be telephoned because no mail reaches them, and what came of the calls (电话通知名单)?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Visit, Visiting
from api.render import done, page, private
from models.call_list import to_call
from models.labels import label
from models.people import Person
from models.verdict import Refused, Verdict
from models.words import CallResult
from tasks.calling import record_call

router = APIRouter()


@router.get("/calls")
def calls_page(visit: Visiting) -> Response:
    return _page(visit)


def _page(visit: Visit, *, about: UUID | None = None, status: int = 200, reasons: Verdict = ()) -> Response:
    shown = page(
        visit,
        "calls.html",
        status=status,
        reasons=reasons,
        about=about,
        people=to_call(visit.session, visit.season.id),
        results=list(CallResult),
        form=visit.form,
    )
    return private(shown)


@router.post("/calls/{person_id}")
def add_call(visit: Visiting, person_id: UUID) -> Response:
    result, note = visit.form.text("result"), visit.form.text("note")
    try:
        record_call(visit.session, visit.season.id, visit.person, person_id, result, note)
    except Refused as error:
        visit.session.rollback()
        return _page(visit, about=person_id, status=error.status, reasons=error.reasons)
    name = visit.session.get_one(Person, person_id).name
    return done("/calls", f"已记录与{name}的通话：{label(CallResult(result))}。")
