"""What may stand in a season's file, as a JSON Schema that editors understand?"""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from models.notice import Notice
from models.words import AttachmentKind, Effect, FieldKind, Need, Outcome, Relation, Scope, StepKind
from notices.fields import PARTS, WORDS, explain

ENUMS: dict[str, type[StrEnum]] = {
    e.__name__: e for e in (AttachmentKind, Effect, FieldKind, Need, Outcome, Relation, Scope, StepKind)
}


def schema() -> dict[str, Any]:
    """The JSON Schema of a season's file, every field explained in Chinese."""
    whole = Notice.model_json_schema()
    parts = {part.__name__: part for part in PARTS}
    for name, definition in [("Notice", whole), *whole["$defs"].items()]:
        if name in parts:
            _explain_part(definition, parts[name])
        elif name in ENUMS:
            definition["description"] = "；".join(f"{word}＝{WORDS[word]}" for word in ENUMS[name])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole, "title": "评选认定通知"}


def _explain_part(definition: dict[str, Any], part: type[BaseModel]) -> None:
    definition["title"] = definition["description"] = PARTS[part]
    for name, field in definition["properties"].items():
        field.pop("title", None)
        field["description"] = explain(part, name)
