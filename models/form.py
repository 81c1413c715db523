"""What does the application ask, as the notice lists it, and what is wrong with what was typed?

Three questions, three checks: `check_known` (does the form have this field), `check_shape` (can it be kept like that),
`models.form_rules.check_form` (may it be handed in). All of them look at values that `models.tidy` has cleaned.
A place inside a field is named `field-row-column`, or `field-n` for the blank of its n-th box.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from models.case import Case
from models.form_field import FieldColumn, FormField
from models.identity import Identity, read_id
from models.notice import Notice
from models.personal import whole_form
from models.tidy import count_characters, tidy_line
from models.verdict import Reason, Verdict
from models.words import FieldKind

OTHER_CATEGORY = "other"
LONGEST_BLANK = 100
LONGEST_NAME = 40


def check_known(notice: Notice, channel: str, form: Mapping[str, Any]) -> Verdict:
    """Fields that the application of this channel does not have."""
    known = {f.key for f in notice.fields_of(channel)}
    return tuple(
        Reason("unknown_field", f"申请表没有“{_said(name)}”这一项。", "附件1", "invalid", _said(name))
        for name in form
        if name not in known
    )


def _said(name: object) -> str:
    """A name that nobody knows, fit to be repeated."""
    return tidy_line(str(name))[:LONGEST_NAME]


# --- can it be kept ----------------------------------------------------------------------------------------------


def check_shape(notice: Notice, channel: str, form: Mapping[str, Any]) -> Verdict:
    """What can't be kept as it is: too long, a choice that the notice does not have, not of the field's shape."""
    fields = {f.key: f for f in notice.fields_of(channel)}
    return tuple(
        Reason(code, text, fields[key].clause, "invalid", place)
        for key, value in form.items()
        if key in fields
        for code, place, text in _shape_faults(notice, fields[key], value)
    )


_Found = Iterator[tuple[str, str, str]]


def _shape_faults(notice: Notice, field: FormField, value: Any) -> _Found:
    if field.kind is FieldKind.YES_NO:
        if value is not None and not isinstance(value, bool):
            yield "not_yes_or_no", field.key, f"“{field.label}”只能选“是”或“否”。"
    elif field.kind is FieldKind.ROWS:
        yield from _rows_faults(field, value)
    elif field.kind in (FieldKind.TICKS, FieldKind.INDICATORS):
        yield from _boxes_faults(notice, field, value)
    else:
        yield from _text_faults(notice, field, field.key, field.label, value)


def _text_faults(
    notice: Notice | None, field: FormField | FieldColumn, place: str, label: str, value: Any
) -> _Found:
    if not isinstance(value, str):
        yield "not_text", place, f"“{label}”应是文字。"
        return
    known = choices_of(notice, field)
    if known is not None:
        if value and value not in known:
            yield "unknown_choice", place, f"“{label}”没有填写的这个选项，请重新选择。"
    elif (length := count_characters(value)) > field.longest:
        yield "too_long", place, f"“{label}”最多{field.longest}字，现在{length}字，请删减。"


def choices_of(notice: Notice | None, field: FormField | FieldColumn) -> set[str] | None:
    """The values that a field may hold; None where anything may be written."""
    if field.kind is FieldKind.SELECT:
        return {c.key for c in field.choices}
    if notice is not None and field.kind is FieldKind.CONDITION:
        return {c.key for c in notice.conditions}
    if notice is not None and field.kind is FieldKind.CATEGORY:
        return {c.key for c in notice.categories} | {OTHER_CATEGORY}
    return None


def _boxes_faults(notice: Notice, field: FormField, value: Any) -> _Found:
    """Ticks with their blanks; the four indicators of a notice that has them ticked are a list of keys."""
    if field.kind is FieldKind.INDICATORS:
        known = {c.key for c in notice.indicators}
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            yield "not_a_list", field.key, f"“{field.label}”应是所选各项的列表。"
        elif not set(value) <= known:
            yield "unknown_choice", field.key, f"“{field.label}”没有填写的这个选项，请重新选择。"
        return
    if not isinstance(value, dict):
        yield "not_ticks", field.key, f"“{field.label}”应写明勾选了哪些选项及其填空。"
        return
    places = {c.key: f"{field.key}-{n}" for n, c in enumerate(field.choices, 1)}
    for key, text in value.items():
        if key not in places:
            yield "unknown_choice", field.key, f"“{field.label}”没有填写的这个选项，请重新选择。"
        elif not isinstance(text, str):
            yield "not_text", places[key], f"“{field.label}”“{key}”后的填空应是文字。"
        elif count_characters(text) > LONGEST_BLANK:
            yield "too_long", places[key], f"“{field.label}”“{key}”后最多填{LONGEST_BLANK}字，请删减。"


def _rows_faults(field: FormField, value: Any) -> _Found:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        yield "not_rows", field.key, f"“{field.label}”应逐行填写。"
        return
    if len(value) > field.longest:
        yield (
            "too_many_rows",
            field.key,
            f"“{field.label}”最多{field.longest}行，现在{len(value)}行，请删减。",
        )
    columns = {c.key: c for c in field.columns}
    for n, row in enumerate(value[: field.longest], 1):
        if extra := [k for k in row if k not in columns]:
            yield "unknown_column", field.key, f"“{field.label}”没有“{_said(extra[0])}”这一列。"
        for key in row.keys() & columns.keys():
            label = row_label(field, n, columns[key])
            yield from _text_faults(None, columns[key], f"{field.key}-{n}-{key}", label, row[key])


def row_label(field: FormField, n: int, column: FieldColumn) -> str:
    return f"{field.label}第{n}行的{column.label}"


# --- is it filled ------------------------------------------------------------------------------------------------


def is_filled(field: FormField, value: Any) -> bool:
    """Whether something stands in the field; “否” to a question is something, a ticked box without its text too."""
    if field.kind is FieldKind.YES_NO:
        return isinstance(value, bool)
    if field.kind is FieldKind.ROWS:
        return any(str(v).strip() for row in value or [] for v in row.values())
    if field.kind in (FieldKind.TICKS, FieldKind.INDICATORS):
        return bool(value)
    return bool(str(value or "").strip())


# --- what follows from it ----------------------------------------------------------------------------------------


def filled_indicators(notice: Notice, form: Mapping[str, Any]) -> list[str]:
    """附件1: the indicators of which at least one field is filled in, in the notice's order."""
    filled = {f.indicator for f in notice.fields if f.indicator and is_filled(f, form.get(f.key))}
    return [i.key for i in notice.indicators if i.key in filled]


def derives_indicators(notice: Notice) -> bool:
    """Whether the indicators follow from other fields; a notice without such fields has them ticked."""
    return any(f.indicator for f in notice.fields)


def with_indicators(notice: Notice, form: Mapping[str, Any], case: Case | None = None) -> dict[str, Any]:
    """The form with its indicators as its own fields show them; a notice without such fields has them typed."""
    if not derives_indicators(notice):
        return dict(form)
    return {**form, "indicators": filled_indicators(notice, _whole(form, case))}


def with_birth(notice: Notice, form: Mapping[str, Any], case: Case | None = None) -> dict[str, Any]:
    """The form with birth date and sex as the ID number tells them, where they were left empty."""
    whole = _whole(form, case)
    read = read_id(str(whole.get("id_number") or ""))
    if not isinstance(read, Identity):
        return dict(form)
    told = {"birth_date": read.born.isoformat(), "sex": read.sex}
    asked = {f.key: f for f in notice.fields}
    return {
        **form,
        **{k: v for k, v in told.items() if k in asked and not is_filled(asked[k], whole.get(k))},
    }


def _whole(form: Mapping[str, Any], case: Case | None) -> dict[str, Any]:
    return {**(whole_form(case) if case and case.form else {}), **form}
