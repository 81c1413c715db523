"""Does an objection lead, click by click, to a free place, a second public notice and the right names in the result?"""

import pytest
from playwright.sync_api import Page, expect

from models.case import Case
from models.notice import SHANGHAI
from models.words import Outcome
from tests.browser.conftest import PHONE, Enter
from tests.publishing import published
from tests.season.story import until
from tests.world import World


def object_as_anybody(page: Page, case: Case) -> str:
    """Somebody without an account, on a phone; what he is told to keep: the receipt's number."""
    page.goto("/public")
    page.get_by_role("link", name="提出异议").click()
    page.locator("#against").select_option(str(case.id))
    page.locator("#objector").fill("样例群众")
    page.locator("#contact").fill("0772-0000000")
    page.locator("#text").fill("样例：工龄不实。")
    page.get_by_label("我承诺所反映的情况属实", exact=False).check()
    page.get_by_role("button", name="提交异议").click()
    expect(page.locator("main")).to_contain_text("回执")
    return page.url.rsplit("/", 1)[1]


def uphold(page: Page, receipt: str) -> None:
    """The office finds it in the menu, looks into it, and concludes."""
    page.goto("/")
    page.get_by_role("link", name="异议办理").click()
    expect(page.locator("main")).to_contain_text(receipt)
    page.get_by_label("核实情况").fill("样例：经核实，工龄不足。")
    page.get_by_role("button", name="记录核实情况").click()
    page.get_by_label("异议成立，取消参评资格", exact=False).check()
    page.get_by_label("理由").fill("样例结论：不符合申报条件。")
    page.get_by_role("button", name="作出结论").click()
    expect(page.locator("main")).to_contain_text("异议成立")


def move_past(page: Page, world: World, step: str) -> None:
    """The last day of what is open passes, by the practice clock."""
    page.goto("/season")
    page.get_by_label("推进到指定日期").fill(f"{world.gate(step).due_at.astimezone(SHANGHAI):%Y-%m-%d}")
    page.get_by_role("button", name="推进", exact=True).click()
    expect(page.locator(".note.good")).to_contain_text("演练时钟已调整到")


def answer(page: Page, world: World, step: str, label: str) -> None:
    """Find the task among what waits once the run has opened it, choose, and send."""
    until(lambda: world.open_steps() == [step], step)
    [task] = world.assignments(step)
    page.goto("/")
    page.locator(f'a[href="/tasks/{task.id}"]').first.click()
    page.get_by_label(label, exact=False).first.check()
    page.locator("#decide button.primary").click()
    expect(page.locator(".note.good")).to_contain_text("已答复")


@pytest.mark.timeout(240)
def test_upheld_objection_leads_to_a_second_notice_and_the_right_result(enter: Enter, world: World) -> None:
    first, held, spare = published(world, "丁样例", "韦样例", "覃样例", reserve=1)
    anybody, office = enter(None, PHONE), enter(world.person("office"))
    uphold(office, object_as_anybody(anybody, first))
    anybody.goto("/public")
    expect(anybody.locator("table")).not_to_contain_text("丁样例")

    move_past(office, world, "public_notice")
    answer(office, world, "public_notice", "公示期满")
    leader = enter(world.person("leading_group"))
    answer(leader, world, "vacancy", "递补")
    answer(enter(world.person("releaser")), world, "release", "准予公示")
    until(lambda: world.open_steps() == ["public_notice"], "the second public notice")
    anybody.goto("/public")
    expect(anybody.locator("main")).to_contain_text("本次公示新增1名人选：覃样例")
    move_past(office, world, "public_notice")
    answer(office, world, "public_notice", "公示期满")
    answer(office, world, "joint_draft", "送主办单位会签")
    until(lambda: world.open_steps() == ["joint_document"], "the signing")
    while world.assignments("joint_document"):
        world.answer("joint_document")
    until(lambda: world.case(spare).outcome == Outcome.RECOGNISED, "the title")

    office.goto("/document")
    office.locator("#number").fill("样例文号〔2026〕12号")
    office.locator("#dated").fill(f"{world.now().astimezone(SHANGHAI):%Y-%m-%d}")
    office.get_by_role("button", name="登记", exact=True).click()
    expect(office.locator(".note.good")).to_be_visible()
    anybody.goto("/public")
    anybody.get_by_role("link", name="查看认定结果").click()
    told = anybody.locator("tbody")
    expect(told).to_contain_text("韦样例")
    expect(told).to_contain_text("覃样例")
    expect(told).not_to_contain_text("丁样例")
    outcomes = [world.case(c).outcome for c in (first, held, spare)]
    assert outcomes == [Outcome.DISQUALIFIED, Outcome.RECOGNISED, Outcome.RECOGNISED]
