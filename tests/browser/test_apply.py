"""Does a craftsman get from the public page to a handed-in application, on a phone, by the link in his mail?"""

import re
import time

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from models.case import Case
from models.database import reading
from models.incoming import Invitation
from simulation.papers import paper_for
from tests.browser.conftest import PHONE, Enter
from tests.browser.filling import agree
from tests.browser.test_look import overflows, violations
from tests.world import World, complete_form

NAME, EMAIL = "样例匠", "craftsman@example.org"
PATIENCE = 30.0


def ask_for_a_link(page: Page, email: str) -> None:
    page.goto("/apply")
    assert (violations(page), overflows(page)) == ([], False)
    page.get_by_label("姓名").fill(NAME)
    page.get_by_label("电子邮箱").fill("craftsman")
    page.get_by_role("button", name="发送填写链接").click()
    expect(page.locator("#errors")).to_contain_text("电子邮箱的格式不对")
    page.get_by_label("电子邮箱").fill(email)
    page.get_by_role("button", name="发送填写链接").click()
    expect(page.locator("h1")).to_have_text("请查收邮件")


def link_in_the_mail(office: Page, email: str) -> str:
    """The link as it stands in the mail that was caught."""
    deadline = time.monotonic() + PATIENCE
    office.goto(f"/mailbox?q={email}")
    mail = office.get_by_role("link", name=re.compile("^(?!打开).*个人自荐申报链接"))
    while mail.count() == 0 and time.monotonic() < deadline:
        time.sleep(0.3)
        office.reload()
    mail.first.click()
    found = office.get_by_role("link", name="打开邮件中的任务链接").get_attribute("href")
    assert found
    return found


def fill_in(page: Page, world: World) -> None:
    """Every field that is asked for, as one types them."""
    form = complete_form(world.notice, "self", {"name": NAME, "email": EMAIL})
    for field in world.notice.fields_of("self"):
        value = form.get(field.key)
        control = page.locator(f'#application [name="{field.key}"]')
        if not field.required or control.count() == 0 or not isinstance(value, str):
            continue
        if control.first.get_attribute("type") in ("radio", "hidden"):
            page.locator(f'#application [name="{field.key}"][value="{value}"]').check()
        elif control.first.evaluate("e => e.tagName") == "SELECT":
            control.first.select_option(value)
        else:
            control.first.fill(value)
    for column, value in form["history"][0].items():
        page.locator(f'[name="history-1-{column}"]').fill(value)
    page.get_by_label("带徒", exact=True).check()
    agree(page)


def upload_what_is_asked(page: Page, world: World) -> None:
    for key in world.notice.channel("self").documents:
        document = world.notice.document(key)
        if document.required:
            filename, content = paper_for(document)
            row = page.locator(f"#{key}.files-row")
            row.locator("input[type=file]").set_input_files(
                {"name": filename, "mimeType": "application/octet-stream", "buffer": content}
            )
            expect(page.locator(f"#{key}.files-row .tag.green").first).to_contain_text("已上传")


def case_of(world: World) -> Case:
    with reading() as session:
        wanted = select(Case).join(Invitation, Invitation.case_id == Case.id)  # type: ignore[arg-type]
        return session.exec(wanted.where(Invitation.season_id == world.season_id)).one()


@pytest.mark.timeout(240)
def test_a_craftsman_nominates_himself_on_a_phone(enter: Enter, world: World) -> None:
    email = f"craftsman-{world.season_id.hex[:8]}@example.org"
    phone = enter(None, PHONE)
    ask_for_a_link(phone, email)
    link = link_in_the_mail(enter(world.person("office")), email)

    phone.goto(link)
    assert (violations(phone), overflows(phone)) == ([], False)
    expect(phone.locator("body")).not_to_contain_text(NAME)
    phone.get_by_role("button", name="开始填写").click()
    expect(phone.locator('[name="name"]')).to_have_value(NAME)
    assert (violations(phone), overflows(phone)) == ([], False)
    fill_in(phone, world)
    phone.locator('#application button[value="save"]:visible').last.click()
    expect(phone.locator(".note.good").first).to_contain_text("已保存为草稿")
    upload_what_is_asked(phone, world)
    phone.locator('button[value="submit"]:visible').last.click()
    expect(phone.locator(".note.good").first).to_contain_text("已提交")

    case = case_of(world)
    assert phone.url.endswith(f"/cases/{case.id}")
    expect(phone.locator("main")).to_contain_text("您已于")
    assert (violations(phone), overflows(phone)) == ([], False)
    assert case.form["email"] == email
    assert case.id_index is not None

    elsewhere = enter(None, PHONE)
    elsewhere.goto(link)
    elsewhere.get_by_role("button", name="继续办理").click()
    expect(elsewhere.locator("h1")).to_have_text(f"{NAME}的申报")
    elsewhere.get_by_role("button", name="退出办理").click()
    elsewhere.goto(f"/cases/{case.id}")
    expect(elsewhere).to_have_url(re.compile("/login"))


def test_the_pages_of_the_office_fit_and_are_accessible(enter: Enter, world: World) -> None:
    world.enter(name="样例甲", phone="19900000041")
    world.enter(channel="self", route="city", person=world.applicant(), name="样例甲", phone="19900000041")
    for size in ((1366, 768), PHONE):
        office = enter(world.person("office"), size)
        for path in ("/doubles", "/channels", "/invitations", "/winners"):
            office.goto(path)
            assert (path, violations(office), overflows(office)) == (path, [], False)
