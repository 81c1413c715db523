"""What happens to a place: how does it fall free, and who moves up?"""

from collections.abc import Mapping

from sqlmodel import Session, select

from models.case import Case
from models.gates import Gate
from models.hearing import SHOWN
from models.lists import Entry, Shortlist
from models.notice import Notice, Step
from models.people import Person
from models.progress import Progress, current_list, final_step, listed
from models.season import Season, now
from models.verdict import Reason, Refused
from models.words import EventKind, GateState, ListState, Place, StepKind
from tasks.advance import unseat
from tasks.record import record
from tasks.shortlists import confirm_list


def promote_next(session: Session, season: Season, notice: Notice, *, actor: Person) -> Case:
    """The first of the reserve moves up: a new round of the selected list, confirmed at once (basis: office)."""
    step = final_step(notice)
    before = current_list(session, season.id, step.key) if step else None
    if step is None or before is None:
        raise Refused(Reason("no_list", "还没有拟认定人选名单，不能递补。"))
    held, reserve = listed(session, before), listed(session, before, Place.RESERVE)
    if not reserve or len(held) >= before.size:
        raise Refused(Reason("no_place", "没有空额或后备名单已空，不能递补。"))
    promoted = reserve[0][1]
    shortlist = _next_round(session, season, step, before)
    on = [*held, reserve[0]]
    for place, rows in ((Place.ON, on), (Place.RESERVE, reserve[1:])):
        for position, (entry, case) in enumerate(rows, 1):
            session.add(
                Entry(
                    shortlist_id=shortlist.id,
                    size=shortlist.size,
                    case_id=case.id,
                    place=place,
                    position=position,
                    score=entry.score,
                    reason="递补" if case.id == promoted.id else entry.reason,
                )
            )
    session.flush()
    confirm_list(session, season, shortlist, actor)
    return promoted


def _next_round(session: Session, season: Season, step: Step, before: Shortlist) -> Shortlist:
    shortlist = Shortlist(
        season_id=season.id,
        step=step.key,
        round=before.round + 1,
        size=before.size,
        method=before.method,
        state=ListState.DRAFT,
        drafted_at=now(season),
    )
    session.add(shortlist)
    session.flush()
    return shortlist


def free_place(session: Session, season: Season, notice: Notice, case: Case, *, actor: Person) -> None:
    """A case on the selected list has ended: the place is free, and what was decided with it on the list is void.

    Nothing happens for a case off the list. The season's row must be locked.
    """
    step = final_step(notice)
    selected = current_list(session, season.id, step.key) if step else None
    if selected is None or not _was_on(session, selected, case):
        return
    record(session, EventKind.PLACE_FREED, season=season, actor=actor, case_number=case.number)
    unseat(
        session, season, None, _decided_of_it(notice, Progress(session, season, notice, None).gates), actor
    )


def _decided_of_it(notice: Notice, gates: Mapping[str, Gate]) -> list[Gate]:
    """What was decided about the list as it was, and is asked again.

    The check of a public notice that has not opened yet; whether a place stays empty; and all that comes after it,
    since nobody signs for a list that has changed. Once the titles are settled nothing is.
    """
    steps = notice.season_steps
    states = {key: gate.state for key, gate in gates.items()}
    if any(s.settles and states.get(s.key) == GateState.CLEARED for s in steps):
        return []
    unopened = [w for w in steps if w.kind is StepKind.WINDOW and states.get(w.key) not in SHOWN]
    checks = [c.key for w in unopened if (c := notice.check_of(w))]
    asked = next((n for n, s in enumerate(steps) if s.when == "place_free"), len(steps))
    cleared = [k for k in (*checks, *(s.key for s in steps[asked:])) if states.get(k) == GateState.CLEARED]
    begun = [s.key for s in steps[asked + 1 :] if states.get(s.key) == GateState.OPEN]
    return [gates[k] for k in (*cleared, *begun)]


def _was_on(session: Session, shortlist: Shortlist, case: Case) -> bool:
    return (
        session.exec(
            select(Entry.id).where(
                Entry.shortlist_id == shortlist.id, Entry.case_id == case.id, Entry.place == Place.ON
            )
        ).first()
        is not None
    )
