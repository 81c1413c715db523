"""Does a clerk put in a filled-in 附件1 in Chromium: choose it, check it beside its picture, mend it, save it?"""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import select

from models.attachment import Attachment
from models.case import Case
from models.database import transaction
from models.personal import whole_form
from tests.browser.conftest import PHONE, Enter
from tests.documents.test_read_expert_letter import FIRST, SECOND, TITLE, expert, letter
from tests.documents.word_files import HANDLER, HEAD, document, with_value
from tests.world import World

FORM = "样例甲-附件1-申请表.docx"
LETTER = "样例甲-附件4-专家推荐函.docx"
PROFESSIONAL = (*HEAD[:2], "推荐单位：专业人士推荐\t填表日期：2026年3月6日", HANDLER)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A form with one thing to mend, and a letter of two experts."""
    spoilt = with_value("技能等级", "☑高级技师  ☑技师  □高级工  □中级工  □初级工  □无")
    (tmp_path / FORM).write_bytes(document(spoilt, PROFESSIONAL))
    both = letter(expert("推荐专家\n一", FIRST), expert("推荐专家\n二", SECOND))
    (tmp_path / LETTER).write_bytes(document(both, TITLE))
    return tmp_path


def read_in(page: Page, *files: Path) -> None:
    page.goto("/cases/new")
    page.get_by_text("已有填好的附件1").click()
    page.locator("#word-files").set_input_files(list(files))
    page.get_by_role("button", name="上传并读入").click()
    expect(page.get_by_role("heading", name="上传的原表")).to_be_visible()


def saved_case(world: World) -> Case:
    with transaction() as session:
        return session.exec(select(Case).where(Case.season_id == world.season_id)).one()


def is_clean(page: Page) -> bool:
    return bool(Axe().run(page).violations_count == 0)


def test_clerk_checks_what_was_read_and_saves_it(enter: Enter, world: World, files: Path) -> None:
    page = enter(world.person("office"))
    read_in(page, files / FORM, files / LETTER)

    problem = page.locator("#errors a").first
    expect(problem).to_contain_text("“技能等级”同时勾选了")
    assert page.locator(".reading img").first.evaluate("image => image.naturalWidth") > 800
    assert is_clean(page)

    page.locator("#skill_grade").select_option("高级技师")
    page.get_by_role("button", name="保存，下一步上传材料").click()
    expect(page.locator("main")).to_contain_text("已保存为草稿")

    case = saved_case(world)
    form = whole_form(case)
    assert (case.channel, form["skill_grade"], form["name"]) == ("professional", "高级技师", "样例甲")
    assert [row["name"] for row in form["recommenders"]] == [FIRST[0], SECOND[0]]
    with transaction() as session:
        kept = session.exec(select(Attachment.document).where(Attachment.case_id == case.id)).all()
    assert sorted(kept) == ["application_form", "expert_letters", "photo"]


def test_on_a_phone_the_picture_stands_above_the_form(enter: Enter, world: World, files: Path) -> None:
    page = enter(world.filler(), PHONE)
    read_in(page, files / FORM)

    picture, form = page.locator(".reading").bounding_box(), page.locator("#application").bounding_box()
    assert picture is not None
    assert form is not None
    assert picture["y"] + picture["height"] <= form["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert is_clean(page)


def test_it_works_without_scripts(enter: Enter, world: World, files: Path) -> None:
    page = enter(world.person("office"), scripts=False)
    read_in(page, files / FORM, files / LETTER)

    page.get_by_role("button", name="保存，下一步上传材料").click()

    expect(page.locator("main")).to_contain_text("已保存为草稿")
    assert saved_case(world).name == "样例甲"
