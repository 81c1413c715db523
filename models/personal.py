"""Which parts of an application are personal numbers, and how are they kept, found and shown?

The record keeps them sealed beside the application (`Case.sealed`); `split` and `joined` are the only way in and out.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models.case import Case
from models.crypto import blind, seal_json, unseal_json
from models.form_field import FormField
from models.notice import Notice
from models.words import FieldKind

ID_LENGTH = 18


def clean_number(value: str) -> str:
    """An ID or telephone number as it is compared: half-width, without spaces and dashes, X in capitals."""
    while (cleaned := _cleaner(value)) != value:
        value = cleaned
    return value


def _cleaner(value: str) -> str:
    return re.sub(r"[\s\-‐-―]", "", unicodedata.normalize("NFKC", value)).upper()


def split(notice: Notice, form: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The application in two: what is kept as it is, and what is sealed (of rows, the sealed columns alone)."""
    plain: dict[str, Any] = {}
    sealed: dict[str, Any] = {}
    for key, value in form.items():
        field = notice.field(key)
        if field.sealed:
            sealed[key] = value
        elif hidden := _sealed_columns(field):
            plain[key] = [{k: v for k, v in row.items() if k not in hidden} for row in value or []]
            sealed[key] = [{k: v for k, v in row.items() if k in hidden} for row in value or []]
        else:
            plain[key] = value
    return plain, sealed


def joined(plain: Mapping[str, Any], sealed: Mapping[str, Any]) -> dict[str, Any]:
    """The application whole."""
    whole = dict(plain)
    for key, value in sealed.items():
        rows = plain.get(key)
        if isinstance(value, list) and isinstance(rows, list):
            hidden = [*value, *({} for _ in rows[len(value) :])]
            whole[key] = [{**row, **more} for row, more in zip(rows, hidden, strict=False)]
        else:
            whole[key] = value
    return whole


def _sealed_columns(field: FormField) -> set[str]:
    return {c.key for c in field.columns if c.sealed}


def whole_form(case: Case) -> dict[str, Any]:
    """The application of a case with its personal numbers, for those who may read them."""
    return joined(case.form, sealed_form(case))


def sealed_form(case: Case) -> dict[str, Any]:
    held: dict[str, Any] = unseal_json(case.sealed, sealed_about(case)) or {}
    return held


def masked_form(notice: Notice, case: Case) -> dict[str, Any]:
    """The application as everyone else sees it: each personal number masked."""
    hidden: dict[str, Any] = {}
    for key, value in sealed_form(case).items():
        field = notice.field(key)
        kinds = {c.key: c.kind for c in field.columns}
        if isinstance(value, list):
            hidden[key] = [{k: masked(kinds[k], str(v)) for k, v in row.items()} for row in value]
        else:
            hidden[key] = masked(field.kind, str(value or ""))
    return joined(case.form, hidden)


def keep_form(notice: Notice, case: Case, form: Mapping[str, Any]) -> list[str]:
    """Make `form` the application of the case; the keys of the fields that changed, sorted.

    Writes `form`, `sealed`, `sealed_versions` and both blind indices, counts the version up, and nothing else.
    """
    before, after = whole_form(case), {**whole_form(case), **form}
    changed = sorted(k for k in after if before.get(k) != after[k])
    if not changed and case.sealed is not None:
        return []
    plain, sealed = split(notice, after)
    case.form_version += 1
    case.form = plain
    case.sealed = seal_json(sealed, sealed_about(case))
    case.sealed_versions = {
        **case.sealed_versions,
        **{k: case.form_version for k in changed if k in sealed},
    }
    index_numbers(case, sealed)
    return changed


def index_numbers(case: Case, sealed: Mapping[str, Any]) -> None:
    """Write both blind indices, by which the same person is found."""
    case.id_index = blind("id_number", clean_number(str(sealed.get("id_number") or "")))
    case.phone_index = blind("phone", clean_number(str(sealed.get("phone") or "")))


def sealed_about(case: Case) -> str:
    """As what the personal numbers of a case, and of its submissions, are sealed."""
    return sealed_about_id(case.id)


def sealed_about_id(case_id: UUID) -> str:
    return f"case.sealed:{case_id}"


def masked(kind: FieldKind, value: str) -> str:
    """A personal number as it is shown by default: 450203********9910, 199****0001; an address without its door."""
    text = clean_number(value) if kind in (FieldKind.ID_NUMBER, FieldKind.PHONE) else value
    if kind is FieldKind.ID_NUMBER:
        return f"{text[:6]}{'*' * max(len(text) - 10, 0)}{text[-4:]}" if len(text) > 10 else "*" * len(text)
    if kind is FieldKind.PHONE:
        return f"{text[:3]}****{text[-4:]}" if len(text) > 7 else "*" * len(text)
    return f"{value[:6]}****" if value else ""
