"""Which gates that wait today will probably miss their date? What is read for it, and how it is told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from models.board.days import Days
from models.board.history import Alike, learn, read_alike
from models.board.pace import Holder, Pace, Waiting, between_80, clear_day
from models.board.sight import knows_names
from models.notice import Step
from models.people import Organisation, Person
from models.viewer import Viewer

LIKELY = 0.5
MOST = 50
# Nobody is told how a step goes of which less than this many answers are known.
ENOUGH = 5
LONGEST = 90


@dataclass(frozen=True)
class StepForecast:
    """One step with open gates: how many are late, how many more will be, and when the last one is answered.

    `clear` is the day by which less than half a gate is expected to be open; None: not within `LONGEST` working days.
    """

    step: Step
    open: int
    late: int
    expected: float
    low: float
    high: float
    due: date
    clear: date | None
    known: int


@dataclass(frozen=True)
class Likely:
    """Gates of the same step, holders and due day that will probably be late: `chance` on average, the longest wait."""

    step: Step
    holders: str
    count: int
    first: str
    waited: int
    due: date
    left: int
    chance: float
    holder: Holder | None


@dataclass(frozen=True)
class Forecast:
    steps: Sequence[StepForecast]
    likely: Sequence[Likely]
    answers: int
    earlier: int


def read_forecast(viewer: Viewer, days: Days) -> Forecast:
    """The forecast of the gates in view, learnt from what is in view of the season and from those before it."""
    learnt = learn(viewer, days)
    pace, known = learnt.pace, learnt.known
    alike = [(a, _chance(days, pace, a)) for a in read_alike(viewer)]
    steps = [
        _of_step(
            viewer, days, pace, step, [x for x in alike if x[0].step == step.key], known.get(step.key, 0)
        )
        for step in viewer.notice.steps
        if any(a.step == step.key for a, _ in alike)
    ]
    return Forecast(steps, _likely(viewer, days, alike, known), sum(known.values()), learnt.earlier)


def _chance(days: Days, pace: Pace, alike: Alike) -> float:
    return 1.0 if alike.due < days.today else _waiting(days, alike).open_chance(pace, days.index(alike.due))


def _waiting(days: Days, alike: Alike) -> Waiting:
    return Waiting(alike.step, days.index(alike.opened), alike.holders, alike.needed, alike.count)


def _of_step(
    viewer: Viewer, days: Days, pace: Pace, step: Step, alike: Sequence[tuple[Alike, float]], known: int
) -> StepForecast:
    ahead = [(chance, a.count) for a, chance in alike if a.due >= days.today]
    expected, low, high = between_80(ahead)
    clear = clear_day(pace, [_waiting(days, a) for a, _ in alike], LONGEST)
    return StepForecast(
        step=step,
        open=sum(a.count for a, _ in alike),
        late=sum(a.count for a, _ in alike if a.due < days.today),
        expected=expected,
        low=low,
        high=high,
        due=viewer.notice.dates[step.due].day,
        clear=days.after(clear) if clear is not None else None,
        known=known,
    )


# --- how it is told ----------------------------------------------------------------------------------------------


def _likely(
    viewer: Viewer, days: Days, alike: Sequence[tuple[Alike, float]], known: Mapping[str, int]
) -> list[Likely]:
    """What is more likely late than not, those due first; only of steps of which enough answers are known."""
    together: dict[tuple[str, tuple[Holder, ...], date], list[tuple[Alike, float]]] = defaultdict(list)
    for a, chance in alike:
        if a.due >= days.today and chance >= LIKELY and known.get(a.step, 0) >= ENOUGH:
            together[a.step, a.holders, a.due].append((a, chance))
    found = sorted(together.items(), key=lambda item: (item[0][2], -sum(a.count for a, _ in item[1])))[:MOST]
    names = _names(viewer, [h for (_, holders, _), _ in found for h in holders])
    return [_told(viewer, days, step, holders, due, rows, names) for (step, holders, due), rows in found]


def _told(
    viewer: Viewer,
    days: Days,
    step: str,
    holders: tuple[Holder, ...],
    due: date,
    rows: Sequence[tuple[Alike, float]],
    names: dict[Holder, str],
) -> Likely:
    count = sum(a.count for a, _ in rows)
    return Likely(
        step=viewer.notice.step(step),
        holders="、".join(dict.fromkeys(names[h] for h in holders)),
        count=count,
        first=min(a.first for a, _ in rows),
        waited=days.waited(min(a.opened for a, _ in rows)),
        due=due,
        left=days.left(due),
        chance=sum(chance * a.count for a, chance in rows) / count,
        holder=holders[0] if len(holders) == 1 else None,
    )


def _names(viewer: Viewer, holders: Sequence[Holder]) -> dict[Holder, str]:
    units, people = {u for _, u, _ in holders if u}, {p for _, _, p in holders if p}
    wanted = select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(units))
    named = select(Person.id, Person.name).where(col(Person.id).in_(people if knows_names(viewer) else []))
    known: dict[UUID, str] = {
        **dict(viewer.session.exec(wanted).all()),
        **dict(viewer.session.exec(named).all()),
    }
    return {
        (body, unit, person): known.get(unit or person or UUID(int=0), viewer.notice.body(body).label)
        for body, unit, person in holders
    }
