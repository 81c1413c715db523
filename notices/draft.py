"""What can already be relied on in a file that may still have faults?

The rules read a `Draft`: the steps and parts that are well formed by themselves. `whole` says that every step
is, so that their order may be judged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from models.form_field import FieldGroup, FormField
from models.notice import Body, Channel, NoticeDate, Step
from models.words import Effect, Relation
from notices.tree import Loc

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Draft:
    """The well-formed parts of a file; `steps` keeps each step's place in the file."""

    data: dict[str, Any]

    @cached_property
    def steps(self) -> list[tuple[int, Step]]:
        return list(_valid(self.data.get("steps"), Step))

    @property
    def whole(self) -> bool:
        raw = self.data.get("steps")
        return isinstance(raw, list) and 0 < len(raw) == len(self.steps)

    @cached_property
    def dates(self) -> dict[str, date]:
        raw = self.data.get("dates")
        entries = list(raw.items()) if isinstance(raw, dict) else []
        return {entries[i][0]: d.day for i, d in _valid([value for _, value in entries], NoticeDate)}

    @cached_property
    def relations(self) -> dict[str, Relation]:
        return {b.key: b.relation for _, b in _valid(self.data.get("bodies"), Body)}

    @cached_property
    def channels(self) -> dict[str, Channel]:
        return {c.key: c for _, c in _valid(self.data.get("channels"), Channel)}

    @cached_property
    def fields(self) -> list[tuple[int, FormField]]:
        return list(_valid(self.data.get("fields"), FormField))

    @cached_property
    def form_fields(self) -> set[str]:
        return {f for _, group in _valid(self.data.get("groups"), FieldGroup) for f in group.fields}

    def before(self, index: int) -> list[Step]:
        return [s for i, s in self.steps if i < index]

    def position(self, key: str) -> int | None:
        return next((i for i, s in self.steps if s.key == key), None)

    def lists(self) -> list[tuple[int, Step]]:
        return [(i, s) for i, s in self.steps if s.is_list]

    def ways(self, step: Step) -> set[tuple[str, str]]:
        """The channel and route of every case that walks `step`."""
        return {
            (channel.key, route)
            for channel in self.channels.values()
            for route in channel.routes
            if (step.channels is None or channel.key in step.channels)
            and (step.routes is None or route in step.routes)
        }


def at(index: int, *field: str | int) -> Loc:
    return ("steps", index, *field)


def scores(step: Step) -> bool:
    return any(a.effect is Effect.SCORE for a in step.answers)


def _valid(raw: Any, part: type[T]) -> Iterator[tuple[int, T]]:
    """The entries of a list that are well formed, with their places."""
    for i, entry in enumerate(raw if isinstance(raw, list) else []):
        try:
            yield i, part.model_validate(entry)
        except ValidationError:
            continue
