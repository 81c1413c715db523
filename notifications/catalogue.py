"""Which mails are there, and what must be known to write each?

A mail is a folder `templates/<key>/` with `subject.txt`, `body.txt` and `body.html`, and one typed context:
what `tasks.mail` queued, joined by what the record says when the mail is written (`letters`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict

from models.notice import SHANGHAI
from models.words import Handing, Outcome, label
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

    @property
    def url(self) -> str:
        return link_url(self.link)

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
    """How the case ended."""

    outcome: Line

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


class Listed(BaseModel):
    """One line of a list of tasks; `holder` says who lets it lie, where it is not the reader's own."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    step: Line
    number: Line = ""
    candidate: Line = ""
    due: datetime
    left: Line
    late: bool = False
    link: UUID | None = None
    holder: Line = ""

    @property
    def url(self) -> str:
        """Where it is done without a login; empty where one has to log in."""
        return link_url(self.link) if self.link else ""

    @property
    def due_day(self) -> str:
        day = self.due.astimezone(SHANGHAI) - timedelta(microseconds=1)
        return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


class Tasks(Context):
    """What waits for somebody, most urgent first, and what others let lie that he stands above."""

    tasks: list[Listed] = []
    count: int = 0
    late: int = 0
    today: int = 0
    watched: list[Listed] = []
    watched_count: int = 0

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


@dataclass(frozen=True)
class Mail:
    """One kind of mail."""

    key: str
    label: str
    context: type[Context]
    sample: Callable[[], Context]


def _common() -> dict[str, object]:
    return {
        "person": "样例经办人",
        "season": "2025年度“柳州工匠”（演练）",
        "practice": True,
        "award": "2025年度“柳州工匠”",
        "award_name": "柳州工匠",
        "authority": "柳州市“柳州工匠”认定工作领导小组办公室",
        "contact": "样例联系人",
        "contact_phone": "0772-0000000",
        "number": "2026-0012",
        "candidate": "样例人选",
        "employer": "样例机械有限公司",
    }


def _task() -> dict[str, object]:
    due = datetime(2026, 3, 14, tzinfo=SHANGHAI)
    step = {"step": "办公室资格初审", "clause": "三（二）", "due": due}
    return {**_common(), **step, "link": UUID("00000000-0000-4000-8000-000000000012")}


def _handed() -> Handed:
    said = {"by": "样例同事", "how": Handing.HANDED_OVER, "reason": "外出学习"}
    return Handed.model_validate({**_task(), **said})


def _paper_entered() -> PaperEntered:
    said = {"by": "样例办公室人员", "answer": "同意", "step": "部门意见"}
    return PaperEntered.model_validate({**_common(), **said, "link": _task()["link"]})


def _returned() -> dict[str, object]:
    items = ["身份证复印件正反面须在同一张纸上", "个人自述超过字数"]
    said = {"items": items, "reason": "材料不全，请补齐后再次提交。", "returned_by": "办公室资格初审"}
    return {**_task(), "step": "基层申报", "clause": "三（一）", **said}


def _uncovered() -> dict[str, object]:
    end = datetime(2027, 1, 1, tzinfo=SHANGHAI)
    about = {"number": "", "candidate": "", "employer": "", "names": ["2026-0012 样例人选"]}
    return {**_common(), **about, "count": 1, "last_day": end}


def _no_case() -> dict[str, object]:
    return {**_common(), "number": "", "candidate": "", "employer": ""}


def _tasks(own: bool) -> dict[str, object]:
    day = datetime(2026, 3, 14, tzinfo=SHANGHAI)
    line = {"step": "办公室资格初审", "number": "2026-0012", "due": day}
    link = UUID("00000000-0000-4000-8000-000000000012")
    tasks = [
        {**line, "candidate": "样例人选", "left": "今天到期", "link": link},
        {
            **line,
            "step": "公示期满，确认结论",
            "number": "",
            "due": day + timedelta(days=5),
            "left": "还剩3个工作日",
        },
    ]
    lying = {
        **line,
        "step": "县（区）部门意见",
        "left": "已超期2个工作日",
        "late": True,
        "holder": "县（区）公安部门",
    }
    told = {"tasks": tasks, "count": 2, "today": 1} if own else {}
    return {**_no_case(), **told, "watched": [lying], "watched_count": 1}


def _date_moved() -> dict[str, object]:
    change = {"label": "基层申报截止", "before": date(2026, 3, 9), "after": date(2026, 3, 16)}
    said = {"paper": "柳工字〔2026〕8号", "reason": "多家单位反映材料准备时间不足。"}
    return {**_no_case(), **said, "number_of": 1, "changes": [change], "waiting": 2}


def _invitation() -> dict[str, object]:
    about = {"number": "", "candidate": "", "employer": "", "step": "基层申报", "clause": "三（一）"}
    return {**_task(), **about}


def _objection() -> ObjectionReceived:
    about = {
        "number": "",
        "candidate": "",
        "employer": "",
        "receipt": "2025-K7Q4M2XH",
    }
    due = datetime(2026, 4, 8, tzinfo=SHANGHAI)
    return ObjectionReceived.model_validate({**_common(), **about, "due": due})


MAILS: dict[str, Mail] = {
    mail.key: mail
    for mail in (
        Mail("task_arrived", "任务到达", TaskArrived, lambda: TaskArrived.model_validate(_task())),
        Mail("reminded", "催办", TaskArrived, lambda: TaskArrived.model_validate(_task())),
        Mail("handed", "任务转交", Handed, _handed),
        Mail("paper_entered", "代录纸质意见", PaperEntered, _paper_entered),
        Mail("returned", "退回补正", Returned, lambda: Returned.model_validate(_returned())),
        Mail("uncovered", "宣传展示提醒", Uncovered, lambda: Uncovered.model_validate(_uncovered())),
        Mail("objection_received", "异议回执", ObjectionReceived, _objection),
        Mail("invitation", "自荐链接", Invitation, lambda: Invitation.model_validate(_invitation())),
        Mail("digest", "每日待办", Tasks, lambda: Tasks.model_validate(_tasks(own=True))),
        Mail("deadlines", "时限提醒", Tasks, lambda: Tasks.model_validate(_tasks(own=True))),
        Mail("escalated", "逾期报告", Tasks, lambda: Tasks.model_validate(_tasks(own=False))),
        Mail("date_moved", "日期调整", DateMoved, lambda: DateMoved.model_validate(_date_moved())),
        Mail(
            "substitute_wanted",
            "补派办理人员",
            SubstituteWanted,
            lambda: SubstituteWanted.model_validate({**_common(), "step": "专家评审"}),
        ),
        Mail(
            "decided",
            "办理结果",
            Decided,
            lambda: Decided.model_validate({**_common(), "outcome": label(Outcome.RECOGNISED)}),
        ),
    )
}


def sample_context(key: str) -> Context:
    """Made-up facts for looking at a mail; its link opens nothing."""
    return MAILS[key].sample()
