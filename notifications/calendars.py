"""How do due dates get into a person's own calendar program (RFC 5545)?

An event is a whole day: the last one on which the task can be done. It names the step and the case's number, nothing
else of a candidate. Its UID never changes, so that a moved date moves the event instead of adding one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event

PRODUCER = "-//gongjiang//due dates//ZH"
TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class DueDay:
    """One open task with the last day for it; `version` grows with each change of the season's dates."""

    task: UUID
    step: str
    number: str
    award: str
    last: date
    since: datetime
    version: int
    url: str

    @property
    def title(self) -> str:
        return f"{self.step}截止{f'：{self.number}' if self.number else ''}"


def calendar_file(name: str, days: Iterable[DueDay]) -> bytes:
    """A calendar for a program to fetch or to open, its lines folded at 75 octets."""
    made = Calendar()
    made.add("prodid", PRODUCER)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-published-ttl", "PT1H")
    for day in days:
        made.add_component(_event(day))
    return bytes(made.to_ical())


def _event(day: DueDay) -> Event:
    event = Event()
    event.add("uid", f"{day.task}@gongjiang")
    event.add("dtstamp", day.since.astimezone(UTC))
    event.add("sequence", day.version)
    event.add("dtstart", day.last)
    event.add("dtend", day.last + timedelta(days=1))
    event.add("summary", f"【{day.award}】{day.title}")
    event.add("description", "当日24时前办理。")
    event.add("url", day.url)
    event.add("transp", "TRANSPARENT")
    return event
