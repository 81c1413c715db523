"""How does the office see two applications of one person side by side, and say which stands?"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting
from api.fields import shown
from api.paging import PageNumber
from api.render import county_label, done, page
from models.case import Case
from models.doubles import Pair, read_pairs, unsettled
from models.form_field import FormField
from models.notice import Notice
from models.people import Organisation, Person
from models.personal import masked_form, whole_form
from models.season import notice_by_digest
from models.verdict import Refused, Verdict
from models.words import FieldKind
from tasks.doubles import Ruling, settle_double

router = APIRouter()

PAIRS_A_PAGE = 20
LONG = (FieldKind.AREA, FieldKind.ROWS, FieldKind.INDICATORS)
# By these one knows a person: always shown. In the others only what differs is.
TELLING = {"name", "sex", "birth_date", "id_number", "phone", "employer", "occupation"}


@dataclass(frozen=True)
class Compared:
    """One field of two applications; numbers are masked."""

    label: str
    first: str
    second: str
    differs: bool


@dataclass(frozen=True)
class Side:
    """One of two applications."""

    case: Case
    channel: str
    unit: str
    county: str
    stage: str
    entered_by: str


@dataclass(frozen=True)
class Shown:
    pair: Pair
    sides: tuple[Side, Side]
    telling: list[Compared]
    others: list[Compared]

    @property
    def key(self) -> str:
        return f"{self.pair.first.id}-{self.pair.second.id}"


@router.get("/doubles")
def doubles_page(visit: Visiting, p: PageNumber = 1) -> Response:
    return _page(visit, p)


def _page(
    visit: Visit, number: int, *, status: int = 200, reasons: Verdict = (), about: str = ""
) -> Response:
    found = list(unsettled(visit.session, visit.season.id).items())
    pages = max(1, -(-len(found) // PAIRS_A_PAGE))
    keys = [f"{first}-{second}" for (first, second), _ in found]
    number = keys.index(about) // PAIRS_A_PAGE + 1 if about in keys else min(number, pages)
    wanted = found[(number - 1) * PAIRS_A_PAGE : number * PAIRS_A_PAGE]
    return page(
        visit,
        "doubles.html",
        status=status,
        reasons=reasons,
        about=about,
        pairs=[_shown(visit, pair) for pair in read_pairs(visit.session, wanted)],
        total=len(found),
        p=number,
        pages=pages,
        form=visit.form,
    )


def _shown(visit: Visit, pair: Pair) -> Shown:
    sides = (_side(visit, pair.first), _side(visit, pair.second))
    telling, others = _compared(visit, pair)
    return Shown(pair, sides, telling, [row for row in others if row.differs])


def _side(visit: Visit, case: Case) -> Side:
    notice = notice_by_digest(visit.session, case.notice_digest)
    unit = visit.session.get(Organisation, case.unit_id) if case.unit_id else None
    return Side(
        case=case,
        channel=notice.channel(case.channel).label,
        unit=unit.name if unit else "—",
        county=county_label(case.county) or "—",
        stage=notice.stage(case.stage).label,
        entered_by=visit.session.get_one(Person, case.entered_by).name,
    )


def _compared(visit: Visit, pair: Pair) -> tuple[list[Compared], list[Compared]]:
    """The telling fields and the other short ones: told apart by what they say, shown as everyone may see it."""
    notice = notice_by_digest(visit.session, pair.first.notice_digest)
    whole = whole_form(pair.first), whole_form(pair.second)
    masked = masked_form(notice, pair.first), masked_form(notice, pair.second)
    asked = {f.key: f for c in (pair.first, pair.second) for f in notice.fields_of(c.channel)}
    rows: tuple[list[Compared], list[Compared]] = ([], [])
    for field in asked.values():
        if field.kind not in LONG:
            said = _said(notice, field, masked[0]), _said(notice, field, masked[1])
            rows[field.key not in TELLING].append(Compared(field.label, *said, _differs(field, *whole)))
    return rows


def _differs(field: FormField, first: dict[str, Any], second: dict[str, Any]) -> bool:
    return (first.get(field.key) or "") != (second.get(field.key) or "")


def _said(notice: Notice, field: FormField, form: dict[str, Any]) -> str:
    return shown(notice, field.key, form.get(field.key)) or "—"


@router.post("/doubles")
def settle(visit: Visiting) -> Response:
    """`ruling` is the id of the case that stands, or `two`."""
    form = visit.form
    first, second = _id(form.text("first")), _id(form.text("second"))
    try:
        ruling = Ruling(_kept(form.text("ruling")), form.text("reason"))
        settled = settle_double(visit.session, first, second, visit.person, ruling)
    except Refused as error:
        visit.session.rollback()
        about = "-".join(str(i) for i in sorted((first, second)))
        return _page(visit, 1, status=error.status, reasons=error.reasons, about=about)
    if settled.kept is None:
        return done("/doubles", "已记录：这是两个人，两份申报各自继续办理。")
    number = visit.session.get_one(Case, settled.kept).number
    return done("/doubles", f"已核定为同一人：保留{number}，另一份已终结，有关人员会收到邮件。")


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Missing from None


def _kept(typed: str) -> UUID | None:
    """Nothing chosen is no case of the two, which the verb refuses."""
    if typed == "two":
        return None
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)
