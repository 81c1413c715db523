"""How do people hear, each working morning, of what waits, what is due and what is overdue?

The verbs only tell: a deadline that passes decides nothing. Each person gets one mail at most on a morning; the rungs
of the ladder that have come due go in it and are noted in the same transaction. Whenever and however often this is
called, no rung goes twice, and after an outage only the latest rung of each task goes.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from models.ladder import Audience, Due, LadderRung, MorningRound, due_now
from models.morning import Morning, Open
from models.notice import SHANGHAI, Notice, day_end
from models.people import Person
from models.season import Season
from models.workdays import is_workday, left_in_words
from tasks.mail import queue, task_link

FROM, UNTIL = time(8, 30), time(20)
MOST_LISTED, MOST_NUMBERS = 30, 5
MOST_ROWS = 2000


@dataclass
class Share:
    """What one person is told: what waits for him, and what others let lie that he stands above."""

    own: list[Open] = field(default_factory=list)
    reminded: list[Open] = field(default_factory=list)
    watched: dict[UUID, Open] = field(default_factory=dict)
    rungs: list[dict[str, Any]] = field(default_factory=list)


def hold_morning(session: Session, season: Season) -> int:
    """Between 8:30 and 20:00 of a working day, once: everybody for whom something waits gets one mail; how many.

    Asked again on the same day it does nothing. On a day off it does nothing either.
    """
    morning = Morning(session, season)
    clock = morning.moment.astimezone(SHANGHAI).time()
    if season.closed_at is not None or not FROM <= clock < UNTIL or not is_workday(session, morning.today):
        return 0
    return _hold(morning, daily=True) if _begins(morning) else 0


def catch_up(session: Session, season: Season) -> int:
    """At once, after a practice clock was moved: the morning of its new day, or on a day off only the rungs due."""
    morning = Morning(session, season)
    if season.closed_at is not None:
        return 0
    if is_workday(session, morning.today):
        return _hold(morning, daily=True) if _begins(morning) else 0
    return _hold(morning, daily=False)


def _begins(morning: Morning) -> bool:
    """Note that the day's round is held; false where it was. Two engines at once wait for each other here."""
    row = {"season_id": morning.season.id, "day": morning.today, "held_at": morning.moment}
    noted = insert(MorningRound).values(row).on_conflict_do_nothing().returning(col(MorningRound.day))
    return morning.session.execute(noted).first() is not None


def _hold(morning: Morning, *, daily: bool) -> int:
    shares = _shares(morning)
    people = {
        p.id: p
        for p in morning.session.exec(select(Person).where(col(Person.id).in_(shares), col(Person.active)))
    }
    _note(morning.session, [rung for p in people for rung in shares[p].rungs])
    told = 0
    for person_id in sorted(people):
        share = shares[person_id]
        template = _template(share, daily=daily)
        if template:
            _tell(morning, people[person_id], share, template)
            told += 1
    return told


def _template(share: Share, *, daily: bool) -> str:
    """Which mail it is: the daily list, the reminders alone, or only what others let lie; empty: none."""
    if daily and share.own:
        return "digest"
    if share.reminded:
        return "deadlines"
    return "escalated" if share.watched else ""


# --- what each is told -------------------------------------------------------------------------------------------


def _shares(morning: Morning) -> dict[UUID, Share]:
    shares: dict[UUID, Share] = defaultdict(Share)
    for task in morning.tasks:
        planned = morning.planned(task)
        for audience in Audience:
            rungs = [p for p in planned if p.audience is audience]
            for person_id in morning.told(task, audience):
                share = shares[person_id]
                due = due_now(rungs, morning.today, morning.known.get((task.id, person_id, task.due), ()))
                _put(morning, share, task, audience, due)
                share.rungs += _rows(morning, task, person_id, due)
    return shares


def _put(morning: Morning, share: Share, task: Open, audience: Audience, due: Due) -> None:
    if audience is Audience.HOLDERS:
        if morning.waits(task):
            share.own.append(task)
        if due.told:
            share.reminded.append(task)
    elif due.told:
        share.watched[task.id] = task


def _rows(morning: Morning, task: Open, person_id: UUID, due: Due) -> list[dict[str, Any]]:
    rungs = [(r, False) for r in due.passed_over] + ([(due.told, True)] if due.told else [])
    return [
        {
            "season_id": morning.season.id,
            "assignment_id": task.assignment.id if task.assignment else None,
            "objection_id": None if task.assignment else task.id,
            "person_id": person_id,
            "rung": rung,
            "due": task.due,
            "told": told,
            "at": morning.moment,
        }
        for rung, told in rungs
    ]


def _note(session: Session, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), MOST_ROWS):
        session.execute(insert(LadderRung).on_conflict_do_nothing(), rows[start : start + MOST_ROWS])


# --- the mail ----------------------------------------------------------------------------------------------------


def _tell(morning: Morning, person: Person, share: Share, template: str) -> None:
    own = share.own if template == "digest" else share.reminded
    late = sum(t.due < morning.today for t in own)
    queue(
        morning.session,
        template,
        person,
        unique_key=f"{template}:{morning.season.id}:{morning.moment:%Y%m%d%H%M%S%f}:{person.id}",
        season=morning.season,
        tasks=[_item(morning, t, person) for t in own[:MOST_LISTED]],
        count=len(own),
        late=late,
        today=sum(t.due == morning.today for t in own),
        watched=_lying(morning, share.watched.values())[:MOST_LISTED],
        watched_count=len(share.watched),
        **contact(morning.notice),
    )


def _item(morning: Morning, task: Open, person: Person) -> dict[str, Any]:
    """A line of the mail with the link by which the task is done."""
    item = _dated(morning, task.label, task.due) | {
        "number": task.case.number if task.case else "",
        "candidate": task.case.name if task.case and task.assignment else "",
    }
    if task.assignment is not None:
        item["link"] = str(task_link(morning.session, task.assignment, person).id)
        item["code_by"] = task.code_by
    return item


def _lying(morning: Morning, tasks: Iterable[Open]) -> list[dict[str, Any]]:
    """What others let lie: a line for each step and holder, the longest overdue first."""
    found: dict[tuple[str, str], list[Open]] = defaultdict(list)
    for task in sorted(tasks, key=lambda t: t.order):
        found[task.label, morning.holder_name(task)].append(task)
    return [
        _dated(morning, step, some[0].due)
        | {
            "holder": holder,
            "numbers": [t.case.number for t in some if t.case][:MOST_NUMBERS],
            "count": len(some),
        }
        for (step, holder), some in found.items()
    ]


def _dated(morning: Morning, step: str, last: date) -> dict[str, Any]:
    due = day_end(last)
    left = left_in_words(morning.session, due, morning.moment)
    return {"step": step, "due": due.isoformat(), "left": left, "late": last < morning.today}


def contact(notice: Notice) -> dict[str, Any]:
    """Of whom a mail says that one may ask, and what it is about."""
    return {
        "contact": notice.contact.name,
        "contact_phone": notice.contact.phone,
        "award": notice.title,
    }
