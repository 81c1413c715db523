"""How does somebody see ID, telephone and address in full? By asking with a reason; the answer alone shows them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from api.cases import seen_case
from api.deps import OneCase, Visit
from api.render import page, private
from models.case import Case
from models.form_field import FormField
from models.notice import Notice
from models.personal import whole_form
from models.season import notice_by_digest
from models.verdict import Refused, Verdict
from tasks.personal import check_see_numbers, see_numbers

router = APIRouter()


@router.get("/cases/{case_id}/numbers")
def ask_for_numbers(visit: OneCase, case_id: UUID) -> Response:
    """The question why; nothing is shown yet."""
    return _page(visit, seen_case(visit, case_id))


@router.post("/cases/{case_id}/numbers")
def show_numbers(visit: OneCase, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    try:
        case = see_numbers(visit.session, case.id, visit.person, visit.form.text("numbers_reason"))
    except Refused as error:
        visit.session.rollback()
        return _page(visit, seen_case(visit, case_id), status=error.status, reasons=error.reasons)
    notice = notice_by_digest(visit.session, case.notice_digest)
    return _page(visit, case, lines=tuple(sealed_lines(notice, case)))


def _page(
    visit: Visit,
    case: Case,
    *,
    status: int = 200,
    reasons: Verdict = (),
    lines: tuple[tuple[str, str], ...] = (),
) -> Response:
    standing = check_see_numbers(visit.viewer, case)
    return private(
        page(
            visit,
            "numbers.html",
            status=status,
            reasons=reasons or standing,
            case=case,
            lines=lines,
            may_ask=not standing,
            reason=visit.form.text("numbers_reason"),
        )
    )


def sealed_lines(notice: Notice, case: Case) -> Iterator[tuple[str, str]]:
    """Label and value of every sealed part of the application that is filled in."""
    form = whole_form(case)
    for field in notice.fields_of(case.channel):
        value = form.get(field.key)
        if field.sealed and value:
            yield field.label, str(value)
        elif isinstance(value, list):
            yield from _of_rows(field, value)


def _of_rows(field: FormField, rows: list[Any]) -> Iterator[tuple[str, str]]:
    sealed = [c for c in field.columns if c.sealed]
    for number, row in enumerate(rows if sealed else [], start=1):
        for column in sealed:
            if isinstance(row, dict) and row.get(column.key):
                yield f"{field.label}第{number}行：{column.label}", str(row[column.key])
