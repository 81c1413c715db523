"""How do the notice's fields become a form, what is typed a form's values, and a value what a person reads?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from models.form import OTHER_CATEGORY, derives_indicators, is_filled
from models.form_field import FieldChoice, FieldColumn, FormField
from models.notice import Choice, Notice
from models.verdict import Verdict
from models.words import FieldKind

BLANK_ROWS = 3
Given = Mapping[str, list[str]]


# --- the form, section by section --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Boxes:
    """The indicators, each a titled box with its own ticks and blanks, as 附件1 prints them."""

    field: FormField | None
    boxes: list[tuple[Choice, list[FormField]]]


@dataclass(frozen=True)
class Section:
    """A group of fields; `channels` when only some channels have it."""

    key: str
    label: str
    fields: list[FormField]
    items: list[FormField | Boxes]

    @property
    def channels(self) -> list[str] | None:
        """The channels that have this section, where not all do."""
        if any(f.channels is None for f in self.fields):
            return None
        return sorted({c for f in self.fields for c in f.channels or []})


def sections(notice: Notice, channel: str = "") -> list[Section]:
    """What the application of a channel asks; of every channel while none is chosen."""
    known = channel in {c.key for c in notice.channels}
    asked = {f.key for f in notice.fields_of(channel)} if known else {f.key for f in notice.fields}
    asked = asked or {key for g in notice.groups for key in g.fields}
    found = []
    for group in notice.groups:
        fields = [notice.field(key) for key in group.fields if key in asked]
        if fields:
            found.append(Section(group.key, group.label, fields, _items(notice, fields)))
    return found


def _items(notice: Notice, fields: list[FormField]) -> list[FormField | Boxes]:
    """The fields in their order, those of the indicators gathered where the indicators stand."""
    if not derives_indicators(notice):
        return list(fields)
    owners = _owners(notice)
    boxed = [f for f in fields if f.key in owners or f.kind is FieldKind.INDICATORS]
    items: list[FormField | Boxes] = []
    for field in fields:
        if field not in boxed:
            items.append(field)
        elif field is (next((f for f in boxed if f.kind is FieldKind.INDICATORS), boxed[0])):
            own = field if field.kind is FieldKind.INDICATORS else None
            rows = [(i, [f for f in boxed if owners.get(f.key) == i.key]) for i in notice.indicators]
            items.append(Boxes(own, [row for row in rows if row[1]]))
    return items


def _owners(notice: Notice) -> dict[str, str]:
    """Which field belongs to which indicator: by itself, or standing in the same cell of the paper."""
    cells = {f.paper: f.indicator for f in notice.fields if f.paper and f.indicator}
    found = {f.key: f.indicator or cells.get(f.paper or "") for f in notice.fields}
    return {key: indicator for key, indicator in found.items() if indicator}


State = Literal["bad", "done", "open"]


def section_state(section: Section, form: Mapping[str, Any], wrong: Verdict, lacking: Verdict = ()) -> State:
    """Whether something is wrong in the section, nothing is lacking, or it is still to be filled in."""
    keys = {f.key for f in section.fields}
    if any(r.field.split("-")[0] in keys for r in wrong):
        return "bad"
    if any(r.field.split("-")[0] in keys for r in lacking):
        return "open"
    complete = all(is_filled(f, form.get(f.key)) for f in section.fields if f.required)
    return "done" if complete and any(is_filled(f, form.get(f.key)) for f in section.fields) else "open"


def choice_label(field: FormField | FieldColumn, choice: FieldChoice) -> str:
    """A label that is printed twice is told apart by its key, which names its place on the paper."""
    twice = sum(c.label == choice.label for c in field.choices) > 1
    return choice.key if twice else choice.label


def row_count(notice: Notice, channel: str, field: FormField, value: Any, more: int = 0) -> int:
    """How many lines are shown: those filled in, some blank ones at first, and what was asked for."""
    least = BLANK_ROWS
    if field.key == "recommenders":
        least = max((c.recommenders for c in notice.channels if channel in ("", c.key)), default=0) or 1
    filled = len(value) if isinstance(value, list) else 0
    return min(max(least, filled) + more, max(field.longest, filled))


# --- what was typed ----------------------------------------------------------------------------------------------


def read_form(notice: Notice, given: Given, channel: str = "") -> dict[str, Any]:
    """The fields that were sent, in the shape the record keeps them in; what was not sent stays as it is."""
    form: dict[str, Any] = {}
    for section in sections(notice, channel):
        for field in section.fields:
            value = _value(notice, field, given)
            if value is not None:
                form[field.key] = value
    return form


def _value(notice: Notice, field: FormField, given: Given) -> Any:
    if field.kind is FieldKind.ROWS:
        return _rows(field, given)
    if field.key not in given:
        return None
    typed = given[field.key]
    if field.kind is FieldKind.TICKS:
        return _ticks(field, given)
    if field.kind is FieldKind.INDICATORS:
        return None if derives_indicators(notice) else [v for v in typed if v]
    if field.kind is FieldKind.YES_NO:
        return {"yes": True, "no": False}.get(_last(typed))
    return _last(typed)


def _last(typed: list[str]) -> str:
    return typed[-1].strip().replace("\r\n", "\n") if typed else ""


def _ticks(field: FormField, given: Given) -> dict[str, str]:
    """The ticked boxes with their blanks; who fills in a blank means its box."""
    ticked = [v for v in given[field.key] if v]
    blanks = {c.key: _last(given.get(f"{field.key}-{n}", [])) for n, c in enumerate(field.choices, 1)}
    order = [c.key for c in field.choices if c.key in ticked or blanks[c.key]]
    return {key: blanks.get(key, "") for key in [*order, *(t for t in ticked if t not in order)]}


def _rows(field: FormField, given: Given) -> list[dict[str, str]] | None:
    """The lines in which something was typed; None if the form had none of them at all."""
    columns = "|".join(re.escape(c.key) for c in field.columns)
    named = re.compile(rf"{re.escape(field.key)}-(\d{{1,4}})-({columns})")
    rows: dict[int, dict[str, str]] = {}
    for name, typed in given.items():
        if found := named.fullmatch(name):
            rows.setdefault(int(found[1]), {})[found[2]] = _last(typed)
    if not rows:
        return None
    return [rows[n] for n in sorted(rows) if any(rows[n].values())]


# --- what is read ------------------------------------------------------------------------------------------------


def shown(notice: Notice, key: str, value: Any) -> str:
    """A field's value as a person reads it."""
    field = notice.field(key)
    if field.kind is FieldKind.YES_NO:
        return "是" if value else "否" if value is False else ""
    if field.kind is FieldKind.TICKS:
        return "；".join(_tick_shown(field, k, v) for k, v in (value or {}).items())
    if field.kind is FieldKind.ROWS:
        return "\n".join("　".join(str(v) for v in row.values() if v) for row in value or [])
    if isinstance(value, list):
        return "、".join(_labels(notice, field).get(str(v), str(v)) for v in value)
    return "" if value is None else _labels(notice, field).get(str(value), str(value))


def _labels(notice: Notice, field: FormField) -> dict[str, str]:
    """What the kept keys of a field are called."""
    if field.kind is FieldKind.CATEGORY:
        return {c.key: c.label for c in notice.categories} | {OTHER_CATEGORY: "其他"}
    if field.kind is FieldKind.INDICATORS:
        return {c.key: c.label for c in notice.indicators}
    if field.kind is FieldKind.CONDITION:
        return {c.key: c.label for c in notice.conditions}
    return {c.key: choice_label(field, c) for c in field.choices}


def _tick_shown(field: FormField, key: str, text: str) -> str:
    label = next((choice_label(field, c) for c in field.choices if c.key == key), key)
    return f"{label}：{text}" if text else label
