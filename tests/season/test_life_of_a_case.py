"""Whatever anybody does, in whatever order: does what must always hold, hold?

People answer, return, correct, withdraw, object, come late and try what they may not, while the clock moves on. After
every move all invariants are checked, and what the check of an answer says is what happens to it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, col, select

from models.actions import Given, Task, check_answer
from models.case import Case
from models.database import reading, transaction
from models.gates import Assignment, Gate
from models.invariants import check
from models.lists import Entry, Shortlist
from models.notice import Answer
from models.objection import Account, Objection
from models.people import Person, Seat
from models.progress import laggards
from models.season import Season, notice_of, now
from models.seats import people_for
from models.verdict import Refused
from models.words import AssignmentState, GateState, Place
from notices.reader import read_notice
from simulation.candidates import Candidates, corrected
from simulation.dice import Dice
from simulation.papers import supply
from simulation.pump import Pump, goes_on
from tasks.decide import decide, find_task
from tasks.intake import admit_late, edit_case, enter_case, submit_case
from tasks.leaving import withdraw
from tasks.objections import conclude_objection, register_objection, verify_objection
from tasks.practice import open_practice, today
from tasks.seasons import move_clock, next_turning_point

HERE = Path(__file__).resolve().parent.parent
NOTICES = (
    HERE.parent / "notices" / "liuzhou-2025.yaml",
    HERE / "notices" / "second.yaml",
    HERE / "notices" / "tiny.yaml",
)
MOST_CASES = 5
EXAMPLES = 10
MOVES = 30
REASONS = st.sampled_from(["", "样例理由"])


class Life(RuleBasedStateMachine):
    """A season with a few candidates, in which anything may be tried."""

    season_id: UUID

    # --- the start and the days

    @initialize(notice=st.sampled_from(NOTICES), seed=st.integers(0, 99))
    def opens(self, notice: Path, seed: int) -> None:
        self.dice, self.entered = Dice(seed), 0
        with transaction() as session:
            self.season_id = open_practice(session, read_notice(notice), today()).id
        self.enters()
        self.runs_wake()

    @rule()
    def day_passes(self) -> None:
        with transaction() as session:
            season = session.get_one(Season, self.season_id)
            if moment := next_turning_point(session, season):
                move_clock(session, season, moment, None)

    @rule()
    def runs_wake(self) -> None:
        Pump().settle(self.season_id)
        assert [c.number for c in self.cases() if goes_on(self.season_id, c.id)] == []
        assert not goes_on(self.season_id, None)

    # --- candidates

    @precondition(lambda self: self.entered < MOST_CASES)
    @rule()
    def enters(self) -> None:
        with transaction() as session:
            season = session.get_one(Season, self.season_id)
            if season.closed_at is None:
                candidates = Candidates(
                    session, season, notice_of(session, season), self.dice.of(self.entered)
                )
                candidate = candidates.make(self.entered)
                person = session.get_one(Person, candidate.person_id)
                enter_case(session, self.season_id, candidate.application, person)
        self.entered += 1

    @rule(data=st.data())
    def hands_in(self, data: st.DataObject) -> None:
        case = data.draw(st.sampled_from(self.cases()))
        self.tries(lambda session: self._hand_in(session, case))

    @staticmethod
    def _hand_in(session: Session, case: Case) -> None:
        person = session.get_one(Person, case.entered_by)
        supply(session, session.get_one(Case, case.id), person)
        submit_case(session, case.id, person)

    @rule(data=st.data())
    def corrects(self, data: st.DataObject) -> None:
        case = data.draw(st.sampled_from(self.cases()))
        form = corrected(case.form, self.dice.of("correction", case.form_version))
        self.tries(
            lambda session: edit_case(session, case.id, form, session.get_one(Person, case.entered_by))
        )

    @rule(data=st.data(), reason=REASONS)
    def withdraws(self, data: st.DataObject, reason: str) -> None:
        case, person = data.draw(st.sampled_from(self.cases())), self.anyone(data)
        self.tries(lambda session: withdraw(session, case.id, person, reason))

    @rule(data=st.data(), reason=REASONS)
    def is_let_in_late(self, data: st.DataObject, reason: str) -> None:
        case, person = data.draw(st.sampled_from(self.cases())), self.anyone(data)
        self.tries(lambda session: admit_late(session, case.id, person, reason))

    # --- answers

    @precondition(lambda self: self.tasks())
    @rule(data=st.data(), reason=REASONS, complete=st.booleans())
    def answers(self, data: st.DataObject, reason: str, complete: bool) -> None:
        """Someone who may answer does, with or without what the answer needs."""
        with reading() as session:
            task = find_task(session, data.draw(st.sampled_from(self.tasks())))
            person = data.draw(st.sampled_from(list(people_for(session, task.assignment, now(task.season)))))
            answer = data.draw(st.sampled_from(task.step.answers))
            given = Given(answer.key, reason=reason, facts=self.facts(task, answer) if complete else {})
            expected = [r.code for r in check_answer(session, task, person, given)]
        refused = self.tries(lambda session: decide(session, task.assignment.id, person, given))
        assert refused == expected or "over_quota" in refused

    @precondition(lambda self: self.tasks())
    @rule(data=st.data())
    def everyone_says_yes(self, data: st.DataObject) -> None:
        """A gate gets the first answer of the notice from all whom it asks: so that cases get far."""
        with reading() as session:
            gate = find_task(session, data.draw(st.sampled_from(self.tasks()))).gate
        while waiting := [t for t in self.tasks() if self.gate_of(t) == gate.id]:
            with reading() as session:
                task = find_task(session, waiting[0])
                person = people_for(session, task.assignment, now(task.season))[0]
                answer = task.step.answers[0]
                given = Given(answer.key, reason="样例理由", facts=self.facts(task, answer))
            if self.tries(lambda session: decide(session, task.assignment.id, person, given)):  # noqa: B023
                break
        self.runs_wake()

    @precondition(lambda self: self.tasks())
    @rule(data=st.data())
    def stranger_answers(self, data: st.DataObject) -> None:
        """Whoever holds no fitting seat is refused, whatever they say."""
        with reading() as session:
            task = find_task(session, data.draw(st.sampled_from(self.tasks())))
            allowed = {p.id for p in people_for(session, task.assignment, now(task.season))}
        person = self.anyone(data)
        if person.id not in allowed:
            given = Given(task.step.answers[0].key, reason="样例理由")
            refused = self.tries(lambda session: decide(session, task.assignment.id, person, given))
            assert refused == ["not_your_task"]

    # --- objections

    @rule(data=st.data())
    def is_objected_to(self, data: st.DataObject) -> None:
        case, person = data.draw(st.sampled_from(self.cases())), self.anyone(data)
        told = {"objector": "样例异议人", "contact": "a@example.org", "text": "样例异议"}
        self.tries(lambda session: register_objection(session, case.id, person, Account(**told)))

    @rule(data=st.data(), upheld=st.booleans())
    def objection_is_heard(self, data: st.DataObject, upheld: bool) -> None:
        with reading() as session:
            wanted = (
                select(Objection).where(Objection.season_id == self.season_id).order_by(col(Objection.id))
            )
            found = session.exec(wanted).all()
        if found:
            objection, person = data.draw(st.sampled_from(found)), self.anyone(data)
            self.tries(lambda session: verify_objection(session, objection.id, person, "样例核实"))
            self.tries(
                lambda session: conclude_objection(
                    session, objection.id, person, upheld=upheld, conclusion="样例结论"
                )
            )

    # --- what always holds

    @invariant()
    def what_must_hold_holds(self) -> None:
        if hasattr(self, "season_id"):
            with reading() as session:
                assert check(session, session.get_one(Season, self.season_id)).broken == ()

    # --- helpers

    def tries(self, verb: Any) -> list[str]:
        """The codes of the refusal; empty when it was done."""
        try:
            with transaction() as session:
                verb(session)
        except Refused as refusal:
            return [r.code for r in refusal.reasons]
        return []

    def cases(self) -> Sequence[Case]:
        with reading() as session:
            return session.exec(
                select(Case).where(Case.season_id == self.season_id).order_by(col(Case.number))
            ).all()

    def tasks(self) -> Sequence[UUID]:
        """The assignments that wait, in an order that does not depend on their ids."""
        with reading() as session:
            return session.exec(
                select(Assignment.id)
                .join(Gate, col(Gate.id) == col(Assignment.gate_id))
                .outerjoin(Case, col(Case.id) == col(Gate.case_id))
                .outerjoin(Person, col(Person.id) == col(Assignment.person_id))
                .where(Gate.season_id == self.season_id, Gate.state == GateState.OPEN)
                .where(Assignment.state == AssignmentState.OPEN)
                .order_by(col(Case.number), col(Gate.step), col(Assignment.body), col(Person.email))
            ).all()

    def gate_of(self, assignment_id: UUID) -> UUID:
        with reading() as session:
            return session.get_one(Assignment, assignment_id).gate_id

    def anyone(self, data: st.DataObject) -> Person:
        """Somebody with a seat in this season; the office more often."""
        with reading() as session:
            seated = select(Person).join(Seat, col(Seat.person_id) == col(Person.id))
            seated = seated.where(Seat.season_id == self.season_id).order_by(col(Person.email))
            office = notice_of(session, session.get_one(Season, self.season_id)).office
            people = session.exec(seated).all()
            clerks = session.exec(seated.where(Seat.body == office)).all()
        return data.draw(st.sampled_from(clerks) | st.sampled_from(people))

    def facts(self, task: Task, answer: Answer) -> dict[str, Any]:
        """What the answer needs: scores, the fate of laggards, and a list without those who have ended."""
        facts: dict[str, Any] = {"scores": {c.key: 70 for c in task.step.criteria}}
        if not task.step.is_list:
            return facts
        with reading() as session:
            late = laggards(session, task.season, task.notice, task.step) if task.step.gathers else []
            rows = session.exec(
                select(Entry, Case)
                .join(Case, col(Case.id) == col(Entry.case_id))
                .join(Shortlist, col(Shortlist.id) == col(Entry.shortlist_id))
                .where(Shortlist.gate_id == task.gate.id)
            ).all()
        gone = {
            str(c.id): (Place.OFF.value, "样例理由") for e, c in rows if e.place == Place.ON and not c.live
        }
        return facts | {"laggards": {str(c.id): "lapse" for c in late}, "places": gone}


def test_what_must_hold_holds_whatever_anybody_does(pumped: None) -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=MOVES,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
