"""What has changed in an application since it was handed in and returned?"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import Session, col, select

from models.case import Case
from models.crypto import unseal_json
from models.form_field import FormField
from models.gates import Decision
from models.notice import Notice
from models.personal import joined, masked, sealed_about, whole_form
from models.submission import Submission
from models.words import FieldKind

LONG = 30
_WORDS = re.compile(r"[A-Za-z0-9]+|.", re.DOTALL)

Side = Literal["same", "old", "new"]


@dataclass(frozen=True)
class Change:
    """One field before and after, sealed parts masked; `words` tells a longer text piece by piece."""

    field: FormField
    old: Any
    new: Any
    words: tuple[tuple[Side, str], ...] = ()


def changes_since(session: Session, notice: Notice, case: Case, returned: Decision | None) -> list[Change]:
    """The fields that differ from what the reviewer saw who sent the case back, in the form's order."""
    seen = _submission(session, case, returned) if returned else None
    if seen is None:
        return []
    before = joined(seen.form, unseal_json(seen.sealed, sealed_about(case)) or {})
    after = whole_form(case)
    return changed_fields(notice.fields_of(case.channel), before, after)


def changes_of(session: Session, notice: Notice, case: Case, number: int) -> list[Change]:
    """What the submission of this number changed against the one before it."""
    rows = session.exec(
        select(Submission)
        .where(Submission.case_id == case.id, col(Submission.number).in_((number - 1, number)))
        .order_by(col(Submission.number))
    ).all()
    if len(rows) < 2:
        return []
    before, after = (joined(s.form, unseal_json(s.sealed, sealed_about(case)) or {}) for s in rows)
    return changed_fields(notice.fields_of(case.channel), before, after)


def changed_fields(
    fields: Iterable[FormField], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Change]:
    """The fields that differ between two whole applications."""
    return [
        _change(field, before.get(field.key), after.get(field.key))
        for field in fields
        if _said(before.get(field.key)) != _said(after.get(field.key))
    ]


def _submission(session: Session, case: Case, returned: Decision) -> Submission | None:
    """The application as it was when it was sent back."""
    return session.exec(
        select(Submission)
        .where(Submission.case_id == case.id, col(Submission.handed_in_at) <= returned.decided_at)
        .order_by(col(Submission.number).desc())
        .limit(1)
    ).first()


def _said(value: Any) -> Any:
    """Nothing said is nothing said, however it is kept."""
    return None if value in ("", [], {}) else value


def _change(field: FormField, old: Any, new: Any) -> Change:
    hidden_old, hidden_new = _masked(field, old), _masked(field, new)
    long = field.kind is FieldKind.AREA and max(len(str(old or "")), len(str(new or ""))) > LONG
    return Change(field, hidden_old, hidden_new, _words(str(old or ""), str(new or "")) if long else ())


def _masked(field: FormField, value: Any) -> Any:
    if field.sealed:
        return masked(field.kind, str(value or ""))
    if field.kind is not FieldKind.ROWS:
        return value
    sealed = {c.key: c.kind for c in field.columns if c.sealed}
    return [
        {k: masked(sealed[k], str(v)) if k in sealed else v for k, v in row.items()} for row in value or []
    ]


def _words(old: str, new: str) -> tuple[tuple[Side, str], ...]:
    """The new text with what was taken out and what was put in."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    found: list[tuple[Side, str]] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(before[i:j])))
            continue
        if i < j:
            found.append(("old", "".join(before[i:j])))
        if k < m:
            found.append(("new", "".join(after[k:m])))
    return tuple(found)


def watched(notice: Notice, watches: list[str], changes: list[Change]) -> list[Change]:
    """The changes in the field groups that a gate watches; every one for a gate that watches none in particular."""
    keys = {key for g in notice.groups if g.key in watches for key in g.fields}
    return [c for c in changes if not watches or c.field.key in keys]


def marked(changes: list[Change]) -> Mapping[str, Change]:
    return {c.field.key: c for c in changes}
