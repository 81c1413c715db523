"""How many working days lie between two days of the season?"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlmodel import Session

from models.notice import SHANGHAI
from models.workdays import is_workday

ONE = timedelta(days=1)


class Days:
    """Counts working days; each day is asked for once."""

    def __init__(self, session: Session, moment: datetime) -> None:
        self.session = session
        self.today = day_of(moment)
        self._first = self._last = self.today
        self._passed = {self.today: 0}

    def index(self, day: date) -> int:
        """The working days passed by the end of `day`, counted from the end of today; negative before it."""
        while self._last < day:
            passed = self._passed[self._last]
            self._last += ONE
            self._passed[self._last] = passed + is_workday(self.session, self._last)
        while self._first > day:
            passed = self._passed[self._first] - is_workday(self.session, self._first)
            self._first -= ONE
            self._passed[self._first] = passed
        return self._passed[day]

    def waited(self, since: date) -> int:
        """The working days since a day; the day itself does not count."""
        return -self.index(since)

    def left(self, last: date) -> int:
        """The working days until a last day: 0 is today; negative: late, by one at least."""
        if last >= self.today:
            return self.index(last)
        return min(-1, self.index(last))

    def after(self, working_days: int) -> date:
        """The day on which so many working days from now have passed."""
        day = self.today
        while self.index(day) < working_days:
            day += ONE
        return day


def day_of(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def last_day_of(due: datetime) -> date:
    """A deadline is the end of its day."""
    return day_of(due - timedelta(microseconds=1))


def median(counted: Mapping[int, int]) -> int | None:
    """The middle one of values that are told with how often each occurs; the lower of two; None of nothing."""
    half = (sum(counted.values()) + 1) // 2
    for value in sorted(counted):
        half -= counted[value]
        if half <= 0:
            return value
    return None
