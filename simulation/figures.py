"""What became of everyone, how fast were the flows, and how much did they cost?

Times are taken from the record: from the event of the decision that settled a gate to the event of the next
gate of the same case. Costs are the processor seconds of all processes of the installation.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import quantiles
from typing import Any
from uuid import UUID

import psutil
from sqlalchemy import func
from sqlmodel import Session, col, select

from models.case import Case
from models.event import Event
from models.gates import Decision, Gate
from models.invariants import Broken, Runs, check
from models.mail import Message
from models.notice import Notice
from models.progress import final_step
from models.season import Season, notice_of
from models.words import EventKind, MessageState, Outcome
from simulation.report import Report

SETTLES = (EventKind.GATE_CLEARED, EventKind.GATE_RETURNED)
# The number under which the report names what is no invariant: an expectation of the simulation itself.
EXPECTATION = 0
OUT_OF_IT = (Outcome.REJECTED, Outcome.WITHDRAWN, Outcome.DISQUALIFIED, Outcome.LAPSED)


@dataclass(frozen=True)
class Measured:
    """What the record can't tell."""

    seed: int
    seconds: float
    play_seconds: float
    cpu_seconds: float
    surprises: Sequence[str]


def report(session: Session, season_id: UUID, measured: Measured, runs: Runs | None) -> Report:
    """Everything about a season that has been played to its end."""
    season = session.get_one(Season, season_id)
    notice = notice_of(session, season)
    outcomes = _outcomes(session, season_id)
    gates = _gates(session, season_id, notice)
    opened = session.exec(select(func.count()).select_from(Gate).where(Gate.season_id == season_id)).one()
    times = latencies(session, season_id)
    found = check(session, season, runs)
    unexpected = [Broken(EXPECTATION, t) for t in (*measured.surprises, *_too_few(notice, outcomes))]
    return Report(
        season=season.key,
        seed=measured.seed,
        cases=sum(outcomes.values()),
        outcomes=outcomes,
        gates=gates,
        gate_labels={s.key: s.label for s in notice.steps},
        mails=_mails(session, season_id),
        latency_p50_ms=round(_quantile(times, 50) * 1000, 1),
        latency_p95_ms=round(_quantile(times, 95) * 1000, 1),
        gates_per_second=round(opened / measured.play_seconds, 2),
        cpu_seconds_per_gate=round(measured.cpu_seconds / opened, 3),
        checked=found.checked,
        broken=tuple({"number": b.number, "text": b.text} for b in (*found.broken, *unexpected)),
        seconds=round(measured.seconds, 1),
    )


def latencies(session: Session, season_id: UUID) -> list[float]:
    """Seconds from each decision that settled a gate to the next gate of the same chain, where that opens at
    once.
    """
    events = session.exec(
        select(Event.chain, Event.kind, Event.recorded_at)
        .where(Event.season_id == season_id)
        .where(col(Event.kind).in_((*SETTLES, EventKind.GATE_OPENED, EventKind.CLOCK_MOVED)))
        .order_by(col(Event.chain), col(Event.seq))
    ).all()
    return [
        (later[2] - earlier[2]).total_seconds()
        for _, chain in groupby(events, key=lambda e: e[0])
        for earlier, later in pairwise(chain)
        if earlier[1] in SETTLES and later[1] == EventKind.GATE_OPENED
    ]


def processor_seconds(root: psutil.Process) -> float:
    """What everything below `root` has used up so far, processes that have ended and were waited for
    included.
    """
    total = 0.0
    for process in root.children(recursive=True):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def _quantile(values: Sequence[float], percent: int) -> float:
    if len(values) < 2:
        return sum(values)
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def _outcomes(session: Session, season_id: UUID) -> dict[str, int]:
    counts = Counter(session.exec(select(Case.outcome).where(Case.season_id == season_id)))
    return {o.value: counts[o] for o in Outcome if counts[o]}


def _too_few(notice: Notice, outcomes: Mapping[str, int]) -> list[str]:
    """Everyone who stayed in it to the end is eligible; as many as there are places must be recognised."""
    if final_step(notice) is None:
        return []
    eligible = sum(n for o, n in outcomes.items() if o not in OUT_OF_IT)
    expected, got = min(notice.quota.places, eligible), outcomes.get(Outcome.RECOGNISED, 0)
    return [] if got == expected else [f"应认定{expected}名，实际认定{got}名。"]


def _gates(session: Session, season_id: UUID, notice: Notice) -> dict[str, int]:
    """How many gates of each step got an answer that settled them, in the notice's order."""
    decided = select(Decision.gate_id).join(Gate, col(Gate.id) == col(Decision.gate_id))
    counts: Mapping[str, Any] = dict(
        session.exec(
            select(Gate.step, func.count())
            .where(Gate.season_id == season_id, col(Gate.closed_at).is_not(None))
            .where(col(Gate.id).in_(decided.where(Gate.season_id == season_id)))
            .group_by(Gate.step)
        ).all()
    )
    return {s.key: counts[s.key] for s in notice.steps if s.key in counts}


def _mails(session: Session, season_id: UUID) -> dict[str, int]:
    counts = Counter(session.exec(select(Message.state).where(Message.season_id == season_id)))
    return {
        "queued": sum(counts.values()),
        "sent": counts[MessageState.SENT],
        "failed": counts[MessageState.FAILED],
    }
