"""Do the pages of screening fit an office screen and a phone, and are they accessible?"""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OFFICE_SCREEN, PHONE, Enter
from tests.browser.test_look import fits, overflows, violations
from tests.world import World


@pytest.mark.parametrize("size", [OFFICE_SCREEN, PHONE], ids=["office", "phone"])
def test_queue_preview_task_and_countersigning_fit(enter: Enter, world: World, size: tuple[int, int]) -> None:
    case, other = world.enter(public_power=True), world.enter()
    world.bring_to(case, "department_opinions")
    world.answer("department_opinions", case, "object", body="police", reason="样例：有未结案件")
    world.bring_to(case, "office_review")
    world.bring_to(other, "department_opinions")
    office = enter(world.person("office"), size)
    fits(office, f"/cases/{other.id}")
    fits(office, f"/tasks/{world.assignments('office_review', case)[0].id}")
    office.locator(".proof summary").first.click()
    expect(office.locator(".proof img").first).to_be_visible()
    assert overflows(office) is False
    fits(office, f"/cases/{case.id}/correct")
    fits(office, f"/cases/{case.id}/correct?field=employer&field=phone")
    fits(office, "/review?tab=coming")
    fits(office, "/review")
    office.get_by_role("checkbox").first.check()
    office.get_by_label("初审通过", exact=True).check()
    office.get_by_role("button", name="预览").click()
    expect(office.get_by_role("heading", name="将办理 1 名")).to_be_visible()
    assert (violations(office), overflows(office)) == ([], False)
