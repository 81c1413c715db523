"""Does any damage to a season's file end in a list of problems, never in another error?"""

from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notices.problems import Problem
from tests.notices.files import SECOND, problems_of

GOOD = SECOND.read_text(encoding="utf-8")
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "样例",
    "a",
    [],
    [1],
    ["a", None],
    {},
    {"key": ["a"]},
    {"key": "a"},
]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container of the file with each of its keys or positions."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    )
    return [place for key, child in children for place in [(value, key), *places(child)]]


PLACES = len(places(yaml.safe_load(GOOD)))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, PLACES - 1), st.sampled_from(ODD)), min_size=1, max_size=3))
def test_values_of_another_form(changes: list[tuple[int, Any]]) -> None:
    data = yaml.safe_load(GOOD)
    all_places = places(data)
    for index, odd in changes:
        container, key = all_places[index]
        container[key] = odd
    told = problems_of(yaml.safe_dump(data, allow_unicode=True))
    assert [p for p in told if not isinstance(p, Problem) or not p.message] == []


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(GOOD) - 1), st.text(alphabet="{}[]:-#&*!|>'\"%@`\t\n ,?的a", max_size=3))
def test_characters_out_of_place(at: int, text: str) -> None:
    lines = GOOD.count("\n") + text.count("\n") + 1
    told = problems_of(GOOD[:at] + text + GOOD[at + 1 :])
    assert [p for p in told if not 0 < p.line <= lines] == []
