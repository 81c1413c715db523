"""What is read from 附件1, however it was filled in, and when is nothing read rather than something wrong?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.application_form import read_application_form
from documents.layouts.application_form import Applied, application_form
from documents.layouts.values import Answers
from documents.problems import Refusal
from documents.to_word import word
from tests.documents.made_files import FLAGS, METHOD, VERSION, every_entry_says
from tests.documents.word_files import (
    HANDLER,
    HEAD,
    ID_NUMBER,
    READ,
    C,
    Given,
    Xml,
    codes,
    document,
    form_rows,
    liuzhou,
    package,
    paragraphs,
    read_file,
    read_rows,
    replaced,
    table,
    text_of,
    with_cell,
    with_value,
)

BOXES = "技能等级"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def test_form_filled_in_as_printed_is_read_whole_without_a_problem() -> None:
    assert read_rows(form_rows()) == {"fields": READ, "problems": []}


def test_our_own_printed_form_is_read_back_as_it_was_filled_in() -> None:
    form = {
        "name": "样例甲",
        "skill_level": "国内先进（后）",
        "standing": "职员",
        "craft": {"其他": "样例修复"},
    }
    sheet = application_form(Applied(Answers(liuzhou(), "unit", form), unit="样例单位", hints=True))

    found = read_file(word([sheet]))

    assert found["problems"] == []
    filled = {k: v for k, v in found["fields"].items() if v}
    assert filled == {
        "姓名": "样例甲",
        "身份": "职员",
        "是否具有工艺专长": {"其他": "样例修复"},
        "推荐单位": "样例单位",
        "户籍属性": {"户籍属性": "", "外来务工人员": ""},
        "是否掌握高超技能": {
            "技术水平": "国内先进（后）",
            "是否获得专利": "",
            "发明专利数量": "",
            "实用新型专利数量": "",
            "外观设计专利数量": "",
        },
    }


# --- rows and cells ----------------------------------------------------------------------------------------------


@given(st.permutations(range(4, 22)))
@settings(max_examples=40, deadline=None)
def test_rows_may_stand_in_any_order(order: list[int]) -> None:
    rows = form_rows()

    found = read_rows([*rows[:4], *(rows[n] for n in order)])

    assert found == {"fields": READ, "problems": []}


def test_columns_may_be_added_and_taken_away() -> None:
    rows = [[cell, ""] if n % 2 else [cell] for row in form_rows()[:1] for n, cell in enumerate(row)]
    wider: list[Given] = [cell for part in rows for cell in part]

    assert read_rows([wider, *form_rows()[1:]]) == {"fields": READ, "problems": []}


def test_label_and_value_in_one_cell() -> None:
    rows = form_rows()
    rows[0] = ["姓名：样例甲", "性别:男", "民　族：壮族"]
    rows[1] = [C("政治面貌：中共党员  学历：大专  职务：班长", 7)]

    assert read_rows(rows) == {"fields": READ, "problems": []}


def test_label_and_value_in_one_cell_without_a_colon_is_to_be_checked() -> None:
    rows = with_cell("家庭住址", lambda row: [C("家庭住址 柳州市样例路0号", 7)])

    found = read_rows(rows)

    assert found["fields"] == READ
    assert codes(found) == [("家庭住址", "value_moved")]


def test_value_below_its_label_is_to_be_checked() -> None:
    rows = [r for r in form_rows() if text_of(r[0]) != "邮 编"]
    at = next(n for n, r in enumerate(rows) if text_of(r[0]) == "单位地址")
    rows[at] = ["单位地址", C("柳州市样例路1号", 6)]
    rows += [["邮编"], ["545005"]]

    found = read_rows(rows)

    assert found["fields"]["邮编"] == "545005"
    assert codes(found) == [("邮编", "value_moved")]


def test_split_cell_is_put_together() -> None:
    digits: list[Given] = list(ID_NUMBER)
    rows = with_cell("身份证号", lambda row: ["身份证号", *digits, "手机号码", "199-0000-0001"])

    assert read_rows(rows) == {"fields": READ, "problems": []}


def test_split_cell_of_words_is_told() -> None:
    found = read_rows(
        with_cell("工作单位", lambda row: ["工作单位", "样例精工", "有限公司", "单位性质", "民营企业"])
    )

    assert found["fields"]["工作单位"] == "样例精工 有限公司"
    assert codes(found) == [("工作单位", "split_cell")]


def test_cell_of_an_unknown_label_is_never_taken_silently() -> None:
    found = read_rows(with_cell("家庭住址", lambda row: ["家庭住址", "样例路0号", "曾用名", "样例乙"]))

    assert ("家庭住址", "split_cell") in codes(found)


def test_unknown_row_is_told_and_not_lost() -> None:
    found = read_rows([*form_rows(), ["紧急联系人", C("样例戊", 6)]])

    assert found["fields"] == READ
    [problem] = found["problems"]
    assert (problem["code"], problem["severity"]) == ("not_placed", "warning")
    assert "紧急联系人：样例戊" in problem["message"]


def test_missing_rows_are_named() -> None:
    rows = [r for r in form_rows() if text_of(r[0]) not in ("家庭住址", "工作简历")]

    found = read_rows(rows)

    assert [(p["field"], p["code"], p["severity"]) for p in found["problems"]] == [
        ("家庭住址", "label_missing", "warning"),
        ("工作简历", "label_missing", "error"),
    ]
    assert "家庭住址" not in found["fields"]


def test_form_in_a_frame_of_another_table() -> None:
    inner = Xml(f"<w:p/>{table(form_rows())}<w:p/>")

    assert read_rows([[inner]]) == {"fields": READ, "problems": []}


def test_form_in_two_tables() -> None:
    rows = form_rows()
    body = "".join(map(paragraphs, (*HEAD, HANDLER))) + table(rows[:9]) + "<w:p/>" + table(rows[9:])

    assert read_file(package(body)) == {"fields": READ, "problems": []}


def test_list_in_an_answer_stays_in_it() -> None:
    inner = table([["起止年月", "工作单位", "职务"], ["2005年至今", "样例厂", "车工"]])
    found = read_rows(with_value("工作简历", Xml(inner)))

    assert found["fields"]["工作简历"] == "起止年月  工作单位  职务\n2005年至今  样例厂  车工"
    assert found["fields"]["工作单位"] == "样例精工有限公司"


def test_endless_answer_is_cut_and_told() -> None:
    found = read_rows(with_value("家庭住址", "2005 " + " " * 200_000 + "字" * 9_000))

    assert len(found["fields"]["家庭住址"]) == 3000
    assert codes(found) == [("家庭住址", "text_cut")]


def test_label_with_another_remark_or_a_star() -> None:
    rows = [[f"*{row[0]}", *row[1:]] if row[0] == "姓 名" else row for row in form_rows()]
    rows = [
        ["个人自述（500字）", *row[1:]] if text_of(row[0]).startswith("个人自述") else row for row in rows
    ]

    assert read_rows(rows) == {"fields": READ, "problems": []}


def test_boxes_in_cells_of_their_own() -> None:
    rows = with_cell(BOXES, lambda row: [BOXES, "□", "高级技师", "☑", "技师", "□", "无"])

    assert read_rows(rows) == {"fields": {**READ, BOXES: "技师"}, "problems": []}


def test_two_different_answers_are_none() -> None:
    found = read_rows([*form_rows(), ["姓名", C("样例乙", 6)]])

    assert found["fields"]["姓名"] == ""
    assert codes(found) == [("姓名", "label_twice")]


# --- other files -------------------------------------------------------------------------------------------------


def test_form_of_another_year() -> None:
    found = read_rows(form_rows(), ("附件1", "2024年度“柳州工匠”认定申请表", *HEAD[2:], HANDLER))

    assert codes(found) == [("", "other_year")]
    assert found["problems"][0]["severity"] == "error"


def test_form_without_a_year_is_to_be_checked() -> None:
    found = read_rows(form_rows(), ("附件1", "“柳州工匠”认定申请表", *HEAD[2:], HANDLER))

    assert (found["fields"], codes(found)) == (READ, [("", "year_unknown")])


@pytest.mark.parametrize("title", ["2025年度“柳州工匠”专家推荐函(式样)", "情况说明"])
def test_another_document(title: str) -> None:
    found = read_rows([["姓名", "样例甲"]], (title,))

    assert found["fields"] == {}
    assert codes(found) == [("", "not_the_form")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (OLE + "WordDocument".encode("utf-16-le"), "old_word"),
        (OLE, "old_word"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"%PDF-1.4", "not_word"),
        (b"", "empty"),
        (b"{\\rtf1 }", "other_word"),
        (b"\xef\xbb\xbf<html><body></body></html>", "other_word"),
        (OLE + "Workbook".encode("utf-16-le"), "not_word"),
        (every_entry_says(document(form_rows()), FLAGS, 1), "encrypted"),
        (every_entry_says(document(form_rows()), METHOD, 99), "damaged"),
        (every_entry_says(document(form_rows()), VERSION, 255), "damaged"),
        (document(form_rows())[:800], "damaged"),
        (replaced(document(form_rows()), "</w:body>", "</w:bod"), "damaged"),
        (replaced(document(form_rows()), "<w:body>", '<!DOCTYPE a [<!ENTITY b "c">]>'), "damaged"),
    ],
)
def test_files_that_cannot_be_read(content: bytes, code: str) -> None:
    found = read_file(content)

    assert (found["fields"], codes(found)) == ({}, [("", code)])


def test_renamed_old_file_is_told_before_it_is_looked_into() -> None:
    with pytest.raises(Refusal) as refused:
        read_application_form(liuzhou(), "样例甲-附件1.docx", OLE)

    assert refused.value.problem.code == "old_word"
    assert "另存为.docx" in refused.value.problem.message


def test_file_with_macros_is_refused() -> None:
    content = package(table(form_rows()), **{"word/vbaProject.bin": "x"})

    with pytest.raises(Refusal) as refused:
        read_application_form(liuzhou(), "样例甲.docx", content)

    assert refused.value.problem.code == "macros"


@given(st.binary(max_size=300), st.integers(0, 3000))
@settings(max_examples=60, deadline=None)
def test_no_damage_breaks_the_reader(noise: bytes, at: int) -> None:
    sound = document(form_rows())

    found = read_file(sound[:at] + noise + sound[at + len(noise) :])

    assert set(found) == {"fields", "problems"}


@given(
    st.lists(st.lists(st.text("姓名性别：□☑√技师高级 \n", max_size=12), min_size=1, max_size=4), max_size=6)
)
@settings(max_examples=80, deadline=None)
def test_no_table_breaks_the_reader(rows: list[list[str]]) -> None:
    found = read_rows([list(row) for row in rows])

    assert set(found) == {"fields", "problems"}
