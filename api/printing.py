"""How are the papers of a case printed? As Word or PDF, by whoever may read what stands on them.

Who filled a form in prints it by a plain link. For everybody else a button does, as it is put on record that they have
taken somebody's full numbers away with them.
"""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.cases import seen_case
from api.deps import Database, OwnCase, Visit, chosen_season
from api.downloads import download
from models.season import notice_of
from models.verdict import Reason, Refused, require
from tasks.personal import see_numbers
from tasks.printing import TITLES, Format, check_print, print_blank, print_form

router = APIRouter()


@router.get("/cases/{case_id}/print/{what}.{form}")
def print_own(visit: OwnCase, case_id: UUID, what: str, form: Format) -> Response:
    case = seen_case(visit, case_id)
    require(check_print(visit.viewer, case))
    if case.entered_by != visit.person.id:
        text = "打印别人填报的表格会带走完整的身份证号和电话，须留下记录。请在案件页的“打印”一栏点按钮打印。"
        raise Refused(Reason("print_by_button", text))
    return _printed(visit, case_id, what, form)


@router.post("/cases/{case_id}/print/{what}.{form}")
def print_on_record(visit: OwnCase, case_id: UUID, what: str, form: Format) -> Response:
    case = seen_case(visit, case_id)
    require(check_print(visit.viewer, case))
    if case.entered_by != visit.person.id:
        see_numbers(visit.session, case.id, visit.person, f"打印{TITLES.get(what, '表格')}")
    return _printed(visit, case_id, what, form)


def _printed(visit: Visit, case_id: UUID, what: str, form: Format) -> Response:
    made = print_form(visit.session, visit.viewer, seen_case(visit, case_id), what, form)
    return download(made.filename, made.content)


@router.get("/forms/{what}.{form}")
def blank_form(request: Request, session: Database, what: str, form: Format) -> Response:
    """The notice's blank forms, for anybody."""
    season = chosen_season(request, session)
    made = print_blank(notice_of(session, season), what, form)
    return download(made.filename, made.content)
