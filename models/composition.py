"""Of whom does a list consist, beside all candidates? Figures for people to look at; nothing is decided by them.

They never enter a score or an order: the pages and papers say so wherever they show them.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

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


@dataclass(frozen=True)
class Profile:
    """What is counted of one candidate; `values` are those of the fields that the notice's emphases look at."""

    id: UUID
    category: str
    county: str
    channel: str
    values: Mapping[str, str | None]
    still_in: bool = True


def profiles(viewer: Viewer) -> list[Profile]:
    """All who have ever handed in, as far as this person may see them; read without their whole forms."""
    fields = sorted({e.field for e in viewer.notice.emphases})
    rows = viewer.session.execute(
        viewer.cases()
        .where(col(Case.stage) != viewer.notice.steps[0].stage)
        .with_only_columns(
            col(Case.id),
            col(Case.category),
            col(Case.county),
            col(Case.channel),
            col(Case.outcome),
            *(col(Case.form)[field].astext for field in fields),
        )
    )
    return [
        Profile(
            i, category, county or "", channel, dict(zip(fields, values, strict=True)), outcome not in WITHOUT
        )
        for i, category, county, channel, outcome, *values in rows
    ]


def composition(
    notice: Notice, listed: Collection[UUID], known: Sequence[Profile], counties: Mapping[str, str]
) -> list[Division]:
    """By category, county and channel, and how many the notice's emphases (二（一）) apply to.

    Beside those of `listed` stand all who are still in it.
    """
    on, everyone = [p for p in known if p.id in listed], [p for p in known if p.still_in]
    categories = {c.key: c.label for c in notice.categories} | {OTHER_CATEGORY: "其他"}
    channels = {c.key: c.label for c in notice.channels}
    found = [
        _division("category", "类别（附件5）", categories, lambda p: p.category, on, everyone),
        _division("county", "县（区）", counties, lambda p: p.county, on, everyone, "市直"),
        _division("channel", "申报渠道", channels, lambda p: p.channel, on, everyone),
    ]
    emphases = [
        Share(e.label, *(sum(_is_one(notice, e, p) for p in group) for group in (on, everyone)))
        for e in notice.emphases
    ]
    if emphases:
        found.append(Division("emphases", "突出培养（二（一））", emphases, exclusive=False))
    return [d for d in found if d.shares]


def _division(
    key: str,
    title: str,
    labels: Mapping[str, str],
    of: Callable[[Profile], str],
    listed: Sequence[Profile],
    everyone: Sequence[Profile],
    empty: str = NOT_GIVEN,
) -> Division:
    """The groups that have somebody, in the order of the labels; what has no label comes last."""
    on, among = Counter(map(of, listed)), Counter(map(of, everyone))
    order = [k for k in labels if among[k] or on[k]]
    order += sorted((set(on) | set(among)) - set(order))
    return Division(key, title, [Share(labels.get(k) or k or empty, on[k], among[k]) for k in order])


def _is_one(notice: Notice, emphasis: Emphasis, profile: Profile) -> bool:
    value = profile.values.get(emphasis.field)
    if emphasis.oldest is None:
        return value in emphasis.values
    born = read_day(value or "")
    return born is not None and age_on(born, notice.issued) <= emphasis.oldest


def age_on(born: date, day: date) -> int:
    """Whole years of age."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
