"""Does a clerk put the documents into a case in the browser, with scripts and without, on a screen and on a phone?"""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from models.case import Case
from models.words import AttachmentKind
from simulation.papers import pdf, picture
from tests.browser.conftest import OFFICE_SCREEN, PHONE, Enter
from tests.world import World


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Files as they lie on the clerk's desktop."""
    made = {
        "photo": ("照片.jpg", picture()),
        "proof": ("证明材料.pdf", pdf("proof", 3)),
        "seal": ("盖章页.png", picture(AttachmentKind.PNG, (1240, 1754))),
        "program": ("证书.pdf", b"MZ\x90\x00"),
    }
    for key, (name, content) in made.items():
        (tmp_path / name).write_bytes(content)
        made[key] = (name, b"")
    return {key: tmp_path / name for key, (name, _) in made.items()}


def choose(page: Page, document: str, *paths: Path) -> None:
    row = page.locator(f"#{document}")
    if row.locator("details:not([open])").count():
        row.locator("summary").click()
    row.locator("input[type=file]").set_input_files([str(p) for p in paths])


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]


@pytest.mark.parametrize("size", [OFFICE_SCREEN, PHONE])
def test_files_go_up_in_place_and_come_down_again(
    enter: Enter, world: World, files: dict[str, Path], size: tuple[int, int]
) -> None:
    case = world.enter()
    page = enter(world.filler(), size)
    page.goto(f"/cases/{case.id}/edit")
    page.get_by_label("籍贯").fill("广西柳州")

    choose(page, "photo", files["photo"])
    expect(page.locator("#photo")).to_contain_text("照片.jpg")
    expect(page.locator(".files-said")).to_contain_text("已上传1份材料")
    assert page.get_by_label("籍贯").input_value() == "广西柳州"

    choose(page, "indicator_proof", files["proof"], files["seal"], files["program"])
    expect(page.locator(".files-said")).to_contain_text("文件是程序")
    expect(page.locator("#indicator_proof .tag.green").first).to_have_text("已上传 2 份")
    expect(page.locator("#indicator_proof")).to_contain_text("3 页")
    face = page.locator("#photo img")
    face.scroll_into_view_if_needed()
    expect(face).to_have_js_property("naturalWidth", 413)

    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#photo").get_by_role("button", name="移除").click()
    expect(page.locator("#photo")).not_to_contain_text("照片.jpg")
    assert faults(page) == []
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0


def test_pages_are_looked_at_and_the_file_is_fetched(
    enter: Enter, world: World, files: dict[str, Path]
) -> None:
    case = world.enter()
    page = enter(world.filler())
    page.goto(f"/cases/{case.id}/files")
    choose(page, "photo", files["photo"])
    page.locator("#photo").get_by_role("link", name="照片.jpg", exact=True).click()
    expect(page.get_by_role("heading", name="照片.jpg")).to_be_visible()
    expect(page.locator(".files-pages img")).to_have_js_property("complete", True)
    assert faults(page) == []
    with page.expect_download() as fetched:
        page.get_by_role("link", name="下载").click()
    assert fetched.value.suggested_filename == "照片.jpg"


def test_it_works_without_scripts(enter: Enter, world: World, files: dict[str, Path]) -> None:
    case = world.enter()
    page = enter(world.filler(), scripts=False)
    page.goto(f"/cases/{case.id}/edit")
    choose(page, "photo", files["photo"])
    page.locator("#photo").get_by_role("button", name="上传").click()
    expect(page.locator("#photo")).to_contain_text("照片.jpg")
    assert page.url.endswith(f"/cases/{case.id}/edit#files")
    page.locator("#photo").get_by_role("button", name="移除").click()
    expect(page.locator("#photo")).not_to_contain_text("照片.jpg")


def test_a_file_too_large_is_told_before_it_is_sent(enter: Enter, world: World, tmp_path: Path) -> None:
    large = tmp_path / "大.pdf"
    large.write_bytes(b"%PDF-" + b"0" * (21 * 1024 * 1024))
    page = enter(world.filler())
    page.goto(f"/cases/{world.enter().id}/files")
    choose(page, "photo", large)
    expect(page.locator(".files-said")).to_contain_text("超过20MB")


def test_the_office_ticks_paper_and_sees_numbers(enter: Enter, world: World) -> None:
    case: Case = world.bring_to(world.enter(phone="19900000001"), "unit_review")
    page = enter(world.person("office"))
    page.goto(f"/cases/{case.id}")
    page.locator("#deeds").get_by_role("button", name="收到纸质原件").click()
    expect(page.locator("#deeds")).to_contain_text("纸质已收")
    assert faults(page) == []

    page.get_by_role("link", name="查看完整的身份证号").click()
    page.get_by_label("查看理由").fill("电话核实")
    page.get_by_role("button", name="查看身份证号").click()
    expect(page.locator("main")).to_contain_text("19900000001")
    assert faults(page) == []
