"""Is an 附件2 read that its unit has laid out in its own way?"""

from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.documents.sheets import HEADINGS, PERSON, column, faults, of_file, people, read, sheet

E, W = "error", "warning"


def test_headings_in_two_rows_are_read_together() -> None:
    group = column("联系电话")

    def in_two_rows(found: Worksheet) -> None:
        found.merged_cells.ranges.clear()
        found.insert_rows(3)
        for place, heading in enumerate(HEADINGS, 1):
            if place not in (group, group + 1):
                found.cell(3, place, heading)
                found.cell(4, place).value = None
                found.merge_cells(start_row=3, start_column=place, end_row=4, end_column=place)
        found.cell(3, group, "联系")
        found.merge_cells(start_row=3, start_column=group, end_row=3, end_column=group + 1)

    result = read(sheet(people(2), change=in_two_rows))
    assert (result["accepted"], result["rejected"], of_file(result), result["unknown"]) == (2, 0, [], [])
    assert [r["row"] for r in result["rows"]] == [5, 6]
    assert result["rows"][0]["values"] == PERSON


def test_a_unit_written_with_a_blank_is_the_same_unit() -> None:
    rows = people(2, 推荐优先顺序=1)
    rows[1]["推荐单位"] = "鱼峰区　总工会"
    assert (5, "推荐优先顺序", "priority_duplicate", E) in faults(read(sheet(rows)))


def test_what_is_struck_out_is_read_and_told() -> None:
    def strike(found: Worksheet) -> None:
        found["C5"].font = Font(strike=True)

    result = read(sheet(people(2), change=strike))
    assert (result["accepted"], of_file(result)) == (2, [("", "struck_out", W)])
    assert "第5行" in result["problems"][0]["message"]
