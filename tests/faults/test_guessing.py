"""Does somebody who tries out tokens of mailed links (F24) get anywhere, or into anybody's way?"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from secrets import token_urlsafe

import httpx
import pytest

from models.links import GUESSES_ALLOWED
from processes.supervise import Stack
from settings import settings
from tests.api.conftest import Visitor
from tests.api.test_links import path_of
from tests.world import World

GUESSES, CLIENTS = 2000, 4
ATTACKER, HOLDER = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def tokens() -> list[str]:
    """As long as real ones, and none of them."""
    return [token_urlsafe(32) for _ in range(GUESSES)]


def guess(tokens: list[str]) -> Iterator[int]:
    with httpx.Client(base_url=settings().base_url, timeout=30) as client:
        client.headers["X-Forwarded-For"] = ATTACKER
        for token in tokens:
            yield client.get(f"/t/{token}").status_code


def logged(tokens: list[str]) -> list[str]:
    """Which of the tokens stand in any log, of whatever process."""
    logs = [p for p in settings().home.rglob("*") if p.is_file() and "log" in p.name]
    assert {"web.log", "engine.log", "database.log"} <= {p.name for p in logs}
    written = "".join(p.read_text(errors="replace") for p in logs)
    return [token for token in tokens if token in written]


def test_two_thousand_guesses_are_shut_out_and_the_holder_of_a_link_is_served(
    running: Stack, world: World, tokens: list[str]
) -> None:
    case = world.bring_to(world.enter(), "county_review")
    [task] = world.assignments("county_review", case)
    where = path_of(task)
    holder = Visitor(settings().base_url, world)
    holder.client.headers["X-Forwarded-For"] = HOLDER

    with ThreadPoolExecutor(CLIENTS) as pool:
        bursts = [pool.submit(lambda share: list(guess(share)), tokens[n::CLIENTS]) for n in range(CLIENTS)]
        served = {holder.get(where).status_code for _ in range(20)}
        answers = Counter(status for burst in bursts for status in burst.result())

    assert answers.keys() == {404, 429}
    # Those under way at the moment of the thirtieth are still looked up.
    assert GUESSES_ALLOWED <= answers[404] < GUESSES_ALLOWED + CLIENTS
    assert served == {200}
    entered = holder.post(where)
    assert holder.follow(entered).status_code == 200
    assert logged([*tokens, where.removeprefix("/t/")]) == []
