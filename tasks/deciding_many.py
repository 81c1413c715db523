"""How are many cases answered at once: shown first person by person, then decided as they were shown?

Each is decided in a transaction of its own by the same verb as one alone: what has changed since it was shown is left
out by name and holds up nobody else.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from models.actions import Given, Task, check_answer
from models.case import group_digests
from models.checklist import file_hashes
from models.consequences import consequence
from models.gates import Decision
from models.people import Person
from models.verdict import OPEN, Reason, Refused, Verdict
from tasks.decide import decide, lock_task


@dataclass(frozen=True)
class Shown:
    """One case as it is shown before it is decided; `verdict` says why it is left out, `sight` what was seen."""

    task: Task
    given: Given
    verdict: Verdict
    effect: str
    sight: str


def show_many(session: Session, answers: Sequence[tuple[Task, Given]], person: Person) -> list[Shown]:
    """What would happen to each, computed by the rule that decides."""
    found = []
    for task, given in answers:
        verdict = check_answer(session, task, person, given)
        effect = "" if verdict else consequence(session, task, given)
        found.append(Shown(task, given, verdict, effect, sight(session, task)))
    return sorted(found, key=lambda row: row.task.case.number if row.task.case else "")


def sight(session: Session, task: Task) -> str:
    """What someone who decides has before him, as a digest: the gate, the way, the application, its files."""
    case = task.case
    if case is None:
        return ""
    groups = group_digests(task.notice, case, file_hashes(session, case))
    seen = [
        str(task.gate.id),
        case.form_version,
        case.channel,
        case.route,
        case.unit_id,
        case.outcome,
        groups,
    ]
    return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()


def decide_as_shown(
    session: Session, assignment_id: UUID, person: Person, given: Given, shown: str
) -> Decision:
    """Decide one case if it still is what was shown; else it is refused and has to be looked at again."""
    task = lock_task(session, assignment_id)
    if _is_changed(session, task, shown):
        text = "在您预览之后，材料或环节有了变动，没有办理；请重新核对。"
        raise Refused(Reason("changed_since_shown", text, task.step.clause))
    return decide(session, assignment_id, person, given)


def _is_changed(session: Session, task: Task, shown: str) -> bool:
    """A task that has ended meanwhile is refused by the rule of answers, which says how."""
    return task.gate.state == "open" and sight(session, task) != shown


def common(rows: Sequence[Shown]) -> Verdict:
    """What stands against the answer itself, whoever it is given to: to be mended before anything is shown."""
    if not rows:
        return OPEN
    return tuple(r for r in rows[0].verdict if r.kind == "invalid" and all(r in row.verdict for row in rows))
