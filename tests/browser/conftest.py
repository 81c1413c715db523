"""With what is the system tested as people see it? Everything runs, and Chromium opens the pages."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from models.database import transaction
from models.people import Person
from processes.supervise import Stack
from settings import LOOPBACK, settings
from tasks.accounts import open_login
from tests.world import World

CHROMIUM = "/usr/bin/chromium"
QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No Internet: no name and no address leads anywhere but to this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
OFFICE_SCREEN = (1366, 768)
PHONE = (390, 844)

Enter = Callable[..., Page]

# A busy machine may take its time; nothing is waited for any longer than it takes.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="package")
def chromium(running: Stack) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIETLY))
        yield browser
        browser.close()


def note(complaints: list[str], message: ConsoleMessage) -> None:
    """Warnings and errors; a form that comes back with what is wrong (422) is none."""
    if message.type in ("error", "warning") and "status of 422" not in message.text:
        complaints.append(message.text)


@pytest.fixture
def enter(chromium: Browser, world: World) -> Iterator[Enter]:
    """Opens a browser of its own for a person; everything it complains of, or asks of others, fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(
        person: Person | None = None, size: tuple[int, int] = OFFICE_SCREEN, scripts: bool = True
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            base_url=settings().base_url,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        cookies = {"season": world.season.key}
        if person is not None:
            with transaction() as session:
                cookies["session"] = open_login(session, person)
        context.add_cookies(
            [{"name": n, "value": v, "domain": LOOPBACK, "path": "/"} for n, v in cookies.items()]
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda m: note(complaints, m))
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.on(
            "request", lambda r: None if r.url.startswith(settings().base_url) else complaints.append(r.url)
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
