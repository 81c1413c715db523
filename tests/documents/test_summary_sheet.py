"""What stands in the 附件2 that we write: the form's headings, nothing but text, and the same when read back?"""

import io
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from documents.cells import safe_cell, tidy_name
from documents.summary_columns import Layout
from documents.summary_sheet import EXPLANATION, SHEET, write_findings, write_summary, write_template
from documents.summary_table import read as read_here
from models.form_field import FormField
from models.text import tidy_text
from models.words import FieldKind
from tests.documents.sheets import (
    COLUMNS,
    HEADINGS,
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

DANGEROUS = [
    "=1+1",
    "+86",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝HYPERLINK(1)",
    "＋1",
    "－1",
    "＠x",
    "'",
    "=cmd|' /C calc'!A0",
]
RARE = ["𬱖喆", "阿卜杜拉·买买提", "龑堃", "é", "_x0041_", "#N/A", "TRUE", "1e5", "🏭"]


def texts(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{k: str(v) for k, v in row.items()} for row in rows]


def first(content: bytes) -> Worksheet:
    return opened(content)[SHEET]


# --- the list of people -------------------------------------------------------------------------------------------


def test_the_list_is_laid_out_as_the_form() -> None:
    found = first(write_summary(NOTICE, texts(people(3))))
    assert NOTICE.summary is not None
    assert [found["A1"].value, found["A2"].value] == ["附件2", NOTICE.summary.title]
    assert [c.value for c in found[3]] == HEADINGS
    assert [found.cell(r, 3).value for r in (4, 5, 6)] == ["样例甲", "样例乙", "样例丙"]
    assert found["A7"].value == NOTICE.summary.note
    assert {str(r) for r in found.merged_cells.ranges} == {"A2:T2", "A7:T7"}


def test_the_list_prints_on_the_width_of_one_page_with_its_headings_on_each() -> None:
    for paper, size in (("A4", 9), ("A3", 8)):
        found = first(write_summary(NOTICE, texts(people(1)), paper=paper))
        page = found.page_setup
        assert (page.orientation, page.paperSize, page.fitToWidth, page.fitToHeight) == (
            "landscape",
            size,
            1,
            0,
        )
        assert (found.print_title_rows, found.print_area) == ("$3:$3", "'汇总表'!$A$1:$T$5")


def test_every_cell_is_text() -> None:
    found = first(write_summary(NOTICE, texts(people(12))))
    assert {c.data_type for row in found.iter_rows(min_row=4, max_row=15) for c in row} == {"s"}
    assert {c.number_format for row in found.iter_rows(min_row=4, max_row=15) for c in row} == {"@"}


@pytest.mark.parametrize("text", [*DANGEROUS, *RARE])
def test_no_text_becomes_a_formula(text: str) -> None:
    """F22: what is written is a text for any program, and is read back as it was."""
    workbook = Workbook()
    safe_cell(workbook.active["A1"], text)  # type: ignore[index]
    cell = opened(saved(workbook)).active["A1"]  # type: ignore[index]
    assert (cell.data_type, cell.quotePrefix) == ("s", text.startswith(tuple("=+-@\t'＝＋－＠")))
    found = first(write_summary(NOTICE, [{**texts([PERSON])[0], "职务": text}]))
    assert {c.data_type for c in found[4]} == {"s"}
    result = read(write_summary(NOTICE, [{**texts([PERSON])[0], "职务": text}]))
    assert (result["rows"][0]["values"]["职务"], faults(result)) == (tidy_text(text), [])


def _text(longest: int, lines: bool) -> st.SearchStrategy[str]:
    letters = st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("=+-@＝＋－＠'\"<>&_x\t\r\n\x00\u200b\u202e　·１１"),
    )
    kept = st.text(letters, max_size=min(longest, 30)).map(tidy_text)
    return kept if lines else kept.map(lambda t: " ".join(t.split("\n")))


def _value(field: FormField) -> st.SearchStrategy[str]:
    if field.key == "name":
        names = st.text(st.characters(categories=["Lo", "Lu", "Ll"]), min_size=2, max_size=10)
        return names.map(lambda t: tidy_name(tidy_text(t))).filter(lambda t: len(t) > 1 and t != "张三")
    if field.kind is FieldKind.CATEGORY:
        return st.sampled_from([c.key for c in NOTICE.categories])
    if field.kind is FieldKind.SELECT:
        return st.sampled_from([c.key for c in field.choices])
    if field.kind is FieldKind.PHONE:
        return st.from_regex(r"1[3-9][0-9]{9}|07722[0-9]{6}", fullmatch=True)
    if field.key == "handler":
        return st.text(st.sampled_from("样例经办人甲乙丙"), min_size=2, max_size=6)
    return _text(field.longest, field.kind is FieldKind.AREA)


LAYOUT = Layout(NOTICE)
FIELDS = [f for f in NOTICE.fields if f.column and f.kind is not FieldKind.DATE]
FORMS = st.fixed_dictionaries({f.key: _value(f) for f in FIELDS})


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(form=FORMS)
def test_what_is_exported_is_imported_unchanged(form: dict[str, str]) -> None:
    """F22: export and import again give the same application."""
    today = date(2026, 3, 1)
    values = LAYOUT.values_of({**form, "birth_date": "1985-06-15"}, today)
    row = {**values, "推荐优先顺序": "1", "推荐单位": "鱼峰区总工会"}
    columns = [{**vars(c), "kind": str(c.kind)} for c in LAYOUT.columns]
    [found] = read_here(write_summary(NOTICE, [row]), columns)["rows"]
    assert found["values"]["年龄"] == "40岁"
    assert LAYOUT.form_of(found["values"]) == {k: v for k, v in form.items() if v}


# --- the template -------------------------------------------------------------------------------------------------


def test_the_template_has_the_headings_an_example_and_an_explanation() -> None:
    content = write_template(NOTICE)
    book = opened(content)
    assert [c.value for c in book[SHEET][3]] == HEADINGS
    assert book[SHEET]["A4"].value == "样例"
    said = [row[0].value for row in book[EXPLANATION].iter_rows()]
    assert said[-len(HEADINGS) :] == HEADINGS
    assert {c.number_format for row in book[SHEET]["A5:T64"] for c in row} == {"@"}


def test_the_empty_template_names_nobody() -> None:
    result = read(write_template(NOTICE))
    assert of_file(result) == [("", "no_rows", "error")]
    assert [s["code"] for s in result["skipped"]] == ["example", "note"]


def test_the_template_offers_the_choices_of_the_notice() -> None:
    book = opened(write_template(NOTICE))
    lists = {str(v.sqref).split(":")[0][0]: v for v in book[SHEET].data_validations.dataValidation}
    assert {"B", "D", "F", "N"} <= set(lists)
    letter = lists["N"].formula1.split("!$")[1][0]
    offered = [c.value for c in book["下拉选项"][letter]]
    assert [c for c in offered if c][1:] == COLUMNS[column("技术等级") - 1].choices


def test_a_filled_template_is_read() -> None:
    book = opened(write_template(NOTICE))
    for at, heading in enumerate(HEADINGS, 1):
        book[SHEET].cell(5, at, PERSON[heading])
    result = read(saved(book))
    assert (result["accepted"], result["rows"][0]["values"]) == (1, PERSON)


# --- what was wrong -----------------------------------------------------------------------------------------------


def faulty() -> list[dict[str, Any]]:
    rows = [{**row, "血型": "O"} for row in people(6)]
    rows[2]["联系电话"] = None
    rows[5] |= {"推荐优先顺序": 5, SUMMARY: "事" * 301}
    return rows


def test_the_error_workbook_colours_and_explains_each_faulty_cell() -> None:
    found = first(write_findings(NOTICE, read(sheet(faulty(), [*HEADINGS, "血型"]))))
    assert [c.value for c in found[3]] == [*HEADINGS, "血型", "错误原因"]
    phone = found.cell(6, column("联系电话"))
    assert (phone.fill.fgColor.rgb, phone.comment is not None) == ("00FFC7CE", True)
    assert found.cell(6, 22).value == "错误：第6行“联系电话”没有填写，请补上。"
    assert found.cell(8, 1).fill.fgColor.rgb == "00FFEB9C"
    assert found.cell(4, 22).value in ("", None)


def test_the_error_workbook_can_be_mended_and_uploaded_again() -> None:
    book = load_workbook(io.BytesIO(write_findings(NOTICE, read(sheet(faulty(), [*HEADINGS, "血型"])))))
    found = book[SHEET]
    found.cell(6, column("联系电话"), "199-0000-0003")
    found.cell(9, 1, "6")
    found.cell(9, column(SUMMARY), "简短的事迹。")
    result = read(saved(book))
    assert (result["accepted"], result["rejected"], result["unknown"]) == (6, 0, ["血型"])
