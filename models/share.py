"""Is this part of a number enough? Shares of a notice in exact fractions: `2/3` at least that much, `>1/2` more."""

import re
from dataclasses import dataclass
from fractions import Fraction

PATTERN = r"^>?[1-9][0-9]{0,2}/[1-9][0-9]{0,2}$"


@dataclass(frozen=True)
class Share:
    """A least share; `more` means that exactly this much is not enough."""

    fraction: Fraction
    more: bool

    @property
    def is_possible(self) -> bool:
        return self.fraction < 1 or (self.fraction == 1 and not self.more)

    @property
    def label(self) -> str:
        if self == HALF:
            return "过半数"
        return f"{'超过' if self.more else '不少于'}{self.fraction.numerator}/{self.fraction.denominator}"

    def reached(self, part: int, whole: int) -> bool:
        """Whether `part` of `whole` is enough; of nobody nothing is."""
        needed = self.fraction * whole
        return whole > 0 and (part > needed if self.more else part >= needed)


def read_share(text: str) -> Share:
    """`2/3` or `>1/2`, as `PATTERN` has it."""
    assert re.match(PATTERN, text), text
    return Share(Fraction(text.removeprefix(">")), text.startswith(">"))


HALF = Share(Fraction(1, 2), more=True)
