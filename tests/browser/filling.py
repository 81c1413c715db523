"""How does someone fill in the application's form in a browser? Control by control, as the page offers them."""

from typing import Any

from playwright.sync_api import Locator, Page

from models.notice import Document
from simulation.papers import paper_for
from tests.posted import posted
from tests.world import World, complete_form


def fill_form(page: Page, world: World, channel: str = "unit", **known: Any) -> dict[str, Any]:
    """Type a complete application into the form that is open; what was typed."""
    form = complete_form(world.notice, channel, known)
    for name, value in posted(world.notice, form).items():
        controls = page.locator(f'#application [name="{name}"]:not([type=hidden])')
        for text in value if isinstance(value, list) else [value]:
            _set(controls, str(text))
    agree(page)
    return form


def agree(page: Page) -> None:
    """Tick everything under 告知同意 that is not agreed to yet."""
    for tick in page.locator("#application input[name=consent]:enabled").all():
        tick.check()


def _set(controls: Locator, value: str) -> None:
    if controls.count() == 0 or not value:
        return
    kind = controls.first.evaluate("e => e.type")
    if kind in ("radio", "checkbox"):
        controls.locator(f'xpath=self::*[@value="{value}"]').check()
    elif kind == "select-one":
        controls.select_option(value)
    else:
        controls.fill(value)


def upload_papers(page: Page, world: World, channel: str = "unit") -> None:
    """Upload every document that has to be there before the application is handed in."""
    for key in world.notice.channel(channel).documents:
        document: Document = world.notice.document(key)
        if not document.required:
            continue
        filename, content = paper_for(document)
        row = page.locator(f"#{key}.files-row")
        row.locator("input[type=file]").set_input_files(
            {"name": filename, "mimeType": "application/octet-stream", "buffer": content}
        )
        if not page.locator("html.js").count():
            row.get_by_role("button", name="上传", exact=True).click()
        page.locator(f"#{key}.files-row").get_by_text("已上传").first.wait_for()
