"""On which days do reminders go, and does each go at most once whatever the clock does?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ladder import Audience, Planned, due_now, plan
from models.notice import Reminder
from models.workdays import Calendar

# 2026-10-01 to 07 is free, and Saturday the 10th is worked for it.
FREE = [date(2026, 10, n) for n in range(1, 8)]
WORKED = date(2026, 10, 10)
CALENDAR = Calendar(
    {**dict.fromkeys(FREE, False), WORKED: True},
    frozenset({2026}),
    (*(d for d in FREE if d.isoweekday() <= 5), WORKED),
)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
REMIND = st.builds(
    Reminder,
    days=st.lists(st.integers(-10, 10), max_size=5, unique=True),
    superior=st.none() | st.integers(1, 10),
    office=st.none() | st.integers(1, 20),
)


def days(last: str, opened: str = "2026-01-05", *, early: bool = True) -> list[tuple[str, str]]:
    planned = plan(CALENDAR, Reminder(), date.fromisoformat(last), date.fromisoformat(opened), early=early)
    return [(p.rung, p.day.isoformat()) for p in planned]


def test_by_default_two_days_before_on_the_day_and_up_the_ladder_after_it() -> None:
    assert days("2026-03-11") == [
        ("day-2", "2026-03-09"),
        ("day+0", "2026-03-11"),
        ("day+1", "2026-03-12"),
        ("superior", "2026-03-13"),
        ("office", "2026-03-16"),  # the 15th is a Sunday
    ]


@pytest.mark.parametrize(
    ("last", "moved"),
    [
        ("2026-03-14", ["2026-03-12", "2026-03-13", "2026-03-16", "2026-03-16", "2026-03-18"]),
        ("2026-03-21", ["2026-03-19", "2026-03-20", "2026-03-23", "2026-03-23", "2026-03-25"]),
        ("2026-10-08", ["2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12"]),
        ("2028-02-29", ["2028-02-25", "2028-02-29", "2028-03-01", "2028-03-02", "2028-03-06"]),
        ("2026-12-31", ["2026-12-29", "2026-12-31", "2027-01-01", "2027-01-04", "2027-01-04"]),
    ],
)
def test_a_deadline_never_moves_but_its_reminders_do(last: str, moved: list[str]) -> None:
    assert [day for _, day in days(last)] == moved


def test_who_has_just_got_a_task_is_not_reminded_of_it() -> None:
    assert [r for r, _ in days("2026-03-11", "2026-03-09")] == ["day+0", "day+1", "superior", "office"]
    assert [r for r, _ in days("2026-03-11", "2026-03-11")] == ["day+1", "superior", "office"]


def test_a_task_that_comes_after_its_deadline_is_counted_from_its_arrival() -> None:
    assert days("2026-03-11", "2026-03-17")[0] == ("day+1", "2026-03-18")


def test_what_can_be_done_only_after_the_deadline_is_not_urged_before_it() -> None:
    assert [r for r, _ in days("2026-03-11", early=False)] == ["day+1", "superior", "office"]


def test_after_an_outage_the_latest_rung_alone_goes() -> None:
    planned = plan(CALENDAR, Reminder(), date(2026, 3, 11), date(2026, 1, 5), early=True)
    holders = [p for p in planned if p.audience is Audience.HOLDERS]

    late = due_now(holders, date(2026, 3, 18), {"day-2"})

    assert (late.told, late.passed_over) == ("day+1", ("day+0",))
    assert due_now(holders, date(2026, 3, 18), {"day-2", "day+0", "day+1"}) == due_now(
        holders, date(2026, 3, 1), ()
    )


@given(REMIND, DAYS, st.integers(0, 40), st.lists(st.integers(-3, 60), max_size=30), st.booleans())
def test_each_rung_is_told_at_most_once(
    remind: Reminder, last: date, arrived: int, ticks: list[int], early: bool
) -> None:
    """Ticks come late, twice, after an outage, or with the clock put back."""
    planned = plan(CALENDAR, remind, last, last - timedelta(days=arrived), early=early)
    told: list[str] = []
    passed: list[str] = []
    for tick in ticks:
        today = last + timedelta(days=tick)
        due = due_now(planned, today, {*told, *passed})
        assert all(
            _day(planned, rung) <= today for rung in (*due.passed_over, *([due.told] if due.told else []))
        )
        told += [due.told] if due.told else []
        passed += due.passed_over

    assert len({*told, *passed}) == len(told) + len(passed)
    assert len(told) <= len({last + timedelta(days=t) for t in ticks})
    ripe = [p.rung for p in planned if ticks and p.day <= last + timedelta(days=max(ticks))]
    assert sorted([*told, *passed]) == sorted(ripe)


@given(REMIND, DAYS, st.integers(-5, 40))
def test_every_rung_falls_on_a_working_day_after_the_arrival(
    remind: Reminder, last: date, arrived: int
) -> None:
    opened = last - timedelta(days=arrived)
    planned = plan(CALENDAR, remind, last, opened, early=True)

    assert all(CALENDAR.is_workday(p.day) and p.day > opened for p in planned)
    assert [p.day for p in planned] == sorted(p.day for p in planned)


def _day(planned: list[Planned], rung: str) -> date:
    return next(p.day for p in planned if p.rung == rung)
