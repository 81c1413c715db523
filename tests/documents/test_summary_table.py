"""What is read from a filled 附件2, and what is said of a badly filled one?"""

from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from documents.sniff import inspect_sheet
from documents.summary_columns import Layout
from tests.documents.old_excel import xls
from tests.documents.sheets import (
    HEADINGS,
    HONOURS,
    NOTICE,
    PERSON,
    SUMMARY,
    column,
    faults,
    of_file,
    opened,
    people,
    read,
    saved,
    sheet,
)

E, W = "error", "warning"


def only(value: Any, heading: str) -> dict[str, Any]:
    """One person, in whose row one cell holds `value`."""
    return read(sheet([{**PERSON, heading: value}]))


# --- a good sheet -------------------------------------------------------------------------------------------------


def test_every_person_is_read_with_the_row_that_the_program_shows() -> None:
    result = read(sheet(people(12)))
    assert [r["row"] for r in result["rows"]] == list(range(4, 16))
    assert (result["accepted"], result["rejected"], faults(result), of_file(result)) == (12, 0, [], [])
    assert result["rows"][0]["values"] == PERSON
    assert [s["code"] for s in result["skipped"]] == ["note"]


def test_a_row_fills_the_fields_of_the_application() -> None:
    form = Layout(NOTICE).form_of(read(sheet([PERSON]))["rows"][0]["values"])
    assert form == {
        "name": "样例甲",
        "sex": "男",
        "category": "manufacturing",
        "political_status": "中共党员",
        "ethnicity": "壮族",
        "native_place": "广西柳州",
        "rural_worker": "否",
        "education": "大专",
        "employer": "样例精工机械有限公司",
        "post": "班长",
        "title": "工程师",
        "skill_grade": "高级技师",
        "phone": "19900000001",
        "specialty": "数控车工",
        "handler": "样例经办",
        "handler_phone": "19900000090",
        "highest_honours": PERSON[HONOURS],
        "summary": PERSON[SUMMARY],
    }


def test_two_faulty_rows_are_told_exactly() -> None:
    """The third person lacks a telephone number; the sixth writes too much and shares the place of the fifth."""
    rows = people(12)
    rows[2]["联系电话"] = None
    rows[5] |= {"推荐优先顺序": 5, SUMMARY: "事" * 420}
    result = read(sheet(rows))
    assert (result["accepted"], result["rejected"]) == (10, 2)
    assert faults(result) == [
        (6, "联系电话", "missing", E),
        (8, "推荐优先顺序", "priority_duplicate", W),
        (9, "推荐优先顺序", "priority_duplicate", E),
        (9, SUMMARY, "too_long", E),
    ]
    [told] = [p["message"] for p in result["rows"][5]["problems"] if p["code"] == "too_long"]
    assert told == "第9行“简要事迹(300字以内)”有420字，最多300字，请删减120字。"


# --- headings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [HEADINGS[::-1], sorted(HEADINGS)], ids=["backwards", "sorted"])
def test_headings_stand_in_any_order(order: list[str]) -> None:
    result = read(sheet(people(2), order))
    assert (result["accepted"], of_file(result)) == (2, [])
    assert result["rows"][0]["values"] == PERSON


def test_headings_are_known_by_name_only() -> None:
    """Blanks, line breaks, brackets and their content do not matter; nor does the name on 附件1."""
    written = {
        "姓名": "姓　 名",
        "联系电话": "手机号码",
        "文化程度": "学 历",
        HONOURS: "所获最高荣誉（2-3项）",
        SUMMARY: "简要事迹\n（限300字）",
        "推荐优先顺序": "推荐\n优先\n顺序",
    }
    headings = [written.get(h, h) for h in HEADINGS]
    result = read(sheet([{written.get(k, k): v for k, v in PERSON.items()}], headings))
    assert (result["rows"][0]["values"], of_file(result)) == (PERSON, [])


def test_no_title_is_needed() -> None:
    result = read(sheet(people(1), titled=False))
    assert [(r["row"], r["values"]["姓名"]) for r in result["rows"]] == [(2, "样例甲")]


def test_a_missing_column_is_named() -> None:
    result = read(sheet(people(2), [h for h in HEADINGS if h not in ("联系电话", "籍贯")]))
    assert of_file(result) == [("籍贯", "column_missing", W), ("联系电话", "column_missing", E)]
    assert (result["accepted"], result["rejected"]) == (0, 2)


def test_a_column_that_the_form_does_not_have_is_shown() -> None:
    rows = [{**PERSON, "血型": "O", "": "无名"}]
    result = read(sheet(rows, [*HEADINGS, "血型", ""]))
    assert result["unknown"] == ["血型", "第22列（无列名）"]
    assert (result["rows"][0]["values"]["血型"], result["accepted"]) == ("O", 1)
    assert result["rows"][0]["values"]["第22列（无列名）"] == "无名"
    assert [c for _, c, _ in of_file(result)] == ["unknown_column", "unknown_column"]


def test_a_heading_printed_twice_is_a_fault() -> None:
    assert ("姓名", "column_twice", E) in of_file(read(sheet(people(1), [*HEADINGS, "姓名"])))


def test_a_file_without_the_headings_says_which_are_needed() -> None:
    workbook = Workbook()
    workbook.active.append(["物品", "数量"])  # type: ignore[union-attr]
    [problem] = read(saved(workbook))["problems"]
    assert problem["code"] == "headings_missing"
    assert "推荐优先顺序、类别、姓名" in problem["message"]


# --- rows that are nobody -----------------------------------------------------------------------------------------

OFFICIAL = {**NOTICE.summary.example} if NOTICE.summary else {}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (OFFICIAL, "example"),
        ({**PERSON, "推荐优先顺序": "样例"}, "example"),
        ({**PERSON, "姓名": "张三", "联系电话": "xxx"}, "example"),
        (dict(zip(HEADINGS, HEADINGS, strict=True)), "heading"),
        (dict(zip(HEADINGS, range(1, 21), strict=True)), "heading"),
        ({"推荐优先顺序": 7}, "only_number"),
        ({"推荐优先顺序": "合计：12人"}, "note"),
        ({"推荐优先顺序": "合计", "姓名": "12人"}, "note"),
        ({"姓名": "总 计", "性别": 12}, "note"),
        ({"推荐优先顺序": "备注：联系人见上"}, "note"),
        ({"推荐优先顺序": "填报单位（盖章）：", "联系电话": "填报日期：2026年3月1日"}, "note"),
    ],
)
def test_what_is_no_person_is_passed_over_and_told(row: dict[str, Any], code: str) -> None:
    result = read(sheet([row, {}, *people(1)]))
    assert [(s["row"], s["code"]) for s in result["skipped"]] == [(4, code), (7, "note")]
    assert [r["row"] for r in result["rows"]] == [6]


def test_a_real_person_called_as_in_the_example_is_read() -> None:
    assert only("张三", "姓名")["accepted"] == 1


def test_a_sheet_without_people_is_refused() -> None:
    assert of_file(read(sheet([OFFICIAL]))) == [("", "no_rows", E)]


# --- cells --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "value", "kept"),
    [
        ("年龄", 35, "35"),
        ("年龄", 35.0, "35"),
        ("年龄", "３５ 周岁", "３５ 周岁"),
        ("联系电话", 19900000001.0, "19900000001"),
        ("联系电话", "１９９－００００－０００１", "１９９－００００－０００１"),
        ("联系电话", "0772-2827587", "0772-2827587"),
        ("联系电话", 2827587, "2827587"),
        ("性别", " 男性 ", "男"),
        ("是否农民工", "√", "是"),
        ("技术等级", "高级技师（一级）", "高级技师"),
        ("技术等级", "一级/高级技师", "高级技师"),
        ("技术等级", "/", "无"),
        ("类别", "制 造 业", "制造业"),
        ("类别", "其他", "其他"),
        ("姓名", "丁　一", "丁一"),
        ("姓名", "阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("姓名", "𬱖\u200b喆", "𬱖喆"),
        ("推荐优先顺序", "1.0", 1),
        ("推荐优先顺序", "第３名", 3),
        ("姓名", "覃立恒（样例）", "覃立恒（样例）"),
        ("职务", "一行\r\n两行", "一行 两行"),
    ],
)
def test_a_cell_is_read_as_it_is_meant(heading: str, value: object, kept: object) -> None:
    result = only(value, heading)
    assert (result["rows"][0]["values"][heading], faults(result)) == (kept, [])


@pytest.mark.parametrize(
    ("heading", "value", "code", "severity"),
    [
        ("姓名", None, "missing", E),
        ("姓名", "张", "name_unlikely", E),
        ("姓名", "样例（女）", "name_unlikely", E),
        ("姓名", "覃（样例）", "name_unlikely", E),
        ("姓名", "样例甲\n样例乙", "name_unlikely", E),
        ("姓名", "样例甲、样例乙", "name_unlikely", E),
        ("技术等级", "高级技师、工程师", "choice_reduced", W),
        ("是否农民工", "否（2020年转户）", "choice_reduced", W),
        ("联系电话", "1.9900000001E10", "number_destroyed", E),
        ("类别", "航天业", "category_unknown", E),
        ("性别", "男女", "choice_unknown", E),
        ("技术等级", "特级技师", "choice_unknown", E),
        ("年龄", "1985年", "age_unreadable", E),
        ("年龄", 350, "age_implausible", E),
        ("联系电话", "1.99E+10", "number_destroyed", E),
        ("联系电话", 19900000000.0, "number_destroyed", E),
        ("联系电话", "1990000001", "phone_invalid", E),
        ("联系电话", "19900000001/19900000002", "phone_invalid", E),
        ("经办人及联系电话", "样例经办", "contact_incomplete", W),
        ("经办人及联系电话", "样例经办 1.99E+10", "number_destroyed", E),
        ("推荐优先顺序", None, "priority_missing", E),
        ("推荐优先顺序", "1.5", "priority_invalid", E),
        ("推荐优先顺序", datetime(2026, 1, 2), "priority_invalid", E),
        ("推荐优先顺序", 0, "priority_invalid", E),
        ("籍贯", "广" * 41, "too_long", E),
        ("职称", date(2023, 5, 1), "date_in_text", W),
        ("职务", "=1+1", "formula", E),
        ("职务", "#N/A", "cell_error", E),
    ],
)
def test_what_is_wrong_with_a_cell_is_told(heading: str, value: object, code: str, severity: str) -> None:
    assert faults(only(value, heading)) == [(4, heading, code, severity)]


def test_an_identity_number_that_lost_digits_is_an_error() -> None:
    rows = [{**PERSON, "身份证号": 4.5020319900101e17}]
    assert faults(read(sheet(rows, [*HEADINGS, "身份证号"]))) == [(4, "身份证号", "number_destroyed", E)]


def test_rows_of_different_recommending_units_may_share_a_place() -> None:
    rows = [PERSON, {**PERSON, "姓名": "样例乙", "推荐单位": "柳南区总工会"}]
    assert faults(read(sheet(rows))) == []


# --- what the program hides ---------------------------------------------------------------------------------------


def test_merged_cells_count_where_they_may_be_common() -> None:
    def merge(found: Worksheet) -> None:
        for heading in ("推荐单位", "联系电话"):
            at = column(heading)
            found.merge_cells(start_row=4, end_row=5, start_column=at, end_column=at)

    result = read(sheet(people(2), change=merge))
    assert faults(result) == [(5, "联系电话", "merged", E), (5, "推荐单位", "merged", W)]
    assert result["rows"][1]["values"]["推荐单位"] == "鱼峰区总工会"


def test_a_cell_merged_across_columns_is_never_guessed() -> None:
    result = read(sheet(people(1), change=lambda s: s.merge_cells("K4:L4")))
    assert faults(result) == [(4, "职务", "merged", W)]
    assert result["rows"][0]["values"]["职务"] == ""


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    def hide(found: Worksheet) -> None:
        found.row_dimensions[5].hidden = True
        found.column_dimensions["C"].hidden = True

    result = read(sheet(people(2), change=hide))
    assert of_file(result) == [("", "hidden_column", W), ("", "hidden_row", W)]
    assert result["accepted"] == 2


def test_the_sheet_with_the_headings_is_read() -> None:
    def add(found: Worksheet) -> None:
        first = found.parent.create_sheet("填写说明", 0)  # type: ignore[union-attr]
        first.append(["一、姓名填写全名"])

    result = read(sheet(people(1), change=add))
    assert (result["sheet"], result["accepted"], of_file(result)) == ("汇总表", 1, [])


def test_people_on_a_second_sheet_are_not_lost() -> None:
    workbook = opened(sheet(people(1)))
    workbook.copy_worksheet(workbook["汇总表"]).title = "第二张"
    [problem] = read(saved(workbook))["problems"]
    assert (problem["code"], problem["severity"]) == ("several_tables", E)
    assert "第二张" in problem["message"]


# --- what is no spreadsheet ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04damaged", b"name,phone\n", b"\xd0\xcf\x11\xe0" + b"\0" * 600]
)
def test_a_damaged_file_is_told_and_not_read(content: bytes) -> None:
    result = read(content)
    assert (result["rows"], of_file(result)) == ([], [("", "damaged", E)])


def test_a_cell_far_away_does_not_eat_the_memory() -> None:
    result = read(sheet(people(1), change=lambda s: s.cell(1_048_576, 16_384, "远")))
    assert (result["rows"], [c for _, c, _ in of_file(result)]) == ([], ["too_large"])


def test_a_sheet_of_old_excel_is_read_the_same() -> None:
    rows = people(12)
    rows[0]["联系电话"] = 19900000001.0
    rows[2]["联系电话"] = None
    content = xls([["附件2"], [], HEADINGS, *([row[h] for h in HEADINGS] for row in rows)])
    assert inspect_sheet("汇总表.xls", content) == "xls"
    result = read(content)
    assert (result["accepted"], faults(result)) == (11, [(6, "联系电话", "missing", E)])
    assert result["rows"][0]["values"] == {**PERSON, "联系电话": "19900000001"}
