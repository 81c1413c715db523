"""What does the year look like: its dates, its steps, its lists, who runs it; and how does a practice clock move?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter, Response

from api.deps import Visit, Visiting
from api.render import done, minute, page
from api.stages import season_stages
from models.amendment import amendments, former_days
from models.casefile import season_record
from models.gates import Gate
from models.notice import Notice, NoticeDate, Step, day_of, day_start
from models.progress import Progress
from models.queries import open_counts, outcome_counts, season_lists, stage_counts
from models.season import now
from models.verdict import Reason, Refused, Verdict
from models.workdays import uncovered
from tasks.deadlines import catch_up
from tasks.seasons import move_clock, next_turning_point

router = APIRouter()
Former = tuple[int, date]


@dataclass(frozen=True)
class DateRow:
    """One date of the notice with the steps that are due on it; `past` compared with the season's today."""

    key: str
    date: NoticeDate
    steps: list[Step]
    past: bool
    today: bool
    former: Sequence[Former] = ()


def date_rows(
    notice: Notice, today: date, former: Mapping[str, Sequence[Former]] | None = None
) -> list[DateRow]:
    """`former`: the days that a date had before it was moved, each with the number of the amendment."""
    ordered = sorted(notice.dates.items(), key=lambda item: item[1].day)
    return [
        DateRow(
            key,
            d,
            [s for s in notice.steps if key in (s.due, s.opens)],
            d.day < today,
            d.day == today,
            (former or {}).get(key, ()),
        )
        for key, d in ordered
    ]


@router.get("/season")
def season_page(visit: Visiting) -> Response:
    return _season_page(visit)


def _season_page(visit: Visit, *, status: int = 200, reasons: Verdict = ()) -> Response:
    viewer, session, season = visit.viewer, visit.session, visit.season
    gates: dict[str, Gate] = Progress(session, season, viewer.notice, None).gates
    today, moved = day_of(viewer.moment), amendments(session, season.id)
    return page(
        visit,
        "season.html",
        status=status,
        reasons=reasons,
        today=today,
        dates=date_rows(viewer.notice, today, former_days(moved)),
        amendments=moved,
        uncovered_years=uncovered(session, (d.day for d in viewer.notice.dates.values())),
        gates=gates,
        waiting=open_counts(viewer),
        stages=season_stages(viewer, stage_counts(viewer)),
        outcomes=outcome_counts(viewer),
        lists=season_lists(session, season) if viewer.reads_opinions else [],
        record=season_record(viewer) if viewer.sees_all else [],
        next_date=next_turning_point(session, season) if season.practice else None,
        form=visit.form,
    )


@router.post("/season/clock")
def set_clock(visit: Visiting) -> Response:
    """The office moves a practice season's clock: to the next date of the notice, or to a day it chooses."""
    try:
        if not visit.viewer.is_office:
            raise Refused(Reason("office_only", "演练时钟只能由办公室调整。", kind="forbidden"))
        to = (
            next_turning_point(visit.session, visit.season)
            if visit.form.text("to") == "next"
            else _day(visit)
        )
        if to is None:
            raise Refused(Reason("no_date_left", "通知的日期都已经过去，没有下一个日期。", field="to"))
        move_clock(visit.session, visit.season, to, visit.person)
        catch_up(visit.session, visit.season)
    except Refused as error:
        visit.session.rollback()
        return _season_page(visit, status=error.status, reasons=error.reasons)
    return done("/season", f"演练时钟已调整到 {minute(now(visit.season))}。")


def _day(visit: Visit) -> datetime:
    try:
        return day_start(date.fromisoformat(visit.form.text("to")))
    except ValueError:
        text = "请选择一个日期，格式如 2026-03-09。"
        raise Refused(Reason("not_a_date", text, kind="invalid", field="to")) from None
