"""How good is the forecast of what will be late? Checked on simulated seasons, morning by morning.

`python -m bench.forecast [CASES] [SEASONS] [FIRST SEED]` plays seasons of slow people in a database of its own, goes
back to every working morning, forecasts each open gate from what was known then, and compares with what came:
Brier score beside three baselines (the share late of this step so far, of all steps so far, and the true share of
the whole season, which nobody could know), calibration, and the error of the day on which a step is to be cleared.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import mean, median
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from bench.apart import measure_apart
from models.board.days import Days
from models.board.pace import Pace, Task, Waiting, clear_day
from models.database import reading, transaction
from models.gates import Assignment, Decision, Gate
from models.migrate import upgrade
from models.notice import Notice, day_of
from models.season import Season, notice_of
from models.words import Need, StepKind
from models.workdays import last_date
from notices.reader import read_notice
from simulation.pump import Pump
from simulation.slow import SlowPlay
from tasks.practice import NOTICE, open_practice, today

CASES, SEASONS, FIRST_SEED = 100, 4, 101
DAYS_PLAYED = 45
LONGEST = 90
BINS = 5


@dataclass(frozen=True)
class Seen:
    """One gate of a season played: days are working days since the season began; `closed` None: never."""

    step: str
    opened: int
    due: int
    closed: int | None
    tasks: tuple[Task, ...]
    needed: int | None

    @property
    def late(self) -> bool | None:
        """Whether the answers were not there at the end of the last day; None: nobody waited for them so long."""
        in_time = sum(t.answered and t.ended is not None and t.ended <= self.due for t in self.tasks)
        if in_time >= (len(self.tasks) if self.needed is None else self.needed):
            return False
        return None if self.closed is not None and self.closed < self.due else True

    def is_open(self, morning: int) -> bool:
        return self.opened < morning and (self.closed is None or self.closed >= morning)

    def waiting(self, morning: int) -> Waiting:
        """As it stands that morning: those who have not answered yet."""
        asked = tuple(t.holder for t in self.tasks if t.ended is None or t.ended >= morning)
        answered = len(self.tasks) - len(asked)
        needed = None if self.needed is None else max(0, self.needed - answered)
        return Waiting(self.step, self.opened, asked, needed)


@dataclass(frozen=True)
class Said:
    """One forecast of one gate on one morning, what two simpler ones say, and what came."""

    chance: float
    by_step: float
    overall: float
    late: bool


def play(cases: int, seed: int) -> UUID:
    with transaction() as session:
        season = open_practice(session, read_notice(NOTICE), today())
    SlowPlay(season.id, cases, seed, Pump(), lambda line: None).run_days(DAYS_PLAYED)
    return season.id


def read_season(season_id: UUID) -> list[Seen]:
    """The gates of cases at which somebody is asked, in working days since the season was opened."""
    with reading() as session:
        season = session.get_one(Season, season_id)
        notice, days = notice_of(session, season), Days(session, season.opened_at)
        forms = [s.key for s in notice.steps if s.kind is StepKind.FORM]
        rows = session.execute(
            select(Gate, Assignment, Decision)
            .join(Assignment, col(Assignment.gate_id) == col(Gate.id))
            .outerjoin(Decision, col(Decision.assignment_id) == col(Assignment.id))
            .where(Gate.season_id == season_id, col(Gate.case_id).is_not(None))
            .where(col(Gate.step).not_in(forms))
        ).all()
        found: dict[UUID, Seen] = {}
        for gate, task, decision in rows:
            seen = found.get(gate.id) or _seen(notice, days, gate)
            found[gate.id] = replace(seen, tasks=(*seen.tasks, _task(days, gate, task, decision)))
        return list(found.values())


def _seen(notice: Notice, days: Days, gate: Gate) -> Seen:
    closed = days.index(day_of(gate.closed_at)) if gate.closed_at else None
    need = notice.step(gate.step).need
    needed = None if need is Need.ALL else 1 if need is Need.ONE else int(need)
    opened, due = days.index(day_of(gate.opened_at)), days.index(last_date(gate.due_at))
    return Seen(gate.step, opened, due, closed, (), needed)


def _task(days: Days, gate: Gate, task: Assignment, decision: Decision | None) -> Task:
    ended = decision.decided_at if decision else gate.closed_at
    return Task(
        step=gate.step,
        holder=(task.body, task.organisation_id, task.person_id),
        opened=days.index(day_of(gate.opened_at)),
        ended=days.index(day_of(ended)) if ended else None,
        answered=decision is not None,
    )


def forecasts(gates: Sequence[Seen]) -> Iterator[Said]:
    """Every open gate on every working morning that is not past its day yet."""
    tasks = [task for gate in gates for task in gate.tasks]
    for morning in _mornings(gates):
        pace = Pace(tasks, morning)
        known = [g for g in gates if _is_known(g, morning)]
        overall = _share(known)
        of_step = {step: [g for g in known if g.step == step] for step in {g.step for g in gates}}
        for gate in gates:
            if gate.is_open(morning) and gate.due >= morning and gate.late is not None:
                chance = gate.waiting(morning).open_chance(pace, gate.due)
                yield Said(chance, _share(of_step[gate.step], overall), overall, gate.late)


def _mornings(gates: Sequence[Seen]) -> range:
    return range(2, max(g.due for g in gates) + 1)


def _is_known(gate: Seen, morning: int) -> bool:
    """Whether it is clear by that morning if the gate is late."""
    return gate.due < morning or (gate.closed is not None and gate.closed < morning)


def _share(gates: Sequence[Seen], before: float = 0.5) -> float:
    """The share that was late, with two gates' weight of what was thought before."""
    return (sum(g.late is True for g in gates) + 2 * before) / (len(gates) + 2)


def clearing_errors(gates: Sequence[Seen]) -> Iterator[int]:
    """By how many working days a step's open gates were cleared earlier or later than said, each morning."""
    tasks = [task for gate in gates for task in gate.tasks]
    for morning in _mornings(gates):
        pace = Pace(tasks, morning)
        steps: dict[str, list[Seen]] = defaultdict(list)
        for gate in gates:
            if gate.is_open(morning) and gate.waiting(morning).holders:
                steps[gate.step].append(gate)
        for of_step in steps.values():
            closed = [g.closed for g in of_step if g.closed is not None]
            said = clear_day(pace, [g.waiting(morning) for g in of_step], LONGEST)
            if len(closed) == len(of_step):
                yield abs((LONGEST if said is None else said) - (max(closed) - morning))


def report(said: Sequence[Said], errors: Sequence[int]) -> dict[str, Any]:
    share = mean(s.late for s in said)
    scores = {name: brier(said, name) for name in ("chance", "by_step", "overall")}
    return {
        "forecasts": len(said),
        "late": round(share, 3),
        "brier": {name: round(score, 4) for name, score in scores.items()}
        | {"hindsight": round(share * (1 - share), 4)},
        "skill_over_step_share": round(1 - scores["chance"] / scores["by_step"], 3),
        "skill_over_hindsight": round(1 - scores["chance"] / (share * (1 - share)), 3),
        "calibration": calibration(said),
        "clear_day_error": {"median": median(errors), "within_3": round(mean(e <= 3 for e in errors), 3)},
    }


def brier(said: Sequence[Said], name: str) -> float:
    """The mean squared distance of what was said from what came: 0 is perfect."""
    return float(mean((getattr(s, name) - s.late) ** 2 for s in said))


def calibration(said: Sequence[Said]) -> list[dict[str, float]]:
    """Of the forecasts between two chances: how many, what was said on average, what share came so."""
    bins: dict[int, list[Said]] = defaultdict(list)
    for s in said:
        bins[min(BINS - 1, int(s.chance * BINS))].append(s)
    return [
        {
            "count": len(rows),
            "said": round(mean(s.chance for s in rows), 3),
            "came": round(mean(s.late for s in rows), 3),
        }
        for _, rows in sorted(bins.items())
    ]


def measure(cases: int, seasons: int, first_seed: int) -> dict[str, Any]:
    """Against the installation of the environment."""
    upgrade()
    said: list[Said] = []
    errors: list[int] = []
    each: list[dict[str, Any]] = []
    for seed in range(first_seed, first_seed + seasons):
        gates = read_season(play(cases, seed))
        told, off = list(forecasts(gates)), list(clearing_errors(gates))
        each.append(
            {"seed": seed, "brier": {n: round(brier(told, n), 4) for n in ("chance", "by_step", "overall")}}
        )
        said, errors = said + told, errors + off
    return {"cases": cases, "seasons": each, "all": report(said, errors)}


def main() -> None:
    measure_apart("bench.forecast", measure, CASES, SEASONS, FIRST_SEED)


if __name__ == "__main__":
    main()
