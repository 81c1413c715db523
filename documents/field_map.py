"""Into which fields of the application does what was read from 附件1 go?

The notice says which printed label a field has. What the form asks and the record does not is `unplaced`; what the
record asks and the form does not is left to the person who checks.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from documents.form_shape import FULL_NAMES
from documents.problems import Problem, Severity
from models.form import check_shape, with_birth, with_indicators
from models.form_field import FormField
from models.form_rules import check_form
from models.notice import Notice
from models.tidy import tidy_form
from models.words import FieldKind

COUNTED = re.compile(r"(\d{1,4})(?:\.0+)?[^\d.]{0,3}")
MOMENT = r"\d{4}\s*(?:[年./-]\s*\d{0,2}\s*月?(?:\s*\d{1,2}\s*日)?)?"
PERIOD = re.compile(
    rf"\s*({MOMENT}\s*(?:[-‐-―~～至到]+\s*(?:{MOMENT}|至?今|现在))?(?:至今|起|以来)?)[ \t\u3000:：,，]+"
)
LONGEST_PERIOD = 60
WIDE = re.compile(r"\t+|[ \u3000]{2,}|\u3000")
CHANNEL_WORDS = {"个人自荐": "self", "自荐": "self", "专业人士推荐": "professional"}
UNIT_LABEL = "推荐单位"
DERIVED = {
    "birth_date": "由身份证号推算",
    "sex": "由身份证号推算",
    "category": "按“所属行业”填入",
}


def label_of(field: FormField) -> str | None:
    """The full label under which the form asks for the field."""
    return FULL_NAMES.get(field.paper, field.paper) if field.paper else None


def to_form(notice: Notice, channel: str, read: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """What was read as the application's fields, cleaned as typed text is; and what could not be taken over whole."""
    problems: list[Problem] = []
    form: dict[str, Any] = {}
    for field in notice.fields_of(channel):
        value = value_of(notice, field, read)
        if value is not None:
            form[field.key] = _converted(field, value, problems)
    form = tidy_form(notice, form)
    if not form.get("category"):
        form |= _category(notice, channel, form)
    return with_indicators(notice, with_birth(notice, form)), problems


def value_of(notice: Notice, field: FormField, read: Mapping[str, Any]) -> Any:
    """What stands on the form for this field; None when its line was not found."""
    label = label_of(field)
    if label is None or label not in read["fields"]:
        return None
    value = read["fields"][label]
    shared = sum(f.paper == field.paper for f in notice.fields) > 1
    return value.get(field.label, "") if shared and isinstance(value, Mapping) else value


def _converted(field: FormField, value: Any, problems: list[Problem]) -> Any:
    if field.kind is FieldKind.TICKS:
        return value if isinstance(value, dict) else dict.fromkeys(value or [], "")
    if field.kind is FieldKind.ROWS:
        return list(_history(field, str(value), problems))
    if field.kind is FieldKind.NUMBER:
        counted = COUNTED.fullmatch(unicodedata.normalize("NFKC", str(value)).strip())
        return str(int(counted[1])) if counted else value
    if field.kind is FieldKind.SELECT:
        return value if value in {c.key for c in field.choices} else ""
    return value


def _category(notice: Notice, channel: str, form: Mapping[str, Any]) -> dict[str, str]:
    """附件1 does not ask for the category; an industry that is called like one says it."""
    asked = any(f.key == "category" for f in notice.fields_of(channel))
    found = next((c.key for c in notice.categories if c.label == form.get("industry")), None)
    return {"category": found} if asked and found else {}


def derived(form: Mapping[str, Any], read_keys: Mapping[str, Any]) -> dict[str, str]:
    """Where the values come from that stand in the form and not on the paper."""
    return {k: text for k, text in DERIVED.items() if form.get(k) and not read_keys.get(k)}


# --- the work history --------------------------------------------------------------------------------------------


def _history(field: FormField, text: str, problems: list[Problem]) -> Iterator[dict[str, str]]:
    """A row a line: when, where, as what, where the line can be cut cleanly; otherwise whole, and told."""
    if [c.key for c in field.columns] != ["period", "where", "post"]:
        yield from ({field.columns[0].key: line} for line in text.split("\n") if line.strip())
        return
    for line in (line.strip() for line in text.split("\n")):
        if not line:
            continue
        row = _cut_line(line)
        if row is None:
            message = (
                f"“{field.label}”有一行分不出起止年月和单位，整行放在“工作单位”里：“{line[:40]}”，请核对。"
            )
            problems.append(Problem(label_of(field) or "", "history_line", message, Severity.WARNING))
            row = {"period": "", "where": line, "post": ""}
        yield row


def _cut_line(line: str) -> dict[str, str] | None:
    period = PERIOD.match(line[:LONGEST_PERIOD])
    if period is None:
        return None
    rest = line[period.end() :].strip()
    parts = [p for p in WIDE.split(rest) if p]
    if len(parts) == 1 and rest.count(" ") == 1:
        parts = rest.split(" ")
    if not 1 <= len(parts) <= 3:
        return None
    return {"period": period[1].strip(), "where": parts[0], "post": " ".join(parts[1:])}


# --- what is wrong, and what is left -----------------------------------------------------------------------------


def check_read(notice: Notice, channel: str, read: Mapping[str, Any]) -> list[Problem]:
    """What the application's own rules say of the lines that the form has, without looking at the record."""
    form, problems = to_form(notice, channel, read)
    told = {p["field"] for p in read["problems"]}
    reasons = (*check_shape(notice, channel, form), *check_form(notice, channel, form))
    for reason in reasons:
        label = label_of(notice.field(reason.field.split("-")[0]))
        if label is not None and not (reason.code == "field_missing" and label in told):
            problems.append(Problem(label, reason.code, reason.text))
    return problems


def channel_of(notice: Notice, read: Mapping[str, Any]) -> str:
    """The channel that the form names where it asks for the recommending unit; the notice's first otherwise."""
    named = re.sub(r"\s", "", str(read["fields"].get(UNIT_LABEL) or ""))
    known = {c.key for c in notice.channels}
    found = CHANNEL_WORDS.get(named, "")
    return found if found in known else notice.channels[0].key


def unplaced(notice: Notice, channel: str, read: Mapping[str, Any]) -> dict[str, str]:
    """What is written on lines of the form that the application has no field for."""
    placed = {label_of(f) for f in notice.fields_of(channel)}
    return {k: str(v) for k, v in read["fields"].items() if k not in placed and v}
