"""What is to happen to each made-up candidate, so that a season sees everything that happens in real ones?"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Fate(StrEnum):
    """What is out of the ordinary in a candidate's way, in the order in which a small season gets them."""

    RETURNED = "returned"
    LATE = "late"
    NEVER_SUBMITTED = "never_submitted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    UNSCORED_BY_ONE = "unscored_by_one"
    DISQUALIFIED = "disqualified"


# How many of a hundred candidates meet each fate; every fate at least once where there are enough candidates.
SHARES = {
    Fate.RETURNED: 15,
    Fate.LATE: 2,
    Fate.NEVER_SUBMITTED: 2,
    Fate.REJECTED: 5,
    Fate.WITHDRAWN: 4,
    Fate.UNSCORED_BY_ONE: 2,
    Fate.DISQUALIFIED: 1,
}
# At least this part of the candidates goes the ordinary way.
ORDINARY_PART = 0.5


@dataclass
class Plan:
    """The fate that a candidate is still to meet; none once it has been met.

    Whoever withdraws, or is disqualified, leaves at the task at which `patience` runs out.
    """

    fate: Fate | None = None
    patience: int = 2

    def is_to_be(self, fate: Fate) -> bool:
        return self.fate is fate

    def met(self) -> None:
        self.fate = None


def make_plans(count: int, rng: Random) -> list[Plan]:
    """One plan for each candidate, shuffled."""
    fates: list[Fate | None] = [f for f in Fate if f in SHARES]
    for fate, share in SHARES.items():
        fates += [fate] * (count * share // 100 - 1)
    fates = fates[: int(count * (1 - ORDINARY_PART))]
    fates += [None] * (count - len(fates))
    rng.shuffle(fates)
    return [Plan(f) for f in fates]
