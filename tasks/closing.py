"""What happens to the cases when a gate of the season is passed?

A list is confirmed and applied; a public notice releases those who wait for it; the joint document settles who is
recognised; the end of publicity closes the cases.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from models.actions import Given, Task
from models.case import Case
from models.gates import Gate
from models.list_checks import check_list
from models.lists import Shortlist
from models.meeting_checks import Sitting
from models.people import Person
from models.progress import current_list, final_step, laggards, latest_list, listed
from models.season import now
from models.verdict import require
from models.words import EventKind, GateState, Outcome
from tasks.advance import clear_gate, end_case, file_case, recognise
from tasks.joint_text import settle_text
from tasks.publicity import release_list
from tasks.record import lock_cases, lock_rows, record
from tasks.shortlists import (
    confirm_list,
    draft_entries,
    redraft,
    release_waiting,
    rewrite_draft,
    waiting_cases,
)


def season_gate_cleared(session: Session, task: Task, given: Given, actor: Person) -> None:
    """Apply a passed gate of the season to all its cases at once."""
    if task.step.gathers:
        _settle_laggards(session, task, given.facts.get("laggards") or {}, actor)
    if task.notice.joint_document and task.step.key == task.notice.joint_document.draft:
        settle_text(session, task, actor)
    if task.step.is_list:
        _confirm(session, task, given.facts.get("places") or {}, actor)
    if window := task.notice.window_of(task.step):
        release_list(session, task.season, task.notice, task.gate, window, actor)
    if task.step.settles:
        session.flush()
        _settle_titles(session, task, actor)
    if task.step.closes:
        session.flush()
        _close(session, task, actor)
    elif task.step.cases_wait and not (task.step.is_list or task.step.settles):
        _release(session, task)


def _confirm(session: Session, task: Task, places: Mapping[str, Any], actor: Person) -> None:
    shortlist = _locked_draft(session, task)
    if task.step.gathers:
        # Laggards who come in with this very decision may have moved others, or tie with them.
        rows = Sitting(session, task.season, task.notice, task.gate).rows
        require(check_list(task.step, rows, places))
    rewrite_draft(session, shortlist, places)
    session.flush()
    confirm_list(session, task.season, shortlist, actor)


def _locked_draft(session: Session, task: Task) -> Shortlist:
    """The list that is confirmed, locked after its cases: whoever arrives meanwhile locks in the same order."""
    wanted = select(Shortlist).where(Shortlist.gate_id == task.gate.id)
    lock_rows(session, [e.case_id for e in draft_entries(session, session.exec(wanted).one())])
    return session.exec(wanted.with_for_update(key_share=True)).one()


def _release(session: Session, task: Task) -> None:
    before = latest_list(session, task.season, task.notice, before=task.step.key)
    if before is None:
        cases = waiting_cases(session, task.season, task.step)
    else:
        cases = [c for _, c in listed(session, before)]
    release_waiting(session, task.season, cases, [task.step.key])


def _settle_laggards(session: Session, task: Task, fates: Mapping[str, str], actor: Person) -> None:
    """The stage closes: whoever lapses ends; whoever is waited for no longer goes on with the scores at hand."""
    late = lock_cases(session, [c.id for c in laggards(session, task.season, task.notice, task.step)])
    for case in late:
        if fates[str(case.id)] == "lapse":
            end_case(
                session,
                task.season,
                task.notice,
                case,
                Outcome.LAPSED,
                actor=actor,
                step=task.step.key,
                reason="逾期",
            )
            continue
        for gate in session.exec(select(Gate).where(Gate.case_id == case.id, Gate.state == GateState.OPEN)):
            clear_gate(session, task.season, case, gate, "waited_no_longer", actor)
        _arrive_at_once(session, task, case)
    if late:
        session.flush()
        redraft(session, task.season, task.notice, task.step)
        session.flush()


def _arrive_at_once(session: Session, task: Task, case: Case) -> None:
    """The case joins the list that is being confirmed now; its run finds the gate when it wakes."""
    session.add(
        Gate(
            season_id=task.season.id,
            case_id=case.id,
            step=task.step.key,
            opened_at=now(task.season),
            due_at=task.gate.due_at,
        )
    )
    case.stage = task.step.stage
    record(
        session,
        EventKind.GATE_OPENED,
        season=task.season,
        case=case,
        step=task.step.key,
        round=1,
        stage=task.step.stage,
    )


def _settle_titles(session: Session, task: Task, actor: Person) -> None:
    """五: those on the selected list are recognised; for everyone else who is still in it ends here."""
    step = final_step(task.notice)
    selected = current_list(session, task.season.id, step.key) if step else None
    chosen = {c.id for _, c in listed(session, selected)} if selected else set()
    live = session.exec(
        select(Case.id).where(Case.season_id == task.season.id, col(Case.outcome).is_(None))
    ).all()
    winners: list[Case] = []
    for case in lock_cases(session, live):
        if case.id in chosen:
            recognise(session, task.season, task.notice, case, actor=actor)
            winners.append(case)
        else:
            end_case(
                session, task.season, task.notice, case, Outcome.NOT_SELECTED, actor=actor, step=task.step.key
            )
    release_waiting(session, task.season, winners, [task.step.key])


def _close(session: Session, task: Task, actor: Person) -> None:
    """The last step is done: the recognised cases are filed and the season closes."""
    left = session.exec(
        select(Case.id).where(Case.season_id == task.season.id, col(Case.closed_at).is_(None))
    ).all()
    for case in lock_cases(session, left):
        file_case(session, task.season, case, actor=actor)
    task.season.closed_at = now(task.season)
    record(session, EventKind.SEASON_CLOSED, season=task.season, actor=actor)
