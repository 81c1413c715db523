"""How do scores become an order, and how sure is it (三（四）)?

Pure figures: sheets in, standings out. The notice's method makes the list; beside it stand the median, the spread, a
score freed of how strict each expert is, and whose place would change sides of the cut under another method. They
inform whoever confirms the list and change nothing by themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean, median, pstdev
from typing import NamedTuple
from uuid import UUID

from models.notice import Step

METHODS = {
    "mean": "各专家加权总分的平均值",
    "trimmed_mean": "四名以上专家评分时去掉最高分和最低分后求平均，不足四名时求平均",
    "standardised": "各专家评分先按其本人评分标准化再求平均",
}
SHORT = {
    "mean": "平均值",
    "trimmed_mean": "去掉最高最低",
    "standardised": "标准化",
    "median": "中位数",
    "adjusted": "宽严校正",
}
ENOUGH_TO_TRIM = 4
CLOSE_ENOUGH = 1e-9
MOST_ROUNDS = 10_000


class Sheet(NamedTuple):
    """One expert's weighted total (0–100) for one case."""

    case: UUID
    expert: UUID
    total: float


@dataclass(frozen=True)
class Standing:
    """What the sheets of one case say; ranks count from 1 and are shared by equal scores."""

    case: UUID
    sheets: int
    score: float
    median: float
    spread: float
    low: float
    high: float
    adjusted: float
    adjusted_rank: int
    otherwise: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """The standings by case; `groups` of experts who judged no case in common can't be compared by severity."""

    standings: Mapping[UUID, Standing]
    groups: int


def weighted(step: Step, scores: Mapping[str, float]) -> Decimal:
    """One expert's total: the criteria's scores (0–100) by their weights."""
    return sum((Decimal(str(scores[c.key])) * c.weight for c in step.criteria), Decimal(0))


def scores(sheets: Sequence[Sheet], method: str | None) -> dict[UUID, Decimal]:
    """The score of each case by a method of the notice; four decimals."""
    counted = _standardised(sheets) if method == "standardised" else sheets
    return {case: Decimal(str(round(_mean(totals, method), 4))) for case, totals in _by_case(counted).items()}


def rank(sheets: Sequence[Sheet], method: str | None, size: int, order: Sequence[UUID]) -> Ranking:
    """The standing of every scored case; `order` breaks ties (case numbers), `size` is where the list is cut."""
    by_case = _by_case(sheets)
    severity, groups = severities(sheets)
    adjusted = {c: _adjusted(sheets, c, severity) for c in by_case}
    official = scores(sheets, method)
    columns = {m: {c: float(s) for c, s in scores(sheets, m).items()} for m in METHODS if m != method}
    columns |= {"median": {c: median(v) for c, v in by_case.items()}, "adjusted": adjusted}
    chosen = _above(official, size, order)
    above = {name: _above(column, size, order) for name, column in columns.items()}
    better = sorted(adjusted.values(), reverse=True)
    standings = {
        c: Standing(
            case=c,
            sheets=len(v),
            score=float(official[c]),
            median=median(v),
            spread=pstdev(v),
            low=min(v),
            high=max(v),
            adjusted=adjusted[c],
            adjusted_rank=better.index(adjusted[c]) + 1,
            otherwise=tuple(m for m, names in above.items() if (c in names) != (c in chosen)),
        )
        for c, v in by_case.items()
    }
    return Ranking(standings, groups)


def severities(sheets: Sequence[Sheet]) -> tuple[dict[UUID, float], int]:
    """How many points each expert lies above the others on the same cases, and the number of separate groups.

    Least squares for score = case + expert, by alternating means until nothing moves; within each group of experts
    that cases connect, the points weigh out to zero. Rounded to a millionth.
    """
    effect = dict.fromkeys((s.expert for s in sheets), 0.0)
    by_expert: dict[UUID, list[Sheet]] = {}
    for sheet in sheets:
        by_expert.setdefault(sheet.expert, []).append(sheet)
    for _ in range(MOST_ROUNDS):
        level = {c: fmean(v) for c, v in _by_case(_freed(sheets, effect)).items()}
        new = {e: fmean(s.total - level[s.case] for s in own) for e, own in by_expert.items()}
        moved = max((abs(new[e] - effect[e]) for e in effect), default=0.0)
        effect = new
        if moved < CLOSE_ENOUGH:
            break
    groups = _groups(sheets)
    for group in groups:
        own = [s.expert for s in sheets if s.expert in group]
        middle = fmean(effect[e] for e in own)
        effect |= {e: round(effect[e] - middle, 6) for e in group}
    return effect, len(groups)


def _freed(sheets: Sequence[Sheet], effect: Mapping[UUID, float]) -> list[Sheet]:
    return [s._replace(total=s.total - effect[s.expert]) for s in sheets]


def _groups(sheets: Sequence[Sheet]) -> list[set[UUID]]:
    """Experts whom a chain of common cases connects."""
    panels: dict[UUID, set[UUID]] = {}
    for sheet in sheets:
        panels.setdefault(sheet.case, set()).add(sheet.expert)
    groups: list[set[UUID]] = []
    for panel in panels.values():
        touching = [g for g in groups if g & panel]
        groups = [g for g in groups if not g & panel] + [panel.union(*touching)]
    return groups


def _adjusted(sheets: Sequence[Sheet], case: UUID, severity: Mapping[UUID, float]) -> float:
    return round(fmean(s.total - severity[s.expert] for s in sheets if s.case == case), 4)


def _above(column: Mapping[UUID, float | Decimal], size: int, order: Sequence[UUID]) -> set[UUID]:
    """The first `size` by this column."""
    place = {c: n for n, c in enumerate(order)}
    return set(sorted(column, key=lambda c: (-column[c], place.get(c, 0)))[:size])


def _by_case(sheets: Sequence[Sheet]) -> dict[UUID, list[float]]:
    found: dict[UUID, list[float]] = {}
    for sheet in sheets:
        found.setdefault(sheet.case, []).append(sheet.total)
    return found


def _mean(values: list[float], method: str | None) -> float:
    if method == "trimmed_mean" and len(values) >= ENOUGH_TO_TRIM:
        values = sorted(values)[1:-1]
    return fmean(values)


def _standardised(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Each expert's totals moved to mean 70 and deviation 10, so that a strict one does not sink a case."""
    of: dict[UUID, list[float]] = {}
    for sheet in sheets:
        of.setdefault(sheet.expert, []).append(sheet.total)
    return [
        s._replace(total=70 + 10 * (s.total - fmean(of[s.expert])) / (pstdev(of[s.expert]) or 1))
        for s in sheets
    ]
