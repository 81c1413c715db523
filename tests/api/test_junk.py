"""Does anything that can be typed into any form break it? Every form, with what nobody ought to send."""

from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.case import Case
from notices.reader import read_notice
from tests.api.conftest import Visitor
from tests.world import NOTICE, World

WORDS = [
    "",
    " ",
    "yes",
    "on",
    "off",
    "lapse",
    "proceed",
    "next",
    "pass",
    "return",
    "submit",
    "save",
    "nonsense",
    "9e999",
    "-1",
    "nan",
    "2026-02-30",
    "\x00",
    "\ud800",
    "😀",
    "'; --",
    "<b>",
    "长" * 5000,
    "more:history",
    "drop:history:1",
    "drop:craft:1",
]
NOTICE_FIELDS = read_notice(NOTICE).fields
NAMES = [
    *(f.key for f in NOTICE_FIELDS),
    "history-1-where",
    "history-0001-period",
    "history-99999-period",
    "recommenders-2-id_number",
    "craft-1",
    "version",
    "fields",
    "action",
    "answer",
    "reason",
    "items",
    "opinion",
    "to",
    "channel",
    "route",
    "county",
    "unit_id",
    "withdraw_reason",
    "admit_reason",
    "objector",
    "contact",
    "text",
    "score_skill",
    "amount",
    "paper",
    "people",
    "published_on",
    "link",
    "body",
    "draft",
    "recommenders",
    "season",
    "\x00",
    "",
]
FIELDS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(WORDS) | st.text(max_size=30), max_size=12)


FORMS = ("edit", "submit", "typed", "typed/drop", "withdraw", "admit", "objections")


def targets(world: World, case: Case) -> list[str]:
    [task] = world.assignments("application", case)
    forms = [f"/cases/{case.id}/{name}" for name in FORMS]
    after = ["/publicity", "/award/amount", "/award/payments", "/document/text"]
    return [
        "/cases/new",
        "/cases/new/typed",
        "/season/clock",
        "/seasons",
        f"/tasks/{task.id}",
        *forms,
        *after,
    ]


class Senders:
    """The one who filled in the case, and the office."""

    def __init__(self, address: str, world: World) -> None:
        self.visitors = [Visitor(address, world).log_in(p) for p in (world.filler(), world.person("office"))]
        for visitor in self.visitors:
            visitor.get("/")

    def send(self, path: str, fields: dict[str, Any]) -> list[int]:
        body = urlencode(fields, errors="replace")
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return [
            v.client.post(path, content=f"csrf={v.csrf}&{body}", headers=kind).status_code
            for v in self.visitors
        ]


def test_no_form_breaks(address: str, world: World) -> None:
    senders = Senders(address, world)

    answers: set[int] = set()

    @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(FIELDS)
    def attempt(fields: dict[str, str]) -> None:
        for path in targets(world, world.enter()):
            answers.update(senders.send(path, fields))

    attempt()
    assert answers <= {200, 303, 403, 404, 409, 422}
    assert {303, 409, 422} <= answers
