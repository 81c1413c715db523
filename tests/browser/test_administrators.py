"""Do the three administrators together bring a new clerk of a county's union to work?"""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from models.account_words import AdminRole, ProposalKind
from models.database import reading, transaction
from models.granting import AccountInvitation
from models.people import Person
from notifications.links import account_token
from tasks.administering import make_account
from tasks.granting import propose
from tests.administrators import account, administrator
from tests.browser.conftest import OFFICE_SCREEN, PHONE, Enter
from tests.browser.test_look import fits
from tests.world import World

LOGIN, PASSWORD = "yufeng.xinren", "Da-Hai-Li-De-Yu-8"


def link_of(login: str) -> str:
    """Where the mail leads."""
    with reading() as session:
        person = session.exec(select(Person).where(Person.login == login)).one()
        wanted = select(AccountInvitation).where(AccountInvitation.person_id == person.id)
        newest = session.exec(wanted.order_by(col(AccountInvitation.made_at).desc())).first()
    assert newest is not None
    return f"/welcome/{account_token(newest.id)}"


def make_and_propose(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="新建账号").click()
    page.get_by_label("姓名").fill("样例新经办")
    page.get_by_label("登录名").fill(LOGIN)
    page.get_by_label("电子邮箱").fill(f"{LOGIN}@example.org")
    page.get_by_role("button", name="新建并发送链接").click()
    page.get_by_role("link", name="申请授予席位").click()
    page.get_by_label("机构").select_option("county_union")
    page.get_by_label("单位", exact=True).fill("鱼峰区总工会")
    page.get_by_label("依据或理由").fill("区总工会报送的经办人员表")
    page.get_by_role("button", name="提出申请").click()
    expect(page.get_by_text("等另一名安全管理员确认后生效")).to_be_visible()


def set_password(page: Page) -> None:
    page.goto(link_of(LOGIN))
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输一遍密码").fill(PASSWORD)
    page.get_by_role("button", name="设置密码并登录").click()
    expect(page.get_by_role("heading", name="我的待办")).to_be_visible()


def test_a_new_clerk_is_set_up_by_two_and_seen_by_the_third(enter: Enter, world: World) -> None:
    case = world.enter(name="样例区内人选")
    clerk = enter()
    make_and_propose(enter(administrator(AdminRole.SYSTEM)))
    set_password(clerk)
    clerk.goto("/cases")
    expect(clerk.get_by_text("样例区内人选")).to_have_count(0)

    security = enter(administrator(AdminRole.SECURITY))
    security.goto("/")
    row = security.get_by_role("row", name="样例新经办")
    expect(row).to_contain_text("鱼峰区总工会")
    row.get_by_role("button", name="确认").click()
    expect(security.get_by_text("已确认，立即生效")).to_be_visible()

    clerk.goto(f"/cases/{case.id}")
    expect(clerk.get_by_role("heading", name=re.compile("样例区内人选")).first).to_be_visible()

    auditor = enter(administrator(AdminRole.AUDIT))
    auditor.goto("/audit?q=样例新经办")
    for said in ("新建账号", "提出申请", "修改密码", "登录", "授予席位", "确认申请"):
        expect(auditor.get_by_role("cell", name=said, exact=True).first).to_be_visible()
    with auditor.expect_download() as saved:
        auditor.get_by_role("button", name="导出 Excel").click()
    assert saved.value.suggested_filename.endswith(".xlsx")


@pytest.mark.parametrize("size", [OFFICE_SCREEN, PHONE], ids=["office", "phone"])
def test_their_pages_fit_and_are_accessible(enter: Enter, world: World, size: tuple[int, int]) -> None:
    system, other = administrator(AdminRole.SYSTEM), administrator(AdminRole.AUDIT)
    with transaction() as session:
        propose(session, system, other.id, ProposalKind.ADDRESS, {"email": "neu@example.org"}, "样例理由")
    one = f"/accounts/{other.id}"
    seen = (
        (
            system,
            (
                *("/accounts", "/accounts/new", one, f"/accounts/{account().id}/propose/role"),
                *(f"{one}/propose/seat", "/grants", "/account", "/password", "/second-factor"),
            ),
        ),
        (administrator(AdminRole.SECURITY), ("/grants", f"{one}/take/role")),
        (other, ("/audit?check=1",)),
    )
    with transaction() as session:
        login = f"mail{size[0]}"
        make_account(session, system, name="样例", login=login, email=f"{login}@example.org")
    fits(enter(None, size), link_of(login))
    for person, paths in seen:
        page = enter(person, size)
        for path in paths:
            fits(page, path)
