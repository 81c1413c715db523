"""Where in the file does each value stand?

A YAML text becomes plain data and the line of every value. Dates stay text (pydantic reads them), a key
written twice is a problem and not silently the last one, and aliases are refused.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.events import AliasEvent, Event
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from notices.problems import Problem

Loc = tuple[str | int, ...]
TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")}
ALIAS = "alias"


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event: Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, AliasEvent):
            raise ComposerError(None, None, ALIAS, event.start_mark)  # type: ignore[arg-type]
        return super().compose_node(parent, index)


# Dates, and words such as yes, no and on, stay text: only true and false are truth values.
BOOL = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in TAGS - {BOOL}]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(BOOL, re.compile(r"^(?:true|false)$"), ["t", "f"])


@dataclass
class Tree:
    """The data of a file, the line of each value, and what is wrong before any field is looked at."""

    data: Any = None
    lines: dict[Loc, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, loc: Loc) -> int:
        """The line of `loc`, or of the nearest part around it that is in the file."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def present(self, loc: Loc) -> Loc:
        """`loc` without what pydantic adds beyond a value of the file (a union's branch, a dict's key)."""
        here, kept = self.data, 0
        for part in loc:
            if part == "[key]" or not isinstance(here, dict | list):
                break
            kept += 1
            try:
                here = here[part]  # type: ignore[index]
            except (KeyError, IndexError, TypeError):
                break
        return loc[:kept]

    def name(self, loc: Loc) -> str:
        """`steps[release].deciders[1].body`: entries by their key if they have one, else counted from 1."""
        here, name = self.data, ""
        for part in loc:
            here = _inside(here, part)
            if isinstance(part, int):
                name += f"[{_key_of(here) or part + 1}]"
            else:
                name += f".{part}" if name else part
        return name

    def problem(self, loc: Loc, message: str) -> Problem:
        return Problem(self.line(loc), self.name(loc), message)


def read_tree(text: str) -> Tree:
    """Composes `text`; raises `yaml.YAMLError` where it is not YAML at all."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        tree = Tree()
        if node is not None:
            tree.data = _build(tree, loader, node, ())
        return tree
    finally:
        loader.dispose()


def _build(tree: Tree, loader: _Loader, node: Node, loc: Loc) -> Any:
    tree.lines.setdefault(loc, node.start_mark.line + 1)
    if node.tag not in TAGS:
        tree.problems.append(
            Problem(node.start_mark.line + 1, "", f"不认识的标记“{node.tag}”，请删去，直接写值")
        )
    if isinstance(node, MappingNode):
        return _build_mapping(tree, loader, node, loc)
    if isinstance(node, SequenceNode):
        return [_build(tree, loader, child, (*loc, i)) for i, child in enumerate(node.value)]
    return _scalar(loader, node)


def _build_mapping(tree: Tree, loader: _Loader, node: MappingNode, loc: Loc) -> dict[str, Any]:
    data: dict[str, Any] = {}
    repeated: list[tuple[str, int]] = []
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            tree.problems.append(Problem(line, "", "冒号前面应是一个词，不能是列表或表格"))
        elif key_node.value in data:
            repeated.append((key_node.value, line))
        else:
            tree.lines[(*loc, key_node.value)] = line
            data[key_node.value] = _build(tree, loader, value_node, (*loc, key_node.value))
    for key, line in repeated:
        first = tree.lines[(*loc, key)]
        message = f"“{key}”写了两次（第 {first} 行已写过），请只保留一个"
        tree.problems.append(Problem(line, key, message))
    return data


def _scalar(loader: _Loader, node: Node) -> Any:
    if node.tag not in TAGS:
        return node.value
    try:
        return loader.construct_object(node)
    except (ValueError, KeyError, yaml.YAMLError):
        return node.value


def _inside(here: Any, part: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(part)
    if isinstance(here, list) and isinstance(part, int) and part < len(here):
        return here[part]
    return None


def _key_of(entry: Any) -> str | None:
    key = entry.get("key") if isinstance(entry, dict) else None
    return key if isinstance(key, str) and key else None
