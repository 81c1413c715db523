"""How does a unit, or a county's union, put its people in order?"""

from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting
from api.render import done, page
from models.people import Organisation
from models.priorities import Ranked, advice, ranked_cases, recommending
from models.verdict import Reason, Refused, Verdict
from tasks.priorities import check_priorities, set_priorities

router = APIRouter()


@router.get("/priorities")
def priorities_page(visit: Visiting, of: str = "") -> Response:
    return _page(visit, _organisation(visit, of))


def _organisation(visit: Visit, chosen: str) -> Organisation:
    """The one that was chosen of those for which this person recommends."""
    own = recommending(visit.viewer)
    if not own:
        raise Missing
    return next((o for o in own if str(o.id) == chosen), own[0])


def _page(visit: Visit, organisation: Organisation, *, status: int = 200, reasons: Verdict = ()) -> Response:
    ranked = ranked_cases(visit.session, visit.season, organisation)
    typed = visit.form.keyed("place_")
    places = {str(r.case.id): typed.get(str(r.case.id), str(r.place or "")) for r in ranked}
    return page(
        visit,
        "priorities.html",
        status=status,
        reasons=reasons,
        organisation=organisation,
        own=recommending(visit.viewer),
        ranked=ranked,
        places=places,
        advice=advice(visit.viewer.notice, len(ranked)),
        may=not check_priorities(visit.session, visit.season, organisation, visit.person),
    )


@router.post("/priorities")
def order(visit: Visiting) -> Response:
    organisation = _organisation(visit, visit.form.text("of"))
    ranked = ranked_cases(visit.session, visit.season, organisation)
    try:
        ordered = _ordered(visit, ranked)
        set_priorities(visit.session, visit.season.id, organisation.id, ordered, visit.person)
    except Refused as error:
        visit.session.rollback()
        return _page(visit, organisation, status=error.status, reasons=error.reasons)
    said = advice(visit.viewer.notice, len(ordered))
    return done(
        f"/priorities?of={organisation.id}", "推荐优先顺序已保存。" + (f"提示：{said}" if said else "")
    )


def _ordered(visit: Visit, ranked: list[Ranked]) -> list[UUID]:
    """The cases by the numbers that were typed; who got none comes last; a number given twice is no order."""
    typed = visit.form.keyed("place_")
    found: list[Reason] = []
    numbers: dict[str, Ranked] = {}
    last: list[UUID] = []
    for r in ranked:
        text, field = typed.get(str(r.case.id), ""), f"place_{r.case.id}"
        if not text:
            last.append(r.case.id)
        elif not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) > 0):
            said = f"{r.case.name}的顺序“{text[:20]}”不是1、2、3这样的整数，请改正。"
            found.append(Reason("position_invalid", said, "一（二）", "invalid", field))
        elif str(int(text)) in numbers:
            said = (
                f"{r.case.name}与{numbers[str(int(text))].case.name}的顺序都是{int(text)}，请改为不同的数。"
            )
            found.append(Reason("position_duplicate", said, "一（二）", "invalid", field))
        else:
            numbers[str(int(text))] = r
    if found:
        raise Refused(*found)
    return [r.case.id for _, r in sorted(numbers.items(), key=lambda row: int(row[0]))] + last
