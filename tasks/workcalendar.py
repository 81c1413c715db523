"""How does the office keep the calendar of working days?

One calendar for the installation. A year is entered from the library, where that knows it yet, or by hand after the
State Council's paper; single days may be changed at any time, and each change is on the season's record.
"""

from datetime import date

import chinese_calendar
from chinese_calendar.constants import holidays, workdays
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from models.season import Season
from models.text import tidy_line
from models.verdict import Reason, Refused, Verdict, require
from models.viewer import Viewer
from models.words import EventKind
from models.workdays import CalendarDay, CalendarYear, forget_calendar
from tasks.record import lock_season, record

FIRST, LAST = 2020, 2100
LONGEST_NOTE, LONGEST_SOURCE = 100, 200
LIBRARY = "程序库 chinesecalendar"


def library_years() -> range:
    """The years that the library knows; the next one comes with a newer version of it each November."""
    years = {day.year for day in holidays}
    return range(max(FIRST, min(years)), max(years) + 1)


def set_day(session: Session, viewer: Viewer, day: str, *, working: bool, note: str) -> CalendarDay:
    """Make one day a working day, or a free one."""
    season = _opened(session, viewer)
    read = _read_day(day)
    said = tidy_line(note)
    if len(said) > LONGEST_NOTE:
        raise Refused(Reason("too_long", f"说明不超过{LONGEST_NOTE}字。", "—", "invalid", "note"))
    kept = session.get(CalendarDay, read) or CalendarDay(day=read, working=working)
    kept.working, kept.note = working, said
    session.add(kept)
    _changed(
        session, viewer, season, f"{read}改为{'上班' if working else '休息'}{f'（{said}）' if said else ''}"
    )
    return kept


def clear_day(session: Session, viewer: Viewer, day: str) -> None:
    """The day goes by its weekday again."""
    season = _opened(session, viewer)
    read = _read_day(day)
    kept = session.get(CalendarDay, read)
    if kept is None:
        raise Refused(Reason("not_exceptional", f"{read}没有特别安排，不须恢复。", "—", "invalid", "day"))
    session.delete(kept)
    _changed(session, viewer, season, f"{read}恢复按星期上班或休息")


def enter_year_from_library(session: Session, viewer: Viewer, year: int) -> int:
    """Enter all exceptional days of a year that the library knows; how many. What was entered by hand gives way."""
    season = _opened(session, viewer)
    if year not in library_years():
        text = f"程序库还没有{year}年的安排（通常每年11月公布后更新）。请按国务院办公厅的通知逐日填写。"
        raise Refused(Reason("year_unknown", text, "—", "conflict", "year"))
    for old in session.exec(select(CalendarDay).where(_within(year))).all():
        session.delete(old)
    session.flush()
    free = [CalendarDay(day=d, working=False, note=_name(n)) for d, n in holidays.items() if d.year == year]
    worked = [
        CalendarDay(day=d, working=True, note=f"{_name(n)}调休上班")
        for d, n in workdays.items()
        if d.year == year
    ]
    session.add_all([*free, *worked])
    _enter(session, year, LIBRARY)
    _changed(session, viewer, season, f"导入{year}年的放假和调休安排，共{len(free) + len(worked)}天")
    return len(free) + len(worked)


def enter_year_by_hand(session: Session, viewer: Viewer, year: int, source: str) -> None:
    """Every exceptional day of the year stands in the calendar now, after this paper."""
    season = _opened(session, viewer)
    said = tidy_line(source)
    if not FIRST <= year <= LAST:
        raise Refused(Reason("year_out_of_range", f"年份应在{FIRST}到{LAST}之间。", "—", "invalid", "year"))
    if not said or len(said) > LONGEST_SOURCE:
        text = f"请写明所依据的通知文号，不超过{LONGEST_SOURCE}字。"
        raise Refused(Reason("source_missing", text, "—", "invalid", "source"))
    if not session.exec(select(CalendarDay).where(_within(year))).first():
        text = f"{year}年还没有填写任何放假或调休的日子，请先逐日填写。"
        raise Refused(Reason("year_empty", text, "—", "conflict", "year"))
    _enter(session, year, said)
    _changed(session, viewer, season, f"{year}年的安排已填写完整（{said}）")


def _within(year: int) -> ColumnElement[bool]:
    return col(CalendarDay.day).between(date(year, 1, 1), date(year, 12, 31))


def _enter(session: Session, year: int, source: str) -> None:
    kept = session.get(CalendarYear, year) or CalendarYear(year=year, source=source)
    kept.source = source
    session.add(kept)


def _name(english: str) -> str:
    return str(chinese_calendar.Holiday(english).chinese)


def _check_office(viewer: Viewer) -> Verdict:
    if viewer.is_office:
        return ()
    return (Reason("office_only", "年历由办公室维护。", "—", "forbidden"),)


def _opened(session: Session, viewer: Viewer) -> Season:
    require(_check_office(viewer))
    return lock_season(session, viewer.season.id)


def _read_day(text: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        said = "请选择日期，格式如 2027-02-08。"
        raise Refused(Reason("not_a_date", said, "—", "invalid", "day")) from None
    if not FIRST <= day.year <= LAST:
        said = f"日期应在{FIRST}年到{LAST}年之间。"
        raise Refused(Reason("day_out_of_range", said, "—", "invalid", "day"))
    return day


def _changed(session: Session, viewer: Viewer, season: Season, what: str) -> None:
    session.flush()
    forget_calendar(session)
    record(session, EventKind.CALENDAR_CHANGED, season=season, actor=viewer.person, what=what)
