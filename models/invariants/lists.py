"""Does every list keep to its size, follow from the one before, and stay what it was (design §8, 6 9)?"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import col, select

from models.event import Event
from models.gates import Gate
from models.invariants.scene import Scene
from models.lists import Entry, Shortlist, list_digest
from models.notice import Step
from models.publication import publications, published_at
from models.published import rows_digest
from models.words import EventKind, GateState, ListState, Place, StepKind


def within_quota(scene: Scene) -> Iterator[str]:
    """6: no list has more names than its size; a name that was not on the list before has a reason."""
    before: Shortlist | None = None
    for shortlist in _confirmed(scene):
        step = scene.notice.step(shortlist.step)
        where = f"“{step.label}”第{shortlist.round}轮名单"
        on = [e for e in _entries(scene, shortlist) if e.place == Place.ON]
        if shortlist.size > scene.notice.list_size(step) or len(on) > shortlist.size:
            yield f"{where}有{len(on)}名，最多应为{scene.notice.list_size(step)}名。"
        if before is not None and step.kind is not StepKind.RANKING:
            earlier = {e.case_id for e in _entries(scene, before) if e.place == Place.ON}
            for entry in on:
                if entry.case_id not in earlier and not entry.reason.strip():
                    yield f"{scene.about(entry.case_id)}不在前一名单上，列入{where}却没有写明理由。"
        yield from _digest_differs(scene, shortlist, where)
        before = shortlist


def _confirmed(scene: Scene) -> Sequence[Shortlist]:
    """The confirmed lists in the order in which they came into force."""
    found = scene.session.exec(
        select(Shortlist).where(
            Shortlist.season_id == scene.season.id, Shortlist.state == ListState.CONFIRMED
        )
    ).all()
    order = [s.key for s in scene.notice.steps]
    return sorted(found, key=lambda s: (s.confirmed_at or scene.moment, order.index(s.step), s.round))


def _entries(scene: Scene, shortlist: Shortlist) -> list[Entry]:
    places = list(Place)
    found = scene.session.exec(select(Entry).where(Entry.shortlist_id == shortlist.id)).all()
    return sorted(found, key=lambda e: (places.index(Place(e.place)), e.position))


def _digest_differs(scene: Scene, shortlist: Shortlist, where: str) -> Iterator[str]:
    """A confirmed list is the one that its event recorded."""
    numbers = {c.id: c.number for c in scene.cases}
    recorded = {
        (f["step"], f["round"]): f["digest"]
        for f in scene.session.exec(
            select(Event.facts).where(Event.chain == scene.season.id, Event.kind == EventKind.LIST_CONFIRMED)
        )
    }
    now = list_digest(_entries(scene, shortlist), numbers)
    if not now == shortlist.digest == recorded.get((shortlist.step, shortlist.round)):
        yield f"{where}与确认时不符，已被改动。"


def published_as_released(scene: Scene) -> Iterator[str]:
    """9: what a public notice shows is what its check released: same rows, same hash, and nobody beyond the list."""
    for window in scene.notice.season_steps:
        check = scene.notice.check_of(window) if window.kind is StepKind.WINDOW else None
        if check is not None:
            yield from _published_otherwise(scene, window, check)
            yield from _altered(scene, window)


def _published_otherwise(scene: Scene, window: Step, check: Step) -> Iterator[str]:
    checked = {g.id: g.closed_at for g in _season_gates(scene, check.key) if _passed(g)}
    for notice in _season_gates(scene, window.key):
        where = f"“{window.label}”第{notice.round}轮"
        found = published_at(scene.session, scene.season, window, notice)
        if found is None or found.gate_id not in checked:
            yield f"{where}没有经过“{check.label}”就已公示。"
        elif found.released_at < (_confirmed_before(scene, window, notice.opened_at) or found.released_at):
            yield f"{where}公示的名单不是“{check.label}”准予公示的名单。"


def _altered(scene: Scene, window: Step) -> Iterator[str]:
    """A release is still what its event recorded."""
    recorded = {
        f["gate"]: f["digest"]
        for f in scene.session.exec(
            select(Event.facts).where(Event.chain == scene.season.id, Event.kind == EventKind.LIST_RELEASED)
        )
    }
    for found in publications(scene.session, scene.season, window):
        if not rows_digest(found.rows) == found.digest == recorded.get(str(found.gate_id)):
            yield f"“{window.label}”公示的内容与准予公示时不符，已被改动。"


def _confirmed_before(scene: Scene, window: Step, moment: datetime) -> datetime | None:
    """When the list that was in force at a moment of the season was confirmed."""
    steps = [s.key for s in scene.notice.season_steps]
    before = steps[: steps.index(window.key)]
    lists = [
        s.confirmed_at
        for s in _confirmed(scene)
        if s.confirmed_at is not None and s.confirmed_at <= moment and s.step in before
    ]
    return lists[-1] if lists else None


def _season_gates(scene: Scene, step: str) -> Sequence[Gate]:
    return scene.session.exec(
        select(Gate)
        .where(Gate.season_id == scene.season.id, Gate.step == step, col(Gate.case_id).is_(None))
        .order_by(col(Gate.round))
    ).all()


def _passed(gate: Gate) -> bool:
    """Cleared, or cleared once and void since; one that was void before anybody answered has no outcome."""
    return gate.state == GateState.CLEARED or (gate.state == GateState.VOID and gate.outcome is not None)
