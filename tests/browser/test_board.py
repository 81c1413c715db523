"""Does the board keep itself fresh, and is nothing lost where no script runs?"""

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.world import World

QUARTER_OF_A_MINUTE = 15_000
HALF_AN_HOUR = 1_800_000


def test_the_board_reads_itself_again_while_somebody_looks(enter: Enter, world: World) -> None:
    page = enter(world.person("office"))
    page.clock.install()
    page.goto("/board")
    cases = page.locator(".tiles .tile strong").first
    expect(cases).to_have_text("0")
    expect(page.locator("[data-bars] svg")).to_have_count(0)

    world.enter()
    world.enter()
    page.clock.run_for(QUARTER_OF_A_MINUTE)
    expect(cases).to_have_text("2")
    expect(page.locator("[data-bars=whom-table] svg")).to_be_visible()

    page.get_by_label("只看表").check()
    expect(page.locator("[data-bars=whom-table]")).to_be_hidden()
    page.get_by_label("只看图").check()
    expect(page.locator("#whom-table")).to_be_hidden()

    page.clock.fast_forward(HALF_AN_HOUR)
    page.clock.run_for(2 * QUARTER_OF_A_MINUTE)
    expect(page.locator("#board-read")).to_contain_text("已停止自动更新")

    page.goto("/board/timeline")
    expect(page.locator("[data-spans] svg")).to_be_visible()

    plain = enter(world.person("office"), scripts=False)
    plain.goto("/board")
    expect(plain.locator("#whom-table tbody tr")).to_have_count(1)
    expect(plain.locator(".board-view")).to_be_hidden()
    plain.get_by_role("link", name="刷新").click()
    expect(plain.locator("#stages-table")).to_be_visible()
