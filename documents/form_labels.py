"""Where on a filled-in form does the value of a label stand? To its right, below it, or after its colon.

Labels are known by their words alone, wherever their row was moved: blanks, kinds of brackets and quotation marks, and
a remark in brackets behind them do not matter. What is claimed by no label is left over, and told.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from documents.word_reading import Block, Cell, Paragraph, Table, Word

QUOTES = str.maketrans("“”〝〞＂「」『』", '"' * 9)
REMARK = re.compile(r"\([^()]*\)$")
COLON = r"[ \t\u3000]*[:︰]"
PHOTO = ("免冠", "近照")
LAST_PHOTO_ROW = 5
FEWEST_LABELS = 5
LONGEST_LABEL = 100


@dataclass(frozen=True)
class Label:
    """A label as the form prints it, and what else it may be called."""

    name: str
    others: tuple[str, ...] = ()

    @property
    def spellings(self) -> set[str]:
        return {s for name in (self.name, *self.others) for s in (plain(name), REMARK.sub("", plain(name)))}

    @property
    def pattern(self) -> str:
        words = sorted(self.spellings, key=len, reverse=True)
        return "|".join(r"\s*".join(map(re.escape, word)) for word in words)


@dataclass
class Value:
    """What stands beside a label: rows of cells. `how` is cell, below, colon or merged; `drawn` tells of a drawing."""

    rows: list[list[str]] = field(default_factory=list)
    how: str = "cell"
    drawn: bool = False

    @property
    def texts(self) -> list[str]:
        return [text for row in self.rows for text in row if text.strip()]


def flat(text: str) -> str:
    """The text sign by sign in its usual width and quotation marks; as long as before."""
    folded = (unicodedata.normalize("NFKC", c) for c in text)
    return "".join(f if len(f) == 1 else c for f, c in zip(folded, text, strict=True)).translate(QUOTES)


def plain(text: str) -> str:
    """A label as it is compared: without blanks, in usual width, without its colon."""
    return re.sub(r"\s", "", flat(text)).strip(":︰*")


class Labels:
    """The values found in one document; `left` is what no label claimed."""

    def __init__(self, word: Word, labels: Sequence[Label], *, seen_as_cells: Sequence[Label] = ()) -> None:
        self.known = {s: label.name for label in (*labels, *seen_as_cells) for s in label.spellings}
        self.labels = labels
        self.values: dict[str, list[Value]] = {}
        self.claimed: set[int] = set()
        self.lines: list[str] = []
        self.cells: list[Cell] = []
        self.row_of: dict[int, tuple[int, int]] = {}
        self.photo: Cell | None = None
        self._read(word.blocks)
        self._read_colons()
        self._read_merged()

    # --- cells

    def _read(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            if isinstance(block, Paragraph):
                self.lines += [line for line in block.text.split("\n") if line.strip()]
            else:
                self._read_table(block)

    def _read_table(self, table: Table) -> None:
        for cell in table.cells:
            if any(self._is_form(inner) for inner in cell.tables):
                self._read(cell.blocks)
                self.claimed.add(id(cell))
            elif self.photo is None and _is_photo(cell):
                self.photo = cell
                self.claimed.add(id(cell))
        for cell in table.cells:
            name = self.label_of(cell)
            if name is not None and id(cell) not in self.claimed:
                self.claimed.add(id(cell))
                self._keep(name, self._beside(table, cell) or self._below(table, cell) or Value())
        left = [c for c in table.cells if id(c) not in self.claimed and c.text.strip()]
        self.row_of |= {id(c): (id(table), c.row) for c in left}
        self.cells += left

    def label_of(self, cell: Cell) -> str | None:
        if len(cell.text) > LONGEST_LABEL:
            return None
        words = plain(cell.text)
        return self.known.get(words) or self.known.get(REMARK.sub("", words))

    def _is_form(self, table: Table) -> bool:
        """Whether a table in a cell is the form itself, laid out in a frame, and no list in an answer."""
        cells = list(table.cells)
        if any(self._is_form(inner) for cell in cells for inner in cell.tables):
            return True
        return len({name for c in cells if (name := self.label_of(c))}) >= FEWEST_LABELS

    def _keep(self, name: str, value: Value) -> None:
        self.values.setdefault(name, []).append(value)

    def _beside(self, table: Table, label: Cell) -> Value | None:
        """The cells to the right, up to the next label, in every row that the label spans."""
        found: list[Cell] = []
        rows: list[list[str]] = []
        for row in table.rows[label.row : label.row + label.rows]:
            right = list(self._up_to_label(row, label.column + label.columns))
            found += right
            rows.append([c.text for c in right])
        if not found:
            return None
        self.claimed |= {id(c) for c in found}
        return Value(rows, drawn=any(c.drawn for c in found))

    def _up_to_label(self, row: Sequence[Cell], column: int) -> Iterator[Cell]:
        for cell in row:
            if cell.column < column or cell is self.photo:
                continue
            if self.label_of(cell) is not None:
                return
            yield cell

    def _below(self, table: Table, label: Cell) -> Value | None:
        row = table.rows[label.row + label.rows : label.row + label.rows + 1]
        under = next((c for c in row[0] if c.column == label.column), None) if row else None
        if under is None or self.label_of(under) is not None or under is self.photo:
            return None
        self.claimed.add(id(under))
        return Value([[under.text]], "below")

    # --- label and value in one cell or line

    def _read_colons(self) -> None:
        """“姓名：张三” in a cell or in a line of text; of a label that has a cell as well it is another answer."""
        left: list[str] = []
        for text in self.lines:
            if not self._split(text, COLON):
                left.append(text)
        self.lines = left
        for cell in list(self.cells):
            if self._split(cell.text, rf"(?:{COLON}|[ \t\u3000]*\n)"):
                self.cells.remove(cell)

    def _read_merged(self) -> None:
        """“姓名 张三” in one cell, for labels that are found nowhere else."""
        wanted = [label for label in self.labels if label.name not in self.values]
        for cell in list(self.cells):
            for label in wanted:
                match = re.match(rf"\s*(?:{label.pattern})[ \t\u3000]+(?=\S)", flat(cell.text))
                if match and label.name not in self.values:
                    self._keep(label.name, Value([[cell.text[match.end() :]]], "merged"))
                    self.cells.remove(cell)
                    break

    def _split(self, text: str, sign: str) -> bool:
        """Cut a text at its labels; what stands before the first of them is left over.

        The first begins the text or follows a blank, the others need no blank before them.
        """
        folded = flat(text)
        first = min((s for s, _, _ in self._heads(folded, r"(?:^|(?<=\s))", sign)), default=len(text))
        found = sorted(head for head in self._heads(folded, "", sign) if head[0] >= first)
        for n, (_, end, name) in enumerate(found):
            stop = found[n + 1][0] if n + 1 < len(found) else len(text)
            if stop >= end:
                self._keep(name, Value([[text[end:stop]]], "colon"))
        if found and text[: found[0][0]].strip():
            self.lines.append(text[: found[0][0]])
        return bool(found)

    def _heads(self, folded: str, before: str, sign: str) -> Iterator[tuple[int, int, str]]:
        for label in self.labels:
            for match in re.finditer(rf"{before}({label.pattern}){sign}", folded):
                yield match.start(1), match.end(), label.name

    # --- what is left

    def _left_rows(self) -> list[list[Cell]]:
        rows: dict[tuple[int, int], list[Cell]] = {}
        for cell in self.cells:
            rows.setdefault(self.row_of[id(cell)], []).append(cell)
        return list(rows.values())

    @property
    def left(self) -> list[str]:
        """What stands in cells and lines that belong to no label; the cells of a row together."""
        rows = ("：".join(" ".join(cell.text.split()) for cell in row) for row in self._left_rows())
        return [*rows, *(line.strip() for line in self.lines)]

    def take(self, heading: Label) -> str:
        """What stands in a row that begins with this heading and was claimed by no label; empty when there is none."""
        for row in self._left_rows():
            if re.match(rf"\s*(?:{heading.pattern})", flat(row[0].text)):
                self.cells = [c for c in self.cells if c not in row]
                return "\n".join(c.text for c in row)
        return ""


def _is_photo(cell: Cell) -> bool:
    """The cell for the photo: by its hint, or because nothing but a picture stands in it, beside the first rows."""
    words = plain(cell.text)
    if any(w in words for w in PHOTO):
        return True
    return not words and cell.row <= LAST_PHOTO_ROW and any(True for _ in cell.pictures)
