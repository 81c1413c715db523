"""Where does the office see those who inspect and judge: their trades, their load, from whom they stay away?"""

from collections import Counter
from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting
from api.render import done, page
from models.panels import Member, coverage, members
from models.recusal_lists import declared, found, relatives
from models.verdict import Refused, Verdict
from tasks.experts import check_trades, set_trades

router = APIRouter()


@router.get("/experts")
def expert_list(visit: Visiting) -> Response:
    known = members(visit.viewer)
    return page(
        visit,
        "experts.html",
        members=known,
        relatives=Counter(p.id for _, p in relatives(visit.viewer)),
        coverage=coverage(visit.viewer, known),
    )


@router.get("/experts/{person_id}")
def expert_page(visit: Visiting, person_id: UUID) -> Response:
    return _page(visit, _seen(visit, person_id))


def _seen(visit: Visit, person_id: UUID) -> list[Member]:
    """The person, once for each body in which he may be asked by name."""
    seats = [m for m in members(visit.viewer) if m.person.id == person_id]
    if not seats:
        raise Missing
    return seats


def _page(visit: Visit, seats: list[Member], *, status: int = 200, reasons: Verdict = ()) -> Response:
    viewer, person = visit.viewer, seats[0].person
    chosen = visit.form.fields.get("trades", []) if reasons else seats[0].trades
    return page(
        visit,
        "expert.html",
        status=status,
        reasons=reasons,
        person=person,
        seats=seats,
        chosen=chosen,
        may=not check_trades(visit.session, visit.season, visit.person),
        relatives=[r for r, p in relatives(viewer) if p.id == person.id],
        declared=[d for d in declared(viewer) if d.person.id == person.id],
        found=[f for f in found(viewer) if f.person.id == person.id],
    )


@router.post("/experts/{person_id}")
def save_trades(visit: Visiting, person_id: UUID) -> Response:
    seats = _seen(visit, person_id)
    try:
        person = set_trades(
            visit.session, visit.season.id, person_id, visit.person, visit.form.fields.get("trades", [])
        )
    except Refused as error:
        visit.session.rollback()
        return _page(visit, seats, status=error.status, reasons=error.reasons)
    return done("/experts", f"{person.name}熟悉的类别已保存，今后指派时按此提出人员。")
