"""Is a public notice laid out as it has to be, and is what a file hides found before it goes out (七（二）)?"""

import io
from datetime import date

import docx
from PIL import Image

from documents.file_texts import texts_in
from documents.layouts.public_notice import NEW, PaperRow, PublicPaper, public_notice
from documents.to_typst import print_pdf
from documents.to_word import word
from tests.documents.made_files import word as package
from tests.documents.test_official import lines_of


def paper() -> PublicPaper:
    return PublicPaper(
        title=("关于样例年度“样例工匠”", "拟认定人选的公示"),
        practice=True,
        opening="现将2名拟认定人选名单（按姓氏笔画为序）予以公示。",
        period="2026年4月2日至2026年4月9日（均含当日）",
        columns=("姓名", "工作单位"),
        rows=(PaperRow(("丁一", "样例公司")), PaperRow(("韦样例", "样例集团"), frozenset({1}), remark=NEW)),
        notes=("更正（2026年4月5日）：样例。",),
        how="如有异议，请反映。",
        contact=("联系电话：2827587",),
        signed="样例办公室",
        dated=date(2026, 4, 2),
        address="https://example.org/public",
    )


def test_the_parts_stand_in_their_order_and_short_names_are_padded() -> None:
    pages = lines_of(print_pdf([public_notice(paper())]))
    told = "".join(line for page in pages for line in page)

    order = (
        "演练",
        "拟认定人选的公示",
        "公示时间",
        "序号",
        "丁一",
        "韦样例",
        "更正（",
        "如有异议",
        "样例办公室",
    )
    assert sorted(order, key=told.index) == list(order)
    made = docx.Document(io.BytesIO(word([public_notice(paper())])))
    cells = [[c.text for c in row.cells] for row in made.tables[0].rows]
    assert cells == [
        ["序号", "姓名", "工作单位"],
        ["1", "丁　一", "样例公司"],
        ["2", "韦样例（本次新增）", "样例集团（更正）"],
    ]


def test_comments_custom_parts_and_properties_of_a_word_file_are_read() -> None:
    made = package(
        {
            "word/comments.xml": "<c>请打13800000000</c>",
            "customXml/item1.xml": "<x>450203198803129917</x>",
            "docProps/core.xml": "<p>作者 a@example.org</p>",
        }
    )

    found = dict(texts_in("样例.docx", made))
    assert "13800000000" in found["批注"]
    assert "450203198803129917" in found["自定义XML"]
    assert "a@example.org" in found["文件属性"]


def test_what_the_camera_noted_is_read() -> None:
    exif = Image.Exif()
    exif[0x013B] = "sample author"
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "JPEG", exif=exif)

    assert texts_in("样例.jpg", out.getvalue()) == [("拍摄信息", "sample author")]


def test_our_own_files_carry_nothing_hidden() -> None:
    made = texts_in("公示.docx", word([public_notice(paper())]))
    pdf = texts_in("公示.pdf", print_pdf([public_notice(paper())]))

    told = {where for where, text in (*made, *pdf) if text.strip()}
    assert told == {"文件属性", "文件属性的标记", "自定义XML的标记", "正文"}
