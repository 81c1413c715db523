"""Are lines of 附件1 read, or at least told, that were filled in otherwise than the form expects?"""

import pytest

from tests.documents.word_files import (
    HANDLER,
    HEAD,
    READ,
    Xml,
    codes,
    form_rows,
    read_rows,
    run,
    with_cell,
    with_value,
)

HOUSEHOLD = "户籍属性"


# --- boxes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [1, 2])
def test_answer_without_a_box_beside_one_with_boxes_is_read(at: int) -> None:
    found = read_rows(with_value(HOUSEHOLD, ["", "非农业户口", "否"][at], at))

    assert found == {"fields": READ, "problems": []}


@pytest.mark.parametrize(
    ("at", "cell", "left"),
    [
        (1, "农业户口\n非农业户口", HOUSEHOLD),
        (2, "外来务工人员：否", "外来务工人员"),
        (
            1,
            Xml(f"<w:p>{run('□农业户口 □非农业户口')}<w:r><w:pict><v:oval/></w:pict></w:r></w:p>"),
            HOUSEHOLD,
        ),
    ],
)
def test_unclear_answer_beside_a_clear_one_is_told(at: int, cell: str, left: str) -> None:
    found = read_rows(with_value(HOUSEHOLD, cell, at))

    assert found["fields"][HOUSEHOLD] == {**READ[HOUSEHOLD], left: ""}
    assert codes(found) == [(HOUSEHOLD, "unclear_tick")]


@pytest.mark.parametrize(
    ("start", "cell", "at"),
    [("是否具有工艺专长", "薄壁件精密车削，擅长数控编程", 1), ("是否体现领军作用", "长期带徒，共16人", 1)],
)
def test_free_text_in_place_of_boxes_is_told(start: str, cell: str, at: int) -> None:
    found = read_rows(with_value(start, cell, at))

    assert (found["fields"][start], codes(found)) == ({}, [(start, "extra_text")])
    assert cell in found["problems"][0]["message"]


@pytest.mark.parametrize(
    ("first", "read"),
    [
        ("☑一技之长：\n薄壁件车削", "薄壁件车削"),
        ("☑一技之长：薄壁件\n精密车削", "薄壁件 精密车削"),
        ("□一技之长√：薄壁件车削", "薄壁件车削"),
        ("（√）一技之长：薄壁件（ ）车削", "薄壁件（ ）车削"),
    ],
)
def test_blank_that_goes_on_and_tick_before_its_colon(first: str, read: str) -> None:
    cell = f"{first}\n□绝技高招：____\n□技术专长：____\n□其他：____"
    found = read_rows(with_value("是否具有工艺专长", cell))

    assert found == {"fields": {**READ, "是否具有工艺专长": {"一技之长": read}}, "problems": []}


# --- labels ------------------------------------------------------------------------------------------------------


def test_lines_of_labels_without_a_blank_between_them() -> None:
    head = (*HEAD[:2], HEAD[2].replace("\t", ""), HANDLER.replace("\t", ""))

    assert read_rows(form_rows(), head) == {"fields": READ, "problems": []}


def test_label_of_a_line_that_has_a_cell_as_well_is_no_part_of_another_answer() -> None:
    rows = with_cell("身份证号", lambda row: [*row[:2], "联系电话", *row[3:]])
    found = read_rows(rows)

    assert (found["fields"]["经办人"], found["fields"]["联系电话"]) == ("样例丁", "")
    assert codes(found) == [("手机号码", "label_missing"), ("联系电话", "label_twice")]


def test_label_repeated_beside_itself_is_no_part_of_the_answer() -> None:
    assert read_rows(with_value("姓 名", "姓名：样例甲")) == {"fields": READ, "problems": []}


def test_marks_that_show_nothing_do_not_matter() -> None:
    rows = with_cell("姓 名", lambda row: ["姓\u200b名", "样例\ufeff甲", *row[2:]])

    assert read_rows(rows) == {"fields": READ, "problems": []}
