"""Of whom does a list consist, beside all candidates? Figures for people to look at; nothing is decided by them.

They never enter a score or an order: the pages and papers say so wherever they show them.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col

from models.case import Case
from models.form import OTHER_CATEGORY
from models.notice import Emphasis, Notice
from models.values import read_day
from models.viewer import Viewer
from models.words import Outcome

NOT_GIVEN = "未填写"
WITHOUT = (Outcome.WITHDRAWN, Outcome.LAPSED)


@dataclass(frozen=True)
class Share:
    """How many of a group are on the list, and how many there are among all candidates."""

    label: str
    listed: int
    everyone: int


@dataclass(frozen=True)
class Division:
    """One way of dividing the candidates; `exclusive` when everybody is in exactly one group."""

    key: str
    title: str
    shares: Sequence[Share]
    exclusive: bool = True


def composition(
    notice: Notice, listed: Sequence[Case], everyone: Sequence[Case], counties: Mapping[str, str]
) -> list[Division]:
    """By category, county and channel, and how many the notice's emphases (二（一）) apply to."""
    categories = {c.key: c.label for c in notice.categories} | {OTHER_CATEGORY: "其他"}
    channels = {c.key: c.label for c in notice.channels}
    found = [
        _division("category", "类别（附件5）", categories, lambda c: c.category, listed, everyone),
        _division("county", "县（区）", counties, lambda c: c.county or "", listed, everyone, "市直"),
        _division("channel", "申报渠道", channels, lambda c: c.channel, listed, everyone),
    ]
    emphases = [
        Share(
            e.label, sum(_is_one(notice, e, c) for c in listed), sum(_is_one(notice, e, c) for c in everyone)
        )
        for e in notice.emphases
    ]
    if emphases:
        found.append(Division("emphases", "突出培养（二（一））", emphases, exclusive=False))
    return [d for d in found if d.shares]


def _division(
    key: str,
    title: str,
    labels: Mapping[str, str],
    of: Callable[[Case], str],
    listed: Sequence[Case],
    everyone: Sequence[Case],
    empty: str = NOT_GIVEN,
) -> Division:
    """The groups that have somebody, in the order of the labels; what has no label comes last."""
    on, among = Counter(map(of, listed)), Counter(map(of, everyone))
    order = [k for k in labels if among[k] or on[k]]
    order += sorted((set(on) | set(among)) - set(order))
    return Division(key, title, [Share(labels.get(k) or k or empty, on[k], among[k]) for k in order])


def _is_one(notice: Notice, emphasis: Emphasis, case: Case) -> bool:
    value = case.form.get(emphasis.field)
    if emphasis.oldest is None:
        return value in emphasis.values
    born = read_day(str(value or ""))
    return born is not None and age_on(born, notice.issued) <= emphasis.oldest


def age_on(born: date, day: date) -> int:
    """Whole years of age."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def candidates(viewer: Viewer) -> Sequence[Case]:
    """All who have handed in, and neither withdrew nor lapsed, as far as this person may see them."""
    first = viewer.notice.steps[0].stage
    return viewer.session.exec(
        viewer.cases().where(
            col(Case.stage) != first,
            col(Case.outcome).is_(None) | col(Case.outcome).not_in(WITHOUT),
        )
    ).all()
