"""How many working days lie between two days of the season?"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlmodel import Session

from models.notice import day_of
from models.workdays import calendar, next_workday, uncovered

ONE = timedelta(days=1)


class Days:
    """Counts working days from the season's today by the office's calendar."""

    def __init__(self, session: Session, moment: datetime) -> None:
        self.session = session
        self.calendar = calendar(session)
        self.today = day_of(moment)
        self._passed: dict[date, int] = {}

    def index(self, day: date) -> int:
        """The working days passed by the end of `day`, counted from the end of today; negative before it."""
        if day not in self._passed:
            between = self.calendar.between
            self._passed[day] = between(self.today, day) if day >= self.today else -between(day, self.today)
        return self._passed[day]

    def waited(self, since: date) -> int:
        """The working days since a day; the day itself does not count."""
        return -self.index(since)

    def left(self, last: date) -> int:
        """The working days until a last day, by the rule of `workdays_left`: 0 is the last one, below 0 is late."""
        return self.index(last) if last >= self.today else min(-1, self.index(last))

    def after(self, working_days: int) -> date:
        """The day on which so many working days from now have passed."""
        day = self.today
        for _ in range(working_days):
            day = next_workday(self.session, day + ONE)
        return day

    def uncovered(self, days: Iterable[date]) -> list[int]:
        """The years that are counted without their holidays, between today and these days."""
        return uncovered(self.session, [self.today, *days])


def median(counted: Mapping[int, int]) -> int | None:
    """The middle one of values that are told with how often each occurs; the lower of two; None of nothing."""
    half = (sum(counted.values()) + 1) // 2
    for value in sorted(counted):
        half -= counted[value]
        if half <= 0:
            return value
    return None
