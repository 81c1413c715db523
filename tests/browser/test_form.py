"""Is the application quick to fill in, and is nothing lost on the way? In Chromium, with the scripts of the form."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from models.case import Case
from models.database import reading
from models.personal import whole_form
from models.tidy import count_characters
from tests.browser.conftest import OFFICE_SCREEN, PHONE, Enter
from tests.browser.filling import fill_form
from tests.browser.test_look import overflows, violations
from tests.world import World

KEPT = re.compile(r"已自动保存 \d\d:\d\d")
PATIENCE = 8000
ODD = [
    "",
    "  一二 ",
    "一\n\n二\n",
    "𬱖😀",
    "e\u0301",
    "张\u200b三\ufeff",
    "👨\u200d🔧",
    "甲\u200d乙",
    "\u3000全角\u3000",
    "a\tb",
    "\u2028行",
]


@pytest.fixture
def case(world: World) -> Case:
    return world.enter(name="覃立恒（样例）", id_number="", birth_date="", sex="")


def open_form(page: Page, case: Case) -> None:
    page.goto(f"/cases/{case.id}/edit")


@pytest.mark.parametrize("size", [OFFICE_SCREEN, PHONE], ids=["office", "phone"])
def test_the_form_of_every_channel_fits_and_is_accessible(
    enter: Enter, world: World, size: tuple[int, int]
) -> None:
    page = enter(world.person("office"), size)
    for channel in ("unit", "professional", "self"):
        page.goto("/cases/new")
        page.locator(f"#channel-{channel}").check()
        assert (channel, violations(page), overflows(page)) == (channel, [], False)
    assert page.locator("#section-recommendation").is_hidden()
    page.locator("#channel-professional").check()
    expect(page.locator("#section-recommendation")).to_be_visible()
    own = world.enter(channel="professional", route="city", person=world.person("office"))
    open_form(page, own)
    assert (violations(page), overflows(page)) == ([], False)


def test_the_id_number_tells_birth_date_and_sex(enter: Enter, world: World, case: Case) -> None:
    page = enter(world.filler())
    open_form(page, case)
    page.locator("#id_number").fill("45020319850615991")
    page.locator("#name").focus()
    told = page.locator('[data-told="id_number"]')
    expect(told).to_have_text("应为18位，现在是17位。")
    page.locator("#id_number").fill("450203 19850615 9918")
    expect(told).to_contain_text("校验位不对")
    page.locator("#id_number").fill("45020319850615９９1７")
    expect(told).to_contain_text("男，1985-06-15出生")
    expect(page.locator("#birth_date")).to_have_value("1985-06-15")
    expect(page.locator("#sex")).to_have_value("男")


def test_what_is_typed_is_kept_and_comes_back(enter: Enter, world: World, case: Case) -> None:
    page = enter(world.filler())
    open_form(page, case)
    page.locator("#summary").fill("写到一半的事迹")
    expect(page.locator("#kept")).to_have_text(KEPT, timeout=PATIENCE)
    page.locator("#post").fill("刚刚改的职务")
    page.goto("/")
    for _ in range(10):  # what was typed last is still on its way when the next page is asked for
        open_form(page, case)
        if page.locator("#post").input_value() == "刚刚改的职务":
            break
    expect(page.locator("#restored")).to_contain_text("自动保存的内容，尚未保存")
    expect(page.locator("#summary")).to_have_value("写到一半的事迹")
    expect(page.locator("#post")).to_have_value("刚刚改的职务")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="放弃").click()
    expect(page.locator("#summary")).to_have_value("样例简要事迹")
    expect(page.locator("#restored")).to_have_count(0)


def test_saving_leaves_nothing_behind(enter: Enter, world: World, case: Case) -> None:
    page = enter(world.filler())
    open_form(page, case)
    page.locator("#summary").fill("保存的事迹")
    page.get_by_role("button", name="保存草稿").last.click()
    expect(page.locator(".note.good")).to_contain_text("已保存为草稿")
    open_form(page, case)
    expect(page.locator("#restored")).to_have_count(0)
    assert world.case(case).form["summary"] == "保存的事迹"


def test_a_lost_connection_is_said(enter: Enter, world: World, case: Case) -> None:
    page = enter(world.filler())
    open_form(page, case)
    page.route("**/typed", lambda route: route.fulfill(status=200, body="not what was asked for"))
    page.locator("#summary").fill("写到一半的事迹")
    expect(page.locator("#kept")).to_have_text("自动保存失败，请先手工保存", timeout=PATIENCE)


def test_lines_are_added_and_taken_away(enter: Enter, world: World, case: Case) -> None:
    page = enter(world.filler())
    open_form(page, case)
    lines = page.locator('[data-lines="history"] .line')
    for n in (2, 3):
        page.locator(f"#history-{n}-period").fill(f"200{n}—201{n}")
        page.locator(f"#history-{n}-where").fill(f"样例{n}厂")
    page.locator('[data-lines="history"] [data-more]').click()
    expect(page.locator("#history-4-period")).to_be_focused()
    page.locator("#history-4-where").fill("样例4厂")
    page.locator("#history-4-period").fill("2004—2014")
    page.get_by_role("button", name="删去工作简历第2行").click()
    expect(lines).to_have_count(3)
    expect(page.locator("#history-3-where")).to_have_value("样例4厂")
    page.get_by_role("button", name="保存草稿").last.click()
    expect(page.locator(".note.good")).to_contain_text("已保存为草稿")
    assert [row["where"] for row in world.case(case).form["history"]] == [
        "样例工作单位",
        "样例3厂",
        "样例4厂",
    ]


def test_a_filled_blank_ticks_its_box_and_sections_are_marked(enter: Enter, world: World, case: Case) -> None:
    page = enter(world.filler())
    open_form(page, case)
    page.locator("#craft-2").fill("手工刮研")
    expect(page.locator("#craft-2-tick")).to_be_checked()
    mark = page.locator('[data-of="deeds"]')
    expect(mark).to_have_attribute("data-state", "done")
    page.locator("#summary").fill("")
    expect(mark).to_have_attribute("data-state", "open")
    page.locator("#summary").fill("长" * 301)
    expect(page.locator('[data-counts="summary"]')).to_have_text("超出 1 字（最多 300 字）")
    expect(mark).to_have_attribute("data-state", "open")


def test_occupations_follow_the_category(enter: Enter, world: World, case: Case) -> None:
    page = enter(world.filler())
    open_form(page, case)
    page.locator("#category").select_option("manufacturing")
    offered = page.locator("#occupations option")
    category = next(c for c in world.notice.categories if c.key == "manufacturing")
    expect(offered).to_have_count(len(category.occupations))
    page.locator("#category").select_option("other")
    assert offered.count() == sum(len(c.occupations) for c in world.notice.categories)


def test_characters_are_counted_alike_here_and_there(enter: Enter, world: World, case: Case) -> None:
    page = enter(world.filler())
    open_form(page, case)
    counted = [page.evaluate("text => countCharactersOf(text)", text) for text in ODD]
    assert counted == [count_characters(text) for text in ODD]


def test_a_form_filled_in_here_is_complete(enter: Enter, world: World) -> None:
    page = enter(world.filler())
    page.goto("/cases/new")
    form = fill_form(page, world, name="韦秀兰（样例）", id_number="450203198506159917", sex="男")
    page.get_by_role("button", name="保存，下一步上传材料").click()
    expect(page.locator(".note.good")).to_contain_text("已保存为草稿")
    marks = page.locator(".sections li")
    expect(marks).to_have_count(7)
    assert [m.get_attribute("data-state") for m in marks.all()] == [*["done"] * 6, "open"]
    with reading() as session:
        case = session.exec(select(Case).where(Case.season_id == world.season_id)).one()
    assert whole_form(case) == form | {"indicators": [i.key for i in world.notice.indicators]}
