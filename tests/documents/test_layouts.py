"""Do the printed papers say what was typed, literally and in one layout, as Word and as PDF?"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import docx
import pypdf
import pypdfium2
import pytest
from docx.oxml.ns import qn
from PIL import Image, ImageStat
from pypdf.generic import ContentStream

from documents import fonts, to_typst
from documents.glyphs import unprintable
from documents.grid import Sheet
from documents.layouts.application_form import Applied, application_form
from documents.layouts.cover_sheet import Covered, Listed, cover_sheet
from documents.layouts.department_opinions import Opinion, department_opinions
from documents.layouts.expert_letter import Recommended, expert_letter
from documents.layouts.fitting import Room
from documents.layouts.values import Answers
from documents.marks import Mark, stamp
from documents.problems import Refusal
from documents.to_typst import print_pages, print_pdf
from documents.to_word import word
from models.notice import Notice
from notices.reader import read_notice
from simulation.filled import filled_form
from simulation.papers import picture
from tests.world import NOTICE

RARE = "玥喆堃昇燊翀赟犇龑珺祎偲瑀𬱖𫖯"
LITERAL = "#eval(1) {{7*7}} *重* $x$ <b>&amp; @见 [a](b) \\ // ~ `"
NOTDEF = 0
UNDRAWABLE = "\U000f0000"


@pytest.fixture(scope="module")
def notice() -> Notice:
    return read_notice(NOTICE)


def applied(notice: Notice, **given: Any) -> Applied:
    form = {**filled_form(notice, "unit", Random(1)), "name": "样例甲", **given}
    return Applied(Answers(notice, "unit", form), "样例机械制造有限公司", date(2026, 3, 6), picture())


def text_of(pdf: bytes) -> str:
    """All words of a PDF without the blanks between them."""
    with pypdfium2.PdfDocument(pdf) as document:
        return re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in document))


def page_count(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def cells_of(content: bytes) -> list[list[str]]:
    """The first table of a Word file, row by row, each merged cell once."""
    [table, *_] = docx.Document(io.BytesIO(content)).tables
    return [
        ["".join(t.text or "" for t in tc.iter(qn("w:t"))) for tc in row._tr.tc_lst] for row in table.rows
    ]


# --- 附件1 -------------------------------------------------------------------------------------------------------


def test_the_blank_form_has_the_rows_of_the_official_one(notice: Notice) -> None:
    blank = application_form(Applied(Answers(notice, "unit", {}), hints=True))

    labels = [row[0] for row in cells_of(word([blank]))]
    assert labels == [
        "姓 名",
        "政治面貌",
        "身份证号",
        "户籍属性",
        "家庭住址",
        "工作单位",
        "所属行业",
        "单位地址",
        "身 份",
        "技能等级",
        "职 称",
        "曾获主要荣誉(市级以上)",
        "专业方面获得荣誉(县区级以上)",
        "推荐人选对“工匠精神”的理解(100字以内)",
        "具有工艺专长、掌握高超技能、体现领军作用、做出突出贡献四项指标至少选填一项",
        "是否具有工艺专长",
        "是否体现领军作用",
        "工作简历",
        "个人自述(300字左右，包括技术特长、创新创新效、社会贡献等)",
        "专利、创新成果获奖情况",
        "所在单位意见(个人自荐)",
        "组委会意见",
    ]
    assert page_count(print_pdf([blank])) == 2


def test_hints_stand_on_the_blank_form_only(notice: Notice) -> None:
    blank = word([application_form(Applied(Answers(notice, "unit", {}), hints=True))])
    filled = word([application_form(applied(notice, honours="", history=[]))])

    assert ["工作简历", "如实填写参加工作以来的主要经历"] in cells_of(blank)
    assert ["工作简历", ""] in cells_of(filled)


def test_word_and_pdf_say_the_same(notice: Notice) -> None:
    sheet = application_form(applied(notice, id_number="450203198406179910", work_years="21"))

    said = text_of(print_pdf([sheet]))
    assert cells_of(word([sheet]))[2][1] == "450203198406179910"
    assert [
        part for part in ("样例甲", "450203198406179910", "21年", "2026年3月6日") if part not in said
    ] == []


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("国内先进（前）", ["□国际领先  ☑国内先进", "□国内领先  □国内先进"]),
        ("国内先进（后）", ["□国际领先  □国内先进", "□国内领先  ☑国内先进"]),
    ],
)
def test_the_level_that_is_printed_twice_is_ticked_where_it_was_meant(
    notice: Notice, level: str, expected: list[str]
) -> None:
    content = word([application_form(applied(notice, skill_level=level))])

    [table, *_] = docx.Document(io.BytesIO(content)).tables
    assert [p.text for p in table.cell(15, 4).paragraphs[1:3]] == expected


def test_blanks_carry_what_was_written_into_them(notice: Notice) -> None:
    content = word([application_form(applied(notice, craft={"一技之长": "样例夹持法"}, patents_utility="3"))])

    [row] = [row for row in cells_of(content) if row[0] == "是否具有工艺专长"]
    assert row[1] == "☑一技之长： 样例夹持法 □绝技高招：_______□技术专长：_______□其他：_______"
    assert "实用新型专利数量： 3项 " in row[3]


def test_a_long_text_is_set_smaller_and_the_form_keeps_its_pages(notice: Notice) -> None:
    sheet = application_form(applied(notice, statement="样例自述，" * 120))

    assert page_count(print_pdf([sheet])) == 2
    assert Room(140, 50).size_for("短") == 10.5
    assert Room(140, 50).size_for("样例自述，" * 120) < 10.5


def test_a_text_longer_than_a_page_goes_on_and_loses_nothing(notice: Notice) -> None:
    sheet = application_form(applied(notice, statement="\n".join(f"第{n}段样例" for n in range(150))))

    said = text_of(print_pdf([sheet]))
    assert [n for n in range(150) if f"第{n}段样例" not in said] == []


def test_the_photo_is_placed_in_its_cell(notice: Notice) -> None:
    content = word([application_form(applied(notice))])

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert [n for n in package.namelist() if n.startswith("word/media/")] == ["word/media/image1.jpg"]
    [table, *_] = docx.Document(io.BytesIO(content)).tables
    assert list(table.cell(0, 6)._tc.iter(qn("wp:inline"))) != []


# --- literal texts and rare characters ---------------------------------------------------------------------------


def test_what_looks_like_markup_is_printed_as_typed(notice: Notice) -> None:
    sheet = application_form(applied(notice, statement=LITERAL))

    assert re.sub(r"\s", "", LITERAL) in text_of(print_pdf([sheet]))
    assert ["个人自述(300字左右，包括技术特长、创新创新效、社会贡献等)", LITERAL] in cells_of(word([sheet]))


def test_rare_characters_of_names_are_printed_with_a_glyph(notice: Notice) -> None:
    pdf = print_pdf([application_form(applied(notice, name=RARE[:8], employer=RARE[8:]))])

    said = text_of(pdf)
    assert [c for c in RARE if c not in said] == []
    assert NOTDEF not in set(glyphs(pdf))


def test_what_no_document_can_hold_is_left_out(notice: Notice) -> None:
    content = word([application_form(applied(notice, post="班\ufffe\x0b长"))])
    assert "班长" in (cell for row in cells_of(content) for cell in row)


def glyphs(pdf: bytes) -> Iterator[int]:
    """The glyph numbers that the pages draw: Typst writes them as two bytes each."""
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for operands, operator in ContentStream(page.get_contents(), None).operations:
            for part in operands[0] if operator == b"TJ" else operands if operator == b"Tj" else ():
                raw = getattr(part, "original_bytes", part)
                if isinstance(raw, bytes):
                    yield from (int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2))


def test_what_no_font_can_draw_is_printed_as_a_mark_and_kept_in_word(notice: Notice) -> None:
    sheet = application_form(applied(notice, name=f"样例{UNDRAWABLE}"))
    pdf = print_pdf([sheet])

    assert unprintable(f"样例{UNDRAWABLE}") == {UNDRAWABLE}
    assert "样例〓" in text_of(pdf)
    assert NOTDEF not in set(glyphs(pdf))
    assert cells_of(word([sheet]))[0][1] == f"样例{UNDRAWABLE}"


def test_a_box_in_place_of_a_character_would_be_noticed(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(to_typst, "without_boxes", str)

    assert NOTDEF in set(glyphs(to_typst.pdf([application_form(applied(notice, name=UNDRAWABLE))])))


@pytest.mark.parametrize("text", ["\x00\x07样例", "‮例样", "e\u0301样例", "样　例", "😀样例", "\x0b样例\x1f"])
def test_strange_characters_break_neither_word_nor_pdf(notice: Notice, text: str) -> None:
    sheet = application_form(applied(notice, statement=text))

    assert page_count(print_pdf([sheet])) == 2
    assert "样" in text_of(print_pdf([sheet]))
    assert word([sheet]).startswith(b"PK")


def test_without_a_chinese_font_nothing_is_printed(monkeypatch: pytest.MonkeyPatch, notice: Notice) -> None:
    """The list of fonts is emptied: the machine of the test has some."""
    monkeypatch.setattr(fonts, "SERIF", ())
    monkeypatch.setattr(fonts, "SANS", ())
    fonts.faces.cache_clear()
    try:
        with pytest.raises(Refusal) as refusal:
            print_pdf([application_form(applied(notice))])
        assert refusal.value.problem.code == "no_font"
    finally:
        monkeypatch.undo()
        fonts.faces.cache_clear()


# --- 附件3, 附件4, the cover -------------------------------------------------------------------------------------

BODIES = ("纪检监察部门", "组织部门", "公安部门", "工信部门", "科技部门", "人社部门")


def test_opinions_stand_with_their_dates_above_the_place_of_the_seal(notice: Notice) -> None:
    opinions = [
        Opinion(BODIES[0], "不涉及。"),
        Opinion(BODIES[1], "同意。", date(2026, 3, 10)),
        *map(Opinion, BODIES[2:]),
    ]
    sheet = department_opinions(notice, "样例甲", "样例单位", opinions)

    rows = cells_of(word([sheet]))
    assert [row[0] for row in rows] == [f"{body}意见" for body in BODIES]
    assert rows[1][1] == "同意。盖章2026年3月10日"
    assert rows[2][1] == "盖章    年   月   日"
    assert page_count(print_pdf([sheet])) == 1


def test_a_letter_has_two_experts_a_page(notice: Notice) -> None:
    experts = [{"name": f"样例专家{n}", "reason": "样例理由。" * 40} for n in range(3)]

    for count, pages in ((0, 1), (1, 1), (2, 1), (3, 2)):
        assert (
            page_count(print_pdf([expert_letter(notice, Recommended("样例甲", "", experts[:count]))]))
            == pages
        )
    rows = cells_of(word([expert_letter(notice, Recommended("样例甲", "", experts))]))
    assert [row[0] for row in rows if row[0].startswith("推荐专家")] == ["推荐专家一", "推荐专家二"]


def test_the_cover_carries_the_mark_and_no_personal_number(notice: Notice) -> None:
    listed = [Listed("身份证复印件", electronic=True), Listed("照片", on_paper=False)]
    mark = Mark(_case_id(), "cover")
    covered = Covered("2026-0001", "样例甲", "样例单位", "单位推荐", "经县（区）总工会", listed)

    rows = docx.Document(io.BytesIO(word([cover_sheet(notice, covered, stamp(mark, ""))]))).tables[1].rows
    assert [c.text for c in rows[1].cells] == ["1", "身份证复印件", "☑", "□"]
    assert [c.text for c in rows[2].cells] == ["2", "照片", "□", "—"]
    assert page_count(print_pdf([cover_sheet(notice, covered, stamp(mark, ""))])) == 1


def test_the_mark_stands_on_every_page(notice: Notice) -> None:
    sheet = application_form(applied(notice))
    marked = replace(sheet, stamp=stamp(Mark(_case_id(), "application_form"), "2026-0001　申请表"))

    plain, stamped = print_pages([sheet], 100), print_pages([marked], 100)
    assert [darkness(b) > darkness(a) + 10 for a, b in zip(plain, stamped, strict=True)] == [True, True]
    header = docx.Document(io.BytesIO(word([marked]))).sections[0].header
    assert "2026-0001　申请表" in header.paragraphs[0].text


def darkness(page: bytes) -> float:
    """How dark the upper right corner is."""
    with Image.open(io.BytesIO(page)) as image:
        corner = image.convert("L").crop((image.width - 160, 15, image.width - 70, 75))
        return 255 - ImageStat.Stat(corner).mean[0]


def _case_id() -> UUID:
    return UUID(int=Random(3).getrandbits(128))


def test_sheets_of_several_papers_come_as_one_file(notice: Notice) -> None:
    sheets: list[Sheet] = [application_form(applied(notice)), expert_letter(notice, Recommended("样例甲"))]

    assert page_count(print_pdf(sheets)) == 3
    assert len(docx.Document(io.BytesIO(word(sheets))).sections) == 2


@pytest.mark.parametrize("season", ["second.yaml", "tiny.yaml"])
def test_another_seasons_form_is_laid_out_with_what_it_asks(season: str) -> None:
    other = read_notice(NOTICE.parents[1] / "tests" / "notices" / season)
    channel = other.channels[0].key
    form = filled_form(other, channel, Random(1)) | {"name": "样例甲"}

    said = text_of(print_pdf([application_form(Applied(Answers(other, channel, form)))]))

    assert "样例甲" in said
    assert "".join(f"{other.title}认定申请表".split()) in said
