"""Where is it stuck (卡在哪里), with whom, how far is the season, and what will probably be late?"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.deps import Missing, Visit, Visiting, clean
from api.paging import PageNumber
from api.render import county_label, done, page, query
from models.board.columns import read_columns
from models.board.days import Days
from models.board.forecast import ENOUGH, read_forecast
from models.board.holders import BY_LABELS, By, Sort, groupings, read_holders
from models.board.owed import read_owed
from models.board.pace import ERROR, METHOD
from models.board.sight import cases_in_view, knows_names, knows_reached
from models.board.spans import Span, read_spans
from models.board.wanted import Wanted
from models.stranded import season_is_stranded, stranded_cases, unasked_gates
from models.verdict import Refused
from tasks.attention import remind
from tasks.reminding_many import MOST, Asking, receivers, show_reminders

router = APIRouter()

SHOWN = 100
Word = TypeVar("Word", bound=StrEnum)


def _word(kind: type[Word], text: str, otherwise: Word) -> Word:
    """What is asked for, if it is a word that we know."""
    return kind(text) if text in set(kind) else otherwise


def wanted_words(
    stage: str = "",
    step: str = "",
    county: str = "",
    unit: str = "",
    body: str = "",
    organisation: str = "",
    person: str = "",
    late: str = "",
) -> Wanted:
    words = [clean(w).strip()[:80] for w in (stage, step, county, unit, body, organisation, person)]
    stage, step, county, unit, body, organisation, person = words
    return Wanted(stage, step, county, unit, body, organisation, person, late == "1")


Narrowing = Annotated[Wanted, Depends(wanted_words)]


@router.get("/board")
def board(visit: Visiting, by: str = "", sort: str = "") -> Response:
    viewer = visit.viewer
    days = Days(visit.session, viewer.moment)
    chosen = _word(By, by, By.DEPARTMENT)
    chosen = chosen if chosen in groupings(viewer) else By.DEPARTMENT
    order = _word(Sort, sort, Sort.LATE)
    holders = read_holders(viewer, chosen, days, county_label, order)
    columns = read_columns(viewer, days)
    return page(
        visit,
        "board.html",
        columns=columns,
        by=chosen,
        groupings={b: BY_LABELS[b] for b in groupings(viewer)},
        sort=order,
        holders=holders[:SHOWN],
        more=max(0, len(holders) - SHOWN),
        reached=knows_reached(viewer),
        uncovered=days.uncovered(c.due for c in columns if c.due),
        **_stranded(visit),
    )


def _stranded(visit: Visit) -> dict[str, Any]:
    """What the red tile counts: cases with nothing ahead of them, gates that nobody is to answer."""
    viewer, season, notice = visit.viewer, visit.season, visit.viewer.notice
    seen = cases_in_view(viewer)
    return {
        "stranded": stranded_cases(visit.session, season, notice, seen, SHOWN),
        "unasked": unasked_gates(visit.session, season, notice, seen, SHOWN),
        "season_stranded": viewer.sees_all and season_is_stranded(visit.session, season),
    }


@router.get("/board/timeline")
def timeline(visit: Visiting) -> Response:
    viewer = visit.viewer
    days = Days(visit.session, viewer.moment)
    spans = read_spans(viewer)
    return page(visit, "board_timeline.html", spans=spans, today=days.today, drawn=_drawn(spans, days.today))


def _drawn(spans: Sequence[Span], today: date) -> list[dict[str, object]]:
    """What the chart is drawn from: days as text; what is not done goes on until today."""
    return [
        {
            "label": s.step.label,
            "planned": [str(s.planned_from), str(s.planned_to)],
            "actual": [str(s.opened), str(s.closed if s.is_over and s.closed else today)]
            if s.opened
            else None,
            "late": bool(s.late),
        }
        for s in spans
    ]


@router.get("/board/forecast")
def forecast(visit: Visiting) -> Response:
    viewer = visit.viewer
    days = Days(visit.session, viewer.moment)
    return page(
        visit,
        "board_forecast.html",
        forecast=read_forecast(viewer, days),
        method=METHOD,
        error=ERROR,
        enough=ENOUGH,
    )


@router.get("/board/waiting")
def waiting(visit: Visiting, wanted: Narrowing, p: PageNumber = 1) -> Response:
    """The cases and tasks behind a number."""
    _check_names(visit, wanted)
    found = read_owed(visit.viewer, wanted, Days(visit.session, visit.viewer.moment), p)
    narrowing = query(wanted.query())
    return page(
        visit,
        "board_waiting.html",
        wanted=wanted,
        found=found,
        base=f"/board/waiting?{narrowing}&",
        remind_link=f"/board/remind?{query(wanted.only_late().query())}",
        all_link=f"/board/waiting?{query({**wanted.query(), 'late': ''})}",
        late_link=f"/board/waiting?{query(wanted.only_late().query())}",
    )


def _check_names(visit: Visit, wanted: Wanted) -> None:
    """What lies with a person is shown to those who may know whom a case lies with, and to himself."""
    if wanted.person and not knows_names(visit.viewer) and wanted.person != str(visit.person.id):
        raise Missing


# --- 催办 --------------------------------------------------------------------------------------------------------


@router.get("/board/remind")
def preview(visit: Visiting, wanted: Narrowing) -> Response:
    """Nothing is sent here: the page says exactly what is asked for again, and who gets a mail."""
    _check_names(visit, wanted)
    return _preview(visit, wanted, show_reminders(visit.viewer, wanted))


def _preview(
    visit: Visit, wanted: Wanted, rows: list[Asking], *, status: int = 200, asked: int | None = None
) -> Response:
    return page(
        visit,
        "board_remind.html",
        status=status,
        wanted=wanted.only_late(),
        going=[r for r in rows if not r.verdict],
        left=[r for r in rows if r.verdict],
        receivers=receivers(rows),
        cut=MOST if len(rows) == MOST else 0,
        asked=asked,
        back=f"/board/waiting?{query(wanted.only_late().query())}",
    )


@router.post("/board/remind")
def remind_all(visit: Visiting, wanted: Narrowing) -> Response:
    """Each in a transaction of its own, by the verb that asks for one; whoever can't be asked is named."""
    asked = [_remind(visit, task) for task in _chosen(visit)]
    count = sum(asked)
    if all(asked) and asked:
        return done("/board", f"已催办{count}项任务，提醒邮件随即发出。")
    rows = show_reminders(visit.viewer, wanted)
    return _preview(visit, wanted, rows, status=200 if count else 409, asked=count)


def _chosen(visit: Visit) -> list[UUID]:
    try:
        return [UUID(text) for text in dict.fromkeys(visit.form.fields.get("task", [])[:MOST])]
    except ValueError:
        raise Missing from None


def _remind(visit: Visit, task: UUID) -> bool:
    try:
        remind(visit.session, task, visit.person)
    except Refused:
        visit.session.rollback()
        return False
    visit.session.commit()
    return True
