"""Does every name that a season's file uses stand somewhere in it?

One table: where a name is used, and in which section it has to be. It reads the raw data, so it speaks even
while other fields are still wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from models.notice import CONDITIONS
from notices.chinese import guess, show
from notices.tree import Loc

Found = Iterator[tuple[Loc, str]]

SECTIONS = {
    "dates": "日期",
    "stages": "阶段",
    "documents": "材料",
    "routes": "报送路径",
    "channels": "申报渠道",
    "fields": "申请表的字段",
    "indicators": "指标",
    "groups": "字段组",
    "bodies": "办理机构",
    "steps": "步骤",
}
FIXED: dict[str, tuple[str, frozenset[str]]] = {
    "condition": ("系统认识的条件", frozenset(CONDITIONS)),
}


@dataclass(frozen=True)
class Reference:
    """`path` (with * for each entry) names something of `target`: a section of the file or a fixed set."""

    path: str
    target: str


REFERENCES = (
    Reference("steps.*.stage", "stages"),
    Reference("steps.*.due", "dates"),
    Reference("steps.*.opens", "dates"),
    Reference("steps.*.after", "dates"),
    Reference("steps.*.channels.*", "channels"),
    Reference("steps.*.routes.*", "routes"),
    Reference("steps.*.when", "condition"),
    Reference("steps.*.deciders.*.body", "bodies"),
    Reference("steps.*.deciders.*.when", "condition"),
    Reference("steps.*.answers.*.to", "steps"),
    Reference("steps.*.answers.*.sets", "condition"),
    Reference("steps.*.watches.*", "groups"),
    Reference("steps.*.needs_documents.*", "documents"),
    Reference("steps.*.makes_documents.*", "documents"),
    Reference("steps.*.superior", "bodies"),
    Reference("steps.*.meeting.recorder", "bodies"),
    Reference("channels.*.documents.*", "documents"),
    Reference("channels.*.routes.*", "routes"),
    Reference("groups.*.fields.*", "fields"),
    Reference("groups.*.documents.*", "documents"),
    Reference("emphases.*.field", "fields"),
    Reference("fields.*.channels.*", "channels"),
    Reference("fields.*.indicator", "indicators"),
    Reference("members.*.body", "bodies"),
    Reference("office", "bodies"),
    Reference("documents.*.shown_to.*", "bodies"),
    Reference("joint_document.draft", "steps"),
    Reference("joint_document.sign", "steps"),
    Reference("award.step", "steps"),
    Reference("publicity.step", "steps"),
    Reference("publicity.bodies.*", "bodies"),
    Reference("publicity.remind.*", "dates"),
    Reference("exclusive.*.first", "steps"),
    Reference("exclusive.*.second", "steps"),
)

# Lists whose entries must differ in the named field ("" = the entry itself).
DISTINCT = (
    ("stages", "key"),
    ("documents", "key"),
    ("documents.*.kinds", ""),
    ("documents.*.shown_to", ""),
    ("routes", "key"),
    ("channels", "key"),
    ("fields", "key"),
    ("fields.*.choices", "key"),
    ("fields.*.columns", "key"),
    ("groups", "key"),
    ("groups.*.fields", ""),
    ("summary.headings", ""),
    ("indicators", "key"),
    ("conditions", "key"),
    ("categories", "key"),
    ("emphases", "key"),
    ("bodies", "key"),
    ("steps", "key"),
    ("steps.*.answers", "key"),
    ("steps.*.deciders", "body"),
    ("steps.*.criteria", "key"),
    ("steps.*.channels", ""),
    ("steps.*.routes", ""),
    ("steps.*.publishes.columns", "key"),
    ("steps.*.watches", ""),
    ("steps.*.needs_documents", ""),
    ("channels.*.documents", ""),
    ("channels.*.routes", ""),
    ("award.needs", ""),
    ("publicity.kinds", "key"),
    ("publicity.bodies", ""),
    ("publicity.remind", ""),
    ("hosts", ""),
    ("co_hosts", ""),
)


def check_references(data: Any) -> Found:
    """Every use of a name that is nowhere, and every entry that is there twice."""
    for reference in REFERENCES:
        known = known_keys(data, reference.target)
        for loc, value in walk(data, reference.path):
            if isinstance(value, str) and value not in known:
                yield loc, _unknown(value, reference.target, known)
    for path, field in DISTINCT:
        yield from _check_distinct(data, path, field)


def known_keys(data: Any, target: str) -> frozenset[str]:
    """The names that `target` offers; entries that are themselves faulty still count."""
    if target in FIXED:
        return FIXED[target][1]
    section = data.get(target) if isinstance(data, dict) else None
    if isinstance(section, dict):
        return frozenset(section)
    entries = section if isinstance(section, list) else []
    return frozenset(e["key"] for e in entries if isinstance(e, dict) and isinstance(e.get("key"), str))


def walk(data: Any, path: str) -> Iterator[tuple[Loc, Any]]:
    """Each value at `path`, with its place; what is missing or of another form is passed over."""
    found: list[tuple[Loc, Any]] = [((), data)]
    for part in path.split("."):
        found = [
            (child_loc, child) for loc, value in found for child_loc, child in _children(loc, value, part)
        ]
    yield from found


def _children(loc: Loc, value: Any, part: str) -> Iterator[tuple[Loc, Any]]:
    if part == "*" and isinstance(value, list):
        yield from (((*loc, i), child) for i, child in enumerate(value))
    elif isinstance(value, dict) and part in value:
        yield (*loc, part), value[part]


def _unknown(value: str, target: str, known: frozenset[str]) -> str:
    names = sorted(known)
    offer = "、".join(names[:12]) + ("……" if len(names) > 12 else "") if names else "（空）"
    if target in FIXED:
        return f"“{show(value)}”不是{FIXED[target][0]}{guess(value, names)}；可用的有：{offer}"
    missing = f"{target}（{SECTIONS[target]}）里没有“{show(value)}”{guess(value, names)}"
    return f"{missing}；请改用已有的，或在 {target} 里补上。已有：{offer}"


def _check_distinct(data: Any, path: str, field: str) -> Found:
    for loc, entries in walk(data, path):
        seen: set[str] = set()
        for i, entry in enumerate(entries if isinstance(entries, list) else []):
            value = entry.get(field) if field and isinstance(entry, dict) else entry
            place: Loc = (*loc, i, field) if field else (*loc, i)
            if isinstance(value, str) and value in seen:
                yield place, f"“{show(value)}”重复，请只保留一个或改名"
            if isinstance(value, str):
                seen.add(value)
