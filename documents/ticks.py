"""Which boxes of a cell are ticked, whichever sign was used and on whichever side of the word it stands?

A box or tick belongs to the word it stands closest to; where that can't be told the choice is `unclear`, never guessed.
Of a word that is printed twice the first is the first choice of that name, the second the second.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

TICKED = "☑☒✓✔√■🗹⬛✅▣◉●🗸"
EMPTY = "□☐◻▢⬜○❏❑❒◯🔲"
CROSSED = "✗✘×�"
MARKS = TICKED + EMPTY + CROSSED
LIKE_A_BOX = "口"
BLANK_EDGES = " \t\u3000_＿:：;；\n"
NEW_LINE, OTHER = 100, 10_000
COLOURING = re.compile("[\ufe0e\ufe0f]")
IN_BRACKETS = re.compile(rf"[(（\[［【]\s*([{re.escape(MARKS)}]?)\s*[)）\]］】]")
BEFORE_COLON = re.compile(rf"[ \t\u3000]*([{re.escape(MARKS)}]+)[ \t\u3000]*(?=[:：])")


@dataclass
class Word:
    """A choice where it is printed, with the marks that belong to it and the text in its blank."""

    label: str
    start: int
    end: int
    text: str = ""
    marks: str = ""

    @property
    def ticked(self) -> bool:
        return any(m in TICKED for m in self.marks)

    @property
    def crossed(self) -> bool:
        return not self.ticked and any(m in CROSSED for m in self.marks)


@dataclass
class Marked:
    """`chosen` by key with the text in the blank; `rest` is what stands in the cell besides the printed words.

    `boxed` says that there is any box or tick.
    """

    chosen: dict[str, str] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)
    unticked: dict[str, str] = field(default_factory=dict)
    without_box: bool = False
    boxed: bool = False
    rest: str = ""


def read_ticks(text: str, choices: Sequence[Mapping[str, Any]], printed: Sequence[str] = ()) -> Marked:
    """What is ticked of `choices` ({key, label, blank, question}); `printed` are words printed around them."""
    text = _with_boxes(text, tuple(str(c["label"]) for c in choices))
    words = _find_words(text, choices)
    stray = _give_marks(text, words)
    found = Marked(unclear=["" for _ in stray], boxed=any(m in text for m in MARKS))
    found.rest = _rest(text, words, printed)
    for question in dict.fromkeys(c.get("question") for c in choices):
        own = [c for c in choices if c.get("question") == question]
        labels = {str(c["label"]) for c in own}
        _read_question(found, [w for w in words if w.label in labels], own)
    return found


def _with_boxes(text: str, labels: tuple[str, ...]) -> str:
    """Signs without their colour, and (√) and ( ) beside a word as the boxes that they stand for."""

    def as_box(found: re.Match[str]) -> str:
        before, after = found.string[: found.start()].rstrip(), found.string[found.end() :].lstrip()
        beside = before.endswith(labels) or after.startswith(labels)
        return (found[1] or EMPTY[0]) if beside else found[0]

    return IN_BRACKETS.sub(as_box, COLOURING.sub("", text))


def _read_question(found: Marked, words: list[Word], choices: Sequence[Mapping[str, Any]]) -> None:
    if not any(w.marks for w in words):
        _read_bare_words(found, words, choices)
        return
    for label in dict.fromkeys(str(c["label"]) for c in choices):
        _settle(found, label, [w for w in words if w.label == label], choices)


def _read_bare_words(found: Marked, words: list[Word], choices: Sequence[Mapping[str, Any]]) -> None:
    """Without any box: one word alone is what was meant, several are not."""
    keys = [str(c["key"]) for c in choices if words and c["label"] == words[0].label]
    if len(words) == 1 and len(keys) == 1:
        found.chosen[keys[0]] = words[0].text
        found.without_box = True
    elif words:
        found.unclear += [w.label for w in words]


def _settle(found: Marked, label: str, words: list[Word], choices: Sequence[Mapping[str, Any]]) -> None:
    keys = [str(c["key"]) for c in choices if c["label"] == label]
    if len(keys) > 1 and len(words) != len(keys) and any(w.ticked for w in words):
        found.unclear.append(label)
        return
    for n, word in enumerate(words):
        key = keys[n] if len(keys) > 1 and n < len(keys) else keys[0]
        if word.ticked:
            found.chosen[key] = word.text
        elif word.crossed:
            found.unclear.append(label)
        elif word.text and key not in found.chosen:
            found.unticked[key] = word.text


# --- the words ---------------------------------------------------------------------------------------------------


def _find_words(text: str, choices: Sequence[Mapping[str, Any]]) -> list[Word]:
    blanks = {str(c["label"]): bool(c["blank"]) for c in choices}
    longest_first = sorted(blanks, key=len, reverse=True)
    pattern = re.compile("|".join(r"[ \t\u3000]*".join(map(re.escape, label)) for label in longest_first))
    words: list[Word] = []
    for match in pattern.finditer(text):
        label = re.sub(r"\s", "", match[0])
        last = words[-1] if words else None
        if last is not None and match.start() < last.end:
            continue
        if not _is_choice(text, match.start(), match.end(), in_blank_of=last, blanks=blanks):
            continue
        words.append(Word(label, match.start(), match.end()))
    for n, word in enumerate(words):
        if blanks[word.label]:
            _take_blank(text, word, words[n + 1] if n + 1 < len(words) else None)
    return words


def _is_choice(text: str, start: int, end: int, *, in_blank_of: Word | None, blanks: dict[str, bool]) -> bool:
    """Whether this is the printed word and not a part of what somebody wrote."""
    before, after = text[:start].rstrip(" \t\u3000"), text[end : end + 1]
    if before and before[-1] in MARKS + LIKE_A_BOX and _is_box(before):
        return True
    same_line = in_blank_of is not None and "\n" not in text[in_blank_of.end : start]
    if same_line and in_blank_of is not None and blanks[in_blank_of.label]:
        return False
    return not _is_letter(text[start - 1 : start]) and not _is_letter(after)


def _is_box(before: str) -> bool:
    return before[-1] != LIKE_A_BOX or not _is_letter(before[-2:-1])


def _is_letter(char: str) -> bool:
    return bool(char) and (char.isalnum() and char not in MARKS)


def _take_blank(text: str, word: Word, following: Word | None) -> None:
    """The text after the word, up to the next word or a line with a box of its own; a tick may stand at its colon."""
    stop = following.start if following is not None else len(text)
    if at_colon := BEFORE_COLON.match(text, word.end, stop):
        word.marks, word.end = at_colon[1], at_colon.end()
    first, *more = text[word.end : stop].split("\n")
    kept = "\n".join([first, *takewhile(lambda line: not any(m in line for m in MARKS), more)])
    kept = kept.rstrip(BLANK_EDGES)
    while kept and kept[-1] in MARKS:
        kept = kept[:-1].rstrip(BLANK_EDGES)
    word.text = " ".join(kept.strip(BLANK_EDGES).split("\n"))
    word.end += len(kept)


# --- the marks ---------------------------------------------------------------------------------------------------


def _give_marks(text: str, words: list[Word]) -> list[str]:
    """Give every run of marks to the word it belongs to; those that belong to none."""
    stray: list[str] = []
    if not words:
        return stray
    before_words = any(c in MARKS for c in text[: words[0].start])
    for match in re.finditer(f"[{re.escape(MARKS)}]+", text):
        if any(w.start <= match.start() < w.end for w in words):
            continue
        before = next((w for w in reversed(words) if w.end <= match.start()), None)
        after = next((w for w in words if w.start >= match.end()), None)
        _give(text, match, before, after, before_words, stray)
    return stray


def _give(
    text: str,
    run: re.Match[str],
    before: Word | None,
    after: Word | None,
    before_words: bool,
    stray: list[str],
) -> None:
    to_before = _distance(text[before.end : run.start()]) if before is not None else OTHER
    to_after = _distance(text[run.end() : after.start]) if after is not None else OTHER
    if before is not None and after is not None and to_before == to_after == 0:
        first, second = _split(run[0], before_words)
        before.marks += first
        after.marks += second
    elif min(to_before, to_after) >= OTHER:
        stray.extend(c for c in run[0] if c not in EMPTY)
    elif before is None or to_after < to_before or (to_after == to_before and before_words):
        if after is not None:
            after.marks += run[0]
    else:
        before.marks += run[0]


def _split(run: str, before_words: bool) -> tuple[str, str]:
    """A run between two words that touches both: the box of the one and the tick of the other."""
    units = re.findall(f"[{re.escape(EMPTY)}][{re.escape(TICKED)}]|.", run)
    at = len(units) - 1 if before_words else 1
    return "".join(units[:at]), "".join(units[at:])


def _distance(between: str) -> int:
    return sum(NEW_LINE if c == "\n" else 1 if c.isspace() else OTHER for c in between)


def _rest(text: str, words: list[Word], printed: Sequence[str]) -> str:
    kept = list(text)
    for word in words:
        kept[word.start : word.end] = " " * (word.end - word.start)
    rest = "".join(c for c in kept if c not in MARKS + BLANK_EDGES + LIKE_A_BOX + "。")
    for words_of_form in printed:
        rest = rest.replace(re.sub(r"\s", "", words_of_form), "")
    return rest.strip("。；;，,、")
