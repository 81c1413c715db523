"""Does a clerk of the office get from a unit's mail to a draft, on a screen and on a phone? (F21, F33)"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from models.case import Case
from models.database import reading
from simulation.papers import docx, pdf, picture
from tests.browser.conftest import OFFICE_SCREEN, PHONE, Enter
from tests.browser.test_look import violations
from tests.documents.sheets import people, sheet
from tests.mails import Letter, filled_application, word
from tests.world import UNIT, World, complete_form

NAME = "样例甲"
SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def unit_mail(world: World) -> bytes:
    form = complete_form(world.notice, "unit", {"name": NAME})
    letter = Letter().attach_as(f"{NAME}-附件1-申请表.docx", filled_application(world.notice, form, UNIT))
    letter.attach_as(f"{NAME}-身份证.jpg", picture()).attach_as(f"{NAME}-无犯罪记录证明.pdf", pdf())
    letter.attach_as(f"{NAME}-事迹材料.docx", docx()).attach_as("winmail.dat", b"\x78\x9f\x3e\x22")
    return letter.bytes()


def upload(page: Page, folder: Path, raw: bytes) -> None:
    file = folder / "样例来信.eml"
    file.write_bytes(raw)
    page.goto("/inbox")
    page.get_by_label("邮件文件（.eml").set_input_files(file)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("status").first).to_contain_text("已收下这封邮件")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_mail_of_a_unit_becomes_a_draft(enter: Enter, world: World, tmp_path: Path, scripts: bool) -> None:
    page = enter(world.person("office"), scripts=scripts)
    upload(page, tmp_path, unit_mail(world))
    expect(page.get_by_text("未核实")).to_be_visible()
    expect(page.get_by_text("没有收下：这是 Outlook 专用的打包附件")).to_be_visible()

    page.get_by_role("link", name="按申请表建立草稿").click()
    expect(page.get_by_role("textbox", name="姓名 （必填）")).to_have_value(NAME)
    expect(page.locator("#unit_id option:checked")).to_have_text(UNIT)
    page.get_by_role("button", name="建立草稿").click()

    expect(page.get_by_role("textbox", name="姓名 （必填）")).to_have_value(NAME)
    with reading() as session:
        [case] = session.exec(select(Case).where(Case.season_id == world.season_id))
    page.goto(f"/cases/{case.id}/files")
    expect(page.get_by_text("已上传 1 份")).to_have_count(4)
    page.goto("/inbox?tab=claimed")
    expect(page.get_by_text("已用 4 个")).to_be_visible()


def test_summary_in_a_mail_is_checked_and_imported(enter: Enter, world: World, tmp_path: Path) -> None:
    page = enter(world.person("office"))
    subject = word("鱼峰区总工会申报2025年度柳州工匠材料").encode()
    upload(page, tmp_path, Letter(subject=subject).attach_as("汇总表.xlsx", sheet(people(2))).bytes())

    page.get_by_role("button", name="校验并导入汇总表").click()

    expect(page).to_have_url(re.compile("/imports/"))
    expect(page.get_by_text("样例乙").first).to_be_visible()


@pytest.mark.parametrize("size", [OFFICE_SCREEN, PHONE], ids=["screen", "phone"])
def test_pages_fit_and_are_accessible(
    enter: Enter, world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    page = enter(world.person("office"), size=size)
    upload(page, tmp_path, unit_mail(world))
    mail = page.url
    draft = page.get_by_role("link", name="按申请表建立草稿").get_attribute("href") or ""
    view = page.get_by_role("link", name="预览").first.get_attribute("href") or ""

    for path in ("/inbox", mail, draft, view):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        assert violations(page) == [], path


def test_nothing_in_a_mail_runs(enter: Enter, world: World, tmp_path: Path) -> None:
    page = enter(world.person("office"))
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    letter = Letter(
        sender=f"{word(SCRIPT)} <x@example.org>".encode(), subject=word(SCRIPT).encode(), text=SCRIPT
    )
    form = complete_form(world.notice, "unit", {"name": "样例<b>", "industry": SCRIPT[:50]})
    letter.attach_as(f"{SCRIPT.replace('/', '')}附件1.docx", filled_application(world.notice, form, SCRIPT))

    upload(page, tmp_path, letter.bytes())
    expect(page.get_by_role("heading", level=1)).to_have_text(SCRIPT)
    page.get_by_role("link", name="按申请表建立草稿").click()
    expect(page.get_by_role("textbox", name="姓名 （必填）")).to_have_value("样例<b>")
    page.goto("/inbox")

    assert dialogs == []
