"""What does a notice say of one of its steps: who decides, how many, with which answers, by when?"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from models.notice_part import Clause, Key, Part
from models.publishing import Publishing
from models.share import PATTERN as SHARE
from models.words import Effect, Need, Outcome, Scope, StepKind


class Choice(Part):
    """An indicator or a condition of the notice that a case may meet."""

    key: Key
    label: str
    clause: Clause
    text: str = ""


class Decider(Part):
    """One body that answers at a gate, `when` its condition holds for the case."""

    body: Key
    when: str | None = None
    assign: int | None = Field(None, ge=1, description="relation 为 assigned 时指派的人数")


class Answer(Part):
    """One answer that may be given at a gate."""

    key: Key
    label: str
    effect: Effect
    reason: bool = Field(False, description="是否必须写明理由")
    early_reason: bool = Field(False, description="截止日期满之前作此答复，是否必须写明理由")
    to: Key | None = Field(None, description="effect 为 return 或 back 时回到的步骤")
    outcome: Outcome | None = Field(None, description="effect 为 end 时的结果")
    sets: Key | None = Field(None, description="此答复使哪一条件（when）成立")
    promotes: bool = Field(False, description="是否由后备第一名递补")
    objects: bool = Field(False, description="此答复是否不同意：不终止案件，但在之后的审核页上醒目提示")

    @model_validator(mode="after")
    def effect_is_complete(self) -> Self:
        if self.effect in (Effect.RETURN, Effect.BACK) and not self.to:
            raise PydanticCustomError(
                "answer_to", "答复“{label}”会退回，必须用 to 写明退回到哪一步", {"label": self.label}
            )
        if self.effect is Effect.END and not self.outcome:
            raise PydanticCustomError(
                "answer_outcome", "答复“{label}”会终止案件，必须用 outcome 写明结果", {"label": self.label}
            )
        if self.effect in (Effect.RETURN, Effect.END, Effect.BACK) and not (self.reason or self.promotes):
            raise PydanticCustomError(
                "answer_reason",
                "退回、终止的答复“{label}”必须要求理由（reason: true）",
                {"label": self.label},
            )
        return self


class Criterion(Part):
    """One of 品德·技能·业绩·传承 with its weight; scores run from 0 to 100."""

    key: Key
    label: str
    weight: Decimal = Field(gt=0)


class Reminder(Part):
    """The reminder ladder of a step, in days before (negative), on (0) or after (positive) the due day."""

    days: list[Annotated[int, Field(ge=-60, le=60)]] = Field([-2, 0, 1], max_length=10)
    superior: int | None = Field(2, ge=1, le=60)
    office: int | None = Field(4, ge=1, le=60)


class MeetingRules(Part):
    """How a meeting is valid and how it decides; what is left out is not checked. See `models.share`."""

    quorum: Annotated[str, Field(pattern=SHARE)] | None = Field(
        None, description="到会人数占应到人数至少多少，如 2/3；须超过的写 >1/2；不写则不核对"
    )
    majority: Annotated[str, Field(pattern=SHARE)] | None = Field(
        None, description="列入名单须得到会且不回避者多少票，写法同上；不写则不核对"
    )
    recorder: Key | None = Field(None, description="记录会议的机构（bodies 的键）；不写则由办公室记录")


class Step(Part):
    """One step of 三、工作安排, in the notice's order; see `StepKind` for the kinds."""

    key: Key
    label: str
    kind: StepKind
    scope: Scope
    stage: Key
    clause: Clause
    channels: list[Key] | None = Field(None, description="适用的申报渠道；不写表示全部")
    routes: list[Key] | None = Field(None, description="适用的报送路径；不写表示全部")
    when: str | None = Field(None, description="仅在此条件成立时进行")
    deciders: list[Decider] = Field(min_length=1)
    need: Need | int = Field(Need.ONE, description="one、all 或至少几个")
    answers: list[Answer] = Field(min_length=1)
    due: Key = Field(description="截止日期的键（dates）")
    opens: Key | None = Field(None, description="不早于哪一日期开启（dates）；window 为公示起始日")
    after: Key | None = Field(None, description="哪一截止日期过后才可开启（dates）")
    gathers: bool = Field(False, description="等全部在办案件到达后开启，最迟到 due 当日")
    cases_wait: bool = Field(False, description="scope 为 season 时，案件是否在此等候")
    list_size: Literal["ratio", "places"] | None = Field(None, description="ranking、meeting 产生的名单人数")
    points: list[Choice] = Field([], description="现场查验的要点：查验人员逐项写明所见")
    criteria: list[Criterion] = Field([], description="专家评审评分项")
    phrases: list[str] = Field([], description="意见栏旁可一点即填的常用语")
    method: Literal["mean", "trimmed_mean", "standardised"] | None = Field(
        None, description="ranking 的计分方法"
    )
    orders_reserve: bool = Field(False, description="此会议排定后备次序")
    meeting: MeetingRules = MeetingRules()
    settles: bool = Field(False, description="此步完成即认定：名单内为已认定，其余为未入选")
    closes: bool = Field(False, description="此步完成即办结")
    watches: list[Key] = Field([], description="此关口审看的字段组；补正改动后须重新征求")
    needs_documents: list[Key] = Field([])
    makes_documents: list[Key] = Field([])
    superior: Key | None = Field(None, description="逾期后报送的上级机构")
    remind: Reminder = Reminder()
    admits_late: bool = Field(False, description="form：逾期可由办公室写明理由准予")
    publishes: Publishing | None = Field(None, description="window：公示什么、怎样公示；不写照通常的样式")

    def answer(self, key: str) -> Answer | None:
        return next((a for a in self.answers if a.key == key), None)

    @property
    def is_list(self) -> bool:
        return self.kind in (StepKind.RANKING, StepKind.MEETING)

    @property
    def publishing(self) -> Publishing:
        """How a public notice is made, where the file says nothing of it too."""
        return self.publishes or Publishing()
