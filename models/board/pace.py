"""How likely is it that a task which waits now will still wait after its last day?

`METHOD` says it in words for the page, `ERROR` what `python -m bench.forecast 80 2 101` measured. Time is counted in
working days since the task came (day 0).

1. Per step, the share of the waiting tasks that is answered on each day of waiting: the discrete hazard of Kaplan and
   Meier. A task that is still open, or was withdrawn, counts as waiting up to its last day and no further (censored).
2. Few tasks say little: `WEIGHT` tasks of the average of all steps are added to each day of each step.
3. Who answers slower or faster than his step is expected to go on so: a gamma frailty with mean 1 and shape `SHAPE`,
   as its posterior mean after what he has answered and let lie.
4. The chance to be late is the chance to survive every day from today to the last one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, log, prod, sqrt
from uuid import UUID

METHOD = (
    "按环节统计已有任务“等到第几个工作日答复”（离散的 Kaplan–Meier 估计，未答复的按等到今天计入），"
    "再按每个办理人比同环节平均快还是慢加以修正（伽马脆弱模型），由此推算今天还没有答复的任务到截止日仍未答复的可能性。"
)
ERROR = (
    "在模拟的年度上检验（2 个年度，各 80 名人选，774 次预测）：均方误差（Brier 分数，0 为全对）0.17；"
    "只按本环节已知的超期比例推算为 0.44，即使事先知道全年的超期比例也有 0.25。说“约九成会超期”的，实际 91% 超期；"
    "说“约一成”的，实际 13%。“预计全部办完”的日期误差中位数 4 个工作日，只能作大概。"
)
WEIGHT = 4.0
SHAPE = 0.5
LEAST, MOST = 0.001, 0.95
# Of how many gates it is expected that they are open when all are taken to be answered.
CLEAR = 0.5

Holder = tuple[str, UUID | None, UUID | None]
"""A body, its organisation, and the person if he is asked by name."""


@dataclass(frozen=True)
class Task:
    """So many tasks alike: days are working days on one scale; `ended` None: open; not `answered`: withdrawn."""

    step: str
    holder: Holder
    opened: int
    ended: int | None
    answered: bool
    count: int = 1


class Pace:
    """How fast each step and each holder answers, as it was known on the morning of the day `today`."""

    def __init__(self, tasks: Iterable[Task], today: int) -> None:
        self.today = today
        seen = [(task, *self._waited(task)) for task in tasks if task.opened < today]
        waited: dict[str, Counter[int]] = {}
        answered: dict[str, Counter[int]] = {}
        for task, days, done in seen:
            waited.setdefault(task.step, Counter())[days] += task.count
            if done:
                answered.setdefault(task.step, Counter())[days - 1] += task.count
        at_risk = {step: _at_risk(counts) for step, counts in waited.items()}
        events = sum(counts.total() for counts in answered.values())
        self.usual = _between((events + 1.0) / (sum(map(sum, at_risk.values())) + 4.0))
        hazards = {step: self._hazards(risk, answered.get(step, Counter())) for step, risk in at_risk.items()}
        self._open = {
            s: list(accumulate((log(1.0 - h) for h in found), initial=0.0)) for s, found in hazards.items()
        }
        self._expected = {s: list(accumulate(found, initial=0.0)) for s, found in hazards.items()}
        self._speed = self._speeds(seen)

    def _waited(self, task: Task) -> tuple[int, bool]:
        """How many days of waiting were seen to their end, and whether the last of them brought the answer."""
        if task.ended is None or task.ended >= self.today:
            return self.today - task.opened, False
        days = max(0, task.ended - task.opened)
        return (days + 1, True) if task.answered else (days, False)

    def _hazards(self, at_risk: list[int], answered: Counter[int]) -> list[float]:
        """Of those who wait through each day the share that is answered on it."""
        return [
            _between((answered[day] + WEIGHT * self.usual) / (risk + WEIGHT))
            for day, risk in enumerate(at_risk)
        ]

    def _speeds(self, seen: Iterable[tuple[Task, int, bool]]) -> dict[Holder, float]:
        """Each holder's speed beside that of his steps: the answers he gave over those expected of him."""
        events: Counter[Holder] = Counter()
        expected: dict[Holder, float] = {}
        for task, days, done in seen:
            owed = self._expected[task.step][days] * task.count
            expected[task.holder] = expected.get(task.holder, 0.0) + owed
            events[task.holder] += task.count if done else 0
        return {
            holder: _rounded((SHAPE + events[holder]) / (SHAPE + owed)) for holder, owed in expected.items()
        }

    def speed(self, holder: Holder) -> float:
        return self._speed.get(holder, 1.0)

    def _log_open(self, step: str, days: int) -> float:
        """The logarithm of the chance to be open after so many days; beyond what was seen the average goes on."""
        known = self._open.get(step, [0.0])
        return known[min(days, len(known) - 1)] + max(0, days + 1 - len(known)) * log(1.0 - self.usual)

    def log_open(self, step: str, opened: int, last: int) -> float:
        """The logarithm of the chance that a task of usual speed, open this morning, is open after the day `last`."""
        first = max(0, self.today - opened)
        return self._log_open(step, max(first, last - opened + 1)) - self._log_open(step, first)

    def open_chance(self, step: str, holder: Holder, opened: int, last: int) -> float:
        """The chance that a task which is open this morning is still open after the day `last`."""
        return exp(self.speed(holder) * self.log_open(step, opened, last))


def gate_chance(open_chances: Iterable[float], needed: int | None = None) -> float:
    """The chance that a gate waits too long: of those asked, `needed` (None: all) have to answer in time.

    They are taken to answer independently of one another.
    """
    chances = list(open_chances)
    if needed is None or needed >= len(chances):
        return 1.0 - prod(1.0 - chance for chance in chances)
    answers = [1.0]
    for chance in chances:
        before = [*answers, 0.0]
        answers = [
            before[n] * chance + (before[n - 1] * (1.0 - chance) if n else 0.0) for n in range(len(before))
        ]
    return sum(answers[:needed])


@dataclass(frozen=True)
class Waiting:
    """So many gates alike that are open: `needed` of the holders have to answer (None: all)."""

    step: str
    opened: int
    holders: tuple[Holder, ...]
    needed: int | None = None
    count: int = 1

    def open_chance(self, pace: Pace, last: int) -> float:
        """The chance that such a gate is still open after the day `last`."""
        return _open_chance(pace, self.kind(pace), last)

    def kind(self, pace: Pace) -> Kind:
        return self.step, self.opened, tuple(sorted(pace.speed(h) for h in self.holders)), self.needed


Kind = tuple[str, int, tuple[float, ...], int | None]
"""What a gate's chance hangs on: step, day, the holders' speeds, and how many of them have to answer."""


def _open_chance(pace: Pace, kind: Kind, last: int) -> float:
    step, opened, speeds, needed = kind
    wait = pace.log_open(step, opened, last)
    return gate_chance((exp(speed * wait) for speed in speeds), needed)


def clear_day(pace: Pace, gates: Sequence[Waiting], longest: int) -> int | None:
    """In how many working days less than half a gate is expected to be open; None: not within `longest`.

    Found by halving: the later the day, the fewer are open after it.
    """

    kinds: Counter[Kind] = Counter()
    for gate in gates:
        kinds[gate.kind(pace)] += gate.count

    def left(days: int) -> float:
        return sum(n * _open_chance(pace, kind, pace.today + days) for kind, n in kinds.items())

    if left(longest) >= CLEAR:
        return None
    low, high = -1, longest
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if left(middle) < CLEAR else (middle, high)
    return high


def between_80(chances: Iterable[tuple[float, int]]) -> tuple[float, float, float]:
    """How many of so many tasks with these chances will be late: the expected number, and 80 % around it."""
    rows = list(chances)
    mean = sum(p * n for p, n in rows)
    spread = 1.28 * sqrt(sum(p * (1 - p) * n for p, n in rows))
    return mean, max(0.0, mean - spread), min(float(sum(n for _, n in rows)), mean + spread)


def _at_risk(waited: Counter[int]) -> list[int]:
    """How many waited through each day: those who were seen to wait for more days than it counts."""
    longest = max(waited)
    return [sum(n for days, n in waited.items() if days > day) for day in range(longest)]


def _between(value: float) -> float:
    return min(MOST, max(LEAST, value))


def _rounded(speed: float) -> float:
    """To a twentieth or so: holders of nearly the same speed are counted together."""
    return exp(round(log(speed) * 10) / 10)
