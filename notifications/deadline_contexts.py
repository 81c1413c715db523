"""What must be known to write the mails about time: what waits, what is overdue, which dates were moved?"""

from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from models.notice import SHANGHAI
from notifications.contexts import WEEKDAYS, Context, Line, codes_of_many
from notifications.links import link_url


class Dated(BaseModel):
    """A line of a list: a step and until when."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    step: Line
    due: datetime
    left: Line
    late: bool = False

    @property
    def due_day(self) -> str:
        day = self.due.astimezone(SHANGHAI) - timedelta(microseconds=1)
        return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


class Listed(Dated):
    """A task of the reader's own."""

    number: Line = ""
    candidate: Line = ""
    link: UUID | None = None
    code_by: Line = ""

    @property
    def url(self) -> str:
        """Where it is done without a login; empty where one has to log in."""
        return link_url(self.link) if self.link else ""


class Lying(Dated):
    """What one holder lets lie at one step: how many, the first of their numbers, until when the oldest was due."""

    holder: Line
    numbers: tuple[Line, ...] = ()
    count: int = 1

    @property
    def which(self) -> str:
        """The numbers where all are known, otherwise the first ones and how many there are."""
        named = "、".join(self.numbers)
        return named if self.count <= len(self.numbers) else f"{named}等" if named else ""


class Waiting(Context):
    """What waits for somebody, most urgent first, and what others let lie that he stands above."""

    tasks: tuple[Listed, ...] = ()
    count: int = 0
    late: int = 0
    today: int = 0
    watched: tuple[Lying, ...] = ()
    watched_count: int = 0

    @property
    def code_said(self) -> str:
        return codes_of_many([t for t in self.tasks if t.link], self.contact_phone)

    @property
    def urls(self) -> list[str]:
        return [*(t.url for t in self.tasks if t.url), self.url]

    @property
    def urgency(self) -> str:
        parts = [(self.late, "项已超期"), (self.today, "项今天到期")]
        return "，".join(f"{count}{words}" for count, words in parts if count)


class DateChange(BaseModel):
    """A date of the notice, as it was and as it is now."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    label: Line
    before: date
    after: date

    @property
    def days(self) -> tuple[str, str]:
        said = [
            f"{d.year}年{d.month}月{d.day}日（星期{WEEKDAYS[d.weekday()]}）"
            for d in (self.before, self.after)
        ]
        return said[0], said[1]


class DateMoved(Context):
    """Dates of the notice were moved by a paper; what waits for the reader is due on the new ones."""

    number_of: int
    paper: Line
    reason: Line
    changes: list[DateChange]
    waiting: int = 0

    def _rows(self) -> list[tuple[str, str]]:
        moved = [(c.label, f"{c.days[0]} → {c.days[1]}") for c in self.changes]
        return [*super()._rows(), *moved, ("依据", self.paper), ("原因", self.reason)]
