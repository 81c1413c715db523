"""What does a run do when its next step has come? It opens the step; here is all that opening means."""

from uuid import UUID

from sqlmodel import Session

from models.case import Case
from models.notice import Notice, Step
from models.progress import Progress, current_list, latest_list, listed, waits_for_season
from models.season import Season, notice_by_digest, notice_of
from models.words import GateState, Place
from tasks.advance import open_gate
from tasks.record import lock_cases, lock_season
from tasks.shortlists import draft_list, redraft, release_waiting


def open_next(session: Session, season_id: UUID, case_id: UUID | None) -> None:
    """Open what comes next for the case, or for the season; nothing happens if it is open or not ready.

    Approvals that are void open together, in parallel.
    """
    if case_id is None:
        season = lock_season(session, season_id)
        _open(session, season, notice_of(session, season), None)
    else:
        [case] = lock_cases(session, [case_id])
        season = session.get_one(Season, season_id)
        _open(session, season, notice_by_digest(session, case.notice_digest), case)


def _open(session: Session, season: Season, notice: Notice, case: Case | None) -> None:
    progress = Progress(session, season, notice, case)
    position = progress.ahead()
    if position is None or position.gate is not None or not position.ready:
        return
    again = progress.reopening() if case is not None else []
    for step in again if position.step in again else [position.step]:
        gate = open_gate(session, season, notice, case, step)
        session.flush()
        if case is None and step.is_list:
            draft_list(session, season, notice, step, gate)
        elif case is not None and waits_for_season(step, case):
            arrive(session, season, notice, case, step)


def arrive(session: Session, season: Season, notice: Notice, case: Case, step: Step) -> None:
    """A case has come to a step of the season: it passes if the season already did, or joins the list being drafted."""
    if is_released(session, season, notice, case, step):
        release_waiting(session, season, [case], [step.key])
    elif step.is_list:
        redraft(session, season, notice, step)


def is_released(session: Session, season: Season, notice: Notice, case: Case, step: Step) -> bool:
    """Whether the season has already passed the step at which this case would wait.

    At a list step: the case is on its confirmed list or on a later one. At any other: the season's gate stands and
    the case is on the list in force there, or there is no list yet.
    """
    later = [s for s in notice.season_steps if s.is_list]
    if step.is_list:
        later = later[later.index(step) :]
        lists = [current_list(session, season.id, s.key) for s in later]
        return any(
            case.id in {c.id for _, c in listed(session, shortlist, Place.ON)}
            for shortlist in lists
            if shortlist
        )
    gate = Progress(session, season, notice, None).gates.get(step.key)
    if gate is None or gate.state != GateState.CLEARED:
        return False
    before = latest_list(session, season, notice, before=step.key)
    return before is None or case.id in {c.id for _, c in listed(session, before)}
