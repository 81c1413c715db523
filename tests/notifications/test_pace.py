"""Are the waits as long, and the sending as slow, as they should be?"""

from dataclasses import replace
from itertools import pairwise

import pytest

from notifications.answers import Answer, Fate, Stage, judge
from notifications.outbox import routes
from notifications.pace import DEFAULT, MINUTE, Throttle, rung, wait_after
from tests.notifications.conftest import forget
from tests.notifications.servers import MailServer

# The goal of bench.mail.
TO_SEND_A_THOUSAND = 20.0
STEADY = replace(DEFAULT, jitter=0.0)


def test_a_mail_that_is_put_off_waits_longer_and_longer_and_gives_up_after_a_day() -> None:
    waits: list[float] = []
    while (wait := wait_after(STEADY, len(waits) + 1)) is not None:
        waits.append(wait.total_seconds() / 60)

    assert waits[:5] == [2, 5, 15, 60, 60]
    assert 24 * 60 <= sum(waits) < 25 * 60


def test_waits_are_never_shorter_than_their_rung() -> None:
    waits = [wait_after(DEFAULT, 1) for _ in range(200)]

    assert all(wait is not None and 120 <= wait.total_seconds() <= 144 for wait in waits)
    assert len(set(waits)) > 100


def test_a_server_away_is_tried_again_soon() -> None:
    assert [rung(DEFAULT.soon, n) for n in (1, 2, 3, 4, 5, 100)] == [5, 15, 30, 60, 60, 60]


@pytest.mark.parametrize(
    ("ladder", "attempt"),
    [
        (DEFAULT.soon, DEFAULT.connecting),
        (DEFAULT.soon, DEFAULT.answering),
        (DEFAULT.hold, DEFAULT.answering),
    ],
)
def test_a_server_back_after_two_hours_is_tried_in_time_to_send_all_within_ten_minutes(
    ladder: tuple[float, ...], attempt: float
) -> None:
    """Each try in vain lasts as long as it may; wherever between two tries the server comes back."""
    tries = [0.0]
    while tries[-1] < 2 * 60 * MINUTE:
        tries.append(tries[-1] + attempt + rung(ladder, len(tries)))

    longest = max(later - earlier for earlier, later in pairwise(tries))
    assert longest <= 10 * MINUTE - TO_SEND_A_THOUSAND
    assert all(later - earlier > attempt for earlier, later in pairwise(tries))


def test_fifteen_a_minute_are_one_in_four_seconds() -> None:
    throttle = Throttle(15)
    assert throttle.wait() == 0
    throttle.count()

    assert 3.9 < throttle.wait() <= 4


def test_forty_in_a_quarter_of_an_hour_are_remembered_over_a_restart() -> None:
    throttle = Throttle(15, most=40)
    throttle.remember([10.0 + n for n in range(40)])

    assert 850 < throttle.wait() <= 900 - 49


def test_a_complaint_halves_the_speed() -> None:
    throttle = Throttle(15)
    throttle.count()
    throttle.slower()

    assert 7.9 < throttle.wait() <= 8


def test_no_limit_is_no_limit() -> None:
    throttle = Throttle(0)
    throttle.count()
    throttle.slower()

    assert (throttle.unlimited, throttle.wait()) == (True, 0)


@pytest.mark.parametrize(
    ("url", "per_minute", "interval", "unlimited"),
    [
        ("smtp://127.0.0.1:2525", None, 0, True),
        ("smtps://office%40example.org:x@mail.example.org", None, 4, False),
        ("smtps://office%40example.org:x@mail.example.org", "60", 1, False),
        ("smtps://office%40example.org:x@mail.example.org", "0", 0, True),
    ],
)
def test_a_server_elsewhere_is_treated_with_care(
    server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    per_minute: str | None,
    interval: float,
    unlimited: bool,
) -> None:
    monkeypatch.setenv("GONGJIANG_SMTP_URL", url)
    if per_minute is not None:
        monkeypatch.setenv("GONGJIANG_MAIL_PER_MINUTE", per_minute)
    forget()

    practice, real = routes()

    assert (real.throttle.interval, real.throttle.unlimited) == (interval, unlimited)
    assert (practice.server.host, practice.throttle.unlimited) == ("127.0.0.1", True)


def test_a_password_never_travels_in_the_clear(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {
        "smtp://office%40example.org:x@mail.example.org": True,
        "smtp://relay.example.org": None,
        "smtps://office%40example.org:x@mail.example.org": False,
    }
    found = {}
    for url in wanted:
        monkeypatch.setenv("GONGJIANG_SMTP_URL", url)
        forget()
        found[url] = routes()[1].server.start_tls

    assert found == wanted
    assert "x" not in repr(routes()[1].server).replace("example", "")


@pytest.mark.parametrize(
    ("stage", "code", "text", "fate"),
    [
        (Stage.END, 250, "OK", Fate.SENT),
        (Stage.END, 451, "DT:SPM", Fate.LATER),
        (Stage.END, 554, "DT:SPM", Fate.REFUSED),
        (Stage.END, 552, "too big", Fate.REFUSED),
        (Stage.RECIPIENT, 450, "greylisted", Fate.LATER),
        (Stage.RECIPIENT, 550, "User not found", Fate.REFUSED),
        (Stage.RECIPIENT, 550, "User suspended", Fate.SUSPENDED),
        (Stage.RECIPIENT, 421, "HL:IFC", Fate.HELD),
        (Stage.DATA, 451, "MI:SFQ", Fate.LATER),
        (Stage.SENDER, 553, "unvalidated", Fate.HELD),
        (Stage.SENDER, 451, "MI:SFQ", Fate.HELD),
        (Stage.CONNECT, 535, "authentication failed", Fate.STOPPED),
        (Stage.CONNECT, 550, "User suspended", Fate.STOPPED),
        (Stage.CONNECT, 454, "temporary authentication failure", Fate.HELD),
        (Stage.CONNECT, 421, "HL:ICC", Fate.HELD),
    ],
)
def test_what_a_reply_means(stage: Stage, code: int, text: str, fate: Fate) -> None:
    assert judge(stage, code, text) == Answer(fate, f"{code} {text}")
