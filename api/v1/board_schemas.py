"""What does the board say to a program?"""

from datetime import date, datetime

from pydantic import BaseModel, Field

from api.v1.schemas import StageOut


class BoardStep(BaseModel):
    """待办的一步；等候、期限按工作日计。"""

    key: str
    open: int = Field(description="待办的关口数")
    late: int
    waited_median: int | None
    waited_longest: int | None


class BoardStage(StageOut):
    count: int = Field(description="在此环节的人选数")
    unfinished: int = Field(description="其中尚未办结的")
    late: int = Field(description="尚未办结的人选中，有关口已超期的")
    waited_median: int | None = Field(description="等候的工作日：中位数")
    waited_longest: int | None
    due: date | None = Field(description="通知的日期")
    days_left: int | None = Field(description="到通知的日期还有几个工作日；0 为当日，负数为已过")
    steps: list[BoardStep]


class BoardHolder(BaseModel):
    """待办的任务在谁那里。opened、unopened 只告诉可以阅看意见的人。"""

    label: str
    about: str = Field(description="以什么身份")
    open: int
    late: int
    oldest_days: int = Field(description="最久的已等几个工作日")
    opened: int | None = Field(description="已打开、未答复的")
    unopened: int | None
    reminded_at: datetime | None = Field(description="最近一次催办")
    nobody: bool = Field(description="名录中没有人可以办理")


class BoardSpan(BaseModel):
    step: str
    planned_from: date
    planned_to: date
    opened: date | None = Field(description="实际开始")
    closed: date | None = Field(description="最近一次办结")
    open: int
    done: int
    late: int


class BoardForecast(BaseModel):
    """一个环节：预计还有几项将超期（expected，八成可能在 low 与 high 之间），预计哪天全部办完。"""

    step: str
    open: int
    late: int
    expected: float
    low: float
    high: float
    clear: date | None
    known: int = Field(description="依据几份答复")


class Board(BaseModel):
    """Counts of the cases that the caller may see."""

    stages: list[BoardStage]
    outcomes: dict[str, int] = Field(description="各结果的人选数；live 为在办")
    open_gates: dict[str, int] = Field(description="各步骤待办的人选数")
    stranded: list[str] = Field(description="没有下文的人选：没有人要办，也没有定时（编号，至多 100 个）")
    holders: list[BoardHolder]
    timeline: list[BoardSpan]
    forecast: list[BoardForecast]
