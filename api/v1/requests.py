"""What may be sent to the API? Shapes only; whether it is allowed is for the verbs to say."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, WithJsonSchema

from api.v1.caller import Line, LongText
from models.words import ObjectionSource, ObjectorKind, Place

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
    submit: bool = False


class PlaceIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    place: Place
    reason: LongText = ""


class MinutesIn(BaseModel):
    """What the paper of a meeting says of it."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[Line, Field(max_length=80)] = ""
    held_on: Annotated[Line, Field(max_length=20)] = ""
    attendance: Line = ""
    note: Annotated[LongText, Field(max_length=2000)] = ""


class FactsIn(BaseModel):
    """What an answer says beside its words; which of it is needed depends on the gate. Cases go by their numbers."""

    model_config = ConfigDict(extra="forbid")

    scores: dict[Line, FiniteFloat] = Field({}, description="评分项 → 0 至 100 的分数")
    places: dict[Line, PlaceIn] = Field({}, description="案件编号 → 与草案不同的名单位置和理由")
    laggards: dict[Line, Literal["lapse", "proceed"]] = Field({}, description="未到者的编号 → 失效或不再等待")
    minutes: MinutesIn | None = None
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


class ConclusionIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    upheld: bool = Field(description="异议是否成立；成立的，取消参评资格")
    conclusion: LongText
