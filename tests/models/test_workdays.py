"""Are working days counted as the State Council's calendar has them, and by weekdays where it is not out yet?"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session

from models.database import reading
from models.notice import SHANGHAI
from models.workdays import (
    covered,
    is_workday,
    left_in_words,
    next_workday,
    previous_workday,
    uncovered,
    workdays_left,
)
from processes.supervise import Stack


@pytest.fixture
def session(database: Stack) -> Iterator[Session]:
    with reading() as session:
        yield session


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def end(text: str) -> datetime:
    """The moment (24:00) that ends a day."""
    return at(text) + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-03-13", True),
        ("2026-03-14", False),  # the counties' last day is a Saturday
        ("2026-02-14", True),  # a Saturday made up for 春节
        ("2026-02-28", True),
        ("2026-02-23", False),  # a Monday of 春节
        ("2026-10-01", False),
        ("2025-12-31", True),
        ("2026-01-01", False),
        ("2028-02-29", True),
    ],
)
def test_days(session: Session, day: str, worked: bool) -> None:
    assert is_workday(session, date.fromisoformat(day)) is worked


def test_neighbours(session: Session) -> None:
    assert next_workday(session, date(2026, 3, 14)) == date(2026, 3, 16)
    assert next_workday(session, date(2026, 3, 13)) == date(2026, 3, 13)
    assert previous_workday(session, date(2026, 3, 15)) == date(2026, 3, 13)
    assert next_workday(session, date(2026, 2, 15)) == date(2026, 2, 24)
    assert next_workday(session, date(2025, 12, 31)) == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("last", "moment", "left"),
    [
        ("2026-03-09", "2026-03-05T09:00", 2),
        ("2026-03-09", "2026-03-09T23:59:59", 0),
        ("2026-03-09", "2026-03-10T00:00", -1),
        ("2026-03-14", "2026-03-13T09:00", 0),
        ("2026-03-14", "2026-03-15T09:00", -1),  # late, though no working day has passed
        ("2026-03-14", "2026-03-17T09:00", -2),
        ("2026-02-28", "2026-02-13T09:00", 6),  # 14, 24, 25, 26, 27, 28
        ("2026-01-05", "2025-12-31T09:00", 2),  # 4 (made up) and 5
    ],
)
def test_working_days_left(session: Session, last: str, moment: str, left: int) -> None:
    assert workdays_left(session, end(last), at(moment)) == left


def test_the_server_may_run_in_utc(session: Session) -> None:
    midnight = datetime(2026, 3, 9, 16, tzinfo=UTC)
    assert workdays_left(session, end("2026-03-09"), midnight - timedelta(seconds=1)) == 0
    assert workdays_left(session, end("2026-03-09"), midnight) == -1


def test_a_year_not_entered_goes_by_weekdays_and_says_so(session: Session) -> None:
    assert (covered(session, 2026), covered(session, 2027)) == (True, False)
    assert uncovered(session, [date(2026, 12, 1), date(2028, 1, 1)]) == [2027, 2028]
    assert is_workday(session, date(2027, 10, 1)) is True
    assert left_in_words(session, end("2027-01-04"), at("2026-12-31T09:00")) == "还剩2个工作日（未含调休）"


def test_in_words(session: Session) -> None:
    assert left_in_words(session, end("2026-03-09"), at("2026-03-05T09:00")) == "还剩2个工作日"
    assert left_in_words(session, end("2026-03-09"), at("2026-03-09T09:00")) == "今天到期"
    assert left_in_words(session, end("2026-03-14"), at("2026-03-13T09:00")) == "今天是最后一个工作日"
    assert left_in_words(session, end("2026-03-09"), at("2026-03-11T09:00")) == "已超期2个工作日"


def test_a_long_list_costs_two_statements(session: Session) -> None:
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    for days in range(1000):
        workdays_left(session, end("2026-03-09") + timedelta(days=days), at("2026-03-05T09:00"))
    event.remove(session.get_bind(), "before_cursor_execute", note)
    assert len(statements) == 2
