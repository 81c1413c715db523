"""What was written on 附件4, the letter of the experts who recommend somebody?

`read` gives `{"candidate": {label: value}, "experts": [{label: value}], "problems": [...]}`; an expert whose part of
the letter is blank is left out. `signed` says that something stands where the expert signs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from documents.application_form import read_limited
from documents.form_cells import Part, Row, read_row
from documents.form_labels import Label, Labels, plain
from documents.problems import Problem, Refusal, Severity
from documents.word_reading import Block, Cell, Table, Word, open_word
from models.notice import Notice

TITLE = "专家推荐函"
CANDIDATE, EXPERT = "被推荐人", "推荐专家"
SIGNATURE = "专家签名"
OTHER_NAMES = {
    "身份证号": ("身份证号码", "身份证"),
    "手机": ("手机号码", "手机号", "联系电话"),
    "从事工种": ("工种",),
    "职称或技术级别": ("技术级别", "职称"),
}
CANDIDATE_LABELS = ("姓名", "身份证号")
FIELD = "recommenders"


def shape_of(notice: Notice) -> list[dict[str, Any]]:
    """What the letter asks of each expert, as the notice lists the columns of 推荐专家."""
    columns = notice.field(FIELD).columns
    return [{"key": c.key, "label": c.label, "kind": str(c.kind), "required": c.required} for c in columns]


def read_expert_letter(notice: Notice, name: str, content: bytes) -> dict[str, Any]:
    """`read` in a limited process, after the file was looked into. Raises `Refusal` when it is no file to be read."""
    return read_limited("documents.expert_letter:read", name, content, columns=shape_of(notice))


def read(content: bytes, name: str, columns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The candidate and the experts of a filled-in 附件4; nothing is raised."""
    try:
        return read_word(open_word(content), columns)
    except Refusal as error:
        return {"candidate": {}, "experts": [], "problems": [error.problem.as_dict()]}


def read_word(word: Word, columns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if TITLE not in plain(word.text):
        text = "这份文档不是附件4“专家推荐函”。请核对是否选错了文件。"
        problem = Problem("", "not_the_form", text)
        return {"candidate": {}, "experts": [], "problems": [problem.as_dict()]}
    problems: list[Problem] = []
    candidate: dict[str, str] = {}
    experts: list[dict[str, Any]] = []
    for is_candidate, part in _parts(word.blocks):
        labels = Labels(Word([part], word.package, word.targets), _labels(columns))
        if is_candidate:
            candidate = _values(labels, [c for c in columns if c["label"] in CANDIDATE_LABELS], [])
            continue
        wrong: list[Problem] = []
        found = _values(labels, columns, wrong)
        if any(found.values()):
            number = len(experts) + 1
            problems += (replace(p, message=f"推荐专家第{number}名：{p.message}") for p in wrong)
            experts.append({**found, "signed": _is_signed(labels, part)})
    problems += _faults(candidate, experts)
    return {"candidate": candidate, "experts": experts, "problems": [p.as_dict() for p in problems]}


def _labels(columns: Sequence[Mapping[str, Any]]) -> list[Label]:
    names = [str(c["label"]) for c in columns]
    return [Label(n, OTHER_NAMES.get(n, ())) for n in (*names, SIGNATURE)]


def _values(labels: Labels, columns: Sequence[Mapping[str, Any]], problems: list[Problem]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        part = Part(column["key"], column["label"], column["kind"])
        value, wrong = read_row(Row(column["label"], column.get("required", False), True, (part,)), labels)
        problems += wrong
        found[column["label"]] = value or ""
    return found


def _is_signed(labels: Labels, part: Table) -> bool:
    texts = [t.strip(" _＿\u3000\n") for v in labels.values.get(SIGNATURE, []) for t in v.texts]
    return any(texts) or any(True for cell in part.cells for _ in cell.pictures)


def _faults(candidate: Mapping[str, str], experts: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    if not experts:
        yield Problem("", "no_expert", "推荐函中没有读到推荐专家，请对照附件4填写后再上传。")
    if not candidate.get("姓名"):
        text = "推荐函中没有读到被推荐人的姓名，请核对是否是这名人选的推荐函。"
        yield Problem(CANDIDATE, "candidate_missing", text, Severity.WARNING)


# --- the parts of the letter -------------------------------------------------------------------------------------


def _parts(blocks: Sequence[Block]) -> Iterator[tuple[bool, Table]]:
    """The letter cut into the candidate's part and one for each expert; whether it is the candidate's."""
    for table in _tables(blocks):
        starts = [(c.row, mark) for c in table.cells if (mark := _marker(c)) is not None]
        if not starts:
            rows = [c.row for c in table.cells if plain(c.text) == CANDIDATE_LABELS[0]]
            starts = [(row, n == 0) for n, row in enumerate(rows)]
        for n, (row, is_candidate) in enumerate(starts):
            stop = starts[n + 1][0] if n + 1 < len(starts) else len(table.rows)
            yield is_candidate, _cut(table, row, stop)


def _tables(blocks: Sequence[Block]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
            for cell in block.cells:
                yield from _tables(cell.blocks)


def _marker(cell: Cell) -> bool | None:
    """Whether a part begins here: True for the candidate's, False for an expert's."""
    words = plain(cell.text)
    if words.startswith(CANDIDATE) and len(words) <= len(CANDIDATE) + 2:
        return True
    return False if words.startswith(EXPERT) and len(words) <= len(EXPERT) + 3 else None


def _cut(table: Table, start: int, stop: int) -> Table:
    rows = [
        [replace(c, row=c.row - start) for c in row if _marker(c) is None] for row in table.rows[start:stop]
    ]
    return Table(table.widths, rows, table.heights[start:stop])


# --- for the application -----------------------------------------------------------------------------------------


def to_rows(notice: Notice, found: Mapping[str, Any]) -> list[dict[str, str]]:
    """The experts as rows of the application's field."""
    columns = notice.field(FIELD).columns
    return [{c.key: str(expert.get(c.label) or "") for c in columns} for expert in found["experts"]]
