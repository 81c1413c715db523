"""How does a test bring a case to where it wants it? By the real verbs, by the people who hold the seats.

A world is one practice season. `pump` does what the season's and the cases' runs do when they wake: it opens what
comes next. Tests that need the runs themselves use the `running` fixture and never pump.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.actions import Given, Task
from models.case import Case
from models.database import reading, transaction
from models.gates import Assignment, Decision, Gate
from models.meeting import meeting_of
from models.notice import Notice
from models.people import Organisation, Person, Seat
from models.season import Season, now
from models.seats import people_for
from models.words import AssignmentState, GateState, Relation, StepKind
from notices.reader import read_notice
from simulation.afterwards import put_on_record
from simulation.filled import filled_form
from simulation.meetings import hold_meeting
from simulation.papers import supply
from tasks.decide import decide, find_task
from tasks.intake import Application, edit_case, enter_case, submit_case
from tasks.opening import open_next
from tasks.practice import open_practice, today
from tasks.seasons import move_clock, next_turning_point

NOTICE = Path(__file__).resolve().parent.parent / "notices" / "liuzhou-2025.yaml"
UNIT = "样例机械制造有限公司"
CITY_UNIT = "样例钢铁集团有限公司"
_numbers = count(1)


class World:
    def __init__(self, season_id: UUID, notice: Notice) -> None:
        self.season_id, self.notice = season_id, notice

    # --- people

    def person(self, body: str, county: str = "yufeng") -> Person:
        """Someone who holds a seat in `body`; for bodies of a county, in that county's."""
        with reading() as session:
            wanted = select(Person).join(Seat, col(Seat.person_id) == col(Person.id))
            wanted = wanted.where(Seat.season_id == self.season_id, Seat.body == body).order_by(
                col(Person.email)
            )
            if self.notice.body(body).relation is Relation.OWN_COUNTY:
                wanted = wanted.join(Organisation, col(Organisation.id) == col(Seat.organisation_id))
                wanted = wanted.where(Organisation.county == county)
            return session.exec(wanted).first() or _missing(body)

    def people(self, body: str) -> list[Person]:
        """Everyone who holds a seat in `body`."""
        with reading() as session:
            wanted = select(Person).join(Seat, col(Seat.person_id) == col(Person.id))
            return list(
                session.exec(wanted.where(Seat.season_id == self.season_id, Seat.body == body).distinct())
            )

    def applicant(self) -> Person:
        """Someone who nominates himself."""
        with reading() as session:
            return session.exec(select(Person).where(Person.login == "applicant")).one()

    def filler(self, unit: str = UNIT) -> Person:
        """The HR clerk of the example unit, who enters and submits its candidates."""
        with reading() as session:
            wanted = select(Person).join(Seat, col(Seat.person_id) == col(Person.id))
            wanted = wanted.join(Organisation, col(Organisation.id) == col(Seat.organisation_id))
            wanted = wanted.where(Seat.season_id == self.season_id, Organisation.name == unit)
            return session.exec(wanted).one()

    # --- the season

    @property
    def season(self) -> Season:
        with reading() as session:
            return session.get_one(Season, self.season_id)

    def now(self) -> datetime:
        return now(self.season)

    def move_to(self, moment: datetime) -> None:
        """Set the practice clock forward."""
        with transaction() as session:
            move_clock(session, session.get_one(Season, self.season_id), moment, None)

    def next_date(self) -> None:
        """Move the clock to the next day that the notice names."""
        with transaction() as session:
            season = session.get_one(Season, self.season_id)
            moment = next_turning_point(session, season)
            if moment is not None:
                move_clock(session, season, moment, None)

    def pump(self) -> None:
        """Open what comes next for the season and every case, until nothing more opens."""
        before = -1
        while (opened := self._gates()) != before:
            before = opened
            with reading() as session:
                live = select(Case.id).where(Case.season_id == self.season_id, col(Case.closed_at).is_(None))
                cases = session.exec(live.order_by(col(Case.number))).all()
            for case_id in [*cases, None]:
                with transaction() as session:
                    open_next(session, self.season_id, case_id)

    def _gates(self) -> int:
        with reading() as session:
            return len(session.exec(select(Gate.id).where(Gate.season_id == self.season_id)).all())

    # --- cases

    def enter(
        self, *, channel: str = "unit", route: str = "county", person: Person | None = None, **form: Any
    ) -> Case:
        """A complete draft, by the example unit in 鱼峰区, or by the city's own, unless told otherwise."""
        county = "yufeng" if route == "county" else None
        name = UNIT if route == "county" else CITY_UNIT
        with transaction() as session:
            unit = session.exec(select(Organisation).where(Organisation.name == name)).one()
            application = Application(
                name=form.pop("name", f"样例{next(_numbers)}"),
                channel=channel,
                route=route,
                county=county,
                unit_id=unit.id if channel == "unit" else None,
                form=complete_form(self.notice, channel, form),
            )
            return enter_case(session, self.season_id, application, person or self.filler(name))

    def enterer(self, case: Case) -> Person:
        """Who entered the case, and so fills in its form."""
        with reading() as session:
            return session.get_one(Person, case.entered_by)

    def fill(self, case: Case, person: Person) -> None:
        """Fill in everything that the application asks for and that is still empty."""
        with transaction() as session:
            form = complete_form(self.notice, case.channel, {"name": case.name})
            edit_case(session, case.id, form, person)

    def supply(self, case: Case, person: Person | None = None) -> None:
        """Upload every document that is still missing."""
        with transaction() as session:
            supply(session, session.get_one(Case, case.id), person or self.enterer(case))

    def submit(self, case: Case, person: Person | None = None) -> None:
        """Hand in with every document that is asked for."""
        self.supply(case, person)
        with transaction() as session:
            submit_case(session, case.id, person or self.enterer(case))
        self.pump()

    def case(self, case: Case) -> Case:
        """The case as it is now."""
        with reading() as session:
            return session.get_one(Case, case.id)

    def gate(self, step: str, case: Case | None = None) -> Gate:
        """The latest gate of a step."""
        with reading() as session:
            rows = session.exec(
                select(Gate)
                .where(Gate.season_id == self.season_id, Gate.step == step)
                .where(col(Gate.case_id).is_not_distinct_from(case.id if case else None))
                .order_by(col(Gate.round).desc())
            )
            return rows.first() or _missing(step)

    def open_steps(self, case: Case | None = None) -> list[str]:
        """The steps that are open for the case, or for the season, in the notice's order."""
        with reading() as session:
            rows = session.exec(
                select(Gate.step).where(
                    Gate.season_id == self.season_id,
                    col(Gate.case_id).is_not_distinct_from(case.id if case else None),
                    Gate.state == GateState.OPEN,
                )
            ).all()
        return sorted(rows, key=[s.key for s in self.notice.steps].index)

    # --- answers

    def assignments(self, step: str, case: Case | None = None) -> list[Assignment]:
        """The assignments of the latest gate of a step that still wait for an answer."""
        with reading() as session:
            return list(
                session.exec(
                    select(Assignment)
                    .where(
                        Assignment.gate_id == self.gate(step, case).id,
                        Assignment.state == AssignmentState.OPEN,
                    )
                    .order_by(col(Assignment.body), col(Assignment.id))
                )
            )

    def answer(
        self,
        step: str,
        case: Case | None = None,
        answer: str | None = None,
        *,
        body: str | None = None,
        **given: Any,
    ) -> Decision:
        """One answer at the step, by whoever may give it: the first answer of the notice unless named."""
        assignment = next(a for a in self.assignments(step, case) if body in (None, a.body))
        return self.answer_as(None, assignment, answer or self.notice.step(step).answers[0].key, **given)

    def answer_as(self, person: Person | None, assignment: Assignment, answer: str, **given: Any) -> Decision:
        """One answer at an assignment; by the first person who may give it unless named."""
        with transaction() as session:
            task = find_task(session, assignment.id)
            by = person or people_for(session, task.assignment, now(task.season))[0]
            put_on_record(session, task, by)
            if (chosen := task.step.answer(answer)) and chosen.early_reason:
                given.setdefault("reason", "样例理由")
            if task.step.criteria and "facts" not in given:
                given["facts"] = {"scores": {c.key: 80 for c in task.step.criteria}}
            if task.step.kind is StepKind.MEETING:
                given["facts"] = self._held(session, task, given.get("facts") or {})
            return decide(session, assignment.id, by, Given(answer, **given))

    def hold(self, step: str, places: Mapping[str, Any] | None = None, **recorded: Any) -> None:
        """Record the open meeting of a step; as held today with everyone there unless told otherwise."""
        with transaction() as session:
            [assignment] = self.assignments(step)
            hold_meeting(session, find_task(session, assignment.id), places, **recorded)

    def _held(self, session: Session, task: Task, facts: dict[str, Any]) -> dict[str, Any]:
        """A meeting is recorded before it is confirmed, with the changes to its draft, unless a test did so."""
        if "places" in facts or meeting_of(session, task.gate.id) is None:
            hold_meeting(session, task, facts.get("places"))
        return {k: v for k, v in facts.items() if k != "places"}

    def pass_step(self, step: str, case: Case | None = None, **given: Any) -> None:
        """Everyone who is asked gives the first answer of the notice; then the runs go on."""
        while self.assignments(step, case):
            self.answer(step, case, **given)
        self.pump()

    def bring_to(self, case: Case, step: str) -> Case:
        """Walk a case through every step before `step`, with the first answer at each."""
        self.pump()
        while step not in self.open_steps(case):
            [current] = self.open_steps(case)
            if current == "application":
                with reading() as session:
                    person = session.get_one(Person, case.entered_by)
                self.submit(case, person)
            else:
                self.pass_step(current, case)
        return self.case(case)


def open_world(notice: Path = NOTICE) -> World:
    """A practice season from today."""
    with transaction() as session:
        start: date = today()
        read = _read_once(notice)
        season = open_practice(session, read, start)
        return World(season.id, read.shifted(start))


@cache
def _read_once(notice: Path) -> Notice:
    """A file of tests stays as it is, and reading one takes a third of a second."""
    return read_notice(notice)


def complete_form(notice: Notice, channel: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that an application needs before it may be submitted, with the given fields changed."""
    return filled_form(notice, channel, Random(next(_numbers)), **{"employer": UNIT, **changes})


def _missing(what: str) -> Any:
    raise AssertionError(f"there is no {what}")
