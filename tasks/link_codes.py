"""How does someone prove himself who opens a mailed link to an opinion of weight (附件3)? By a code over the telephone.

The office or the county's union makes the code on the case's page and reads it out to the person, whom it rings up at
the number it knows. It works once, for an hour, for five tries; it is kept nowhere but as a keyed digest.
"""

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, update

from models.actions import Task
from models.database import real_now
from models.links import CODE_DIGITS, CODE_LASTS, CODE_TRIES, LinkCode, check_code, live_code
from models.people import Person
from models.season import notice_of, now
from models.seats import people_for
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import read_viewer
from models.words import EventKind
from notifications.links import code_digest
from tasks.decide import lock_task
from tasks.record import record


def people_to_ring(session: Session, task: Task) -> Sequence[Person]:
    """Who gets the mail of the task."""
    return people_for(session, task.assignment, now(task.season), notified=True)


def issue_code(session: Session, assignment_id: UUID, person_id: UUID | None, by: Person) -> str:
    """A new code for one person; an earlier one of the season stops working. Returned once, for the telephone."""
    task = lock_task(session, assignment_id)
    viewer = read_viewer(session, by, task.season, notice_of(session, task.season))
    if task.case is None or viewer.sees_case(task.case.id) is None:
        raise Refused(Reason("unknown_task", "没有找到这项任务。", kind="missing"))
    require(check_code(viewer, task.notice, task.case, task.gate, task.assignment))
    person = next((p for p in people_to_ring(session, task) if p.id == person_id), None)
    if person is None or person.id == by.id:
        text = "请选择要告知验证码的人员。"
        raise Refused(Reason("unknown_person", text, task.step.clause, "invalid", "person"))
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    moment = real_now()
    session.exec(
        update(LinkCode)
        .where(col(LinkCode.season_id) == task.season.id, col(LinkCode.person_id) == person.id)
        .where(col(LinkCode.used_at).is_(None), col(LinkCode.replaced_at).is_(None))
        .values(replaced_at=moment)
    )
    issued = LinkCode(
        season_id=task.season.id,
        person_id=person.id,
        digest="",
        issued_by=by.id,
        issued_at=moment,
        expires_at=moment + CODE_LASTS,
    )
    issued.digest = code_digest(issued.id, code)
    session.add(issued)
    _record(session, EventKind.CODE_ISSUED, task, by, person=str(person.id))
    return code


def use_code(session: Session, assignment_id: UUID, person: Person, typed: str) -> Verdict:
    """Whether the code proves this person. Each try counts: the caller commits whatever comes of it."""
    task = lock_task(session, assignment_id)
    issued = live_code(session, task.season.id, person)
    if issued is None:
        text = "现在没有可用的验证码：还没有生成，或者已经用过、过期或输错次数过多。请致电索取新的验证码。"
        return (Reason("no_code", text, task.step.clause, "invalid", "code"),)
    issued.tries += 1
    session.add(issued)
    given = "".join(c for c in typed if c.isdecimal())
    if secrets.compare_digest(issued.digest, code_digest(issued.id, given)):
        issued.used_at = real_now()
        _record(session, EventKind.CODE_ACCEPTED, task, person)
        return OPEN
    left = CODE_TRIES - issued.tries
    _record(session, EventKind.CODE_REFUSED, task, person, left=left)
    text = (
        f"验证码不对，还可以输{left}次。" if left else "验证码输错次数过多，已经作废。请致电索取新的验证码。"
    )
    return (Reason("wrong_code", text, task.step.clause, "invalid", "code"),)


def _record(session: Session, kind: EventKind, task: Task, actor: Person, **facts: object) -> None:
    gate = task.gate
    record(
        session,
        kind,
        season=task.season,
        case=task.case,
        actor=actor,
        step=gate.step,
        round=gate.round,
        body=task.assignment.body,
        **facts,
    )
