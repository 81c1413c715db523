"""Are ticks, signs and the photo of a filled-in 附件1 read as a person sees them, whatever made them?"""

from typing import Any

import pytest

from documents.application_form import photo
from simulation.papers import picture
from tests.documents.word_files import (
    READ,
    SKILL,
    C,
    Xml,
    codes,
    document,
    form_rows,
    read_file,
    read_rows,
    replaced,
    run,
    table,
    text_of,
    with_cell,
    with_value,
)

BOXES = "技能等级"


# --- signs and widths --------------------------------------------------------------------------------------------


def test_full_width_digits_and_inner_blanks() -> None:
    rows = with_value("身份证号", "４５０２０３ １９８４０６１７ ９９１０")
    rows = [["姓　名", "样　例", *row[2:]] if text_of(row[0]) == "姓 名" else row for row in rows]

    found = read_rows(rows)

    assert found["fields"] == {**READ, "姓名": "样例"}
    assert found["problems"] == []


def test_rare_characters_of_names_are_kept() -> None:
    name = "𬱖·㴰\u2f00"

    assert read_rows(with_value("姓 名", name))["fields"]["姓名"] == name


@pytest.mark.parametrize("tick", "☑√✓✔■☒🗹●")
def test_every_usual_tick(tick: str) -> None:
    rows = with_value(BOXES, f"□高级技师  {tick}技师  □高级工  □中级工  □初级工  □无")

    assert read_rows(rows) == {"fields": {**READ, BOXES: "技师"}, "problems": []}


@pytest.mark.parametrize(
    "cell",
    [
        "□高级技师  √□技师  □高级工  □中级工  □初级工  □无",
        "□高级技师  □√技师  □高级工  □中级工  □初级工  □无",
        "□高级技师  □技师√  □高级工  □中级工  □初级工  □无",
        "□高级技师□技师√□高级工□中级工□初级工□无",
        "高级技师□  技师☑  高级工□  中级工□  初级工□  无□",
        "高级技师 技师√ 高级工 中级工 初级工 无",
        "□ 高 级 技 师   ☑ 技 师   □ 高级工",
        "口高级技师  ☑技师  口高级工",
        "（ ）高级技师  （√）技师  （　）高级工",
        "高级技师（） 技师（√） 高级工（）",
        "[ ]高级技师  [√]技师  【】高级工",
        "☐\ufe0f高级技师  ☑\ufe0f技师  ☐\ufe0f高级工",
        "🔲高级技师  ✅技师  🔲高级工",
        "技师",
    ],
)
def test_tick_on_either_side_of_the_word(cell: str) -> None:
    assert read_rows(with_value(BOXES, cell)) == {"fields": {**READ, BOXES: "技师"}, "problems": []}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("☑高级技师  ☑技师  □高级工", "both_ticked"),
        ("高级技师  技师  高级工", "unclear_tick"),
        ("□高级技师  ×技师  □高级工", "unclear_tick"),
        ("□高级技师  \ufffd技师  □高级工", "unclear_tick"),
        ("□高级技师  \uf0fe技师  □高级工", "unclear_tick"),
        ("□高级技师  v技师  □高级工", "extra_text"),
    ],
)
def test_unclear_ticks_are_none(cell: str, code: str) -> None:
    found = read_rows(with_value(BOXES, cell))

    assert found["fields"][BOXES] == ""
    assert [(p["field"], p["code"], p["severity"]) for p in found["problems"]] == [(BOXES, code, "error")]


def test_word_that_is_no_choice_is_told() -> None:
    found = read_rows(with_value("姓 名", "男性", at=3))

    assert codes(found) == [("性别", "unknown_choice")]


@pytest.mark.parametrize(
    ("level", "read"),
    [
        ("□国际领先  ☑国内先进\n□国内领先  □国内先进", "国内先进（前）"),
        ("□国际领先  □国内先进\n□国内领先  ☑国内先进", "国内先进（后）"),
        ("□国际领先  □国内先进√\n□国内领先  □国内先进", "国内先进（前）"),
    ],
)
def test_level_that_is_printed_twice_is_told_by_its_place(level: str, read: str) -> None:
    skill = SKILL.replace("□国际领先  □国内先进\n☑国内领先  □国内先进", level)
    found = read_rows(with_value("是否具有工艺专长", skill, at=3))

    assert found["fields"]["是否掌握高超技能"]["技术水平"] == read
    assert found["problems"] == []


def test_level_that_stands_there_only_once_is_not_guessed() -> None:
    skill = SKILL.replace("□国际领先  □国内先进\n☑国内领先  □国内先进", "☑国内先进")
    found = read_rows(with_value("是否具有工艺专长", skill, at=3))

    assert found["fields"]["是否掌握高超技能"]["技术水平"] == ""
    assert codes(found) == [("是否掌握高超技能", "unclear_tick")]


def test_choice_that_is_only_circled_is_not_guessed() -> None:
    circled = Xml(f"<w:p>{run('□高级技师  □技师')}<w:r><w:pict><v:oval/></w:pict></w:r></w:p>")
    found = read_rows(with_value(BOXES, circled))

    assert found["fields"][BOXES] == ""
    assert codes(found) == [(BOXES, "unclear_tick")]


def test_text_in_a_blank_without_its_tick_is_told() -> None:
    found = read_rows(with_value("是否具有工艺专长", "□一技之长：样例车削\n□其他：____"))

    assert found["fields"]["是否具有工艺专长"] == {}
    assert codes(found) == [("是否具有工艺专长", "unticked_text")]


def test_words_of_other_choices_in_a_blank_are_only_words() -> None:
    found = read_rows(with_value("是否具有工艺专长", "☑一技之长：其他人不会的技术专长\n□绝技高招：___"))

    assert found["fields"]["是否具有工艺专长"] == {"一技之长": "其他人不会的技术专长"}


def test_questions_of_one_row_in_cells_of_their_own() -> None:
    rows = with_cell("是否具有工艺专长", lambda row: [*row[:3], C(SKILL.split("\n是否")[0], 3)])
    rows.insert(16, [C("是否获得专利"), C("☑是  □否")])
    rows.insert(17, ["发明专利数量", "0项", "实用新型专利数量", "3项", "外观设计专利数量", ""])

    found = read_rows(rows)["fields"]["是否掌握高超技能"]

    assert (found["技术水平"], found["是否获得专利"]) == ("国内领先", "是")


# --- what Word and WPS make of it --------------------------------------------------------------------------------


def ticked(xml: str) -> dict[str, Any]:
    """The row of boxes with `xml` before the second word."""
    cell = Xml(f"<w:p>{run('□高级技师  ')}{xml}{run('技师  □高级工')}</w:p>")
    return read_rows(with_value(BOXES, cell))


SYMBOL = '<w:r><w:sym w:font="{}" w:char="{}"/></w:r>'


@pytest.mark.parametrize(
    "xml",
    [
        SYMBOL.format("Wingdings", "F0FE"),
        SYMBOL.format("Wingdings", "F0FC"),
        SYMBOL.format("Wingdings 2", "F052"),
        SYMBOL.format("Wingdings 2", "0052"),
        run("R", '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'),
        run("\uf052", '<w:rFonts w:ascii="Wingdings 2"/>'),
        '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr>'
        "<w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>",
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/>'
        "</w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        f'<w:ins w:id="1" w:author="a">{run("☑")}</w:ins><w:del w:id="2" w:author="a"><w:r><w:delText>□</w:delText>'
        "</w:r></w:del>",
    ],
)
def test_boxes_of_every_make(xml: str) -> None:
    assert ticked(xml) == {"fields": {**READ, BOXES: "技师"}, "problems": []}


@pytest.mark.parametrize(
    "xml",
    [
        SYMBOL.format("Wingdings", "F0A8"),
        SYMBOL.format("Wingdings 2", "F0A3"),
        '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="0"/></w14:checkbox></w:sdtPr>'
        "<w:sdtContent><w:r><w:t>☑</w:t></w:r></w:sdtContent></w:sdt>",
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox>'
        "</w:ffData></w:fldChar></w:r>",
    ],
)
def test_empty_boxes_of_every_make(xml: str) -> None:
    assert ticked(xml)["fields"][BOXES] == ""


@pytest.mark.parametrize(
    ("xml", "read"),
    [
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('群众')}</w:sdtContent></w:sdt>", "群众"),
        (
            f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处')}</w:sdtContent></w:sdt>",
            "",
        ),
        (
            f'<w:ins w:id="1">{run("群众")}</w:ins><w:del w:id="2"><w:r><w:delText>党员</w:delText></w:r></w:del>',
            "群众",
        ),
        (f"{run('群众')}{run('党员', '<w:vanish/>')}", "群众"),
        (f"{run('群众')}{run('党员', '<w:strike/>')}", "群众"),
        (
            "<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent><w:p>"
            f"{run('群众')}</w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p>"
            f"{run('群众')}</w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
            "群众",
        ),
        ("<w:r><w:t>群</w:t><w:br/><w:t>众</w:t></w:r>", "群 众"),
    ],
)
def test_text_is_read_as_it_is_seen(xml: str, read: str) -> None:
    found = read_rows(with_value("政治面貌", Xml(f"<w:p>{xml}</w:p>")))

    assert found["fields"]["政治面貌"].replace(" ", "") == read.replace(" ", "")
    assert found["problems"] == []


def test_deleted_row_is_not_read() -> None:
    body = document([*form_rows(), ["姓名", C("样例乙", 6)]])
    gone = table([["姓名", C("样例乙", 6)]]).partition("<w:tr>")[2].partition("</w:tbl>")[0]

    found = read_file(replaced(body, f"<w:tr>{gone}", f'<w:tr><w:trPr><w:del w:id="1"/></w:trPr>{gone}'))

    assert found == {"fields": READ, "problems": []}


def test_strict_kind_of_docx() -> None:
    usual, strict = (
        "schemas.openxmlformats.org/wordprocessingml/2006/main",
        "purl.oclc.org/ooxml/wordprocessingml/main",
    )

    assert read_file(replaced(document(form_rows()), usual, strict))["fields"] == READ


# --- the photo ---------------------------------------------------------------------------------------------------


def test_photo_is_taken_out_of_its_cell() -> None:
    assert photo(document(form_rows())) == picture()


def test_form_without_a_photo_has_none() -> None:
    rows = form_rows()
    rows[0][6] = C("正面免冠\n彩色近照\n电子版\n(2寸)", down=True)

    assert photo(document(rows)) == b""
    assert read_rows(rows) == {"fields": READ, "problems": []}
