"""Do made-up experts differ, so that the severity-adjusted rank has something to show, and always alike by the seed?"""

from uuid import NAMESPACE_OID, UUID, uuid5

from models.ranking import Sheet, rank, severities
from simulation.dice import Dice
from simulation.scores import scores, severity

CRITERIA = ("morals", "skill", "work", "teaching")
CASES = [f"LZ-{n:03d}" for n in range(1, 61)]
EXPERTS = [f"expert{n}@example.org" for n in range(1, 7)]
EACH = 3


def named(text: str) -> UUID:
    return uuid5(NAMESPACE_OID, text)


def sheets(seed: int) -> list[Sheet]:
    """Every case before three of six experts, in turn."""
    dice = Dice(seed)
    found = []
    for at, case in enumerate(CASES):
        for expert in (EXPERTS[(at + n * n) % len(EXPERTS)] for n in range(EACH)):
            given = scores(dice, case, expert, CRITERIA)
            found.append(Sheet(named(case), named(expert), sum(given.values()) / len(given)))
    return found


def test_the_same_seed_gives_the_same_sheets_and_another_seed_others() -> None:
    assert sheets(1) == sheets(1)
    assert sheets(1) != sheets(2)


def test_the_strictest_and_the_mildest_expert_are_found_again_in_the_scores() -> None:
    dice = Dice(1)
    given = {named(e): severity(dice, e) for e in EXPERTS}
    found, groups = severities(sheets(1))

    assert groups == 1
    assert min(found, key=lambda e: found[e]) == min(given, key=lambda e: given[e])
    assert max(found, key=lambda e: found[e]) == max(given, key=lambda e: given[e])


def test_somebody_would_change_sides_of_the_cut_if_experts_were_equally_strict() -> None:
    order = [named(c) for c in CASES]

    standings = rank(sheets(1), "trimmed_mean", 39, order).standings.values()

    assert {"adjusted" in s.otherwise for s in standings} == {True, False}
