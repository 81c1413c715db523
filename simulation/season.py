"""How do the days of a made-up season pass? People do what they are asked until nobody has anything to do;
then the clock moves to the next date.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from models.actions import Given, Task
from models.case import Case
from models.database import reading, transaction
from models.gates import Assignment, Gate
from models.mail import Message
from models.objection import Account
from models.people import Person
from models.progress import latest_list, listed
from models.season import Season, notice_of, now
from models.verdict import Refused
from models.words import AssignmentState, GateState, MessageState, StepKind
from simulation.afterwards import happen_once, put_on_record
from simulation.candidates import Candidates, corrected
from simulation.dice import Dice
from simulation.engine import Engine, Stuck, stages
from simulation.incidents import Incidents, office_of, seated
from simulation.papers import supply
from simulation.people import People, tied_at_cut, with_ties_settled
from simulation.plans import Fate, Plan, make_plans
from tasks.deadlines import catch_up
from tasks.decide import decide, find_task
from tasks.intake import admit_late, edit_case, enter_case, submit_case
from tasks.leaving import withdraw
from tasks.objecting import object_by_page
from tasks.objections import conclude_objection, register_objection, verify_objection
from tasks.outcomes import release_results
from tasks.publicity import ask_correction, settle_correction
from tasks.seasons import move_clock, next_turning_point
from tasks.shortlists import waiting_cases


class Play:
    """One season of made-up people."""

    def __init__(
        self, season_id: UUID, count: int, seed: int, engine: Engine, progress: Callable[[str], None]
    ) -> None:
        self.season_id, self.count, self.dice = season_id, count, Dice(seed)
        self.engine, self.progress = engine, progress
        self.plans: dict[UUID, Plan] = {}
        self.people = People(self.dice, self.plans)
        self.heard: set[UUID] = set()
        self.surprises: list[str] = []
        self.incidents = Incidents(season_id, self.dice, self.surprises)

    def run(self) -> None:
        """From the first application to the closing of the season."""
        self._enter()
        self.incidents.begin()
        while not self._is_closed():
            self.engine.settle(self.season_id)
            if not self._everybody_acts():
                self._next_day()
        self._release_results()
        self.engine.finish(self.season_id)

    # --- the days

    def _is_closed(self) -> bool:
        with reading() as session:
            return session.get_one(Season, self.season_id).closed_at is not None

    def _next_day(self) -> None:
        """To the next date of the notice, or to the end of an open gate that was given longer."""
        self._release_results()
        with transaction() as session:
            season = session.get_one(Season, self.season_id)
            moments = [m for m in (next_turning_point(session, season), _next_due(session, season)) if m]
            if not moments:
                raise Stuck(f"本年度没有可办的事，也没有下一个日期：{stages(self.season_id)}。")
            move_clock(session, season, min(moments), self._office(session))
            catch_up(session, season)
        self.progress(stages(self.season_id))

    def _release_results(self) -> None:
        """Before the day ends the office lets the units know how their candidates' cases ended."""
        held = select(Message.id).where(
            Message.season_id == self.season_id, Message.state == MessageState.HELD
        )
        with transaction() as session:
            if session.exec(held.limit(1)).first() is not None:
                release_results(session, self.season_id, self._office(session))

    # --- the applications

    def _enter(self) -> None:
        plans = make_plans(self.count, self.dice.of("plans"))
        with reading() as session:
            season = session.get_one(Season, self.season_id)
            rng = self.dice.of("candidates")
            candidates = Candidates(session, season, notice_of(session, season), rng)
            made = [candidates.make(n) for n in range(self.count)]
        for plan, candidate in zip(plans, made, strict=True):
            with transaction() as session:
                enterer = session.get_one(Person, candidate.person_id)
                case = enter_case(session, self.season_id, candidate.application, enterer)
                self.plans[case.id] = plan
            self.engine.follow(self.season_id, case.id)
        self.progress(f"已录入{self.count}名样例人选")

    # --- the to-do lists

    def _everybody_acts(self) -> bool:
        """Whether anybody did anything; the season's own gates wait until no case has anything to do."""
        for of_season in (False, True):
            done = [self._acts(a) for a in self._open(of_season)]
            if any(done):
                return True
        return False

    def _open(self, of_season: bool) -> Sequence[UUID]:
        with reading() as session:
            return session.exec(
                select(Assignment.id)
                .join(Gate, col(Gate.id) == col(Assignment.gate_id))
                .where(Gate.season_id == self.season_id, Gate.state == GateState.OPEN)
                .where(Assignment.state == AssignmentState.OPEN)
                .where(col(Gate.case_id).is_(None) == of_season)
                .order_by(col(Gate.opened_at), col(Gate.id), col(Assignment.body), col(Assignment.id))
            ).all()

    def _acts(self, assignment_id: UUID) -> bool:
        """One task; whether something was done about it."""
        with reading() as session:
            task = find_task(session, assignment_id)
        if task.assignment.state != AssignmentState.OPEN:
            return False
        acted = self._does(task)
        if acted and self._is_over(task):
            self.engine.follow(self.season_id, task.case.id if task.case else None)
        return acted

    def _is_over(self, task: Task) -> bool:
        with reading() as session:
            return session.get_one(Gate, task.gate.id).state != GateState.OPEN

    def _does(self, task: Task) -> bool:
        if task.case is not None and self._leaves(task.case):
            return True
        if task.case is not None:
            self.incidents.before(task)
        if task.step.kind is StepKind.FORM and task.case is not None:
            return self._fills_in(task, task.case)
        if task.step.kind is StepKind.WINDOW and self._objects(task):
            return True
        return self.incidents.stays_away(task) or self._answers(task)

    def _answers(self, task: Task) -> bool:
        with reading() as session:
            given = self.people.choose(session, task)
        if given is None:
            return False
        try:
            self._decides(task, given)
        except Refused as refused:
            self._settles_ties(task, given, tied_at_cut(given, refused))
        return True

    def _settles_ties(self, task: Task, given: Given, tied: Sequence[str]) -> None:
        """Who comes in late ties with others at the cut: as many of them as there is room for are on the list."""
        for room in range(len(tied) - 1, 0, -1):
            try:
                self._decides(task, with_ties_settled(given, tied, room))
            except Refused as refused:
                if room == 1 or {r.code for r in refused.reasons} != {"over_quota"}:
                    raise
            else:
                return

    def _decides(self, task: Task, given: Given) -> None:
        with transaction() as session:
            if task.step.kind is StepKind.MEETING:
                self.people.hold(session, task)
            person = self.people.who(session, task)
            put_on_record(session, task, person)
            happen_once(session, task, person, self.incidents.happened)
            decide(session, task.assignment.id, person, given)

    def _fills_in(self, task: Task, case: Case) -> bool:
        """Hand in the application: in time, corrected after a return, or late and let in by the office."""
        plan = self.plans[case.id]
        if task.gate.round == 1 and plan.is_to_be(Fate.LATE):
            if not self._is_let_in_late(task, case, plan):
                return False
        elif task.gate.round == 1 and plan.is_to_be(Fate.NEVER_SUBMITTED):
            return False
        with transaction() as session:
            person = self.people.who(session, task)
            if task.gate.round > 1:
                rng = self.dice.of_task(session, task)
                edit_case(session, case.id, corrected(case.form, rng), person)
            supply(session, case, person)
            submit_case(session, case.id, person)
        return True

    def _is_let_in_late(self, task: Task, case: Case, plan: Plan) -> bool:
        if now(task.season) < task.gate.due_at:
            return False
        self._is_refused_as_late(task, case)
        if not task.step.admits_late:
            plan.fate = Fate.NEVER_SUBMITTED
            return False
        with transaction() as session:
            admit_late(session, case.id, self._office(session), "样例理由：邮路延误。")
        plan.met()
        return True

    def _is_refused_as_late(self, task: Task, case: Case) -> None:
        try:
            with transaction() as session:
                person = self.people.who(session, task)
                supply(session, case, person)
                submit_case(session, case.id, person)
        except Refused as refusal:
            if [r.code for r in refusal.reasons] == ["too_late"]:
                return
        self.surprises.append(f"{case.number}逾期申报，没有以此为由拒绝。")

    def _leaves(self, case: Case) -> bool:
        """Withdrawn by who entered the case, or disqualified by the office."""
        plan = self.plans[case.id]
        if not (plan.is_to_be(Fate.WITHDRAWN) or plan.is_to_be(Fate.DISQUALIFIED)):
            return False
        plan.patience -= 1
        if plan.patience > 0:
            return False
        if plan.is_to_be(Fate.WITHDRAWN):
            self._withdraw(case, case.entered_by)
        else:
            self.incidents.disqualified(case)
        plan.met()
        return True

    def _withdraw(self, case: Case, person_id: UUID) -> None:
        with transaction() as session:
            withdraw(session, case.id, session.get_one(Person, person_id), "样例理由：本人放弃。")

    # --- the public notice

    def _objects(self, task: Task) -> bool:
        """In a public notice's first round one objection is upheld, one dismissed, and one person withdraws.

        The first comes by the page, the second by letter; where there was a check, one text is put right.
        """
        if task.gate.round > 1 or task.gate.id in self.heard:
            return False
        self.heard.add(task.gate.id)
        with reading() as session:
            published = self._published(session, task)
            office = self._office(session)
        rng = self.dice.of("objections", task.gate.step)
        chosen = rng.sample(published, min(3, max(0, len(published) - 1)))
        for case, upheld in zip(chosen[:2], (True, False), strict=False):
            self._object(case, office, upheld=upheld)
        for case in chosen[2:]:
            self._withdraw(case, office.id)
        if left := [c for c in published if c not in chosen[:1] + chosen[2:]]:
            self._correct(task, left[0], office)
        return bool(chosen)

    def _object(self, case: Case, office: Person, *, upheld: bool) -> None:
        account = Account("样例异议人", "objector@example.org", "样例异议内容。")
        with transaction() as session:
            if upheld:
                objection = object_by_page(
                    session, self.season_id, case.id, account, agreed=True, asked_from="192.0.2.1"
                )
            else:
                objection = register_objection(session, case.id, office, account)
        with transaction() as session:
            verify_objection(session, objection.id, office, "样例核实：已向单位了解。")
        with transaction() as session:
            conclude_objection(session, objection.id, office, upheld=upheld, conclusion="样例结论。")

    def _correct(self, task: Task, case: Case, office: Person) -> None:
        check = task.notice.check_of(task.step)
        if check is None:
            return
        with transaction() as session:
            correction = ask_correction(
                session,
                self.season_id,
                office,
                window=task.step.key,
                case_id=case.id,
                column="employer",
                text="样例更名后的单位",
                reason="样例理由：单位更名。",
            )
        with transaction() as session:
            settle_correction(
                session, correction.id, seated(session, self.season_id, check.deciders[0].body), released=True
            )

    def _published(self, session: Session, task: Task) -> list[Case]:
        before = latest_list(session, task.season, task.notice, before=task.step.key)
        if before is None:
            return waiting_cases(session, task.season, task.step)
        return [c for _, c in listed(session, before)]

    def _office(self, session: Session) -> Person:
        return office_of(session, self.season_id)


def _next_due(session: Session, season: Season) -> datetime | None:
    """When the next open gate's time runs out."""
    return session.exec(
        select(Gate.due_at)
        .where(Gate.season_id == season.id, Gate.state == GateState.OPEN, Gate.due_at > now(season))
        .order_by(col(Gate.due_at))
        .limit(1)
    ).first()
