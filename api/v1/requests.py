"""What may be sent to the API? Shapes only; whether it is allowed is for the verbs to say."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from api.v1.caller import Line, LongText
from models.words import Place

Most = Annotated[int, Field(ge=0, le=99)]


class FormIn(BaseModel):
    """The fields of the application; a field that only another notice knows is a line of text under its own key."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, LongText]

    sex: Line | None = None
    birth_date: Line | None = None
    nationality: Line | None = Field(None, examples=["中国"])
    ethnicity: Line | None = None
    political_status: Line | None = None
    education: Line | None = None
    email: Line | None = None
    public_power: bool | None = None
    employer: Line | None = None
    post: Line | None = None
    occupation: Line | None = None
    category: Line | None = None
    work_years: Most | None = None
    title: Line | None = None
    skill_grade: Line | None = None
    indicators: list[Line] | None = Field(None, max_length=20)
    condition: Line | None = None
    specialty: LongText | None = None
    summary: LongText | None = None
    honours: LongText | None = None
    recommenders: list[Line] | None = Field(None, max_length=20)


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
    draft: Line | None = Field(None, description="看到的草案的散列；草案已变时拒绝")


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
    model_config = ConfigDict(extra="forbid")

    case: Annotated[Line, Field(max_length=40, description="案件编号")]
    objector: Annotated[Line, Field(max_length=80)]
    contact: Line
    text: LongText
