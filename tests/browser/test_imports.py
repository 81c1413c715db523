"""Does a county clerk get from a faulty 附件2 to ranked drafts in Chromium, on both screens, without scripts too?"""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from models.case import Case
from models.database import reading
from tests.browser.conftest import OFFICE_SCREEN, PHONE, Enter
from tests.browser.test_look import overflows, violations
from tests.documents.sheets import HEADINGS, SUMMARY, column, people, sheet
from tests.world import World

NAME = "鱼峰区总工会申报2025年度柳州工匠材料.xlsx"


def faulty(folder: Path) -> Path:
    rows = people(12)
    rows[2]["联系电话"] = None
    rows[5] |= {"推荐优先顺序": 5, SUMMARY: "事" * 420}
    file = folder / NAME
    file.write_bytes(sheet(rows))
    return file


def upload(page: Page, file: Path) -> None:
    page.goto("/imports")
    page.get_by_label("填好的汇总表").set_input_files(file)
    page.get_by_role("button", name="上传并校验").click()


def names(world: World) -> list[str]:
    with reading() as session:
        wanted = select(Case.name).where(Case.season_id == world.season_id).order_by(col(Case.number))
        return list(session.exec(wanted))


def looks_well(page: Page) -> None:
    assert (page.url, violations(page), overflows(page)) == (page.url, [], False)


@pytest.mark.parametrize("size", [OFFICE_SCREEN, PHONE], ids=["office", "phone"])
def test_a_faulty_sheet_is_mended_and_imported(
    enter: Enter, world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    page = enter(world.person("county_union"), size)
    upload(page, faulty(tmp_path))
    expect(page.get_by_role("heading", name="请改正后重新上传")).to_be_visible()
    expect(page.locator("td.error")).to_have_count(3)
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)
    looks_well(page)

    with page.expect_download() as coming:
        page.get_by_role("link", name="下载标好错误的表格").click()
    returned = tmp_path / coming.value.suggested_filename
    coming.value.save_as(returned)
    book = load_workbook(returned)
    found = book["汇总表"]
    assert found.cell(6, len(HEADINGS) + 1).value == "错误：第6行“联系电话”没有填写，请补上。"
    found.cell(6, column("联系电话"), "199-0000-0003")
    found.cell(9, 1, "6")
    found.cell(9, column(SUMMARY), "该同志擅长传统建筑营造。")
    book.save(returned)

    upload(page, returned)
    page.get_by_role("button", name="确认导入 12 名").click()
    expect(page.get_by_text("已录入12名人选的草稿")).to_be_visible()
    looks_well(page)
    assert len(names(world)) == 12
    page.goto("/imports")
    looks_well(page)
    page.goto("/summary")
    looks_well(page)
    with page.expect_download() as coming:
        page.get_by_role("button", name="导出").click()
    assert coming.value.suggested_filename.endswith("材料.xlsx")


def test_people_are_ranked_by_buttons_and_by_dragging(enter: Enter, world: World) -> None:
    for name in ("样例甲", "样例乙", "样例丙", "样例丁"):
        world.enter(name=name)
    page = enter(world.filler())
    page.goto("/priorities")
    looks_well(page)
    shown = page.locator("[data-order] a")
    page.get_by_role("button", name="样例丙上移").click()
    expect(shown).to_have_text(["样例甲", "样例丙", "样例乙", "样例丁"])
    first = page.locator("tr", has_text="样例甲")
    page.locator("tr", has_text="样例丁").drag_to(first, target_position={"x": 300, "y": 3})
    expect(shown).to_have_text(["样例丁", "样例甲", "样例丙", "样例乙"])
    assert [i.input_value() for i in page.locator("input.place").all()] == ["1", "2", "3", "4"]
    page.get_by_role("button", name="保存顺序").click()
    expect(page.get_by_text("推荐优先顺序已保存。提示：")).to_be_visible()
    expect(shown).to_have_text(["样例丁", "样例甲", "样例丙", "样例乙"])


def test_ranking_and_importing_work_without_scripts(enter: Enter, world: World, tmp_path: Path) -> None:
    for name in ("样例甲", "样例乙"):
        world.enter(name=name)
    page = enter(world.filler(), PHONE, scripts=False)
    page.goto("/priorities")
    page.get_by_label("样例甲的顺序").fill("2")
    page.get_by_label("样例乙的顺序").fill("1")
    page.get_by_role("button", name="保存顺序").click()
    expect(page.locator("[data-order] a")).to_have_text(["样例乙", "样例甲"])
    upload(page, faulty(tmp_path))
    expect(page.get_by_role("heading", name="请改正后重新上传")).to_be_visible()
