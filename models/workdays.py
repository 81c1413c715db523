"""Which days are worked, and how many working days are left until a deadline?

The office's own calendar: weekends are free and all other days are worked, but for the exceptional days of the table
(a holiday, a working day made up for one). The State Council gives them out each November for the next year. A year
whose days are not entered yet goes by weekdays alone, and whatever is counted in it is to be marked `UNADJUSTED`.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Field, Session, SQLModel, select

from models.database import Instant, real_now
from models.notice import SHANGHAI, day_of

UNADJUSTED = "未含调休"
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


class CalendarYear(SQLModel, table=True):
    """A year whose holidays and make-up days are entered; `source` says after which paper or library."""

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source: str = Field(max_length=200)
    entered_at: datetime = Field(default_factory=real_now, sa_type=Instant)


class CalendarDay(SQLModel, table=True):
    """An exceptional day: worked though it may be a weekend, or free though it may be a weekday."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    working: bool
    note: str = Field(default="", max_length=100)


@dataclass(frozen=True)
class Calendar:
    """The whole calendar as it was when the session first asked for it."""

    days: dict[date, bool]
    years: frozenset[int]
    moved: tuple[date, ...]
    """The exceptional days that are not as their weekday would have it, in order."""

    def is_workday(self, day: date) -> bool:
        return self.days.get(day, _is_weekday(day))

    def between(self, after: date, until: date) -> int:
        """The working days after the first day, up to and including the second."""
        first, last = bisect_left(self.moved, after + _DAY), bisect_left(self.moved, until + _DAY)
        moved = sum(1 if self.days[day] else -1 for day in self.moved[first:last])
        return _weekdays(until) - _weekdays(after) + moved


def calendar(session: Session) -> Calendar:
    """Read once for each session: a list of a thousand deadlines costs two statements."""
    known = session.info.get("calendar")
    if isinstance(known, Calendar):
        return known
    days = {d.day: d.working for d in session.exec(select(CalendarDay)).all()}
    years = frozenset(session.exec(select(CalendarYear.year)).all())
    moved = tuple(sorted(day for day, working in days.items() if working != _is_weekday(day)))
    session.info["calendar"] = read = Calendar(days, years, moved)
    return read


def forget_calendar(session: Session) -> None:
    """After a change of the calendar: the session reads it anew."""
    session.info.pop("calendar", None)


def is_workday(session: Session, day: date) -> bool:
    return calendar(session).is_workday(day)


def next_workday(session: Session, day: date) -> date:
    """The day itself when it is worked, else the first working day after it."""
    known = calendar(session)
    while not known.is_workday(day):
        day += _DAY
    return day


def previous_workday(session: Session, day: date) -> date:
    """The day itself when it is worked, else the last working day before it."""
    known = calendar(session)
    while not known.is_workday(day):
        day -= _DAY
    return day


def workdays_left(session: Session, due: datetime, moment: datetime) -> int:
    """Working days after today until a deadline, given as the moment (24:00) that ends its last day.

    0: today is the last day to work on it (the last day itself may be a free one). Negative: late, by so many working
    days and by at least one, though no working day may have passed since.
    """
    last, today = last_date(due), day_of(moment)
    if today <= last:
        return calendar(session).between(today, last)
    return -max(1, calendar(session).between(last, today))


def left_in_words(session: Session, due: datetime, moment: datetime) -> str:
    """还剩3个工作日, 今天到期 or 已超期2个工作日, with 未含调休 where a year of the count is not entered."""
    left, last, today = (
        workdays_left(session, due, moment),
        last_date(due),
        day_of(moment),
    )
    if left < 0:
        said = f"已超期{-left}个工作日"
    elif left > 0:
        said = f"还剩{left}个工作日"
    else:
        said = "今天到期" if today == last else "今天是最后一个工作日"
    return f"{said}（{UNADJUSTED}）" if uncovered(session, (today, last)) else said


def covered(session: Session, year: int) -> bool:
    """Whether the holidays and make-up days of a year are entered."""
    return year in calendar(session).years


def uncovered(session: Session, days: Iterable[date]) -> list[int]:
    """The years from the first to the last of some days that are not entered."""
    years = [day.year for day in days]
    return [y for y in range(min(years), max(years) + 1) if not covered(session, y)] if years else []


def last_date(due: datetime) -> date:
    """The day that a deadline's moment (24:00, Asia/Shanghai) still belongs to."""
    return (due - _MICROSECOND).astimezone(SHANGHAI).date()


def _is_weekday(day: date) -> bool:
    return day.isoweekday() <= 5


def _weekdays(day: date) -> int:
    """Days from Monday to Friday since the calendar began, this day included."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)
