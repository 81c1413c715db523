"""Which columns does 附件2 have by the notice, and which fields of the application do they fill and show?"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from documents.cells import one_line, plain, tidy_name
from documents.summary_checks import CONTACT, PHONE_PART, Column, ColumnKind, number_of
from models.form_field import FormField, SummarySheet
from models.notice import Category, Notice
from models.words import FieldKind

OTHER = "其他"
KINDS = {
    FieldKind.AREA: ColumnKind.LONG,
    FieldKind.SELECT: ColumnKind.CHOICE,
    FieldKind.CATEGORY: ColumnKind.CATEGORY,
    FieldKind.PHONE: ColumnKind.PHONE,
    FieldKind.DATE: ColumnKind.AGE,
}


def columns_of(notice: Notice) -> list[Column]:
    """The columns in the notice's order; none where the notice has no such sheet."""
    return [_column(notice, notice.summary, h) for h in notice.summary.headings] if notice.summary else []


def _column(notice: Notice, summary: SummarySheet, heading: str) -> Column:
    if heading == summary.priority:
        return Column(heading, ColumnKind.PRIORITY, required=True)
    if heading == summary.recommender:
        return Column(heading, ColumnKind.RECOMMENDER, longest=200)
    fields = fields_in(notice, heading)
    first = fields[0]
    kind = KINDS.get(first.kind, ColumnKind.TEXT)
    if len(fields) > 1:
        kind = ColumnKind.CONTACT
    elif first.key == "name":
        kind = ColumnKind.NAME
    return Column(
        heading,
        kind,
        required=any(f.required for f in fields),
        longest=sum(f.longest for f in fields),
        choices=_choices(notice, first),
        aliases=[] if len(fields) > 1 or first.kind is FieldKind.DATE else _aliases(first),
    )


def fields_in(notice: Notice, heading: str) -> list[FormField]:
    return [f for f in notice.fields if f.column == heading]


def _choices(notice: Notice, field: FormField) -> list[str]:
    if field.kind is FieldKind.CATEGORY:
        return [*(c.label for c in notice.categories), OTHER]
    return [c.label for c in field.choices]


def _aliases(field: FormField) -> list[str]:
    """What else the same thing is called on 附件1."""
    return [name for name in (field.label, field.paper) if name]


class Layout:
    """The columns of a season's sheet with the fields that each of them fills; made once for many rows."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        self.columns = columns_of(notice)
        self._fields = {c.heading: fields_in(notice, c.heading) for c in self.columns}

    def heading(self, kind: ColumnKind) -> str:
        """The heading of the column of this kind; empty where there is none."""
        return next((c.heading for c in self.columns if c.kind is kind), "")

    def form_of(self, values: Mapping[str, str]) -> dict[str, Any]:
        """The fields of the application that a row fills; its age is no birth date and fills none."""
        form: dict[str, Any] = {}
        for column in self.columns:
            text = str(values.get(column.heading, ""))
            fields = self._fields[column.heading]
            if text and fields and column.kind is not ColumnKind.AGE:
                form |= _filled(self.notice, column, fields, text)
        return form

    def values_of(self, form: Mapping[str, Any], today: date) -> dict[str, str]:
        """What a row says of an application by its headings; order and recommending unit are not in it."""
        return {
            heading: "\n".join(p for f in fields if (p := _shown(self.notice, f, form.get(f.key), today)))
            for heading, fields in self._fields.items()
            if fields
        }


# --- from the sheet to the application ---------------------------------------------------------------------------


def _filled(notice: Notice, column: Column, fields: Sequence[FormField], text: str) -> dict[str, Any]:
    first = fields[0]
    if column.kind is ColumnKind.CONTACT:
        return _contact(fields, text)
    if column.kind is ColumnKind.PHONE:
        return {first.key: number_of(text)}
    if column.kind is ColumnKind.CATEGORY:
        return {first.key: category_key(notice.categories, text)}
    if column.kind is ColumnKind.CHOICE:
        return {first.key: next((c.key for c in first.choices if c.label == text), text)}
    if column.kind is ColumnKind.NAME:
        return {first.key: tidy_name(text)}
    return {first.key: text if column.kind is ColumnKind.LONG else one_line(text)}


def category_key(categories: Sequence[Category], label: str) -> str:
    return next((c.key for c in categories if plain(c.label) == plain(label)), label)


def _contact(fields: Sequence[FormField], text: str) -> dict[str, Any]:
    """“罗秋萍 199-0000-0090” is a name and a number."""
    found = PHONE_PART.search(text)
    name = CONTACT.sub("", PHONE_PART.sub("", text, count=1))
    number = number_of(found[0]) if found else ""
    parts = {FieldKind.PHONE: number}
    filled = {f.key: parts.get(f.kind, one_line(name).strip()) for f in fields}
    return {key: value for key, value in filled.items() if value}


# --- from the application to the sheet ---------------------------------------------------------------------------


def _shown(notice: Notice, field: FormField, value: Any, today: date) -> str:
    text = str(value or "")
    if field.kind is FieldKind.DATE:
        age = age_on(text, today)
        return f"{age}岁" if age is not None else ""
    if field.kind is FieldKind.CATEGORY:
        return next((c.label for c in notice.categories if c.key == text), text)
    if field.kind is FieldKind.SELECT:
        return next((c.label for c in field.choices if c.key == text), text)
    return text


def age_on(born: str, today: date) -> int | None:
    try:
        day = date.fromisoformat(born)
    except ValueError:
        return None
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))
