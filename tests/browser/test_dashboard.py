"""Does Prefect's dashboard work behind our login, without asking any other host, and lead back and forth?"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from models.case import Case
from models.database import transaction
from settings import DASHBOARD, LOOPBACK, settings
from tasks.accounts import open_login
from tasks.runs import timeline_key
from tests.browser.conftest import OFFICE_SCREEN
from tests.flows.dashboard import Dashboard, until
from tests.flows.walked import Walked
from tests.world import World


@pytest.fixture
def asked(chromium: Browser, world: World) -> Iterator[tuple[Page, list[str]]]:
    """The office's browser, and every address that it has asked; the dashboard's own warnings are not ours."""
    width, height = OFFICE_SCREEN
    context = chromium.new_context(viewport={"width": width, "height": height}, base_url=settings().base_url)
    with transaction() as session:
        token = open_login(session, world.person("office"))
    cookies = {"session": token, "season": world.season.key}
    context.add_cookies(
        [{"name": n, "value": v, "domain": LOOPBACK, "path": "/"} for n, v in cookies.items()]
    )
    page, addresses = context.new_page(), list[str]()
    page.set_default_timeout(20_000)
    page.on("request", lambda request: addresses.append(request.url))
    yield page, addresses
    context.close()


def waiting(world: World) -> Case:
    """A case whose run waits at its first gate."""
    case = world.enter()
    Walked(world, Dashboard()).waits_at(case, "application")
    return case


def test_from_the_case_to_its_run_and_back_without_a_password(
    asked: tuple[Page, list[str]], world: World
) -> None:
    page, addresses = asked
    case = waiting(world)

    page.goto(f"/cases/{case.id}")
    page.get_by_role("link", name="在流程看板中查看本案的运行").click()
    expect(page.get_by_text(f"{case.number}·").first).to_be_visible()
    page.get_by_role("link", name="返回认定系统").click()
    expect(page).to_have_url(f"{settings().base_url}/cases/{case.id}")

    sweep = Dashboard().quick_run("clockwork", {})
    until(lambda: (run := Dashboard().run(sweep)) and run.state == "Completed", "the sweep")
    page.goto(f"/status/artifacts/{timeline_key(case.id)}")
    page.get_by_role("link", name="在认定系统中打开").click()
    expect(page).to_have_url(f"{settings().base_url}/cases/{case.id}")

    page.goto("/status")
    page.get_by_role("link", name="本年度的运行", exact=True).click()
    expect(page.get_by_text(f"{case.number}·").first).to_be_visible()
    assert [u for u in addresses if not u.removeprefix("blob:").startswith(settings().base_url)] == []
    assert [url for url in addresses if f"{DASHBOARD}/api/flow_runs/" in url] != []


def test_the_state_is_refreshed_without_reloading(asked: tuple[Page, list[str]]) -> None:
    page, _ = asked
    page.clock.install()
    page.goto("/status")
    expect(page.locator("#part-prefect .tag")).to_have_text("正常")
    page.locator("#parts").evaluate("parts => parts.classList.add('seen')")

    page.clock.fast_forward(10_000)

    expect(page.locator("#parts.seen")).to_have_count(0)
    expect(page.locator("#part-engine .tag")).to_have_text("正常")
