"""What does the text of the notice and consent (告知同意书) say? Read from `consent.yaml`, its names filled in."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from models.data_words import ConsentScope
from models.notice import Notice
from models.notice_part import Part
from notices.data_files import read_data, unusable
from notices.retention import read_schedule

FILE = Path(__file__).resolve().parent / "consent.yaml"
# A line that is broken in the file leaves a blank, which Chinese text has none of.
FOLDED = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")


class Paragraph(Part):
    heading: str
    text: str


class ScopeText(Part):
    key: ConsentScope
    text: str


class Version(Part):
    """One version; `grows` are the scopes that reach further than in the version before."""

    version: int = Field(ge=1)
    issued: date
    title: str
    paragraphs: list[Paragraph] = Field(min_length=1)
    scopes: list[ScopeText]
    recommenders: str
    experts: str
    grows: list[ConsentScope] = Field([])


class Versions(Part):
    versions: list[Version] = Field(min_length=1)


@cache
def read_versions(path: Path = FILE) -> tuple[Version, ...]:
    """Every version in the file, the oldest first; raises `NoticeError` when the file can't be used."""
    read = read_data(path, Versions)
    numbers = [v.version for v in read.versions]
    if numbers != sorted(set(numbers)):
        raise unusable(path, "版本号（version）须逐个增大")
    for version in read.versions:
        if {s.key for s in version.scopes} != set(ConsentScope):
            raise unusable(path, f"第{version.version}版须写明 handling、sharing、publicity 三项")
    return tuple(read.versions)


def filled_in(version: Version, notice: Notice) -> dict[str, Any]:
    """The version as a season shows it: with the names that its notice gives, and the periods as they are now."""
    contact = notice.contact
    names = {
        "{award}": notice.award_name,
        "{authority}": notice.authority,
        "{contact}": contact.name,
        "{phone}": contact.phone,
        "{address}": contact.address,
        **{f"{{{p.key}}}": p.length for p in read_schedule().classes},
    }
    told: dict[str, Any] = _named(version.model_dump(mode="json"), names)
    return told


def _named(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for mark, name in names.items():
            value = value.replace(mark, name)
        return FOLDED.sub("", value)
    if isinstance(value, list):
        return [_named(v, names) for v in value]
    if isinstance(value, dict):
        return {k: _named(v, names) for k, v in value.items()}
    return value
