"""How is what was typed or pasted cleaned before it is looked at and kept? What can't be seen goes, the words stay.

One way for pages, imports and the API.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from models.form_field import FieldColumn, FormField
from models.notice import Notice
from models.personal import clean_number
from models.text import count_characters as count_characters
from models.text import tidy_line as tidy_line
from models.text import tidy_text as tidy_text
from models.words import FieldKind

_DAY = re.compile(r"(\d{4})[年./\-](\d{1,2})[月./\-](\d{1,2})日?")
_SOLID_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
POSTCODE = "postcode"


def tidy_form(notice: Notice, form: Mapping[str, Any]) -> dict[str, Any]:
    """Every value in the shape its field is kept in, where it can be brought into it; what can't be stays as given."""
    asked = {key for group in notice.groups for key in group.fields}
    return {k: tidy_value(notice.field(k), v) if k in asked else v for k, v in form.items()}


def tidy_value(field: FormField, value: Any) -> Any:
    kind = field.kind
    if kind is FieldKind.YES_NO:
        return value
    if kind is FieldKind.ROWS:
        return _tidy_rows(field, value)
    if kind is FieldKind.TICKS:
        return _tidy_ticks(value)
    if kind is FieldKind.INDICATORS:
        return [] if value in (None, "") else value
    return tidy_cell(field, value)


def tidy_cell(field: FormField | FieldColumn, value: Any) -> Any:
    """One text; whole numbers become text, anything else that is none stays as given."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return value
    if field.kind is FieldKind.AREA:
        return tidy_text(value)
    line = tidy_line(value)
    if field.kind in (FieldKind.ID_NUMBER, FieldKind.PHONE):
        return clean_number(line)
    if field.kind is FieldKind.DATE:
        return _tidy_day(line)
    if field.kind in (FieldKind.EMAIL, FieldKind.NUMBER) or field.key == POSTCODE:
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", line))
    return line


def _tidy_day(text: str) -> str:
    half = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found = _DAY.fullmatch(half) or _SOLID_DAY.fullmatch(half)
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else half


def _tidy_rows(field: FormField, value: Any) -> Any:
    """Rows in which nothing stands are left out."""
    if value in (None, ""):
        return []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return value
    columns = {c.key: c for c in field.columns}
    rows = [{k: tidy_cell(columns[k], v) if k in columns else v for k, v in row.items()} for row in value]
    return [row for row in rows if any(v != "" for v in row.values())]


def _tidy_ticks(value: Any) -> Any:
    if value in (None, ""):
        return {}
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return dict.fromkeys(value, "")
    if not isinstance(value, dict):
        return value
    return {k: tidy_line(v) if isinstance(v, str) else "" if v is None else v for k, v in value.items()}
