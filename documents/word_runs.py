"""What does a stretch of text in a .docx say, signs of symbol fonts and boxes that can be clicked included?

A box is given as “□”, a ticked one as “☑”, however it was made: a content control, an old form field, a sign of
Wingdings.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from models.text import without_hidden

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
VML = "{urn:schemas-microsoft-com:vml}"

BOX, TICKED = "□", "☑"
SYMBOLS = {
    "wingdings": {0xA8: "□", 0x6F: "□", 0x71: "□", 0xFC: "√", 0xFE: "☑", 0xFD: "☒", 0xFB: "✗", 0x6E: "■"},
    "wingdings 2": {0xA3: "□", 0x2A: "□", 0x50: "√", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x51: "☒", 0x4F: "✗"},
    "webdings": {0x61: "√", 0x63: "□", 0x67: "■"},
}
UNKNOWN_SYMBOL = "�"
EMU = 1 / 36000
SILENT = {
    f"{W}{n}" for n in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "instrText", "delText", "rt", "tblPr")
}
BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
OFF = ("0", "false", "off")


@dataclass(frozen=True)
class Style:
    """How a piece is set: font as named, size in points. What is struck out counts as hidden."""

    font: str = ""
    size: float = 0
    bold: bool = False
    hidden: bool = False


PLAIN = Style()


@dataclass(frozen=True)
class Picture:
    """A picture of the document by its relation; its size in millimetres, 0 when not said."""

    relation: str
    width: float = 0
    height: float = 0


@dataclass(frozen=True)
class Piece:
    text: str
    style: Style = PLAIN
    picture: Picture | None = None


def switched_on(element: Element | None) -> bool:
    """Whether a property like bold is there and not switched off."""
    return element is not None and element.get(f"{W}val", "1") not in OFF


def style_of(properties: Element | None, around: Style) -> Style:
    if properties is None:
        return around
    size, fonts = properties.find(f"{W}sz"), properties.find(f"{W}rFonts")
    half = size.get(f"{W}val", "") if size is not None else ""
    named = (fonts.get(f"{W}{n}", "") for n in ("eastAsia", "ascii", "hAnsi")) if fonts is not None else ()
    return replace(
        around,
        font=next((n for n in named if n), around.font),
        size=int(half) / 2 if half.isascii() and half.isdigit() else around.size,
        bold=switched_on(properties.find(f"{W}b")) or around.bold,
        hidden=any(switched_on(properties.find(f"{W}{name}")) for name in ("vanish", "strike", "dstrike")),
    )


def pieces_of(element: Element, style: Style) -> Iterator[Piece]:
    """What the children of a paragraph, or of anything in it, say in their order."""
    for child in element:
        if child.tag in SILENT:
            continue
        if child.tag == f"{W}r":
            yield from _run(child, style)
        elif child.tag == f"{W}sdt":
            yield from _control(child, style)
        elif child.tag == f"{COMPATIBLE}AlternateContent":
            yield from _first_way(child, style)
        elif child.tag == f"{W}txbxContent":
            yield from _text_box(child, style)
        else:
            yield from _inside(child, style)


def _inside(child: Element, style: Style) -> Iterator[Piece]:
    """A picture, or a wrapping that may hold one."""
    if child.tag in (f"{DRAWING}inline", f"{DRAWING}anchor"):
        yield from _drawing(child)
    elif child.tag == f"{VML}imagedata":
        yield Piece("", style, Picture(child.get(f"{RELATION}id", "")))
    yield from pieces_of(child, style)


def _run(run: Element, around: Style) -> Iterator[Piece]:
    properties = run.find(f"{W}rPr")
    style = style_of(properties, around)
    if style.hidden:
        return
    symbols = _symbol_font(properties)
    for child in run:
        if child.tag == f"{W}t":
            yield Piece(_signs(without_hidden(child.text or ""), symbols), style)
        elif child.tag in BREAKS:
            yield Piece(BREAKS[child.tag], style)
        elif child.tag == f"{W}sym":
            yield Piece(_sign(child.get(f"{W}font", ""), child.get(f"{W}char", "")), style)
        elif child.tag == f"{W}fldChar":
            yield from _form_field(child, style)
        elif child.tag not in SILENT:
            yield from pieces_of(_alone(child), style)


def _alone(child: Element) -> Element:
    wrapped = Element("wrapped")
    wrapped.append(child)
    return wrapped


def _symbol_font(properties: Element | None) -> dict[int, str]:
    fonts = properties.find(f"{W}rFonts") if properties is not None else None
    named = fonts.get(f"{W}ascii", fonts.get(f"{W}hAnsi", "")) if fonts is not None else ""
    return SYMBOLS.get(named.strip().lower(), {})


def _signs(text: str, symbols: dict[int, str]) -> str:
    """A sign of a symbol font whose meaning is not known is said to be one."""
    return "".join(
        symbols.get(ord(c) - 0xF000, UNKNOWN_SYMBOL) if "\uf000" <= c <= "\uf0ff" else symbols.get(ord(c), c)
        for c in text
    )


def _sign(font: str, code: str) -> str:
    """A sign inserted from a symbol font; a picture of a letter that nobody can read is said to be one."""
    try:
        value = int(code, 16)
    except ValueError:
        return UNKNOWN_SYMBOL
    known = SYMBOLS.get(font.strip().lower(), {})
    low = value - 0xF000 if value >= 0xF000 else value
    if low in known:
        return known[low]
    return chr(value) if not known and 0x20 <= value < 0xD800 else UNKNOWN_SYMBOL


def _form_field(element: Element, style: Style) -> Iterator[Piece]:
    """The old kind of box that can be clicked."""
    box = element.find(f"{W}ffData/{W}checkBox")
    if box is None:
        return
    now = box.find(f"{W}checked")
    state = now if now is not None else box.find(f"{W}default")
    yield Piece(TICKED if switched_on(state) else BOX, style)


def _control(element: Element, style: Style) -> Iterator[Piece]:
    """A content control: a box says what it holds, one that still shows its grey words says nothing."""
    properties, content = element.find(f"{W}sdtPr"), element.find(f"{W}sdtContent")
    box = properties.find(f"{W14}checkbox") if properties is not None else None
    if box is not None:
        checked = box.find(f"{W14}checked")
        on = checked is not None and checked.get(f"{W14}val", "1") not in OFF
        yield Piece(TICKED if on else BOX, style)
    elif content is not None and not shows_grey_words(element):
        yield from pieces_of(content, style)


def shows_grey_words(control: Element) -> bool:
    return switched_on(control.find(f"{W}sdtPr/{W}showingPlcHdr"))


def _first_way(element: Element, style: Style) -> Iterator[Piece]:
    """The same thing is given for new and for old programs: one of them counts."""
    for way in element:
        found = list(pieces_of(way, style))
        if found:
            yield from found
            return


def _text_box(element: Element, style: Style) -> Iterator[Piece]:
    for paragraph in element.iter(f"{W}p"):
        yield Piece("\n", style)
        yield from pieces_of(paragraph, style)


def _drawing(element: Element) -> Iterator[Piece]:
    extent = element.find(f"{DRAWING}extent")
    sides = [extent.get(n, "0") for n in ("cx", "cy")] if extent is not None else ["0", "0"]
    width, height = (int(s) * EMU if s.isascii() and s.isdigit() else 0 for s in sides)
    for blip in element.iter(f"{A}blip"):
        if relation := blip.get(f"{RELATION}embed"):
            yield Piece("", PLAIN, Picture(relation, width, height))
