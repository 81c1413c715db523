"""What does a season's notice say, as data?

A notice file (`notices/*.yaml`) holds everything that may differ between seasons or awards. This module is its
shape: pydantic models whose validators keep the file consistent. Whatever the paper does not say carries
`basis: office`. Dates are days in Asia/Shanghai; a day that is a deadline ends at 24:00 and so includes itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from models.form_field import FieldGroup, FormField, SummarySheet
from models.notice_part import Clause, Key, Part
from models.notice_recognition import Appeals as Appeals
from models.notice_recognition import Award as Award
from models.notice_recognition import CertificateForm as CertificateForm
from models.notice_recognition import JointDocument as JointDocument
from models.notice_recognition import Publicity as Publicity
from models.notice_steps import Answer as Answer
from models.notice_steps import Choice as Choice
from models.notice_steps import Criterion as Criterion
from models.notice_steps import Decider as Decider
from models.notice_steps import MeetingRules as MeetingRules
from models.notice_steps import Reminder as Reminder
from models.notice_steps import Step as Step
from models.words import AttachmentKind, Relation, Scope, StepKind

SHANGHAI = ZoneInfo("Asia/Shanghai")

CONDITIONS = {
    "public_power": "被推荐人为行使公权力的公职人员",
    "inspection_asked": "资格初审要求现场查验",
    "place_free": "有名额空出且后备名单非空",
}


class Quota(Part):
    """How many places there are, and the ratio of the proposed and assessed lists to them."""

    places: int = Field(ge=1, le=10_000)
    ratio: Decimal = Field(ge=1, le=10, description="建议名单、评定名单与名额之比，不小于1")
    clause: Clause
    advised_per_unit: int | None = Field(None, ge=1, description="建议每单位推荐人数上限，仅提示")
    advice: str | None = Field(None, description="超过建议人数时提示的原文")

    @property
    def ratio_places(self) -> int:
        """The size of the proposed list: places × ratio, rounded up in decimal arithmetic (30 × 1.3 = 39)."""
        return int((Decimal(self.places) * self.ratio).to_integral_value(ROUND_CEILING))


class NoticeDate(Part):
    """A date of 三、工作安排; `day` as a deadline includes the whole day."""

    label: str
    day: date
    clause: Clause


class Stage(Part):
    key: Key
    label: str
    clause: Clause


class Document(Part):
    key: Key
    label: str
    clause: Clause
    paper: bool = Field(True, description="是否同时报送纸质原件")
    required: bool = Field(False, description="提交申报时电子版是否必须齐备")
    remark: str | None = None
    kinds: list[AttachmentKind] = Field([], description="只收哪几种文件；不写表示都收")
    longest: int | None = Field(None, ge=1, description="最多多少字（按Word文档的字数）")
    portrait: bool = Field(False, description="是否人像照片，须核对大小与方向")
    sensitive: bool = Field(
        False,
        description="是否含证件等个人敏感信息：只给填报人、推荐单位、县（区）总工会和可见全部案件的机构",
    )
    shown_to: list[Key] = Field([], description="sensitive 的材料另给本县（区）的哪些机构查看（bodies）")


# What an answer is written on that comes on paper, where the notice names no form for it.
PAPER_ANSWER = Document(key="paper_answer", label="书面答复", clause="—", sensitive=True)
CONSENT_PAPER = Document(
    key="consent_paper", label="告知同意书（本人签名件）", clause="—", sensitive=True, remark="扫描件"
)
OUTSIDE_THE_NOTICE = {d.key: d for d in (PAPER_ANSWER, CONSENT_PAPER)}


class Route(Part):
    key: Key
    label: str
    clause: Clause


class Channel(Part):
    """申报渠道 with the documents it asks for and the routes it may take."""

    key: Key
    label: str
    clause: Clause
    documents: list[Key]
    routes: list[Key] = Field(min_length=1)
    recommenders: int = Field(0, ge=0, description="至少几名专业人士推荐")
    recommender_grades: list[str] = Field([], description="推荐人的职称或技术级别须含其中之一；不写则不限")


class Emphasis(Part):
    """A group that the notice wants brought forward (二（一）); its figures are shown and decide nothing."""

    key: Key
    label: str
    clause: Clause
    field: Key = Field(description="看申请表的哪个字段（fields）")
    values: list[str] = Field([], description="字段取其中一个值的算在内")
    oldest: int | None = Field(
        None, ge=1, le=120, description="字段是出生日期时：印发之日不超过多少周岁的算在内"
    )


class Category(Part):
    """A category of 附件5; `count` is the notice's own 备注, kept as printed and never used to validate."""

    key: Key
    label: str
    count: int
    occupations: list[str]


class Body(Part):
    """Who may decide: a body acts by its seats; `relation` matches the seats with the case."""

    key: Key
    label: str
    relation: Relation
    clause: Clause
    organisation: str | None = Field(None, description="固定机构的全称（主办单位等）")
    sees: Literal["all", "listed", "own"] = Field("own", description="可见范围：全部、上名单者、与己有关者")
    second_factor: bool = Field(False, description="用邮件链接办理时，是否还须输入电话告知的验证码")


class Member(Part):
    """One person named by the notice."""

    body: Key
    name: str
    title: str
    position: str


class Contact(Part):
    name: str
    phone: str
    address: str
    postcode: str
    email: str
    clause: Clause


class Correction(Part):
    """How long a correction may take where whoever sends a case back names no day."""

    days: int = Field(
        2, ge=0, le=60, description="退回补正默认给几天；此前的意见须重新征求的，也至少给这么多天"
    )


class ExclusivePair(Part):
    """Two steps that one person may not both decide in one case."""

    first: Key
    second: Key


class Notice(Part):
    """One season's notice, whole. `Notice.digest` pins it."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
    title: str = Field(description="如 2025年度“柳州工匠”")
    award_name: str = Field(description="如 柳州工匠")
    year: int = Field(ge=2000, le=2100)
    number: str = Field(description="文号，如 柳工字〔2026〕1号")
    issued: date
    case_number: str = Field(description="案件编号格式，含 {n}", pattern=r"\{n(:[^}]*)?\}")
    authority: str = Field(description="落款单位")
    quota: Quota
    stages: list[Stage] = Field(min_length=1)
    dates: dict[Key, NoticeDate]
    documents: list[Document]
    routes: list[Route] = Field(min_length=1)
    channels: list[Channel] = Field(min_length=1)
    fields: list[FormField] = Field([])
    groups: list[FieldGroup]
    summary: SummarySheet | None = None
    indicators: list[Choice]
    indicators_min: int = Field(1, ge=0)
    conditions: list[Choice]
    categories: list[Category]
    emphases: list[Emphasis] = Field([])
    bodies: list[Body]
    office: Key = Field(
        "office", description="负责日常工作的机构（bodies 的键）：撤回、逾期、异议、演练时钟由它办理"
    )
    members: list[Member] = Field([])
    hosts: list[str] = Field([])
    co_hosts: list[str] = Field([])
    steps: list[Step] = Field(min_length=1)
    exclusive: list[ExclusivePair] = Field([])
    joint_document: JointDocument | None = None
    certificate: CertificateForm | None = None
    correction: Correction = Correction()
    award: Award | None = None
    publicity: Publicity | None = None
    appeals: Appeals | None = None
    contact: Contact
    remarks: list[str] = Field([])

    # -- consistency ---------------------------------------------------------------------------------------------

    @field_validator(
        "stages",
        "documents",
        "routes",
        "channels",
        "fields",
        "groups",
        "indicators",
        "conditions",
        "categories",
        "emphases",
        "bodies",
        "steps",
    )
    @classmethod
    def keys_are_unique(cls, parts: list[Any]) -> list[Any]:
        keys = [p.key for p in parts]
        for key in keys:
            if keys.count(key) > 1:
                raise PydanticCustomError("duplicate_key", "键“{key}”重复", {"key": key})
        return parts

    # -- reading -------------------------------------------------------------------------------------------------

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: the version under which a case enters."""
        return hashlib.sha256(canonical(self).encode()).hexdigest()

    def step(self, key: str) -> Step:
        return next(s for s in self.steps if s.key == key)

    def body(self, key: str) -> Body:
        return next(b for b in self.bodies if b.key == key)

    def stage(self, key: str) -> Stage:
        return next(s for s in self.stages if s.key == key)

    def channel(self, key: str) -> Channel:
        return next(c for c in self.channels if c.key == key)

    def field(self, key: str) -> FormField:
        return next((f for f in self.fields if f.key == key), None) or FormField.plain(key)

    def fields_of(self, channel: str) -> list[FormField]:
        """The fields that an application of this channel has, in the order of the groups."""
        named = [self.field(key) for group in self.groups for key in group.fields]
        return [f for f in named if f.channels is None or channel in f.channels]

    def document(self, key: str) -> Document:
        return OUTSIDE_THE_NOTICE.get(key) or next(d for d in self.documents if d.key == key)

    def due(self, key: str) -> datetime:
        """The end (24:00, Asia/Shanghai) of the named day: the moment after which it is late."""
        return day_end(self.dates[key].day)

    def starts(self, key: str) -> datetime:
        """The beginning (0:00, Asia/Shanghai) of the named day."""
        return day_start(self.dates[key].day)

    @property
    def office_reviews(self) -> list[Step]:
        """The gates of a case that the office decides alone: its review of all candidates (三（二）)."""
        return [
            s
            for s in self.steps
            if s.scope is Scope.CASE
            and s.kind is StepKind.GATE
            and [d.body for d in s.deciders] == [self.office]
        ]

    def list_size(self, step: Step) -> int:
        """The greatest number of names on the list that `step` makes (一（一）、三（四））."""
        return self.quota.places if step.list_size == "places" else self.quota.ratio_places

    def case_steps(self, channel: str, route: str) -> list[Step]:
        """The steps that a case of this channel and route walks, in the notice's order."""
        return [
            s
            for s in self.steps
            if (s.scope is Scope.CASE or s.cases_wait)
            and (s.channels is None or channel in s.channels)
            and (s.routes is None or route in s.routes)
        ]

    @property
    def season_steps(self) -> list[Step]:
        return [s for s in self.steps if s.scope is Scope.SEASON]

    def amended(self, days: Mapping[str, date]) -> Notice:
        """The same notice with some of its dates on other days."""
        dates = {k: d.model_copy(update={"day": days.get(k, d.day)}) for k, d in self.dates.items()}
        return self.model_copy(update={"dates": dates})

    def check_of(self, window: Step) -> Step | None:
        """The gate that checks a public notice before it opens (七（二）): the one right before it, after a list."""
        steps = self.season_steps
        before = steps[: steps.index(window)]
        listed = any(s.is_list for s in before)
        return before[-1] if listed and before[-1].kind is StepKind.GATE else None

    def window_of(self, check: Step) -> Step | None:
        """The public notice that this gate checks; None for every other gate."""
        windows = [s for s in self.season_steps if s.kind is StepKind.WINDOW]
        return next((w for w in windows if self.check_of(w) == check), None)

    def shifted(self, start: date) -> Notice:
        """The same notice with every date moved so that the day of issue falls on `start` (practice season)."""
        delta = start - self.issued
        dates = {k: d.model_copy(update={"day": d.day + delta}) for k, d in self.dates.items()}
        return self.model_copy(update={"issued": start, "dates": dates})


def starts_too_late(step: Step, days: Mapping[str, date]) -> list[tuple[str, str]]:
    """The fields of a step that keep it shut until after its last day, each with the date that it names."""
    due = days.get(step.due)
    starts = (("opens", step.opens), ("after", step.after))
    return [(field, key) for field, key in starts if key and due and key in days and days[key] > due]


def day_start(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def day_end(day: date) -> datetime:
    return day_start(day + timedelta(days=1))


def day_of(moment: datetime) -> date:
    """The day that it is then in Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def last_day(due: datetime) -> str:
    """The day that a due moment (24:00) still belongs to, in Chinese: 2026年3月9日."""
    return f"{(due - timedelta(microseconds=1)).astimezone(SHANGHAI):%Y年%-m月%-d日}"


def canonical(notice: Notice) -> str:
    return json.dumps(
        notice.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


@lru_cache(maxsize=64)
def parse_canonical(text: str) -> Notice:
    """A pinned notice read back from the record; cached, since every decision reads it."""
    return Notice.model_validate_json(text)
