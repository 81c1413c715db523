"""What was typed into a form, and which files came with it?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Depends, Request

from api.security import SAFE_METHODS
from api.uploads import LARGEST_REQUEST, TooLarge, Upload, is_multipart, read_parts

LARGEST_FORM = 2_000_000
MOST_FIELDS = 20_000


@dataclass(frozen=True)
class Form:
    """What was typed, cleaned of what no database keeps."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[Upload]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.fields.get(name, [""])[-1].strip()

    def named(self, name: str) -> UUID | None:
        """What a hidden field names; None when it names nothing."""
        return _id(self.text(name))

    def all_named(self, name: str) -> list[UUID]:
        """The rows that are ticked; what is no id names none."""
        return [i for text in self.fields.get(name, []) if (i := _id(text.strip())) is not None]

    def lines(self, name: str) -> tuple[str, ...]:
        return tuple(
            line.strip() for v in self.fields.get(name, []) for line in v.splitlines() if line.strip()
        )

    def uploads(self, name: str) -> list[Upload]:
        return self.files.get(name, [])

    def upload(self, name: str) -> Upload | None:
        return self.uploads(name)[-1] if self.uploads(name) else None

    def keyed(self, prefix: str) -> dict[str, str]:
        """`place_<id>` → `{<id>: value}`."""
        return {k.removeprefix(prefix): self.text(k) for k in self.fields if k.startswith(prefix)}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def clean(text: str) -> str:
    return text.replace("\x00", "")


async def read_form(request: Request) -> Form:
    """The body of a POST; none for GET."""
    if request.method in SAFE_METHODS:
        return Form()
    if is_multipart(request):
        return await _read_multipart(request)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise TooLarge
    try:
        pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise TooLarge from None
    return _remembered(request, Form(_gathered(pairs)))


async def _read_multipart(request: Request) -> Form:
    """Files are taken in only from who has a cookie of ours."""
    largest = LARGEST_REQUEST if request.cookies else LARGEST_FORM
    parts = await read_parts(request, largest_text=LARGEST_FORM, most_fields=MOST_FIELDS, largest=largest)
    form = _remembered(request, Form(_gathered(parts.texts)))
    if parts.refusal is not None:
        raise parts.refusal
    for name, upload in parts.files:
        form.files.setdefault(clean(name), []).append(upload)
    return form


def _gathered(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(clean(name), []).append(clean(value))
    return fields


def _remembered(request: Request, form: Form) -> Form:
    request.state.form = form
    return form


TypedForm = Annotated[Form, Depends(read_form)]
