"""What may be sent to the API? Shapes only; whether it is allowed is for the verbs to say."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, WithJsonSchema

from api.v1.caller import Line, LongText
from models.consent import RECOMMENDERS
from models.data_words import ConsentScope
from models.words import Attendance, ObjectionSource, ObjectorKind, Place

_CELL = {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}
_VALUE = {
    "description": "ticks：选项与其填空；rows：逐行的各列；yes_no：true 或 false；indicators：所选的键；其余为文字",
    "anyOf": [
        *_CELL["anyOf"],
        {"type": "boolean"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "array", "items": {"type": "object", "additionalProperties": _CELL}},
        {"type": "object", "additionalProperties": _CELL},
    ],
}
# The verb says what of it does not fit its field.
FieldValue = Annotated[Any, WithJsonSchema(_VALUE)]

Votes = Annotated[int, Field(ge=0, le=1000)]


class ConsentIn(BaseModel):
    """告知同意书中本人同意的各项；recommenders 表示推荐专家都已签名同意。"""

    model_config = ConfigDict(extra="forbid")

    scopes: list[ConsentScope] = Field([], max_length=10)
    recommenders: bool = False

    @property
    def said(self) -> list[str]:
        return [*self.scopes, *([RECOMMENDERS] if self.recommenders else [])]


class FormIn(BaseModel):
    """申请表：键是通知所列的字段（见 GET /season 的 fields），值的形状随字段的 kind 而定。"""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, FieldValue]


class CaseIn(BaseModel):
    """A candidate to be entered; with `submit` handed in at once."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(max_length=80)]
    channel: Annotated[Line, Field(max_length=40)]
    route: Annotated[Line, Field(max_length=40)]
    county: Annotated[Line, Field(max_length=40)] | None = None
    unit_id: UUID | None = None
    form: FormIn = FormIn()
    consent: ConsentIn = ConsentIn()
    submit: bool = False


class PlaceIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    place: Place
    reason: LongText = ""


class FactsIn(BaseModel):
    """What an answer says beside its words; which of it is needed depends on the gate. Cases go by their numbers."""

    model_config = ConfigDict(extra="forbid")

    scores: dict[Line, FiniteFloat] = Field({}, description="评分项 → 0 至 100 的分数")
    findings: dict[Line, LongText] = Field({}, description="查验要点 → 所见")
    comments: dict[Line, Line] = Field({}, description="评分项 → 评语")
    places: dict[Line, PlaceIn] = Field({}, description="案件编号 → 与草案不同的名单位置和理由")
    due: date | None = Field(None, description="退回补正的期限；不写的按通知文件的默认天数")
    laggards: dict[Line, Literal["lapse", "proceed"]] = Field({}, description="未到者的编号 → 失效或不再等待")
    draft: Line | None = Field(
        None, description="看到的草案的散列；草案已变时拒绝。公示前审核时为所看内容的散列"
    )


class DecisionIn(BaseModel):
    """An answer at the caller's own task; `task` names it where the caller has several at this gate."""

    model_config = ConfigDict(extra="forbid")

    answer: Annotated[Line, Field(max_length=40)]
    opinion: LongText = ""
    reason: LongText = ""
    items: list[Line] = Field([], max_length=50)
    facts: FactsIn = FactsIn()
    task: UUID | None = None


class ReminderIn(BaseModel):
    """Whom to remind: one assignment of the gate, or all that still owe an answer."""

    model_config = ConfigDict(extra="forbid")

    task: UUID | None = None


class AmendmentIn(BaseModel):
    """Which dates of the season move to which day, by which paper and why."""

    model_config = ConfigDict(extra="forbid")

    dates: dict[Annotated[Line, Field(max_length=40)], date] = Field(
        min_length=1, max_length=100, description="日期的键（GET /season 的 dates）→ 新的日期"
    )
    paper: Annotated[Line, Field(max_length=200, description="依据的文件或批示")]
    reason: Annotated[LongText, Field(max_length=500)]
    confirmed: bool = Field(False, description="提前的或已经过去的日期须写 true")


class ConclusionIn(BaseModel):
    """What a meeting concluded on one case; what is left out stays as drafted."""

    model_config = ConfigDict(extra="forbid")

    place: Place | None = None
    position: int | None = Field(None, ge=1, le=10_000, description="在所处位置中的新次序")
    reason: Line = ""
    votes: tuple[Votes, Votes, Votes] | None = Field(None, description="赞成、反对、弃权")
    recused: list[UUID] = Field([], max_length=100, description="会上提出回避的与会者")


class MeetingIn(BaseModel):
    """A part of a meeting's record; the parts that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    gate: UUID = Field(description="会议的关口，见 GET /gates")
    number: Annotated[Line, Field(max_length=80)] = ""
    held_on: date | None = None
    place: Annotated[Line, Field(max_length=100)] = ""
    chair: UUID | None = None
    note: Annotated[LongText, Field(max_length=2000)] = ""
    attendance: dict[UUID, Attendance] = {}
    conclusions: dict[Line, ConclusionIn] = Field({}, description="案件编号 → 会议的结论")

    @property
    def has_head(self) -> bool:
        return bool(self.model_fields_set & {"number", "held_on", "place", "chair", "note"})


class CloseIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    draft: Line | None = Field(None, description="看到的会议记录的散列；已变时拒绝")
    opinion: LongText = ""
    laggards: dict[Line, Literal["lapse", "proceed"]] = Field({}, description="未到者的编号 → 失效或不再等待")


class RecusalIn(BaseModel):
    """Who is assigned asks for himself; the office names the person."""

    model_config = ConfigDict(extra="forbid")

    reason: LongText
    person: UUID | None = Field(None, description="办公室登记他人回避时的人员 id；本人申请时不写")


class ObjectionIn(BaseModel):
    """What reached the office: by whom, how and when, against whom, and what was said."""

    model_config = ConfigDict(extra="forbid")

    case: Annotated[Line, Field(max_length=40, description="案件编号")]
    objector: Annotated[Line, Field(max_length=80)]
    contact: Line
    text: LongText
    kind: ObjectorKind = ObjectorKind.PERSON
    email: Annotated[Line, Field(max_length=200, description="填写的，回执发到这里")] = ""
    source: ObjectionSource = ObjectionSource.LETTER
    received_on: date | None = Field(None, description="收到日期；不写为今天，期满以后收到的登记为逾期")


class AdmissionIn(BaseModel):
    """Whether an objection that came late is heard, and why."""

    model_config = ConfigDict(extra="forbid")

    heard: bool
    reason: LongText


class FindingIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    finding: LongText


class ObjectionConclusionIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    upheld: bool = Field(description="异议是否成立；成立的，取消参评资格")
    conclusion: LongText
