"""What do the answers of the API look like?"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import SQLModel

from models.case import Case
from models.words import (
    AssignmentState,
    Attendance,
    Condition,
    Effect,
    EventKind,
    FieldKind,
    GateState,
    ListState,
    ObjectionSource,
    ObjectionState,
    Outcome,
    Place,
    Scope,
    StepKind,
)

Out = TypeVar("Out", bound=BaseModel)


def with_number(kind: type[Out], row: SQLModel, case: Case) -> Out:
    """A row about a case, by the case's number."""
    known = row.model_dump(include=set(kind.model_fields) - {"case"})
    return kind.model_validate({**known, "case": case.number})


class Health(BaseModel):
    status: str = Field(examples=["ok"])


class PartOut(BaseModel):
    """系统的一个部分；有故障时 remedy 写明怎么办。"""

    key: str = Field(examples=["engine"])
    label: str
    condition: Condition
    text: str
    remedy: str


class StatusOut(BaseModel):
    """condition 是最差的那个部分的状态。"""

    at: datetime
    condition: Condition
    parts: list[PartOut]


# --- the season --------------------------------------------------------------------------------------------------


class DateOut(BaseModel):
    key: str
    label: str
    day: date
    clause: str
    former: list[date] = Field([], description="调整之前的日期，按调整的次序")


class ChangeOut(BaseModel):
    key: str
    label: str
    before: date
    after: date


class AmendmentOut(BaseModel):
    """One amendment; the digests are those of the notice's pinned text before and after it."""

    number: int
    paper: str
    reason: str
    changes: list[ChangeOut]
    before_digest: str
    after_digest: str
    recorded_at: datetime


class StageOut(BaseModel):
    key: str
    label: str


class StepOut(BaseModel):
    key: str
    label: str
    kind: StepKind
    scope: Scope
    stage: str
    clause: str
    due: date


class SeasonBrief(BaseModel):
    id: UUID
    key: str
    title: str
    practice: bool
    opened_at: datetime
    closed_at: datetime | None


class FieldChoiceOut(BaseModel):
    key: str
    label: str
    blank: bool = Field(description="选项后是否有填空")


class FieldColumnOut(BaseModel):
    key: str
    label: str
    kind: FieldKind
    longest: int
    required: bool


class FieldOut(BaseModel):
    """One field of the application, as the notice lists it."""

    key: str
    label: str
    kind: FieldKind
    choices: list[FieldChoiceOut]
    columns: list[FieldColumnOut]
    longest: int
    required: bool
    sealed: bool = Field(description="是否遮盖后显示")
    channels: list[str] | None = Field(description="适用的申报渠道；空为全部")


class SeasonOut(SeasonBrief):
    """A season with what its notice says. `now` is the season's time."""

    now: datetime
    number: str = Field(description="文号")
    notice_digest: str
    places: int
    ratio: Decimal
    dates: list[DateOut]
    stages: list[StageOut]
    steps: list[StepOut]
    fields: list[FieldOut] = Field(description="申请表的字段")


# --- cases -------------------------------------------------------------------------------------------------------


class CaseBrief(BaseModel):
    number: str
    name: str
    channel: str
    route: str
    county: str | None
    unit: str | None
    category: str
    stage: str
    outcome: Outcome | None
    entered_at: datetime
    closed_at: datetime | None
    open_steps: list[str] = Field(description="正在等待的步骤")


class CasePage(BaseModel):
    items: list[CaseBrief]
    total: int
    page: int
    pages: int


class AnswerGiven(BaseModel):
    """One who was asked; what they said is empty where the caller may not read it."""

    body: str
    who: str
    state: AssignmentState
    decided_by: str = ""
    decided_at: datetime | None = None
    answer: str = Field("", description="答复的名称")
    opinion: str = ""
    reason: str = ""
    items: list[str] = []


class CaseGate(BaseModel):
    id: UUID
    step: str
    label: str
    round: int
    state: GateState
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    answers: list[AnswerGiven]


class CheckOut(BaseModel):
    """One line of what a reviewer looks at: good, look (for a person to judge), bad (against a rule)."""

    key: str
    label: str
    grade: str
    text: str
    clause: str


class RecusalOut(BaseModel):
    """One who stays away from a case; the office reads it."""

    person: str
    declared_by: str
    reason: str
    declared_at: datetime


class CaseOut(CaseBrief):
    """A case with its form and every gate it has come to."""

    form: dict[str, Any] = Field(description="申请表；个人号码、住址已遮盖")
    form_version: int
    late_admitted: bool
    consent: list[str] = Field(description="仍然有效的同意：handling、sharing、publicity")
    checklist: list[CheckOut] | None = Field(
        description="审核要点；只给审核该案的单位、县（区）总工会和办公室"
    )
    gates: list[CaseGate]
    recusals: list[RecusalOut] = Field([], description="登记的回避；只给办公室")


class EventOut(BaseModel):
    kind: EventKind
    label: str
    at: datetime = Field(description="年度时间")
    actor: str
    facts: dict[str, Any]


# --- gates -------------------------------------------------------------------------------------------------------


class Choice(BaseModel):
    key: str
    label: str
    effect: Effect
    reason: bool = Field(description="是否必须写明理由")


class TaskOut(BaseModel):
    """The caller's own assignment at a gate."""

    id: UUID
    body: str
    label: str
    state: AssignmentState


class GateOut(BaseModel):
    id: UUID
    case: str | None = Field(description="案件编号；年度的关口为空")
    step: str
    label: str
    clause: str
    kind: StepKind
    round: int
    state: GateState
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    tasks: list[TaskOut] = Field(description="其中由调用人办理的任务")
    choices: list[Choice]
    criteria: list[str] = Field(description="评分项")


class GatePage(BaseModel):
    items: list[GateOut]
    total: int
    page: int
    pages: int


class ReminderOut(BaseModel):
    """One assignment that was asked for again."""

    task: UUID
    body: str
    day: date


class DecisionOut(BaseModel):
    id: UUID
    gate: UUID
    task: UUID
    answer: str
    effect: Effect
    decided_at: datetime
    gate_state: GateState
    case: str | None
    outcome: Outcome | None = Field(description="案件因此得到的结果")


# --- lists and objections ----------------------------------------------------------------------------------------


class EntryOut(BaseModel):
    case: str
    name: str
    unit: str | None
    place: Place
    position: int
    score: Decimal | None
    tied: bool
    reason: str


class ShareOut(BaseModel):
    label: str
    listed: int = Field(description="列入名单的人数")
    everyone: int = Field(description="全部人选中的人数")


class DivisionOut(BaseModel):
    """One way of dividing the candidates; figures for people to look at, nothing is decided by them."""

    key: str
    title: str
    exclusive: bool = Field(description="每人是否恰在一类")
    shares: list[ShareOut]


class ShortlistOut(BaseModel):
    id: UUID
    step: str
    label: str
    round: int
    size: int
    state: ListState
    method: str
    digest: str = Field(description="已确认名单的散列；草案的散列可随决定送回，以防草案已变")
    drafted_at: datetime
    confirmed_at: datetime | None
    entries: list[EntryOut]
    composition: list[DivisionOut] = []


class ObjectionOut(BaseModel):
    """How far an objection has come; who said what stands on the office's page only."""

    id: UUID
    case: str
    receipt: str = Field(description="告诉异议人的回执编号")
    source: ObjectionSource
    state: ObjectionState
    late: bool = Field(description="公示期满以后提出")
    heard: bool | None = Field(description="逾期提出的是否受理；尚未决定或不须决定的为空")
    received_on: date
    registered_at: datetime
    due_at: datetime
    concluded_at: datetime | None


class MeetingOut(BaseModel):
    """A meeting's record; `draft` is what `close` may be given, so that only what was seen is confirmed."""

    id: UUID
    gate: UUID
    step: str
    state: Literal["open", "closed"]
    number: str
    held_on: date | None
    place: str
    attendance: dict[UUID, Attendance]
    recorders: list[str]
    scanned: bool
    saved_at: datetime
    draft: str
