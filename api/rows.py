"""What does a button inside a table of lines ask for: one more line, or one less? It works without scripts."""

import re
from typing import Any

from api.deps import Form

_ASKED = re.compile(r"(more|drop):([a-z][a-z0-9_]*)(?::(\d{1,4}))?")


def asked_rows(typed: Form, form: dict[str, Any]) -> dict[str, int]:
    """The field that is to show another number of lines, with how many more; empty when no such button was pressed.

    A line that is to go is taken out of `form`.
    """
    found = _ASKED.fullmatch(typed.text("action"))
    if found is None:
        return {}
    field = found[2]
    if found[1] == "more":
        return {field: 1}
    rows = form.get(field)
    at = int(found[3] or 0) - 1
    if isinstance(rows, list) and 0 <= at < len(rows):
        form[field] = rows[:at] + rows[at + 1 :]
    return {field: 0}
