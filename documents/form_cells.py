"""What does the answer on one line of the form say, by what kind of answer it asks for?"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from documents.form_labels import COLON, Label, Labels, Value, flat, plain
from documents.layouts.application_form import HINTS
from documents.problems import Problem, Severity
from documents.ticks import Marked, read_ticks

NUMBERS = ("id_number", "phone", "number")
CHOICES = ("select", "ticks")
LINES = ("area", "rows")
NAMES = ("name", "handler")
LONGEST_TEXT = 3000
EMPTY_DATE = re.compile(r"[\s_＿]*年[\s_＿]*月[\s_＿]*日[\s_＿]*")
HAN = r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]"
BETWEEN_HAN = re.compile(rf"(?<={HAN})[ \t\u3000]+(?={HAN})")
DATE = re.compile(r"(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})日?")
TO_BE_SEALED = ("(盖章)", "(自荐签名)")
HINT_WORDS = {plain(hint) for hint in (*HINTS.values(), *TO_BE_SEALED)}
MOVED = {
    "below": "取自它下面的一格",
    "merged": "和名称写在同一格里",
}


@dataclass(frozen=True)
class Part:
    """One question of a row."""

    key: str = ""
    label: str = ""
    kind: str = "text"
    choices: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Row:
    label: str
    required: bool = False
    asked: bool = False
    parts: tuple[Part, ...] = field(default=(Part(),))

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Row":
        """From the shape of the form; a line that the record does not ask for is text."""
        parts = tuple(Part(**part) for part in given.get("parts", ())) or (Part(),)
        return cls(given["label"], given.get("required", False), "parts" in given, parts)

    @property
    def ticked(self) -> bool:
        return any(p.kind in CHOICES for p in self.parts)


def read_row(row: Row, labels: Labels) -> tuple[Any, list[Problem]]:
    """The answer on one line; None when the line is not on the form."""
    values = labels.values.get(row.label, [])
    if not values:
        return None, [_missing(row)] if row.asked else []
    problems: list[Problem] = []
    value = _one_of(row, [_without_label(row, v) for v in values], problems)
    if row.ticked:
        return _read_choices(row, value, labels, problems), problems
    text = _read_text(row, value, problems)
    if len(text) > LONGEST_TEXT:
        message = f"“{row.label}”有{len(text)}字，只读入前{LONGEST_TEXT}字，请核对是否填错了位置。"
        problems.append(Problem(row.label, "text_cut", message))
    return text[:LONGEST_TEXT], problems


def _without_label(row: Row, value: Value) -> Value:
    """“姓名：张三” written beside 姓名 says 张三."""
    head = re.compile(rf"\s*(?:{Label(row.label).pattern}){COLON}\s*")
    rows = [[t[m.end() :] if (m := head.match(flat(t))) else t for t in cells] for cells in value.rows]
    return replace(value, rows=rows)


def _missing(row: Row) -> Problem:
    severity = Severity.ERROR if row.required else Severity.WARNING
    text = f"表中没有找到“{row.label}”一栏，没有读到内容。请对照申请表补上，或在核对时填写。"
    return Problem(row.label, "label_missing", text, severity)


def _one_of(row: Row, values: Sequence[Value], problems: list[Problem]) -> Value:
    """The one that is filled in; of several that say different things none is taken."""
    filled = {plain("".join(v.texts)): v for v in values if v.texts}
    if len(filled) > 1:
        shown = "”“".join(" ".join(v.texts)[:20] for v in filled.values())
        text = f"“{row.label}”在表中出现了几次，内容不同：“{shown}”，没有读入，请核对后填写。"
        problems.append(Problem(row.label, "label_twice", text))
        return Value()
    value = next(iter(filled.values()), values[0])
    if value.texts and value.how in MOVED:
        text = f"“{row.label}”的内容{MOVED[value.how]}，请核对。"
        problems.append(Problem(row.label, "value_moved", text, Severity.WARNING))
    return value


# --- text --------------------------------------------------------------------------------------------------------


def _read_text(row: Row, value: Value, problems: list[Problem]) -> str:
    kind = row.parts[0].kind
    texts = [clean for text in value.texts if (clean := without_hint(text))]
    if kind in NUMBERS:
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", "".join(texts))).strip("_")
    if kind in LINES or not row.asked:
        lines = ("  ".join(clean for t in cells if (clean := without_hint(t))) for cells in value.rows)
        return "\n".join(line for line in lines if line)
    if len(texts) > 1:
        shown = "｜".join(texts)
        message = f"“{row.label}”由几格拼成：{shown}，请核对。"
        problems.append(Problem(row.label, "split_cell", message, Severity.WARNING))
    joined = ("" if all(len(t) <= 2 for t in texts) else " ").join(" ".join(t.split()) for t in texts)
    spaced_out = row.parts[0].key in NAMES or all(len(word) == 1 for word in joined.split())
    return BETWEEN_HAN.sub("", joined) if spaced_out else joined


def without_hint(text: str) -> str:
    """The text without the form's own hint, lines to write on and an empty date."""
    lines = [line.strip(" \t\u3000_＿") for line in text.strip().split("\n")]
    kept = [line for line in lines if plain(line) not in HINT_WORDS and not EMPTY_DATE.fullmatch(line)]
    whole = "\n".join(kept).strip()
    return "" if plain(whole) in HINT_WORDS else whole


# --- boxes -------------------------------------------------------------------------------------------------------


def _read_choices(row: Row, value: Value, labels: Labels, problems: list[Problem]) -> Any:
    text = "\n".join(value.texts)
    words = {plain(str(c["label"])) for p in row.parts for c in p.choices}
    headed = [p for p in row.parts if len(row.parts) > 1 and plain(p.label) not in words]
    for part in headed:
        if not re.search(Label(part.label).pattern, flat(text)):
            text += "\n" + labels.take(Label(part.label))
    pieces, rest = _cut(text, headed)
    answers: dict[str, Any] = {}
    together = tuple(p for p in row.parts if p.key not in pieces and p.kind in CHOICES)
    if together:
        answers |= _read_boxes(row, together, rest, problems)
    elif rest.strip():
        problems.append(_extra(row, " ".join(rest.split())))
    for part in row.parts:
        if part in together:
            continue
        piece = pieces.get(part.key, "")
        read = (
            _read_boxes(row, (part,), piece, problems) if part.kind in CHOICES else {part.key: _blank(piece)}
        )
        answers |= read
    if value.drawn and not all(answers[p.key] for p in row.parts if p.kind in CHOICES):
        what = f"“{row.label}”里画有图形，可能是圈画的选项，看不出选了哪一项，请核对后选择。"
        problems.append(Problem(row.label, "unclear_tick", what))
    return _told(row, answers)


def _told(row: Row, answers: Mapping[str, Any]) -> Any:
    if len(row.parts) == 1:
        return answers[row.parts[0].key]
    return {part.label: answers[part.key] for part in row.parts}


def _blank(text: str) -> str:
    return without_hint(text).strip(" :：_＿\u3000\n")


def _cut(text: str, headed: Sequence[Part]) -> tuple[dict[str, str], str]:
    """What stands behind each question's own heading, and what stands before the first of them."""
    folded = flat(text)
    heads: list[tuple[int, int, str]] = []
    for part in headed:
        pattern = rf"(?:^|(?<=\s)|(?<=[;；,，。]))({Label(part.label).pattern})(?:{COLON})?"
        if match := re.search(pattern, folded):
            heads.append((match.start(), match.end(), part.key))
    if not heads:
        return {}, text
    heads.sort()
    ends = [start for start, _, _ in heads[1:]] + [len(text)]
    pieces = {key: text[end:stop] for (_, end, key), stop in zip(heads, ends, strict=True)}
    return pieces, text[: heads[0][0]]


def _read_boxes(row: Row, parts: Sequence[Part], text: str, problems: list[Problem]) -> dict[str, Any]:
    """The boxes of one or more questions that stand in the same text."""
    owners = {f"{n}/{c['key']}": (p, str(c["key"])) for n, p in enumerate(parts) for c in p.choices}
    choices = [{**c, "key": f"{n}/{c['key']}", "question": n} for n, p in enumerate(parts) for c in p.choices]
    marked = read_ticks(text, choices, [p.label for p in row.parts])
    _tell_marks(row, parts, marked, problems)
    answers: dict[str, Any] = {}
    for part in parts:
        own = {owners[k][1]: blank for k, blank in marked.chosen.items() if owners[k][0] is part}
        answers[part.key] = _answer(row, part, own, marked, text, problems)
    return answers


def _answer(
    row: Row, part: Part, own: Mapping[str, str], marked: Marked, text: str, problems: list[Problem]
) -> Any:
    if part.kind == "select":
        if len(own) > 1:
            shown = "”“".join(_label(part, key) for key in own)
            what = f"“{row.label}”同时勾选了“{shown}”，只能选一项，没有读入，请核对后选择。"
            problems.append(Problem(row.label, "both_ticked", what))
            return ""
        if marked.rest and not (marked.chosen or marked.boxed or marked.unclear):
            problems.append(_unknown(row, part, text))
            return " ".join(text.split())
        return next(iter(own), "")
    if any(c["blank"] for c in part.choices):
        return dict(own)
    return list(own)


def _label(part: Part, key: str) -> str:
    return next(str(c["label"]) for c in part.choices if c["key"] == key)


def _unknown(row: Row, part: Part, text: str) -> Problem:
    known = "、".join(dict.fromkeys(str(c["label"]) for c in part.choices))
    shown = " ".join(text.split())[:40]
    return Problem(
        row.label, "unknown_choice", f"“{row.label}”写的是“{shown}”，应是{known}之一，请核对后选择。"
    )


def _tell_marks(row: Row, parts: Sequence[Part], marked: Marked, problems: list[Problem]) -> None:
    if marked.unclear:
        words = "、".join(dict.fromkeys(w for w in marked.unclear if w))
        which = f"（{words}）" if words else ""
        what = f"“{row.label}”看不出勾选的是哪一项{which}，没有读入，请核对后选择。"
        problems.append(Problem(row.label, "unclear_tick", what))
    for key, blank in marked.unticked.items():
        what = (
            f"“{row.label}”的“{key.partition('/')[2]}”后面写了“{blank[:40]}”，但没有打勾，没有读入，请核对。"
        )
        problems.append(Problem(row.label, "unticked_text", what, Severity.WARNING))
    selects = {str(n) for n, p in enumerate(parts) if p.kind == "select"}
    if marked.rest and (marked.chosen or marked.boxed or not selects):
        open_ones = selects - {key.partition("/")[0] for key in marked.chosen}
        problems.append(_extra(row, marked.rest, Severity.ERROR if open_ones else Severity.WARNING))


def _extra(row: Row, text: str, severity: Severity = Severity.WARNING) -> Problem:
    message = f"“{row.label}”一栏里还写着“{text[:40]}”，没有读入，请核对。"
    return Problem(row.label, "extra_text", message, severity)
