"""Does every page that anybody is led to load where there is no Internet, asking nobody but this machine?

The browser of these tests finds nothing else (`QUIETLY`), and `enter` fails a test for any request to elsewhere and for
anything in the console. Here people of every kind follow the links they are shown, to one page of each kind.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page
from starlette.routing import Match

from models.account_words import AdminRole
from models.people import Person
from settings import LOOPBACK, settings
from tests.administrators import administrator
from tests.api.test_access import ROUTES
from tests.api.test_links import path_of
from tests.browser.conftest import Enter
from tests.publishing import published
from tests.tasks.inboxes import full_letter, received
from tests.world import World, open_world

BODIES = (
    "office",
    "office_head",
    "county_union",
    "police",
    "expert",
    "party_group",
    "releaser",
    "host_union",
    "media",
)
# What each of them is shown of his own.
OWN = {"/", "/tasks/{assignment_id}", "/cases/{case_id}"}
# Files, parts of pages that come with them, and Prefect's dashboard, which has a test of its own.
NO_PAGE = re.compile(
    r"\.(\w+|\{form\}|\{ending\})$|^/ics/|/pages/|/photos/|/(files|anchors)/\{\w+\}$|/(scan|clipping|html|paper)$|^/(prefect|status)/"
)
# Where no link leads in these two seasons, but a mail, something sent before, or the end of a season.
ELSEWHERE = {
    "/a/{token}",
    "/accounts/{person_id}/take/{what}",
    "/apply/sent",
    "/cases/new/read-form",
    "/cases/{case_id}/appeal",
    "/cases/{case_id}/read-form",
    "/cases/{case_id}/revoke",
    "/circulated/{event_id}",
    "/imports/{import_id}",
    "/login/code",
    "/public/objection/{receipt}",
    "/public/result",
    "/tasks/{assignment_id}/code",
    "/welcome/{token}",
}


def kind_of(address: str) -> str:
    """The route that answers; empty for what is not one of our pages."""
    if not address.startswith(settings().base_url):
        return ""
    scope = {"type": "http", "method": "GET", "path": urlsplit(address).path, "root_path": ""}
    return next((r.path for r in ROUTES if r.matches(scope)[0] is Match.FULL), "")


def links(page: Page) -> list[str]:
    """Where the page leads, what is fetched to be saved left out."""
    found: list[str] = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.href)")
    return [address.partition("#")[0] for address in found]


def follow(page: Page, start: str, seen: set[str]) -> None:
    """Open one page of each kind that was not seen yet, as far as links lead."""
    waiting = [settings().base_url + start]
    own = OWN | {kind_of(waiting[0])}
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if not kind or NO_PAGE.search(kind) or (kind in seen and kind not in own):
            continue
        seen.add(kind)
        own.discard(kind)
        answer = page.goto(address, wait_until="load")
        assert answer is not None
        assert (address, answer.status) == (address, 200)
        waiting += links(page)


def test_nothing_but_this_machine_is_found(chromium: Browser) -> None:
    page = chromium.new_page()
    for elsewhere in ("http://example.org/", "http://192.0.2.1/"):
        with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
            page.goto(elsewhere)
    page.close()


def people(world: World) -> Iterator[Person | None]:
    for body in BODIES:
        yield world.person(body)
    yield world.filler()
    for role in AdminRole:
        yield administrator(role)
    yield None


def look_around(enter: Enter, world: World, seen: set[str]) -> None:
    for person in people(world):
        page = enter(person)
        page.context.add_cookies(
            [{"name": "season", "value": world.season.key, "domain": LOOPBACK, "path": "/"}]
        )
        follow(page, "/", seen)
        page.context.close()


def test_every_page_loads_without_the_internet(enter: Enter, world: World) -> None:
    """While the names of one season are published, and while applications to another come in."""
    seen: set[str] = set()
    later = open_world()
    published(later, "样例公示人")
    look_around(enter, later, seen)
    follow(enter(None), "/public", seen)

    received(world, full_letter(world))
    case = world.bring_to(world.enter(), "county_review")
    follow(enter(world.filler()), f"/cases/{world.enter().id}/edit", seen)
    follow(enter(world.person("office")), "/inbox", seen)
    follow(enter(world.filler()), "/priorities", seen)
    reviewed = world.bring_to(world.enter(route="city"), "expert_review")
    for start in ("/board/remind", f"/panels/{world.gate('expert_review', reviewed).id}"):
        follow(enter(world.person("office")), start, seen)
    follow(enter(None), path_of(world.assignments("county_review", case)[0]), seen)

    gets = {r.path for r in ROUTES if r.methods and "GET" in r.methods and not NO_PAGE.search(r.path)}
    assert " ".join(sorted(gets - seen - ELSEWHERE)) == ""
