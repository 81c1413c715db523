"""How is each field of the application asked for: its label, its kind of input, its choices, how long it may be?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from models.notice import FieldGroup, Notice
from models.verdict import Reason

Kind = Literal[
    "text",
    "date",
    "email",
    "number",
    "select",
    "yes_no",
    "area",
    "indicators",
    "condition",
    "category",
    "occupation",
]


@dataclass(frozen=True)
class FieldSpec:
    key: str
    label: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    longest: int = 100
    required: bool = False
    hint: str = ""


SEXES = ("男", "女")
PARTIES = ("中共党员", "中共预备党员", "共青团员", "民主党派成员", "无党派人士", "群众")
EDUCATION = ("研究生", "大学本科", "大学专科", "中专（中技）", "高中", "初中及以下")
TITLES = ("高级职称", "中级职称", "初级职称", "无")
GRADES = ("高级技师", "技师", "高级工", "中级工", "初级工", "无")

SPECS = {
    f.key: f
    for f in (
        FieldSpec("name", "姓名", longest=80, required=True),
        FieldSpec("sex", "性别", "select", SEXES),
        FieldSpec("birth_date", "出生日期", "date", longest=10),
        FieldSpec("nationality", "国籍", required=True, longest=40, hint="应具有中国国籍，填“中国”"),
        FieldSpec("ethnicity", "民族", longest=40),
        FieldSpec("political_status", "政治面貌", "select", PARTIES),
        FieldSpec("education", "文化程度", "select", EDUCATION),
        FieldSpec("email", "电子邮箱", "email", longest=200),
        FieldSpec(
            "public_power", "是否行使公权力的公职人员", "yes_no", hint="选“是”的，还须由纪检监察部门出具意见"
        ),
        FieldSpec("employer", "工作单位", longest=200, required=True, hint="填写全称"),
        FieldSpec("post", "职务"),
        FieldSpec("category", "类别（附件5）", "category", longest=40),
        FieldSpec("occupation", "职业（工种）", "occupation", longest=100, hint="可从目录中选，也可自行填写"),
        FieldSpec("work_years", "工作年限", "number", longest=2),
        FieldSpec("title", "职称", "select", TITLES),
        FieldSpec("skill_grade", "技能等级", "select", GRADES),
        FieldSpec("indicators", "四项指标", "indicators", required=True),
        FieldSpec("condition", "符合的推荐条件", "condition", required=True),
        FieldSpec("specialty", "技术专长", "area", longest=300),
        FieldSpec("summary", "简要事迹", "area", longest=1000, required=True, hint="300字左右"),
        FieldSpec("honours", "所获荣誉", "area", longest=1000, hint="每行一项，写明年月"),
    )
}
RECOMMENDERS = FieldSpec("recommenders", "专业人士推荐人", "area", longest=400, hint="每行一名")


def spec(key: str) -> FieldSpec:
    """A field that only another notice knows is a plain line of text under its own key."""
    return SPECS.get(key, FieldSpec(key, key))


def fields_of(group: FieldGroup) -> list[FieldSpec]:
    return [spec(key) for key in group.fields]


def read_form(notice: Notice, given: Mapping[str, list[str]], *, recommenders: bool) -> dict[str, Any]:
    """The application's fields as typed, in the shape the record keeps them in."""
    specs = [f for g in notice.groups for f in fields_of(g)]
    form = {f.key: _value(f, given.get(f.key, [])) for f in specs}
    if recommenders:
        lines = _text(given.get("recommenders", [])).splitlines()
        form["recommenders"] = [line.strip() for line in lines if line.strip()]
    return form


def _value(field: FieldSpec, given: list[str]) -> Any:
    if field.kind == "indicators":
        return given
    if field.kind == "yes_no":
        return _text(given) == "yes"
    return _text(given)


def _text(given: list[str]) -> str:
    return given[-1].strip().replace("\r\n", "\n") if given else ""


def check_shape(notice: Notice, form: Mapping[str, Any]) -> tuple[Reason, ...]:
    """What can't be kept as typed: text that is too long, choices that the notice does not have."""
    found: list[Reason] = []

    def wrong(field: FieldSpec, code: str, text: str) -> None:
        found.append(Reason(code, text, "附件1", "invalid", field.key))

    choices = {
        "indicators": {c.key for c in notice.indicators},
        "condition": {c.key for c in notice.conditions} | {""},
        "category": {c.key for c in notice.categories} | {"other", ""},
    }
    for key, value in form.items():
        field = RECOMMENDERS if key == RECOMMENDERS.key else spec(key)
        text = "\n".join(value) if isinstance(value, list) else str(value)
        if (
            field.kind in choices
            and not set(value if isinstance(value, list) else [value]) <= choices[field.kind]
        ):
            wrong(field, "unknown_choice", f"“{field.label}”的选项已经变化，请重新选择。")
        elif field.kind not in choices and len(text) > field.longest:
            wrong(field, "too_long", f"“{field.label}”最多{field.longest}字，现在{len(text)}字，请删减。")
    return tuple(found)


def shown(notice: Notice, key: str, value: Any) -> str:
    """A field's value as a person reads it."""
    labels = {c.key: c.label for c in notice.categories} | {"other": "其他"}
    kind = spec(key).kind
    if kind == "yes_no":
        return "是" if value else "否"
    if kind == "category":
        return labels.get(str(value), str(value or ""))
    if kind == "indicators":
        return "、".join(c.label for c in notice.indicators if c.key in (value or []))
    if kind == "condition":
        return next((c.label for c in notice.conditions if c.key == value), "")
    if isinstance(value, list):
        return "、".join(str(v) for v in value)
    return "" if value is None else str(value)
