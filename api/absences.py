"""Where does somebody who will be away name a substitute, and end it again?"""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Visit, Visiting
from api.render import done, page
from models.handing import delegated, is_personal, own_seats, stand_ins, taken_over
from models.notice import day_end, day_start
from models.people import Person
from models.recusal_lists import seated
from models.season import now
from models.values import read_day
from models.verdict import Reason, Refused, Verdict
from tasks.substitutes import end_substitute, name_substitute

router = APIRouter()


@router.get("/absences")
def absences_page(visit: Visiting, away: str = "") -> Response:
    return _page(visit, away)


def _page(visit: Visit, away: str, *, status: int = 200, reasons: Verdict = ()) -> Response:
    session, season, viewer = visit.session, visit.season, visit.viewer
    who = _away(visit, away)
    seats = own_seats(session, season, viewer.notice, who)
    return page(
        visit,
        "absences.html",
        status=status,
        reasons=reasons,
        standing=taken_over(session, season, None if viewer.is_office else visit.person),
        given=delegated(session, season, visit.person),
        away=who,
        bodies=[viewer.notice.body(s.body).label for s in seats],
        colleagues=stand_ins(session, season, seats, who),
        people=_replaceable(visit) if viewer.is_office else {},
        form=visit.form,
    )


def _replaceable(visit: Visit) -> dict[str, list[Person]]:
    """Everybody in whose seat somebody may stand in, body by body."""
    notice = visit.viewer.notice
    personal = {b.label for b in notice.bodies if is_personal(notice, b.key)}
    return {label: list(found) for label, found in seated(visit.viewer).items() if label not in personal}


def _away(visit: Visit, given: str) -> Person:
    """Whose absence the page is about: somebody else's only for the office."""
    if not visit.viewer.is_office or not given:
        return visit.person
    try:
        found = visit.session.get(Person, UUID(given))
    except ValueError:
        found = None
    return found or visit.person


@router.post("/absences")
def name(visit: Visiting) -> Response:
    form, away = visit.form, _away(visit, visit.form.text("away"))
    try:
        since, until = _days(visit)
        name_substitute(
            visit.session,
            visit.season.id,
            away.id,
            _chosen(visit),
            since,
            until,
            visit.person,
            form.text("reason")[:200],
        )
    except Refused as error:
        visit.session.rollback()
        return _page(visit, str(away.id), status=error.status, reasons=error.reasons)
    return done("/absences", f"已登记。这几天{away.name}的任务由代理人办理，邮件也发给代理人。")


@router.post("/absences/{seat_id}/end")
def end(visit: Visiting, seat_id: UUID) -> Response:
    substitute = end_substitute(visit.session, seat_id, visit.person)
    return done("/absences", f"{substitute.name}的代理已结束。")


def _days(visit: Visit) -> tuple[datetime, datetime]:
    since, until = (read_day(visit.form.text(name)) for name in ("since", "until"))
    found: list[Reason] = []
    for name, day, label in (("since", since, "开始"), ("until", until, "结束")):
        if day is None:
            text = f"请选择{label}日期，格式如 2026-03-09。"
            found.append(Reason("not_a_date", text, "", "invalid", name))
    if since is None or until is None:
        raise Refused(*found)
    return max(day_start(since), now(visit.season)), day_end(until)


def _chosen(visit: Visit) -> UUID:
    if (chosen := visit.form.named("substitute")) is None:
        raise Refused(Reason("nobody_chosen", "请选择代理人。", "", "invalid", "substitute"))
    return chosen
