"""How does a list come to be, and what happens to its cases when it is confirmed?

The ranking drafts the proposed list from the experts' scores; a meeting drafts its list from the list before it. A
draft changes no case. Confirming applies it to all its cases in one transaction (三（四）–三（六）).
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from models.case import Case
from models.gates import Gate
from models.lists import Entry, Shortlist, arrange, list_digest, placed
from models.meeting import meeting_of
from models.notice import Notice, Step
from models.people import Person
from models.progress import latest_list, listed
from models.ranking import METHODS, scores
from models.score_sheets import read_sheets
from models.season import Season, notice_of, now
from models.words import EventKind, GateState, ListState, Place, StepKind
from tasks.record import lock_cases, record, wake_all
from tasks.telling import tell_list_confirmed


def draft_list(session: Session, season: Season, notice: Notice, step: Step, gate: Gate) -> Shortlist:
    """Draft the list that `step` makes, once for each of its gates; a draft binds nobody."""
    found = session.exec(select(Shortlist).where(Shortlist.gate_id == gate.id)).first()
    if found is not None:
        return found
    shortlist = Shortlist(
        season_id=season.id,
        gate_id=gate.id,
        step=step.key,
        round=gate.round,
        size=notice.list_size(step),
        method=METHODS.get(step.method or "", ""),
        drafted_at=now(season),
    )
    session.add(shortlist)
    session.flush()
    _fill(session, season, notice, step, shortlist)
    return shortlist


def redraft(session: Session, season: Season, notice: Notice, step: Step) -> None:
    """Someone arrived while the list was in draft: draft it afresh. Later meetings draft from a list."""
    shortlist = session.exec(
        select(Shortlist)
        .where(
            Shortlist.season_id == season.id, Shortlist.step == step.key, Shortlist.state == ListState.DRAFT
        )
        .with_for_update(key_share=True)
    ).first()
    if shortlist is None or latest_list(session, season, notice, before=step.key) is not None:
        return
    session.exec(delete(Entry).where(col(Entry.shortlist_id) == shortlist.id))
    _fill(session, season, notice, step, shortlist)


def _fill(session: Session, season: Season, notice: Notice, step: Step, shortlist: Shortlist) -> None:
    """A ranking and a first meeting fill the list; a later meeting's draft refills no place that has fallen free."""
    before = latest_list(session, season, notice, before=step.key)
    if step.kind is StepKind.RANKING:
        draft, names = _ranked(session, season, notice, step), shortlist.size
    elif before is None:
        draft = [(case, Decimal(0)) for case in waiting_cases(session, season, step)]
        names = shortlist.size
    else:
        draft = _inherited(session, before)
        names = min(shortlist.size, len(listed(session, before)))
    session.add_all(_entries(shortlist, draft, names))


def _entries(shortlist: Shortlist, draft: Sequence[tuple[Case, Decimal | None]], names: int) -> list[Entry]:
    """The first `names` scored cases are on the list, the other scored ones reserve, the unscored off it."""
    entries: list[Entry] = []
    counts = dict.fromkeys(Place, 0)
    given = [score for _, score in draft]
    for case, score in draft:
        place = Place.ON if counts[Place.ON] < names else Place.RESERVE
        if score is None:
            place = Place.OFF
        counts[place] += 1
        tied = score is not None and _ties_at_cut(given, shortlist.size) == score
        entries.append(
            Entry(
                shortlist_id=shortlist.id,
                size=shortlist.size,
                case_id=case.id,
                place=place,
                position=counts[place],
                score=score,
                tied=tied,
            )
        )
    return entries


def _ties_at_cut(scores: Sequence[Decimal | None], size: int) -> Decimal | None:
    """The score shared by the last name on the list and the first one below it, if it is shared."""
    if len(scores) <= size or scores[size] is None or scores[size - 1] != scores[size]:
        return None
    return scores[size]


def _ranked(
    session: Session, season: Season, notice: Notice, step: Step
) -> list[tuple[Case, Decimal | None]]:
    """All live cases that wait at `step`, by score, the unscored last and never on the list."""
    waiting = waiting_cases(session, season, step)
    scored = case_scores(session, season, notice, step)
    ranked = [(c, scored.get(c.id)) for c in waiting]
    return sorted(ranked, key=lambda row: (row[1] is None, -(row[1] or Decimal(0)), row[0].number))


def _inherited(session: Session, before: Shortlist) -> list[tuple[Case, Decimal | None]]:
    """The names of the list before, in its order, then its reserve."""
    rows = listed(session, before) + listed(session, before, Place.RESERVE)
    return [(c, e.score if e.score is not None else Decimal(0)) for e, c in rows]


def waiting_cases(session: Session, season: Season, step: Step) -> list[Case]:
    """The live cases that wait at a step of the season."""
    return list(
        session.exec(
            select(Case)
            .join(Gate, col(Gate.case_id) == col(Case.id))
            .where(Gate.season_id == season.id, Gate.step == step.key, Gate.state == GateState.OPEN)
            .where(col(Case.outcome).is_(None) | (col(Case.outcome) == "recognised"))
            .order_by(col(Case.number))
        )
    )


def case_scores(session: Session, season: Season, notice: Notice, step: Step) -> dict[UUID, Decimal]:
    """The score of each case by the step's method, from the standing expert gates; four decimals."""
    return scores(read_sheets(session, season, notice), step.method)


def rewrite_draft(session: Session, shortlist: Shortlist, places: Mapping[str, Sequence[Any]]) -> None:
    """Give every case of a draft its place, position and reason as decided; the others keep the draft's order."""
    for entry, place, position in arrange(draft_entries(session, shortlist), places):
        entry.reason = placed(entry, places)[1] or entry.reason
        entry.place, entry.position = place, position
        session.add(entry)


def seen_digest(session: Session, shortlist: Shortlist) -> str:
    """Tells whether a draft, and what a meeting has recorded on it, are still what was looked at."""
    meeting = meeting_of(session, shortlist.gate_id) if shortlist.gate_id else None
    rows = [[e.place, e.position, str(e.case_id)] for e in draft_entries(session, shortlist)]
    return hashlib.sha256(json.dumps([meeting.version if meeting else 0, rows]).encode()).hexdigest()


def draft_entries(session: Session, shortlist: Shortlist) -> list[Entry]:
    """The entries of a list: on it, then the reserve, then the rest, each in order."""
    entries = session.exec(select(Entry).where(Entry.shortlist_id == shortlist.id)).all()
    order = list(Place)
    return sorted(entries, key=lambda e: (order.index(Place(e.place)), e.position))


def confirm_list(session: Session, season: Season, shortlist: Shortlist, actor: Person) -> list[Case]:
    """Confirm a draft and apply it to all its cases at once; returns the cases on the list.

    The waiting gates of the cases on the list are cleared and their runs woken. A case off the list stays where it
    is, eligible until the places are final.
    """
    entries = draft_entries(session, shortlist)
    cases = {c.id: c for c in lock_cases(session, [e.case_id for e in entries])}
    shortlist.state, shortlist.confirmed_at = ListState.CONFIRMED, now(season)
    shortlist.digest = list_digest(entries, {c.id: c.number for c in cases.values()})
    session.add(shortlist)
    chosen = [cases[e.case_id] for e in entries if e.place == Place.ON]
    for entry in entries:
        record(
            session,
            EventKind.PLACE_GIVEN,
            season=season,
            case=cases[entry.case_id],
            actor=actor,
            step=shortlist.step,
            round=shortlist.round,
            place=entry.place,
            position=entry.position,
        )
    record(
        session,
        EventKind.LIST_CONFIRMED,
        season=season,
        actor=actor,
        step=shortlist.step,
        round=shortlist.round,
        names=len(chosen),
        digest=shortlist.digest,
    )
    notice = notice_of(session, season)
    tell_list_confirmed(session, season, notice, shortlist, len(chosen))
    release_waiting(session, season, chosen, {s.key for s in notice.steps if s.is_list})
    return chosen


def release_waiting(session: Session, season: Season, cases: Sequence[Case], steps: Collection[str]) -> None:
    """Clear the gates at which these cases wait for the season at one of `steps`, and wake the runs concerned.

    A case that a later list took up again waits at an earlier list step, so a list clears all list steps; whoever
    already waits beyond the lists stays where they are.
    """
    cleared = session.execute(
        update(Gate)
        .where(
            col(Gate.case_id).in_([c.id for c in cases]),
            col(Gate.season_id) == season.id,
            col(Gate.state) == GateState.OPEN,
            col(Gate.step).in_(steps),
        )
        .values(state=GateState.CLEARED, outcome="listed", closed_at=now(season))
        .returning(col(Gate.case_id))
    )
    released = set(cleared.scalars())
    wake_all(session, season, [c for c in cases if c.id in released])
