"""What must be known to write each kind of mail? A typed context: what was queued, joined by what the record says."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Protocol
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict

from models.notice import SHANGHAI
from models.words import Handing
from notifications.links import due_url, invitation_url, link_url
from notifications.plaintext import lines, one_line
from settings import settings

# What is missing in a form is an empty line here.
Line = Annotated[str, BeforeValidator(lambda value: one_line(str(value or "")))]
WEEKDAYS = "一二三四五六日"
NO_CLAUSE = "—"


class Context(BaseModel):
    """What every mail knows: whom it speaks to, of which season and case, and whom one may ask."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    person: Line
    season: Line
    practice: bool
    award: Line
    award_name: Line
    authority: Line
    contact: Line
    contact_phone: Line
    number: Line = ""
    candidate: Line = ""
    employer: Line = ""

    @property
    def url(self) -> str:
        """The link of the mail's button."""
        return settings().base_url

    @property
    def calendar_url(self) -> str:
        """Where the last day is fetched for a calendar; empty where there is none."""
        return ""

    @property
    def code_said(self) -> str:
        """That the link will ask for a code, and how one gets it; empty where it asks for none."""
        return ""

    @property
    def urls(self) -> list[str]:
        """Every link of the mail, in its order."""
        return [url for url in (self.url, self.calendar_url) if url]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the mail is about, as rows of a name and a value; empty ones are left out."""
        return [(name, value) for name, value in self._rows() if value]

    def _rows(self) -> list[tuple[str, str]]:
        about = [("编号", self.number), ("人选", self.candidate), ("工作单位", self.employer)]
        return [("年度", self.season), *about]


class TaskArrived(Context):
    """Somebody's answer is asked for at a gate, of a case or of the whole season."""

    link: UUID
    step: Line
    clause: Line
    due: datetime
    code_by: Line = ""

    @property
    def url(self) -> str:
        return link_url(self.link)

    @property
    def code_said(self) -> str:
        return ask_for_code("打开链接后", self.code_by, self.contact_phone)

    @property
    def calendar_url(self) -> str:
        return due_url(self.link)

    @property
    def due_day(self) -> str:
        """The last day, as 3月13日: a time limit at 0:00 is the end of the day before."""
        day = self._last_day()
        return f"{day.month}月{day.day}日"

    @property
    def due_moment(self) -> str:
        day, due = self._last_day(), self.due.astimezone(SHANGHAI)
        clock = "24:00" if day.date() != due.date() else f"{due:%H:%M}"
        return f"{day.year}年{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）{clock}前"

    def _last_day(self) -> datetime:
        return self.due.astimezone(SHANGHAI) - timedelta(microseconds=1)

    def _rows(self) -> list[tuple[str, str]]:
        clause = "" if self.clause == NO_CLAUSE else f"通知{self.clause}"
        return [*super()._rows(), ("办理事项", self.step), ("依据", clause), ("办理时限", self.due_moment)]


class Coded(Protocol):
    """A line of a mail that lists several tasks; `code_by`: who tells the code that its link asks for."""

    @property
    def step(self) -> str: ...

    @property
    def code_by(self) -> str: ...


def ask_for_code(when: str, code_by: str, phone: str) -> str:
    """Said beforehand, so that nobody stands before a field for which he has nothing."""
    if not code_by:
        return ""
    how = f"验证码由{code_by}打电话告诉您，还没有接到电话的，请致电{phone}"
    return f"{when}要输入6位数字的验证码，以核实是您本人。{how}；用账号登录办理的，不需要验证码。"


def codes_of_many(tasks: Sequence[Coded], phone: str) -> str:
    """The same for several tasks; named by their steps where some ask for none. One code serves for all."""
    asking = [t for t in tasks if t.code_by]
    if not asking:
        return ""
    steps = "、".join(dict.fromkeys(f"“{t.step}”" for t in asking))
    when = "打开链接后" if len(asking) == len(tasks) else f"打开{steps}的链接后"
    more = "接着办理其余各项时不必再输。" if len(asking) > 1 else ""
    return ask_for_code(when, asking[0].code_by, phone) + more


def urgency(task: Context) -> tuple[datetime, str]:
    """The most urgent first, then by number."""
    assert isinstance(task, TaskArrived)
    return task.due, task.number


class Tasks(Context):
    """Several tasks of one person, each with its own link, the most urgent first."""

    tasks: Sequence[TaskArrived]

    @property
    def urls(self) -> list[str]:
        return [t.url for t in self.tasks]

    @property
    def code_said(self) -> str:
        return codes_of_many(self.tasks, self.contact_phone)

    @property
    def count(self) -> int:
        return len(self.tasks)

    @property
    def step(self) -> str:
        """What is to be done, if it is the same everywhere."""
        steps = {t.step for t in self.tasks}
        return steps.pop() if len(steps) == 1 else ""

    @property
    def due_day(self) -> str:
        return self.tasks[0].due_day

    @property
    def due_moment(self) -> str:
        return self.tasks[0].due_moment

    def _rows(self) -> list[tuple[str, str]]:
        return [*super()._rows(), ("办理事项", self.step), ("最早的时限", self.due_moment)]


class Handed(TaskArrived):
    """A colleague's task has become this person's: for good, on behalf, back again, or while the colleague is away."""

    by: Line
    how: Handing
    reason: str = ""

    @property
    def said(self) -> str:
        return {
            Handing.HANDED_OVER: f"{self.by}把下面的任务转交给您办理。",
            Handing.DELEGATED: f"{self.by}委派您代为办理下面的任务，您的答复记为代{self.by}办理。",
            Handing.TAKEN_BACK: f"{self.by}收回了已转交的任务，仍由您所在的单位办理。",
            Handing.STOOD_IN: f"{self.by}不在岗期间由您代理，请您代为办理下面的任务。",
        }[self.how]

    def _rows(self) -> list[tuple[str, str]]:
        return [*super()._rows(), *([("转交原因", one_line(self.reason))] if self.reason else [])]


class TasksHanded(Tasks):
    """Several tasks of colleagues that have become this person's."""

    tasks: Sequence[Handed]


class PaperEntered(Context):
    """An answer that came on sealed paper was entered in this person's name."""

    step: Line
    answer: Line
    by: Line
    link: UUID

    @property
    def url(self) -> str:
        return link_url(self.link)

    def _rows(self) -> list[tuple[str, str]]:
        return [*super()._rows(), ("办理事项", self.step), ("录入的答复", self.answer), ("录入人", self.by)]


class Returned(TaskArrived):
    """The application comes back for correction, with what is to be mended and why."""

    returned_by: Line = ""
    items: list[Line] = []
    reason: str = ""

    @property
    def reason_lines(self) -> list[str]:
        return lines(self.reason)

    def _rows(self) -> list[tuple[str, str]]:
        return [("退回环节", self.returned_by) if n == "办理事项" else (n, v) for n, v in super()._rows()]


class Invitation(TaskArrived):
    """The link by which someone without an account nominates himself; `late`: the last day has passed."""

    late: bool = False

    @property
    def url(self) -> str:
        return invitation_url(self.link)

    @property
    def calendar_url(self) -> str:
        return ""


class SubstituteWanted(Context):
    """Somebody stays away from a case: the office is to assign a substitute."""

    step: Line

    @property
    def url(self) -> str:
        return f"{settings().base_url}/panels"

    def _rows(self) -> list[tuple[str, str]]:
        return [*super()._rows(), ("办理事项", self.step)]


class ObjectionReceived(Context):
    """An objection has come in; what it says, and against whom, is not repeated."""

    receipt: Line
    due: datetime

    @property
    def url(self) -> str:
        return f"{settings().base_url}/public"

    def _rows(self) -> list[tuple[str, str]]:
        day = self.due.astimezone(SHANGHAI) - timedelta(microseconds=1)
        until = f"{day.year}年{day.month}月{day.day}日前"
        return [*super()._rows(), ("回执编号", self.receipt), ("办理期限", until)]


class Decided(Context):
    """How the case ended; `own`: told to the candidate, who may have no account."""

    outcome: Line
    own: bool = False

    @property
    def url(self) -> str:
        return f"{settings().base_url}/public" if self.own else settings().base_url

    def _rows(self) -> list[tuple[str, str]]:
        return [*super()._rows(), ("结果", self.outcome)]


class Uncovered(Context):
    """Who of the recognised people has no report yet (三（八）)."""

    names: list[Line]
    count: int
    last_day: datetime

    @property
    def last_moment(self) -> str:
        day = self.last_day.astimezone(SHANGHAI) - timedelta(microseconds=1)
        return f"{day.year}年{day.month}月{day.day}日"
