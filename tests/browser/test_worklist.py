"""Can the work lists be worked through by keyboard, on a phone, and without scripts?"""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OFFICE_SCREEN, PHONE, Enter
from tests.browser.test_look import fits, overflows, violations
from tests.world import World


@pytest.mark.parametrize("size", [OFFICE_SCREEN, PHONE], ids=["office", "phone"])
def test_lists_with_filters_ticks_and_things_to_read_fit(
    enter: Enter, world: World, size: tuple[int, int]
) -> None:
    ended, waiting = world.enter(route="city"), world.enter(route="city")
    for case in (ended, waiting):
        world.bring_to(case, "office_review")
    world.answer("office_review", ended, "reject", reason="样例：不符合条件")
    office = enter(world.person("office"), size)
    for path in (
        "/?step=office_review&county=city",
        "/cases?late=soon&channel=unit",
        "/review?problem=originals",
    ):
        fits(office, path)
    office.goto("/?step=office_review")
    office.get_by_label("退回补正", exact=True).check()
    office.get_by_text("勾选需要修改的栏目").click()
    assert (violations(office), overflows(office)) == ([], False)
    fits(enter(world.enterer(ended), size), "/?tab=read")


def test_keys_move_tick_search_and_open(enter: Enter, world: World) -> None:
    cases = [world.bring_to(world.enter(route="city"), "office_review") for _ in range(2)]
    tasks = [world.assignments("office_review", c)[0].id for c in cases]
    page = enter(world.person("office"))
    page.goto("/")
    rows = page.locator("[data-worklist] tbody tr")

    page.keyboard.press("j")
    expect(rows.nth(0).get_by_role("link", name="办理")).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(page.locator("[data-ticked]")).to_have_text("已勾选 2 名")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("[data-ticked]")).to_have_text("已勾选 1 名")
    page.keyboard.press("?")
    expect(page.get_by_label("使用单键操作")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("xj?")
    expect(page.locator("#q")).to_have_value("xj?")
    page.get_by_label("使用单键操作").uncheck()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()
    rows.nth(1).get_by_role("link", name="办理").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tasks/{tasks[1]}")


def test_many_are_decided_without_scripts(enter: Enter, world: World) -> None:
    for _ in range(2):
        world.bring_to(world.enter(route="city"), "office_review")
    page = enter(world.person("office"), scripts=False)
    page.goto("/")
    for box in page.get_by_role("checkbox", name="选择").all():
        box.check()
    page.get_by_label("初审不通过", exact=True).check()
    page.get_by_label("理由").fill("样例：不符合条件")
    page.get_by_role("button", name="预览").click()
    page.get_by_role("button", name="确认办理 2 名").click()
    expect(page.locator(".note.good")).to_have_text("已对2名人选作出答复“初审不通过”。")
