"""Where does a case, or the season itself, stand in the notice's steps, and what comes next?

The answer is read from the gates alone. A step *stands* when its latest gate is cleared. What comes next is the first
applicable step that doesn't stand; a return, a void approval or a free place only makes gates stand no longer.
"""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.case import Case
from models.gates import Gate
from models.lists import Entry, Shortlist
from models.notice import Notice, Step
from models.season import Season, now
from models.words import GateState, ListState, Place, Scope


@dataclass(frozen=True)
class Position:
    """What comes next for a run: `step` with its open `gate`, or none yet; not `ready` means it may not open yet."""

    step: Step
    gate: Gate | None
    ready: bool


class Progress:
    """The gates of one case (or of the season's own steps), read once."""

    def __init__(self, session: Session, season: Season, notice: Notice, case: Case | None) -> None:
        self.session, self.season, self.notice, self.case = session, season, notice, case

    @cached_property
    def gates(self) -> dict[str, Gate]:
        """The latest gate of each step."""
        case_id = self.case.id if self.case else None
        rows = self.session.exec(
            select(Gate)
            .where(Gate.season_id == self.season.id, col(Gate.case_id).is_not_distinct_from(case_id))
            .order_by(col(Gate.round))
        )
        return {g.step: g for g in rows}

    def stands(self, step_key: str) -> bool:
        gate = self.gates.get(step_key)
        return gate is not None and gate.state == GateState.CLEARED

    @property
    def steps(self) -> list[Step]:
        """The steps that apply, in the notice's order."""
        if self.case is None:
            steps = self.notice.season_steps
        else:
            steps = self.notice.case_steps(self.case.channel, self.case.route)
        return [s for s in steps if s.when is None or self.holds(s.when) or self._is_open(s.key)]

    def _is_open(self, step_key: str) -> bool:
        gate = self.gates.get(step_key)
        return gate is not None and gate.state == GateState.OPEN

    def holds(self, condition: str) -> bool:
        """Whether a condition (`when`) of the notice holds: a free place, a form field, or an answer's `sets`."""
        if condition == "place_free":
            return place_free(self.session, self.season, self.notice) > 0
        if self.case is not None and condition in self.case.form:
            return bool(self.case.form[condition])
        return any(self._was_set(key, condition) for key in self.gates)

    def _was_set(self, step_key: str, condition: str) -> bool:
        gate = self.gates[step_key]
        answer = self.notice.step(step_key).answer(gate.outcome or "")
        return gate.state == GateState.CLEARED and answer is not None and answer.sets == condition

    def ahead(self) -> Position | None:
        """The first step that doesn't stand; None when all stand or the case has ended."""
        if self.case is not None and self.case.closed_at is not None:
            return None
        for step in self.steps:
            if not self.stands(step.key):
                gate = self.gates[step.key] if self._is_open(step.key) else None
                return Position(
                    step,
                    gate,
                    gate is not None or ready(self.session, self.season, self.notice, step, self.case),
                )
        return None

    def reopening(self) -> list[Step]:
        """Steps that stood and are void: they open again together, before the gate that returned the case."""
        return [s for s in self.steps if s.key in self.gates and self.gates[s.key].state == GateState.VOID]


def ready(session: Session, season: Season, notice: Notice, step: Step, case: Case | None) -> bool:
    """Whether `step` may be opened now: its day has come and, if it gathers, all have arrived or its last day has."""
    moment = now(season)
    if case is not None:
        return True
    if step.opens and moment < notice.starts(step.opens):
        return False
    if step.after and moment < notice.due(step.after):
        return False
    if step.gathers and moment < notice.starts(step.due):
        return session.exec(_not_arrived(season, step).limit(1)).first() is None
    return True


def laggards(session: Session, season: Season, notice: Notice, step: Step) -> list[Case]:
    """Live cases, drafts included, that have not arrived at `step`, where cases wait."""
    return list(session.exec(_not_arrived(season, step).order_by(col(Case.number))))


def _not_arrived(season: Season, step: Step) -> SelectOfScalar[Case]:
    arrived = select(Gate.case_id).where(
        Gate.season_id == season.id, Gate.step == step.key, Gate.case_id == Case.id
    )
    return select(Case).where(Case.season_id == season.id, col(Case.outcome).is_(None), ~arrived.exists())


def current_list(session: Session, season_id: UUID, step_key: str) -> Shortlist | None:
    """The latest confirmed round of the list that `step_key` makes."""
    return session.exec(
        select(Shortlist)
        .where(
            Shortlist.season_id == season_id,
            Shortlist.step == step_key,
            Shortlist.state == ListState.CONFIRMED,
        )
        .order_by(col(Shortlist.round).desc())
        .limit(1)
    ).first()


def latest_list(
    session: Session, season: Season, notice: Notice, before: str | None = None
) -> Shortlist | None:
    """The confirmed list that is in force: that of the last list step, counted only up to (not with) step `before`."""
    steps = notice.season_steps
    if before is not None:
        steps = steps[: [s.key for s in steps].index(before)]
    for step in reversed([s for s in steps if s.is_list]):
        if found := current_list(session, season.id, step.key):
            return found
    return None


def listed(session: Session, shortlist: Shortlist, place: Place = Place.ON) -> list[tuple[Entry, Case]]:
    """The live cases of a list in their order; those that have ended since are left out."""
    rows = session.exec(
        select(Entry, Case)
        .join(Case, col(Case.id) == col(Entry.case_id))
        .where(Entry.shortlist_id == shortlist.id, Entry.place == place)
        .where(col(Case.outcome).is_(None) | (col(Case.outcome) == "recognised"))
        .order_by(col(Entry.position))
    )
    return [(e, c) for e, c in rows]


def final_step(notice: Notice) -> Step | None:
    """The last step that makes a list of `places` names: its list is the selected one."""
    return next((s for s in reversed(notice.season_steps) if s.is_list), None)


def place_free(session: Session, season: Season, notice: Notice) -> int:
    """How many places of the selected list are free while the reserve still has someone (三（七）)."""
    step = final_step(notice)
    selected = current_list(session, season.id, step.key) if step else None
    if selected is None:
        return 0
    held, reserve = len(listed(session, selected)), len(listed(session, selected, Place.RESERVE))
    return min(selected.size - held, reserve)


def waits_for_season(step: Step, case: Case | None) -> bool:
    """Whether a case at this step waits for the season's own gate instead of an answer of its own."""
    return case is not None and step.scope is Scope.SEASON
