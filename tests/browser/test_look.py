"""Do the pages fit an office screen and a phone, without scripts too, for keyboards and screen readers?"""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from models.database import reading
from models.people import Person
from tests.browser.conftest import OFFICE_SCREEN, PHONE, Enter
from tests.browser.filling import fill_form, upload_papers
from tests.world import World

# The engine opens what comes next in these worlds; nothing here decides anything.
PAGES = (
    *("/", "/?tab=done", "/cases", "/cases/new", "/season", "/lists", "/objections", "/mailbox", "/public"),
    *("/document", "/award", "/publicity", "/mails", "/mails/preview"),
    *("/panels", "/experts", "/recusals", "/status"),
    *("/board", "/board/timeline", "/board/forecast", "/board/waiting"),
)


def violations(page: Page) -> list[Any]:
    """What axe finds on the whole page: half of one may lack the title that a part is named by."""
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    return [(v["id"], [n["target"] for n in v["nodes"]]) for v in found]


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.mark.parametrize("size", [OFFICE_SCREEN, PHONE], ids=["office", "phone"])
def test_every_page_fits_and_is_accessible(enter: Enter, world: World, size: tuple[int, int]) -> None:
    case = world.enter()
    page = enter(world.person("office"), size)
    for path in (*PAGES, f"/cases/{case.id}"):
        page.goto(path)
        assert (path, violations(page), overflows(page)) == (path, [], False)


def fits(page: Page, path: str) -> None:
    page.goto(path)
    assert (path, violations(page), overflows(page)) == (path, [], False)


@pytest.mark.parametrize("size", [OFFICE_SCREEN, PHONE], ids=["office", "phone"])
def test_every_kind_of_task_fits_and_is_accessible(enter: Enter, world: World, size: tuple[int, int]) -> None:
    """A return that was corrected, a review, scores, a list with a laggard, a meeting, a list that was made."""
    case, late = world.enter(), world.enter()
    world.bring_to(case, "county_review")
    world.answer("county_review", case, "return", reason="缺章", items=("补盖公章",))
    world.pump()
    filler, office = enter(world.filler(), size), enter(world.person("office"), size)
    fits(filler, f"/cases/{case.id}/edit")
    world.bring_to(case, "office_review")
    fits(office, f"/tasks/{world.assignments('office_review', case)[0].id}")
    world.bring_to(case, "expert_review")
    task = world.assignments("expert_review", case)[0]
    with reading() as session:
        expert = enter(session.get_one(Person, task.person_id), size)
    fits(expert, f"/tasks/{task.id}")
    world.bring_to(case, "proposed_list")
    world.move_to(world.notice.starts("expert_review"))
    world.pump()
    [ranking] = world.assignments("proposed_list")
    fits(office, f"/tasks/{ranking.id}")
    world.answer("proposed_list", facts={"laggards": {str(late.id): "lapse"}})
    world.pump()
    for path in ("/meetings", f"/meetings/{world.gate('party_meeting').id}"):
        fits(office, path)
    world.hold("party_meeting")
    meeting = enter(world.person("party_group"), size)
    fits(meeting, f"/tasks/{world.assignments('party_meeting')[0].id}")
    office.goto("/lists")
    office.get_by_role("link", name="查看").first.click()
    assert (violations(office), overflows(office)) == ([], False)
    fits(office, f"/cases/{case.id}")
    fits(office, f"/tasks/{ranking.id}")


@pytest.mark.parametrize("size", [OFFICE_SCREEN, PHONE], ids=["office", "phone"])
def test_the_pages_before_the_login_fit_too(enter: Enter, size: tuple[int, int]) -> None:
    page = enter(None, size)
    for path in ("/login", "/public"):
        page.goto(path)
        assert (path, violations(page), overflows(page)) == (path, [], False)


def test_a_form_with_errors_leads_to_them(enter: Enter, world: World) -> None:
    page = enter(world.filler())
    page.goto("/cases/new")
    page.get_by_role("button", name="保存，下一步上传材料").click()
    expect(page.locator("#errors")).to_be_focused()
    assert violations(page) == []
    page.locator("#errors a").first.click()
    assert page.evaluate("location.hash") == "#name"


def test_everything_works_without_scripts(enter: Enter, world: World) -> None:
    page = enter(world.filler(), scripts=False)
    page.goto("/cases/new")
    fill_form(page, world, name="韦秀兰（样例）")
    page.get_by_role("button", name="再加一行").first.click()
    expect(page.locator('[data-lines="history"] .line')).to_have_count(4)
    expect(page.get_by_label("姓名").first).to_have_value("韦秀兰（样例）")
    page.get_by_role("button", name="保存，下一步上传材料").click()
    expect(page.locator(".note.good")).to_contain_text("已保存为草稿")
    upload_papers(page, world)
    page.get_by_role("button", name="保存并提交申报").click()
    expect(page.locator(".note.good", has_text="已提交")).to_be_visible()


def test_scripts_of_strangers_do_not_run(enter: Enter, world: World) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    case = world.enter(name=evil[:80], summary=evil, employer=evil, occupation=evil, post=evil)
    page = enter(world.person("office"))
    asked: list[str] = []
    page.on("dialog", lambda d: asked.append(d.message))
    for path in (
        "/cases",
        f"/cases/{case.id}",
        f"/cases?q={evil}",
        f"/mailbox?q={evil}",
        f"/login?next={evil}",
    ):
        page.goto(path)
        assert page.locator("img[src=x]").count() == 0
    assert asked == []


def test_the_keyboard_reaches_the_main_part_first(enter: Enter, world: World) -> None:
    page = enter(world.person("office"))
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_menu_opens_on_a_phone_and_leaves_the_page_its_room(enter: Enter, world: World) -> None:
    page = enter(world.person("office"), PHONE)
    page.goto("/board")
    menu = page.get_by_role("navigation", name="主菜单")
    expect(menu).to_be_hidden()

    page.get_by_role("button", name="菜单").click()
    menu.get_by_role("link", name="已办").click()

    page.wait_for_url("**/?tab=done")
    expect(menu).to_be_hidden()


def test_the_menu_stands_beside_the_page_on_an_office_screen(enter: Enter, world: World) -> None:
    page = enter(world.person("office"), OFFICE_SCREEN)
    page.goto("/board")

    expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()
    expect(page.get_by_role("button", name="菜单")).to_be_hidden()
