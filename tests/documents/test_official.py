"""Does an official paper keep to GB/T 9704: 28 characters a line, 22 lines a page, numbered pages, no red head?"""

import io
import re
from datetime import date

import docx
import pypdfium2
from docx.oxml.ns import qn
from docx.shared import Mm

from documents.grid import Row, Table, cell, line
from documents.layouts.official import heading, official_paper, text
from documents.to_typst import print_pdf
from documents.to_word import word


def lines_of(pdf: bytes) -> list[list[str]]:
    """The lines of each page, without the blanks in them."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return [[re.sub(r"\s", "", line) for line in page.splitlines() if line.strip()] for page in pages]


def test_a_page_holds_22_lines_of_28_characters() -> None:
    paper = official_paper("样例标题", [text("样" * 28 * 60)])

    first, second, *_ = lines_of(print_pdf([paper]))
    assert first[1] == "样" * 26
    assert {len(line) for line in first[2:-1]} == {28}
    assert len(second) == 22 + 1
    assert (first[-1], second[-1]) == ("—1—", "—2—")


def test_the_parts_stand_in_their_order() -> None:
    paper = official_paper(
        "关于样例的\n通知",
        [heading("一、样例"), text("正文。")],
        to="各样例单位",
        attachments=("样例一", "样例二"),
        signed=("样例总工会",),
        dated=date(2026, 4, 1),
        remark="（草稿）",
    )

    assert lines_of(print_pdf([paper])) == [
        [
            "（草稿）",
            "关于样例的",
            "通知",
            "各样例单位：",
            "一、样例",
            "正文。",
            "附件：1.样例一",
            "2.样例二",
            "样例总工会",
            "2026年4月1日",
            "—1—",
        ]
    ]


def test_in_word_odd_and_even_pages_are_numbered_on_their_outer_side() -> None:
    made = docx.Document(io.BytesIO(word([official_paper("样例标题", [text("正文。")])])))

    section = made.sections[0]
    numbered = [
        (part.paragraphs[0].alignment, [f.text for f in part._element.iter(qn("w:instrText"))])
        for part in (section.footer, section.even_page_footer)
    ]
    assert made.settings.odd_and_even_pages_header_footer
    assert [(str(side), fields) for side, fields in numbered] == [
        ("RIGHT (2)", ["PAGE"]),
        ("LEFT (0)", ["PAGE"]),
    ]
    assert round(section.top_margin or 0, -4) == round(Mm(37), -4)


def test_heads_of_a_long_table_stand_on_every_page_and_no_heading_stands_alone() -> None:
    head = Row((cell(line("姓名", size=16)),), 9, heading=True)
    table = Table((150.0,), (head, *(Row((cell(line(f"样例{n}")),), 9) for n in range(60))))
    # So many lines that the heading would be the last on its page.
    sheet = official_paper("样例", [text("样例。") for _ in range(19)] + [heading("一、名单"), table])

    first, *others = lines_of(print_pdf([sheet]))
    assert "一、名单" not in first
    assert others[0][:2] == ["一、名单", "姓名"]
    assert {page[0] for page in others[1:]} == {"姓名"}
    made = docx.Document(io.BytesIO(word([sheet])))
    assert [len(row._tr.xpath("w:trPr/w:tblHeader")) for row in made.tables[0].rows][:3] == [1, 0, 0]
    assert [p.text for p in made.paragraphs if p.paragraph_format.keep_with_next] == ["一、名单"]
