"""What stands against handing in an application (二（二）、四、附件1)?

`check_form` refuses, `models.form_advice.advise_form` only says. Both look at the whole application, personal numbers
included, and never repeat one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from models.form import is_filled, row_label
from models.form_field import FormField
from models.identity import Fault, Identity, age_fault, read_id
from models.notice import Notice
from models.personal import clean_number
from models.values import check_value, read_day
from models.verdict import Reason, Verdict
from models.words import FieldKind

SHORTEST_NAME = 2
CHINESE = {"中国", "中华人民共和国"}


def check_form(notice: Notice, channel: str, form: Mapping[str, Any]) -> Verdict:
    """Every reason against handing in this application; `form` is whole, personal numbers included."""
    fields = notice.fields_of(channel)
    return (
        *_is_chinese(notice, fields, form),
        *(r for f in fields for r in _field_reasons(notice, f, form)),
        *_has_indicators(notice, form),
        *_identity_fits(notice, fields, form),
        *_patents_are_counted(fields, form),
        *_has_recommenders(notice, channel, form),
    )


def wrong(code: str, field: str, text: str, clause: str) -> Reason:
    return Reason(code, text, clause, "invalid", field)


# --- each field by itself ----------------------------------------------------------------------------------------


def _field_reasons(notice: Notice, field: FormField, form: Mapping[str, Any]) -> Iterator[Reason]:
    """What is missing in the field, or is not what its kind asks for."""
    value = form.get(field.key)
    if not is_filled(field, value):
        if field.required and field.key not in ("nationality", "recommenders"):
            yield wrong("field_missing", field.key, f"“{field.label}”还没有填写。", field.clause)
    elif field.kind is FieldKind.ROWS:
        yield from _row_reasons(field, value)
    elif field.kind is FieldKind.TICKS:
        yield from _blank_reasons(field, value)
    elif field.key == "name" and len(str(value)) < SHORTEST_NAME:
        yield wrong("name_short", field.key, "请填写姓名全称，至少两个字。", field.clause)
    elif isinstance(value, str) and (fault := check_value(field, value)):
        yield wrong(fault.code, field.key, f"“{field.label}”{fault.text}", field.clause)


def _row_reasons(field: FormField, rows: Any) -> Iterator[Reason]:
    for n, row in enumerate(rows, 1):
        for column in field.columns:
            value, place = str(row.get(column.key) or ""), f"{field.key}-{n}-{column.key}"
            label = row_label(field, n, column)
            if not value and column.required:
                yield wrong("cell_missing", place, f"“{label}”还没有填写。", field.clause)
            elif value and (fault := check_value(column, value)):
                yield wrong(fault.code, place, f"“{label}”{fault.text}", field.clause)


def _blank_reasons(field: FormField, ticks: Any) -> Iterator[Reason]:
    """A ticked box with a blank says nothing until the blank is filled in."""
    for n, choice in enumerate(field.choices, 1):
        if choice.blank and choice.key in ticks and not ticks[choice.key]:
            text = f"“{field.label}”勾选了“{choice.label}”，请填写其后的内容。"
            yield wrong("blank_missing", f"{field.key}-{n}", text, field.clause)


# --- fields together ---------------------------------------------------------------------------------------------


def _is_chinese(notice: Notice, fields: list[FormField], form: Mapping[str, Any]) -> Verdict:
    asked = any(f.key == "nationality" for f in fields)
    if not asked or form.get("nationality") in CHINESE:
        return ()
    text = f"“{notice.award_name}”应具有中国国籍，请核对“国籍”。"
    return (wrong("not_chinese", "nationality", text, "二（二）"),)


def _has_indicators(notice: Notice, form: Mapping[str, Any]) -> Verdict:
    known = {c.key for c in notice.indicators}
    if len([i for i in form.get("indicators") or [] if i in known]) >= notice.indicators_min:
        return ()
    text = f"{_counted(len(known))}项指标至少选填{notice.indicators_min}项。"
    return (wrong("indicator_missing", "indicators", text, "附件1"),)


def _counted(number: int) -> str:
    return "零一二三四五六七八九十"[number] if number <= 10 else str(number)


def _identity_fits(notice: Notice, fields: list[FormField], form: Mapping[str, Any]) -> Iterator[Reason]:
    """The ID number, the birth date and the sex tell of one person, who is of an age to work."""
    labels = {f.key: f for f in fields}
    read = read_id(str(form.get("id_number") or ""))
    typed = read_day(str(form.get("birth_date") or ""))
    if isinstance(read, Identity) and "id_number" in labels:
        field = labels["id_number"]
        yield from _as_reason(age_fault(read.born, notice.issued), field)
        if typed and typed != read.born and "birth_date" in labels:
            text = f"“{labels['birth_date'].label}”与身份证号中的出生日期不一致，请核对。"
            yield wrong("birth_mismatch", "birth_date", text, field.clause)
        if form.get("sex") in ("男", "女") and form["sex"] != read.sex and "sex" in labels:
            text = f"“{labels['sex'].label}”与身份证号第17位所示的性别不一致，请核对。"
            yield wrong("sex_mismatch", "sex", text, field.clause)
    elif typed and "birth_date" in labels:
        yield from _as_reason(age_fault(typed, notice.issued), labels["birth_date"])


def _as_reason(fault: Fault | None, field: FormField) -> Iterator[Reason]:
    if fault:
        yield wrong(fault.code, field.key, f"“{field.label}”{fault.text}", field.clause)


PATENTS = ("patents_invention", "patents_utility", "patents_design")


def patents_counted(form: Mapping[str, Any]) -> bool:
    return any(str(form.get(key) or "").strip("0") for key in PATENTS)


def _patents_are_counted(fields: list[FormField], form: Mapping[str, Any]) -> Verdict:
    asked = [f for f in fields if f.key in PATENTS]
    if not asked or form.get("patented") != "是" or patents_counted(form):
        return ()
    text = "“是否获得专利”选了“是”，请填写发明、实用新型、外观设计专利中至少一种的数量。"
    return (wrong("patents_missing", asked[0].key, text, asked[0].clause),)


# --- recommenders ------------------------------------------------------------------------------------------------


def _has_recommenders(notice: Notice, channel: str, form: Mapping[str, Any]) -> Iterator[Reason]:
    """四（二）: enough of them, each qualified, each another person, none the candidate."""
    needed, grades = notice.channel(channel).recommenders, notice.channel(channel).recommender_grades
    rows = form.get("recommenders") or []
    if len(rows) < needed:
        text = f"专业人士推荐须有{needed}名以上同专业推荐人，现在填了{len(rows)}名。"
        yield wrong("recommenders_missing", "recommenders", text, "四（二）")
    if not needed:
        return
    seen = {clean_number(str(form.get("id_number") or "")): 0}
    for n, row in enumerate(rows, 1):
        number = clean_number(str(row.get("id_number") or ""))
        if number and number in seen:
            other = f"第{seen[number]}名推荐专家" if seen[number] else "人选本人"
            text = f"第{n}名推荐专家的身份证号与{other}的相同，请核对。"
            yield wrong("recommender_repeated", f"recommenders-{n}-id_number", text, "四（二）")
        seen.setdefault(number, n)
        grade = str(row.get("grade") or "")
        if grade and grades and not any(g in grade for g in grades):
            text = f"第{n}名推荐专家的职称或技术级别须是{'、'.join(grades)}之一，请核对并写明。"
            yield wrong("recommender_unqualified", f"recommenders-{n}-grade", text, "四（二）")
