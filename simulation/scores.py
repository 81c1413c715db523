"""How does a made-up expert score? By what the candidate is worth, how strict the expert is, and a mood of the moment.

All three come from the season's seed, so that the figures beside the proposed list have something to show. Points
are those of the score sheet, 0–100; the spreads are standard deviations.
"""

from collections.abc import Iterable

from simulation.dice import Dice

MIDDLE, LOWEST, HIGHEST = 80.0, 40, 99
WORTH, SEVERITY = 6.0, 4.0
STEADIEST, MOODIEST = 1.0, 4.0


def severity(dice: Dice, expert: str) -> float:
    """How many points this expert gives more than others do, to every candidate alike."""
    return dice.of("severity", expert).gauss(0, SEVERITY)


def scores(dice: Dice, case: str, expert: str, criteria: Iterable[str]) -> dict[str, int]:
    """One expert's sheet for one case: a score for each criterion."""
    level = MIDDLE + dice.of("worth", case).gauss(0, WORTH) + severity(dice, expert)
    mood = dice.of("mood", expert).uniform(STEADIEST, MOODIEST)
    chance = dice.of("score", case, expert)
    return {key: _within(level + chance.gauss(0, mood)) for key in criteria}


def _within(points: float) -> int:
    return max(LOWEST, min(HIGHEST, round(points)))
