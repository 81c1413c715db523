"""Where does the office look at the calendar of working days and keep it?"""

import calendar as months_of
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Response
from sqlmodel import col, select

from api.deps import Visit, Visiting
from api.render import done, page
from models.notice import SHANGHAI, day_of
from models.verdict import Refused, Verdict
from models.workdays import CalendarDay, CalendarYear, calendar, uncovered
from tasks.workcalendar import (
    FIRST,
    LAST,
    clear_day,
    enter_year_by_hand,
    enter_year_from_library,
    library_years,
    set_day,
)

router = APIRouter()


@dataclass(frozen=True)
class Day:
    """A day in the picture of a month; `note` is empty where it goes by its weekday."""

    day: date
    working: bool
    exceptional: bool
    note: str
    due: str


@router.get("/workdays")
def calendar_page(visit: Visiting) -> Response:
    return _page(visit, _year(visit, visit.request.query_params.get("year", "")))


@router.post("/workdays/day")
def change_day(visit: Visiting) -> Response:
    form = visit.form
    try:
        kept = set_day(
            visit.session,
            visit.viewer,
            form.text("day"),
            working=form.text("kind") == "work",
            note=form.text("note"),
        )
    except Refused as error:
        return _refused(visit, error)
    return done(f"/workdays?year={kept.day.year}", f"{kept.day}已改为{'上班' if kept.working else '休息'}。")


@router.post("/workdays/clear")
def restore_day(visit: Visiting) -> Response:
    try:
        clear_day(visit.session, visit.viewer, visit.form.text("day"))
    except Refused as error:
        return _refused(visit, error)
    return done(f"/workdays?year={visit.form.text('day')[:4]}", f"{visit.form.text('day')}已恢复按星期计算。")


@router.post("/workdays/year")
def enter_year(visit: Visiting) -> Response:
    """From the library, or as entered by hand after a paper."""
    year = _year(visit, visit.form.text("year"))
    try:
        if visit.form.text("source_kind") == "library":
            count = enter_year_from_library(visit.session, visit.viewer, year)
            said = f"已导入{year}年的安排，共{count}天。"
        else:
            enter_year_by_hand(visit.session, visit.viewer, year, visit.form.text("source"))
            said = f"{year}年的安排已标为完整。"
    except Refused as error:
        return _refused(visit, error)
    return done(f"/workdays?year={year}", said)


def _refused(visit: Visit, error: Refused) -> Response:
    visit.session.rollback()
    return _page(visit, _year(visit, visit.form.text("year")), status=error.status, reasons=error.reasons)


def _year(visit: Visit, text: str) -> int:
    """The year asked for, else the one that the season is in."""
    this = visit.viewer.moment.astimezone(SHANGHAI).year
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this
    return year if FIRST <= year <= LAST else this


def _page(visit: Visit, year: int, *, status: int = 200, reasons: Verdict = ()) -> Response:
    session, notice = visit.session, visit.viewer.notice
    rows = session.exec(
        select(CalendarDay)
        .where(col(CalendarDay.day).between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(col(CalendarDay.day))
    ).all()
    return page(
        visit,
        "workdays.html",
        status=status,
        reasons=reasons,
        year=year,
        first=FIRST,
        last=LAST,
        months=_months(visit, year, {r.day: r for r in rows}),
        rows=rows,
        entered=session.get(CalendarYear, year),
        in_library=year in library_years(),
        lacking=uncovered(session, (d.day for d in notice.dates.values())),
        today=day_of(visit.viewer.moment),
        form=visit.form,
    )


def _months(visit: Visit, year: int, exceptional: dict[date, CalendarDay]) -> list[list[list[Day | None]]]:
    """Twelve months of weeks of seven days; None stands for a day of a neighbouring month."""
    known = calendar(visit.session)
    dues: dict[date, str] = {}
    for found in visit.viewer.notice.dates.values():
        dues[found.day] = "、".join(filter(None, (dues.get(found.day), found.label)))
    return [
        [
            [
                Day(
                    day,
                    known.is_workday(day),
                    day in exceptional,
                    exceptional[day].note if day in exceptional else "",
                    dues.get(day, ""),
                )
                if day.month == month
                else None
                for day in week
            ]
            for week in months_of.Calendar().monthdatescalendar(year, month)
        ]
        for month in range(1, 13)
    ]
