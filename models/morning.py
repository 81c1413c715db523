"""What waits in a season this morning, with whom, and who stands above them?

Read for the whole season at once: some dozen statements, however many tasks there are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from models.case import Case
from models.gates import Assignment, Gate
from models.ladder import Audience, LadderRung, Planned, plan
from models.links import code_tellers
from models.notice import Notice, Reminder, Step, day_of
from models.objection import Objection
from models.people import Organisation, Person, Seat
from models.recusal import Recusal, Relative, is_recused
from models.season import Season, notice_by_digest, notice_of, now
from models.seats import answers_for, gets_mail, seat_is_held
from models.words import AssignmentState, GateState, Relation, StepKind
from models.workdays import calendar, last_date

OBJECTION = "异议核实与结论"


@dataclass(frozen=True)
class Open:
    """Something that waits for an answer: an assignment at a gate, or an objection with the office."""

    id: UUID
    due: date
    opened: date
    label: str
    body: str
    case: Case | None
    assignment: Assignment | None
    superior: str | None
    remind: Reminder
    early: bool = True
    shown_from: date | None = None
    code_by: str = ""

    @property
    def order(self) -> tuple[date, str, str]:
        return self.due, self.case.number if self.case else "", str(self.id)


@dataclass(frozen=True)
class Seated:
    """A seat whose holder gets the mails of its body."""

    body: str
    person_id: UUID
    organisation_id: UUID | None
    county: str | None


class Morning:
    """One season as it stands now."""

    def __init__(self, session: Session, season: Season) -> None:
        self.session, self.season = session, season
        self.notice: Notice = notice_of(session, season)
        self.moment = now(season)
        self.today = day_of(self.moment)

    @cached_property
    def tasks(self) -> Sequence[Open]:
        """Everything that waits, most urgent first."""
        rows = self.session.execute(
            rows_of(Assignment, Gate, Case)
            .join(Gate, col(Gate.id) == col(Assignment.gate_id))
            .outerjoin(Case, col(Case.id) == col(Gate.case_id))
            .where(col(Assignment.season_id) == self.season.id, col(Gate.state) == GateState.OPEN)
            .where(col(Assignment.state) == AssignmentState.OPEN)
        ).all()
        return sorted([*(self._task(*row) for row in rows), *self._objections()], key=lambda t: t.order)

    def _task(self, assignment: Assignment, gate: Gate, case: Case | None) -> Open:
        notice = notice_by_digest(self.session, case.notice_digest) if case else self.notice
        step, last = notice.step(gate.step), last_date(gate.due_at)
        return Open(
            assignment.id,
            due=last,
            opened=day_of(gate.opened_at),
            label=step.label,
            body=assignment.body,
            case=case,
            assignment=assignment,
            superior=step.superior,
            remind=step.remind,
            early=step.kind is not StepKind.WINDOW,
            shown_from=_shown_from(step, last),
            code_by=code_tellers(notice, step, assignment.body),
        )

    def _objections(self) -> list[Open]:
        rows = self.session.execute(
            rows_of(Objection, Case)
            .join(Case, col(Case.id) == col(Objection.case_id))
            .where(col(Objection.season_id) == self.season.id, col(Objection.concluded_at).is_(None))
        ).all()
        window = next((s for s in self.notice.season_steps if s.kind is StepKind.WINDOW), None)
        superior, remind = (window.superior, window.remind) if window else (None, Reminder())
        return [
            Open(
                objection.id,
                due=last_date(objection.due_at),
                opened=day_of(objection.registered_at),
                label=OBJECTION,
                body=self.notice.office,
                case=case,
                assignment=None,
                superior=superior,
                remind=remind,
            )
            for objection, case in rows
        ]

    # --- who

    @cached_property
    def seats(self) -> Mapping[str, Sequence[Seated]]:
        """Who gets the mails of each body now."""
        rows = self.session.execute(
            rows_of(col(Seat.body), col(Seat.person_id), col(Seat.organisation_id), col(Organisation.county))
            .join(Person, col(Person.id) == col(Seat.person_id))
            .outerjoin(Organisation, col(Organisation.id) == col(Seat.organisation_id))
            .where(col(Seat.season_id) == self.season.id, col(Person.active), gets_mail(self.moment))
            .where(seat_is_held(self.moment))
            .order_by(col(Seat.body), col(Seat.person_id))
        )
        found: dict[str, list[Seated]] = defaultdict(list)
        for row in rows:
            found[row[0]].append(Seated(*row))
        return found

    @cached_property
    def holders(self) -> Mapping[UUID, Sequence[UUID]]:
        """Who answers each open assignment and gets its mails, by the rule of `models.seats`."""
        open_ = (col(Assignment.season_id) == self.season.id, col(Assignment.state) == AssignmentState.OPEN)
        named = rows_of(col(Assignment.id), col(Assignment.person_id)).where(
            *open_, col(Assignment.person_id).is_not(None)
        )
        seated = (
            rows_of(col(Assignment.id), col(Seat.person_id))
            .join(Seat, answers_for(self.moment))
            .where(*open_, col(Assignment.person_id).is_(None), gets_mail(self.moment))
        )
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for assignment_id, person_id in [*self.session.execute(named), *self.session.execute(seated)]:
            found[assignment_id].add(person_id)
        return {assignment_id: sorted(people) for assignment_id, people in found.items()}

    @cached_property
    def _organisations(self) -> Mapping[UUID, str]:
        return {o.id: o.name for o in self.session.exec(select(Organisation))}

    def holder_name(self, task: Open) -> str:
        """With which organisation, or else with which body, a task lies; a draft lies with its unit."""
        body, assignment = self.notice.body(task.body), task.assignment
        organisation_id = assignment.organisation_id if assignment else None
        if body.relation is Relation.FILLER and task.case:
            organisation_id = task.case.unit_id
        return self._organisations[organisation_id] if organisation_id else body.label

    def told(self, task: Open, audience: Audience) -> list[UUID]:
        """Who hears of a task on a rung for this audience; nobody hears of a case that he stays away from."""
        if audience is Audience.HOLDERS:
            people = self.holders_of(task)
        elif audience is Audience.SUPERIOR:
            people = self._above(task, task.superior)
        else:
            people = [] if self.notice.office in (task.body, task.superior) else self._of(self.notice.office)
        return [p for p in people if not (task.case and (task.case.id, p) in self._away)]

    def holders_of(self, task: Open) -> Sequence[UUID]:
        if task.assignment is None:
            return self._of(self.notice.office)
        return self.holders.get(task.assignment.id, ())

    def _of(self, body: str) -> list[UUID]:
        return sorted({s.person_id for s in self.seats.get(body, ())})

    def _above(self, task: Open, body: str | None) -> list[UUID]:
        if body is None or body == task.body:
            return []
        relation = self.notice.body(body).relation
        seats = self.seats.get(body, ())
        if relation is Relation.OWN_COUNTY:
            seats = [s for s in seats if task.case and s.county and s.county == task.case.county]
        elif relation is Relation.OWN_UNIT:
            seats = [s for s in seats if task.case and s.organisation_id == task.case.unit_id]
        elif relation is not Relation.SEASON:
            return []
        return sorted({s.person_id for s in seats})

    @cached_property
    def _away(self) -> frozenset[tuple[UUID, UUID]]:
        """Cases and the people who stay away from them; only who declared something comes into question."""
        declared = select(Recusal.person_id).union(select(Relative.person_id))
        rows = self.session.execute(
            rows_of(col(Case.id), col(Person.id))
            .join(Person, is_recused(Person, Relation.SEASON))
            .where(col(Case.season_id) == self.season.id, col(Person.id).in_(declared))
        )
        return frozenset((case_id, person_id) for case_id, person_id in rows)

    # --- when

    def planned(self, task: Open) -> list[Planned]:
        return plan(calendar(self.session), task.remind, task.due, task.opened, early=task.early)

    @cached_property
    def known(self) -> Mapping[tuple[UUID, UUID, date], frozenset[str]]:
        """The rungs that are done with, by task, person and deadline."""
        rows = self.session.execute(
            rows_of(
                col(LadderRung.assignment_id),
                col(LadderRung.objection_id),
                col(LadderRung.person_id),
                col(LadderRung.due),
                col(LadderRung.rung),
            ).where(col(LadderRung.season_id) == self.season.id)
        )
        found: dict[tuple[UUID, UUID, date], set[str]] = defaultdict(set)
        for assignment_id, objection_id, person_id, due, rung in rows:
            found[assignment_id or objection_id, person_id, due].add(rung)
        return {key: frozenset(rungs) for key, rungs in found.items()}

    def waits(self, task: Open) -> bool:
        """Whether something can be done about it now, so that it stands in the morning's mail."""
        return task.shown_from is None or self.today >= task.shown_from


def _shown_from(step: Step, last: date) -> date | None:
    """A public notice is confirmed once it is over; what takes a reason to end early is not urged before its time."""
    if step.kind is StepKind.WINDOW:
        return date.fromordinal(last.toordinal() + 1)
    if all(a.early_reason for a in step.answers):
        return date.fromordinal(last.toordinal() + min([0, *step.remind.days]))
    return None
