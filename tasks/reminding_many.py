"""How are all late tasks behind a number asked for again at once: shown first exactly, then asked one by one?"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from models.attention import check_remind
from models.board.owed import owed_tasks
from models.board.wanted import Wanted
from models.case import Case
from models.countersigning import last_reminders
from models.gates import Assignment, Gate
from models.notice import Step
from models.people import Organisation, Person, Seat
from models.seats import gets_mail, seat_is_held
from models.verdict import Verdict
from models.viewer import Viewer
from tasks.attention import nobody_to_write_to

MOST = 200


@dataclass(frozen=True)
class Asking:
    """One late task: who gets the mail, or why it is not asked for."""

    task: Assignment
    gate: Gate
    case: Case | None
    step: Step
    body: str
    who: str
    people: Sequence[Person]
    verdict: Verdict


def show_reminders(viewer: Viewer, wanted: Wanted) -> list[Asking]:
    """The late tasks that are wanted, at most `MOST`, each by the rule that asks for one; read in few statements."""
    rows = owed_tasks(viewer, wanted.only_late(), MOST)
    reminded = last_reminders(viewer.session, [task.id for task, _, _ in rows])
    people, units = _people(viewer), _units(viewer, [task for task, _, _ in rows])
    named = _named(viewer, [task for task, _, _ in rows])
    found = []
    for task, gate, case in rows:
        step = viewer.notice.step(gate.step)
        body = viewer.notice.body(task.body).label
        person = named.get(task.person_id) if task.person_id else None
        asked = [person] if person else people.get((task.body, task.organisation_id), [])
        reached = [p for p in asked if p.email]
        verdict = check_remind(viewer, step, case, gate, task, reminded.get(task.id))
        if not verdict and not reached:
            verdict = (nobody_to_write_to(body, step),)
        who = units.get(task.organisation_id, "") if task.organisation_id else person.name if person else ""
        found.append(Asking(task, gate, case, step, body, who, reached, verdict))
    return found


def receivers(rows: Sequence[Asking]) -> list[tuple[Person, list[Asking]]]:
    """Everyone who will get a mail, with the tasks that it is about; the most burdened first."""
    found: dict[UUID, tuple[Person, list[Asking]]] = {}
    for row in rows:
        for person in row.people if not row.verdict else ():
            found.setdefault(person.id, (person, []))[1].append(row)
    return sorted(found.values(), key=lambda pair: (-len(pair[1]), pair[0].name, str(pair[0].id)))


def _people(viewer: Viewer) -> dict[tuple[str, UUID | None], list[Person]]:
    """Who gets the mail of each task of a body, by the rule of `models.seats.people_for`, for all bodies at once."""
    rows = viewer.session.exec(
        select(Seat, Person)
        .join(Person, col(Person.id) == col(Seat.person_id))
        .where(Seat.season_id == viewer.season.id, seat_is_held(viewer.moment))
        .where(col(Person.active), gets_mail(viewer.moment))
        .order_by(col(Person.name), col(Person.id))
    ).all()
    found: dict[tuple[str, UUID | None], dict[UUID, Person]] = {}
    for seat, person in rows:
        for organisation in {seat.organisation_id, None}:
            found.setdefault((seat.body, organisation), {})[person.id] = person
    return {key: list(people.values()) for key, people in found.items()}


def _named(viewer: Viewer, tasks: Sequence[Assignment]) -> dict[UUID, Person]:
    ids = {task.person_id for task in tasks if task.person_id}
    return {p.id: p for p in viewer.session.exec(select(Person).where(col(Person.id).in_(ids)))}


def _units(viewer: Viewer, tasks: Sequence[Assignment]) -> dict[UUID, str]:
    ids = {task.organisation_id for task in tasks if task.organisation_id}
    wanted = select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(ids))
    return dict(viewer.session.exec(wanted).all())
