"""How do the tables of the manual for season files come from the model?

`python -m notices.manual` writes them into `docs/notice.md` between its marks; `--check` only says whether
they are up to date.
"""

import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from models.notice import CONDITIONS
from notices.fields import PARTS, WORDS, explain

MANUAL = Path(__file__).parent.parent / "docs" / "notice.md"
MARK = "<!-- 由 python -m notices.manual 生成：{name} -->"
END = "<!-- 生成完 -->"


def fields_tables() -> str:
    """One table a part of the file: field, whether it has to be there, explanation."""
    return "\n\n".join(_fields_table(part, title) for part, title in PARTS.items())


def _fields_table(part: type[BaseModel], title: str) -> str:
    fields = [(name, field) for name, field in part.model_fields.items() if name != "basis"]
    rows = [(f"`{name}`", _default(field), explain(part, name)) for name, field in fields]
    return f"### {part.__name__} {title}\n\n" + _table(("字段", "不写时", "说明"), rows)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "必须写"
    value = field.default
    if isinstance(value, BaseModel):
        return "见说明"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "空" if value in (None, [], "") else f"`{value}`"


def words_tables() -> str:
    """One table a set of words that a field may take."""
    kinds: dict[type[StrEnum], list[tuple[str, str]]] = {}
    for word, said in WORDS.items():
        kinds.setdefault(type(word), []).append((f"`{word}`", said))
    titles = {
        "StepKind": "kind（步骤）",
        "FieldKind": "kind（字段和列）",
        "AttachmentKind": "kinds（文件）",
        "Scope": "scope",
        "Relation": "relation",
        "Need": "need",
        "Effect": "effect",
    }
    named = [(titles.get(kind.__name__, kind.__name__.lower()), rows) for kind, rows in kinds.items()]
    named.append(("when、sets（条件）", [(f"`{key}`", said) for key, said in CONDITIONS.items()]))
    return "\n\n".join(f"### {name}\n\n" + _table(("写法", "含义"), rows) for name, rows in named)


GENERATED: dict[str, Callable[[], str]] = {
    "fields": fields_tables,
    "words": words_tables,
}


def fill(text: str) -> str:
    """`text` with each marked section written anew."""
    for name, write in GENERATED.items():
        mark = MARK.format(name=name)
        before, _, rest = text.partition(mark)
        _, _, after = rest.partition(END)
        text = f"{before}{mark}\n\n{write()}\n\n{END}{after}"
    return text


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(arguments: list[str]) -> int:
    """Writes the tables, or with `--check` says whether they are as they should be."""
    text = MANUAL.read_text(encoding="utf-8")
    filled = fill(text)
    if text == filled:
        return 0
    if "--check" in arguments:
        sys.stderr.write("docs/notice.md 的表格与模型不一致，请运行 python -m notices.manual\n")
        return 1
    MANUAL.write_text(filled, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
