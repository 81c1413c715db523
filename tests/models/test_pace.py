"""How is the chance to be late computed? By hand on a few tasks, and by what must hold of any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.board.days import median
from models.board.pace import Holder, Pace, Task, Waiting, between_80, clear_day, gate_chance

ONE: Holder = ("police", None, None)
OTHER: Holder = ("industry", None, None)


def task(
    opened: int, ended: int | None, *, step: str = "opinion", holder: Holder = ONE, count: int = 1
) -> Task:
    return Task(step, holder, opened, ended, ended is not None, count)


tasks = st.builds(
    lambda step, holder, opened, waited, answered, count: Task(
        step,
        holder,
        opened,
        None if waited is None else opened + waited,
        answered and waited is not None,
        count,
    ),
    st.sampled_from(["opinion", "review"]),
    st.sampled_from([ONE, OTHER]),
    st.integers(-30, 5),
    st.none() | st.integers(0, 30),
    st.booleans(),
    st.integers(1, 20),
)


def test_nothing_known_is_the_average_of_nothing() -> None:
    pace = Pace([], 0)
    assert pace.usual == 0.25
    assert pace.open_chance("opinion", ONE, 0, 1) == pytest.approx(0.75**2)


def test_who_always_answers_on_the_second_day_is_expected_to() -> None:
    """400 answers on their second day of waiting: on the first day hardly anyone answers, on the second nearly all."""
    pace = Pace([task(-10, -9, count=400)], 0)
    first = pace.open_chance("opinion", OTHER, 0, 0)
    assert first == pytest.approx(1 - (0 + 4 * pace.usual) / 404)
    assert pace.open_chance("opinion", OTHER, 0, 1) < 0.06


def test_an_open_task_counts_as_waiting_only_up_to_yesterday() -> None:
    """Of two that came two days ago one was answered yesterday: half of those at risk on that day."""
    pace = Pace([task(-2, -1), task(-2, None)], 0)
    hazard = (1 + 4 * pace.usual) / (2 + 4)
    assert pace.usual == pytest.approx((1 + 1) / (4 + 4))
    assert pace.open_chance("opinion", OTHER, -1, 0) == pytest.approx(1 - hazard)
    assert Pace([task(-2, -1), task(-2, None), task(-3, 0)], 0).usual < pace.usual


def test_a_holder_who_lets_his_tasks_lie_is_expected_to_go_on_so() -> None:
    known = [task(-20, -19, holder=OTHER, count=30), task(-20, None, count=30)]
    pace = Pace(known, 0)
    slow, fast = (pace.open_chance("opinion", holder, 0, 3) for holder in (ONE, OTHER))
    assert slow > 0.8
    assert fast < slow / 2


def test_what_was_withdrawn_is_no_answer() -> None:
    withdrawn = [Task("opinion", ONE, -5, -2, answered=False)]
    assert Pace(withdrawn, 0).usual == pytest.approx(1 / (3 + 4))


@given(st.lists(tasks, max_size=20), st.integers(-20, 0), st.integers(0, 40))
def test_a_chance_is_one_and_falls_with_the_days(known: list[Task], opened: int, last: int) -> None:
    pace = Pace(known, 0)
    chances = [pace.open_chance("opinion", ONE, opened, day) for day in range(last, last + 5)]
    assert all(0.0 <= c <= 1.0 for c in chances)
    assert chances == sorted(chances, reverse=True)


@given(st.lists(tasks, max_size=10))
def test_tasks_alike_may_be_counted_together(known: list[Task]) -> None:
    singly = [Task(t.step, t.holder, t.opened, t.ended, t.answered) for t in known for _ in range(t.count)]
    together, apart = Pace(known, 0), Pace(singly, 0)
    assert together.open_chance("opinion", ONE, -3, 6) == pytest.approx(
        apart.open_chance("opinion", ONE, -3, 6)
    )


@given(st.lists(tasks, max_size=10), st.integers(1, 10))
def test_what_comes_later_is_not_known_before(known: list[Task], later: int) -> None:
    future = [*known, task(later, later + 1), task(-4, later)]
    present = [*known, task(-4, None)]
    assert Pace(future, 0).open_chance("opinion", ONE, -2, 5) == Pace(present, 0).open_chance(
        "opinion", ONE, -2, 5
    )


# --- gates of several, and many gates -----------------------------------------------------------------------------


def test_all_have_to_answer_or_so_many() -> None:
    assert gate_chance([0.5, 0.5]) == pytest.approx(0.75)
    assert gate_chance([0.5, 0.5], 1) == pytest.approx(0.25)
    assert gate_chance([0.2, 0.5, 0.5], 2) == pytest.approx(1 - (0.8 * 0.75 + 0.2 * 0.25))
    assert gate_chance([]) == 0.0
    assert gate_chance([0.9], 0) == 0.0


def test_how_many_will_be_late_and_around_it() -> None:
    mean, low, high = between_80([(0.5, 100)])
    assert (mean, round(low, 1), round(high, 1)) == (50.0, 43.6, 56.4)
    assert between_80([]) == (0.0, 0.0, 0.0)
    assert between_80([(1.0, 3)]) == (3.0, 3.0, 3.0)


def test_a_step_is_cleared_when_less_than_half_a_gate_is_open() -> None:
    pace = Pace([], 0)
    gates = [Waiting("opinion", 0, (ONE,), count=8)]
    cleared = clear_day(pace, gates, 90)
    assert cleared is not None
    left = [8 * pace.open_chance("opinion", ONE, 0, day) for day in (cleared - 1, cleared)]
    assert left[0] >= 0.5 > left[1]
    assert clear_day(pace, gates, 3) is None
    assert clear_day(pace, [], 90) == 0


def test_the_middle_one_of_what_is_counted() -> None:
    assert [median(c) for c in ({}, {3: 1}, {1: 2, 9: 2}, {1: 1, 5: 1, 9: 1})] == [None, 3, 1, 5]
