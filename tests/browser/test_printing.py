"""Are papers printed and scans filed in a browser, with scripts and without, on an office screen and a phone?"""

from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from models.case import Case
from simulation.papers import pdf
from tests.browser.conftest import OFFICE_SCREEN, PHONE, Enter
from tests.browser.test_look import fits
from tests.world import World

READING = 60_000


def printed(page: Page, case: Case, title: str, folder: Path) -> Path:
    """The PDF that the card on the case's page gives."""
    page.goto(f"/cases/{case.id}")
    with page.expect_download() as download:
        page.get_by_label(f"{title}（PDF）").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.mark.parametrize("size", [OFFICE_SCREEN, PHONE], ids=["office", "phone"])
def test_the_pages_fit_and_are_accessible(enter: Enter, world: World, size: tuple[int, int]) -> None:
    case = world.enter()
    page = enter(world.filler(), size)

    fits(page, f"/cases/{case.id}")
    fits(page, "/scans")


def test_a_clerk_prints_seals_and_sends_the_scans_back(enter: Enter, world: World, tmp_path: Path) -> None:
    first, second = world.enter(), world.enter()
    page = enter(world.filler())
    scans = [printed(page, case, "全部表格", tmp_path) for case in (first, second)]
    with pypdfium2.PdfDocument(scans[0]) as document:
        assert len(document) == 4
    unknown = tmp_path / "证书.pdf"
    unknown.write_bytes(pdf())

    page.goto("/scans")
    page.locator("#file").set_input_files([*scans, unknown])
    page.get_by_role("button", name="上传并识别").click()

    said = page.locator(".scan-progress [role=status]")
    expect(said).to_have_text("识别完毕，共 3 份，其中 1 处待选择", timeout=READING)
    expect(page.get_by_text("已归入")).to_have_count(4)
    choice = page.locator("[data-by-hand]")
    expect(choice.locator("input[type=file]")).to_be_hidden()
    choice.get_by_label("人选").fill(first.number)
    choice.get_by_label("材料").select_option("certificates")
    choice.get_by_role("button", name="归入").click()
    expect(page.get_by_text("已归入")).to_have_count(5, timeout=READING)
    expect(page.locator("[data-by-hand]")).to_have_count(0)


def test_the_office_prints_twice_in_a_row_and_both_are_on_record(
    enter: Enter, world: World, tmp_path: Path
) -> None:
    case = world.enter()
    page = enter(world.person("office"))

    for _ in range(2):
        assert printed(page, case, "申请表", tmp_path).read_bytes().startswith(b"%PDF")
    with page.expect_download():
        page.get_by_label("申请表（Word）").click()

    page.reload()
    expect(page.get_by_text("打印申请表")).to_have_count(3)


def test_scans_are_filed_without_scripts(enter: Enter, world: World, tmp_path: Path) -> None:
    case = world.enter()
    scan = printed(enter(world.filler()), case, "申请表", tmp_path)
    unknown = tmp_path / "证书.pdf"
    unknown.write_bytes(pdf())
    page = enter(world.filler(), scripts=False)

    page.goto("/scans")
    page.locator("#file").set_input_files([scan, unknown])
    page.get_by_role("button", name="上传并识别").click()
    expect(page.get_by_text("已归入")).to_have_count(1)
    choice = page.locator("[data-by-hand]")
    choice.get_by_label("人选").fill(f"{case.number} {case.name}")
    choice.get_by_label("材料").select_option("certificates")
    choice.get_by_label("再选一次这个文件").set_input_files(unknown)
    choice.get_by_role("button", name="归入").click()

    expect(page.get_by_text("已归入")).to_have_count(1)
    page.goto(f"/cases/{case.id}")
    expect(page.locator("#certificates").get_by_text("盖章签字扫描件", exact=True)).to_be_visible()
