"""How does an answer of the application read on paper?

A paper knows its cells by their printed labels; which fields stand behind a label, the notice says (`paper`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from documents.grid import Face, Run
from models.form_field import FieldChoice, FormField
from models.notice import Notice

EMPTY_BOX, TICKED_BOX = "□", "☑"
BETWEEN = "  "
BLANK_DATE = "    年   月   日"


@dataclass(frozen=True)
class Answers:
    """The application behind a paper form: the notice's fields and what was typed; nothing for a blank form.

    A field of which the notice does not say how the paper calls it is looked for by its own label.
    """

    notice: Notice
    channel: str
    form: Mapping[str, Any]

    @cached_property
    def _by_label(self) -> dict[str, list[FormField]]:
        found: dict[str, list[FormField]] = {}
        fields = self.notice.fields_of(self.channel)
        for field in fields:
            if field.paper:
                found.setdefault(field.paper, []).append(field)
        return {f.label: [f] for f in fields if not f.paper} | found

    def fields(self, label: str) -> list[FormField]:
        """The fields behind a printed label, in the notice's order; none when this season does not ask for it."""
        return self._by_label.get(label, [])

    def field(self, label: str, place: int = 0) -> FormField | None:
        fields = self.fields(label)
        return fields[place] if place < len(fields) else None

    def text(self, label: str) -> str:
        field = self.field(label)
        return self.text_of(field.key) if field else ""

    def text_of(self, key: str) -> str:
        value = self.form.get(key)
        return value if isinstance(value, str) else ""

    def rows(self, key: str) -> list[Mapping[str, str]]:
        value = self.form.get(key)
        return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []

    def is_ticked(self, field: FormField, choice: FieldChoice) -> bool:
        value = self.form.get(field.key)
        return choice.key in value if isinstance(value, dict) else value == choice.key

    def boxes(self, field: FormField | None) -> list[str]:
        """Every choice with its box, as printed."""
        return (
            [f"{TICKED_BOX if self.is_ticked(field, c) else EMPTY_BOX}{c.label}" for c in field.choices]
            if field
            else []
        )

    def box_with_blank(self, field: FormField, choice: FieldChoice, underscores: int) -> tuple[Run, ...]:
        """A box, its label and its blank, filled or empty."""
        ticked = self.is_ticked(field, choice)
        head = f"{TICKED_BOX if ticked else EMPTY_BOX}{choice.label}"
        if not choice.blank:
            return (Run(head, Face.SONG),)
        value = self.form.get(field.key)
        typed = str(value.get(choice.key) or "") if isinstance(value, dict) else ""
        return (Run(f"{head}：", Face.SONG), blank(typed, underscores))


def blank(typed: str, underscores: int) -> Run:
    """A line to write on, or what was written on it."""
    return Run(f" {typed} ", Face.SONG, underline=True) if typed else Run("_" * underscores, Face.SONG)


def day(moment: date | None) -> str:
    """2026年3月9日; blanks to be filled in by hand where there is none."""
    return f"{moment:%Y年%-m月%-d日}" if moment else BLANK_DATE
