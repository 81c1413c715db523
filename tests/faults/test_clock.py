"""What do midnight, the year's end, a leap day and a clock that jumps do (F13)? Real processes whose clock is moved.

The machine's zone is UTC; the notice's days are those of China.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.ladder import LadderRung, MorningRound
from models.links import GUESSES_ALLOWED
from models.mail import Message
from models.people import Person
from notices.reader import read_notice
from processes.supervise import Stack
from tasks.accounts import IDLE, LONGEST
from tasks.audit import verify
from tasks.logging_in import FAILURES_ALLOWED
from tasks.practice import open_practice, practice_password
from tests.api.conftest import Visitor, text_of
from tests.api.test_login import account, attempt
from tests.faults.moved import MovedClock, pages, rounds, shanghai
from tests.world import NOTICE, World

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> MovedClock:
    folder: Path = tmp_path_factory.mktemp("clock")
    return MovedClock(folder)


@pytest.fixture(scope="module")
def address(database: Stack, clock: MovedClock) -> Iterator[str]:
    database.stop("engine")
    with pages(clock) as found:
        yield found


def season_due(last: str) -> World:
    """A season whose applications are due on this day."""
    notice = read_notice(NOTICE)
    days = date.fromisoformat(last) - notice.dates["application"].day
    start = notice.issued + days
    with transaction() as session:
        return World(open_practice(session, notice, start).id, notice.shifted(start))


def log_in(address: str, world: World, person: Person) -> Visitor:
    """Through the page, since the login begins by the clock of the pages."""
    visitor = Visitor(address, world)
    visitor.get("/login")
    entered = visitor.post("/login", {"login": person.login, "password": practice_password(), "next": "/"})
    assert entered.status_code == 303
    return visitor


def hand_in(visitor: Visitor, case: Case) -> int:
    visitor.get(f"/cases/{case.id}")
    return visitor.post(f"/cases/{case.id}/submit").status_code


@pytest.mark.parametrize("last", ["2027-12-31", "2028-02-29"])
def test_the_last_day_ends_at_midnight_in_china(address: str, clock: MovedClock, last: str) -> None:
    world = season_due(last)
    in_time, too_late = (world.enter() for _ in range(2))
    for case in (in_time, too_late):
        world.supply(case)
    midnight = world.notice.due("application")
    assert midnight == shanghai(last) + timedelta(days=1)

    clock.set(midnight - 5 * MINUTE)
    filler = log_in(address, world, world.filler())
    assert "今日到期" in text_of(filler.get("/"))
    assert f"{int(last[5:7])}月{int(last[8:])}日" in text_of(filler.get(f"/cases/{in_time.id}"))
    office = log_in(address, world, world.person("office"))
    assert f"{last[:4]}" in text_of(office.get("/season"), ".note.warn")
    clock.set(midnight - 20 * SECOND)
    assert hand_in(filler, in_time) == 303
    clock.set(midnight + SECOND)
    assert hand_in(filler, too_late) == 409
    assert f"已于{last[:4]}年{int(last[5:7])}月{int(last[8:])}日24时截止" in text_of(filler.get("/apply"))


def test_the_page_of_self_nomination_closes_in_the_second_of_midnight(
    address: str, clock: MovedClock
) -> None:
    """The clock is not touched while it goes over midnight."""
    world = season_due("2028-02-29")
    anybody, midnight = Visitor(address, world), world.notice.due("application")
    anybody.get("/apply")
    clock.set(midnight - 4 * SECOND)
    seen: list[tuple[datetime, bool, datetime]] = []
    while clock.now() < midnight or not seen[-1][1]:
        before = clock.now()
        closed = "24时截止" in text_of(anybody.get("/apply"))
        seen.append((before, closed, clock.now()))
        assert closed or before < midnight
        assert not closed or seen[-1][2] >= midnight

    assert {closed for _, closed, _ in seen} == {True, False}


def test_a_login_ends_when_idle_and_after_eight_hours(address: str, clock: MovedClock) -> None:
    world = season_due("2028-02-29")
    clock.set(shanghai("2028-02-24T09:00"))
    visitor = log_in(address, world, world.filler())
    for _ in range(int(LONGEST / (IDLE - MINUTE))):
        clock.jump(IDLE - MINUTE)
        assert visitor.get("/").status_code == 200
    clock.jump(IDLE - MINUTE)
    assert visitor.get("/").headers["location"].startswith("/login")

    visitor = log_in(address, world, world.filler())
    clock.jump(IDLE + MINUTE)
    assert visitor.get("/").headers["location"].startswith("/login")


def test_a_login_outlives_a_clock_put_back_but_not_for_ever(address: str, clock: MovedClock) -> None:
    world = season_due("2028-02-29")
    clock.set(shanghai("2028-02-24T09:00"))
    visitor, other, stolen = (log_in(address, world, world.filler()) for _ in range(3))

    clock.jump(-HOUR)
    assert visitor.get("/").status_code == other.get("/").status_code == 200
    clock.jump(IDLE + MINUTE)
    assert visitor.get("/").headers["location"].startswith("/login")
    clock.jump(-2 * LONGEST)
    assert stolen.get("/").headers["location"].startswith("/login")

    visitor = log_in(address, world, world.filler())
    clock.jump(HOUR)
    assert visitor.get("/").headers["location"].startswith("/login")
    assert log_in(address, world, world.filler()).get("/").status_code == 200


def test_a_lock_does_not_outlast_a_clock_put_back(address: str, clock: MovedClock) -> None:
    """Of an account after wrong passwords, and of a network after wrong links."""
    world = season_due("2028-02-29")
    clock.set(shanghai("2028-02-24T09:00"))
    _, password = account("huang")
    visitor = Visitor(address, world)
    assert {attempt(visitor, "huang", "wrong") for _ in range(FAILURES_ALLOWED)} == {401}
    assert attempt(visitor, "huang", password) == 401
    visitor.client.headers["X-Forwarded-For"] = "203.0.113.28"
    assert {visitor.get("/t/guess").status_code for _ in range(GUESSES_ALLOWED)} == {404}
    assert visitor.get("/t/guess").status_code == 429

    clock.jump(-HOUR)
    assert visitor.get("/t/guess").status_code == 404
    assert attempt(visitor, "huang", password) == 303


def test_a_clock_that_jumps_reminds_nobody_twice(database: Stack, clock: MovedClock) -> None:
    """To and fro around half past eight, over midnight, and over the year's end with a holiday nobody entered."""
    world = season_due("2027-12-31")
    for _ in range(3):
        world.enter()
    with rounds(clock, world.season_id) as round_:
        clock.set(shanghai("2027-12-29T08:00"))
        told = [round_.hold()]
        for jump in (HOUR / 2, -HOUR, HOUR, HOUR, -HOUR, -HOUR, 3 * HOUR):
            clock.jump(jump)
            told.append(round_.hold())
        assert (told[0], sum(told)) == (0, 1)
        clock.set(shanghai("2027-12-31T23:59:59"))
        over_midnight = [round_.hold()]
        clock.jump(2 * SECOND)
        over_midnight.append(round_.hold())
        assert over_midnight == [0, 0]
        # A Saturday, the days off, and a Monday: by the weekday, since no year's holidays are known.
        clock.set(shanghai("2028-01-01T09:00"))
        assert round_.hold() == 0
        clock.set(shanghai("2028-01-03T09:00"))
        assert round_.hold() == 2

    with reading() as session:
        days = session.exec(
            select(col(MorningRound.day)).where(MorningRound.season_id == world.season_id)
        ).all()
        rungs = session.exec(select(LadderRung).where(LadderRung.season_id == world.season_id)).all()
        mails = session.exec(select(Message).where(Message.season_id == world.season_id)).all()
    assert sorted(days) == [date(2027, 12, 29), date(2028, 1, 3)]
    assert max(Counter((r.assignment_id, r.person_id, r.rung) for r in rungs).values()) == 1
    assert Counter(m.template for m in mails) == {"digest": 2, "escalated": 1}


def test_the_record_keeps_its_order_when_the_clock_is_put_back(address: str, clock: MovedClock) -> None:
    world = season_due("2028-02-29")
    case = world.enter()
    world.supply(case)
    clock.set(shanghai("2028-02-24T10:00"))
    filler = log_in(address, world, world.filler())
    assert hand_in(filler, case) == 303
    clock.jump(-HOUR)
    filler.get(f"/cases/{case.id}")
    gone = filler.post(f"/cases/{case.id}/withdraw", {"withdraw_reason": "本人放弃"})
    assert gone.status_code == 303

    with reading() as session:
        chain = session.exec(select(Event).where(Event.chain == case.id).order_by(col(Event.seq))).all()
        assert verify(session, [world.season]) is None
    handed_in, withdrawn = chain[-2:]
    assert handed_in.at > withdrawn.at
    assert [e.seq for e in chain] == list(range(1, len(chain) + 1))
    written = text_of(filler.get(f"/cases/{case.id}"), ".record")
    assert len(re.findall("2028-02-24 (?:09|10):00", written)) >= 2
