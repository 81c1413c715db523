"""How does a browser send an application? The form's values as the fields of a page, one name for each input."""

from collections.abc import Mapping
from typing import Any

from models.form_field import FormField
from models.notice import Notice
from models.words import FieldKind


def posted(notice: Notice, form: Mapping[str, Any]) -> dict[str, Any]:
    """What `api.fields.read_form` reads back into the same form."""
    fields: dict[str, Any] = {}
    for key, value in form.items():
        fields |= _posted(notice.field(key), value)
    return fields


def _posted(field: FormField, value: Any) -> dict[str, Any]:
    key = field.key
    if field.kind is FieldKind.YES_NO:
        return {key: {True: "yes", False: "no"}.get(value, "")}
    if field.kind is FieldKind.TICKS:
        blanks = {f"{key}-{n}": value.get(c.key, "") for n, c in enumerate(field.choices, 1) if c.blank}
        return {key: ["", *value], **blanks}
    if field.kind is FieldKind.ROWS:
        rows = value or [{c.key: "" for c in field.columns}]
        return {f"{key}-{n}-{column}": text for n, row in enumerate(rows, 1) for column, text in row.items()}
    return {key: value}
